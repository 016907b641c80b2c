"""Who reads a campaign's results is settled by its launch; later readers need a second person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.access import (
    ResultRight,
    campaigns_with_results_for,
    further_kinds,
    kinds_for,
    leaders_of,
    led_units,
    sees_every_unit,
    visible_units,
)
from diagnostics.models import Analysis
from diagnostics.workbench.selectors.analyses import visible_analyses
from survey.access import READER_ROLES, CampaignRight, Right, campaigns_where
from survey.errors import ConfirmationError, InputError
from survey.import_files.units import UnitRow
from survey.models import (
    CampaignState,
    LaterReader,
    Leadership,
    LedgerEntry,
    Organisation,
    Role,
    Unit,
    User,
    Who,
)
from survey.selectors.accounts.second_word_pages import second_word_pages
from survey.selectors.respondents import analyst_names
from survey.services.organisations.founding import add_member
from survey.services.organisations.later_readers import agree_to_reader
from survey.services.organisations.leaderships import appoint, end_leadership
from survey.services.organisations.trees import import_units
from tests.diagnostics.stored_example import StoredExample, store_example

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEW = "nils@example.com"


@pytest.fixture
def example() -> StoredExample:
    return store_example(with_functions=True)


@pytest.fixture
def manager(example: StoredExample) -> User:
    return example.person("maria@example.com", role=Role.MANAGER)


@pytest.fixture
def council(example: StoredExample) -> User:
    """Return somebody who gives second words, and was there before anything."""
    person = example.person("cora@example.com", role=Role.COUNCIL)
    User.objects.filter(pk=person.pk).update(first_signed_in_at=LONG_AGO)
    return person


def organisation_of(example: StoredExample) -> Organisation:
    found: Organisation = example.campaign.organisation
    return found


def unit_of(example: StoredExample, name: str) -> Unit:
    unit = example.units[name].unit
    assert unit is not None
    return unit


def opened(user: User, example: StoredExample) -> list[object]:
    """Return everything of a campaign's results that somebody reads, by every door."""
    campaign = example.campaign
    rights = [*ResultRight, CampaignRight.READ_ROWS]
    return [
        *(right.name for right in rights if right.opens_results and _by(right, user, example)),
        *(["a campaign with results"] if campaigns_with_results_for(user).exists() else []),
        *visible_units(user, campaign),
        *led_units(user, campaign),
        *leaders_of(campaign).filter(pk=user.pk),
        *kinds_for(user, campaign),
        *further_kinds(user, campaign),
        *(["every unit"] if sees_every_unit(user, campaign) else []),
        *(name for name in analyst_names(campaign) if name == str(user)),
    ]


def _by(right: Right, user: User, example: StoredExample) -> bool:
    return campaigns_where(user, right).filter(pk=example.campaign.pk).exists()


def test_a_role_given_after_the_launch_opens_nothing_before_a_second_person_agrees(
    example: StoredExample, council: User
) -> None:
    for role, address in ((Role.EXECUTIVE, NEW), (Role.ANALYST, "ann@example.com")):
        user = add_member(
            organisation=organisation_of(example), email=address, roles=(role,), by=Who.COMMAND
        ).user
        before = opened(user, example)
        agree_to_reader(waiting=LaterReader.objects.get(), by=council)
        user = User.objects.get(pk=user.pk)

        assert (before, len(opened(user, example)) > 3) == ([], True)


def test_what_another_analyst_made_of_the_answers_waits_as_well(
    example: StoredExample, council: User
) -> None:
    first = example.person("ann@example.com", role=Role.ANALYST)
    analysis = Analysis.objects.create(
        organisation=organisation_of(example), number=1, title="First", campaign=example.campaign,
        recipe={}, software_version="0", created_at=timezone.now(),
    )  # fmt: skip
    later = add_member(
        organisation=organisation_of(example), email=NEW, roles=(Role.ANALYST,), by=Who.COMMAND
    ).user

    before = [list(visible_analyses(user)) for user in (first, later)]
    agree_to_reader(waiting=LaterReader.objects.get(), by=council)

    assert before == [[analysis], []]
    assert list(visible_analyses(later)) == [analysis]


@pytest.mark.parametrize("kind", Leadership.Kind)
def test_a_leader_appointed_after_the_launch_reads_nothing_before_a_second_person_agrees(
    example: StoredExample, manager: User, council: User, kind: Leadership.Kind
) -> None:
    user = appoint(unit=unit_of(example, "north"), email=NEW, kind=kind, by=manager).user
    before = opened(user, example)

    agree_to_reader(waiting=LaterReader.objects.get(), by=council)

    assert before == []
    assert example.units["north"] in opened(User.objects.get(pk=user.pk), example)
    entry = LedgerEntry.objects.get(action="later reader agreed")
    assert (entry.account, entry.campaign_name, entry.unit_name, entry.detail) == (
        council.pk,
        example.campaign.name,
        unit_of(example, "north").name,
        {"address": NEW, "name": "", "reads_as": f"{kind.label}, {unit_of(example, 'north').name}"},
    )


def test_a_file_of_units_appoints_leaders_who_wait_too(
    example: StoredExample, council: User
) -> None:
    rows = [
        UnitRow(unit.code, unit.name, unit.parent.code if unit.parent else "", NEW)
        for unit in organisation_of(example).units.select_related("parent")
    ]
    ordered = sorted(rows, key=lambda row: row.parent != "")
    import_units(organisation=organisation_of(example), rows=ordered, by=Who.COMMAND)

    user = User.objects.get(email=NEW)

    assert opened(user, example) == []
    assert LaterReader.objects.count() == len(example.units)


def test_nobody_appoints_themselves(example: StoredExample, manager: User, council: User) -> None:
    for kind in Leadership.Kind:
        with pytest.raises(InputError, match="Nobody appoints themselves"):
            appoint(
                unit=unit_of(example, "north"), email="MARIA@example.com", kind=kind, by=manager
            )

    assert not manager.leaderships.exists()


def test_neither_giver_nor_reader_nor_a_new_account_gives_the_second_word(
    example: StoredExample, manager: User, council: User
) -> None:
    manager.memberships.create(organisation=organisation_of(example), role=Role.ADMINISTRATOR)
    reader = appoint(unit=unit_of(example, "north"), email=NEW, by=manager).user
    reader.memberships.create(organisation=organisation_of(example), role=Role.COUNCIL)
    later = example.person("later@example.com", role=Role.COUNCIL)
    never = example.person("never@example.com", role=Role.ADMINISTRATOR)
    executive = example.person("emma@example.com", role=Role.EXECUTIVE)
    elsewhere = User.objects.create_user("else@example.com")
    elsewhere.memberships.create(
        organisation=Organisation.objects.create(name="Elsewhere"), role=Role.COUNCIL
    )
    long_there = (manager, reader, executive, elsewhere)
    User.objects.filter(pk__in=[one.pk for one in long_there]).update(first_signed_in_at=LONG_AGO)
    after = timezone.now() + timedelta(seconds=1)
    User.objects.filter(pk=later.pk).update(first_signed_in_at=after)

    for user in (*long_there, later, never):
        waiting = LaterReader.objects.get()
        with pytest.raises(ConfirmationError, match="found another account"):
            agree_to_reader(waiting=waiting, by=user)
        client = Client()
        client.force_login(user)
        client.post(reverse("survey:later-reader-agree", args=[waiting.pk]))

    assert LaterReader.objects.count() == 1
    assert opened(User.objects.get(pk=reader.pk), example) == []


def test_the_second_person_agrees_on_a_page(
    client: Client, example: StoredExample, manager: User, council: User
) -> None:
    reader = appoint(unit=unit_of(example, "north"), email=NEW, name="Nils New", by=manager).user
    own = Client()
    own.force_login(reader)
    home = own.get("/").content.decode()
    assert "A second person has to agree before you read its results" in home
    client.force_login(council)
    page = client.get(reverse("survey:second-word-list")).content.decode()
    place = reverse("survey:later-reader-agree", args=[LaterReader.objects.get().pk])

    assert f"Agree that Nils New reads {example.campaign.name}" in page
    assert "Something waits for your word as a second person." in client.get("/").content.decode()
    answer = client.post(place, follow=True)
    again = client.post(place)

    assert "Agreed. It is written into the ledger." in answer.content.decode()
    assert (again.status_code, LaterReader.objects.count()) == (404, 0)
    assert sum(page.for_reader for page in second_word_pages(council)) == 0


def test_who_gives_no_second_words_has_no_page(example: StoredExample, manager: User) -> None:
    appoint(unit=unit_of(example, "north"), email=NEW, by=manager)
    for user in (manager, example.person("emma@example.com", role=Role.EXECUTIVE)):
        client = Client()
        client.force_login(user)
        assert client.get(reverse("survey:second-word-list")).status_code == 404


def test_where_nobody_else_could_ever_agree_the_ledger_alone_tells(
    example: StoredExample, manager: User
) -> None:
    manager.memberships.create(organisation=organisation_of(example), role=Role.ADMINISTRATOR)

    reader = appoint(unit=unit_of(example, "north"), email=NEW, by=manager).user

    assert example.units["north"] in opened(reader, example)
    assert LedgerEntry.objects.filter(action="leader appointed").count() == 1


def test_a_council_that_came_too_late_is_no_reason_to_do_without(
    example: StoredExample, manager: User
) -> None:
    example.person("cora@example.com", role=Role.COUNCIL)  # has never signed in

    reader = appoint(unit=unit_of(example, "north"), email=NEW, by=manager).user

    assert opened(reader, example) == []


def test_a_deputy_who_becomes_the_leader_goes_on_reading(
    example: StoredExample, manager: User, council: User
) -> None:
    deputy = example.person("dora@example.com", leads="north", kind="deputy")
    before = opened(deputy, example)

    appoint(unit=unit_of(example, "north"), email="dora@example.com", by=manager)

    assert opened(User.objects.get(pk=deputy.pk), example) == before != []


def test_a_deputy_who_waits_and_becomes_the_leader_goes_on_waiting(
    example: StoredExample, manager: User, council: User
) -> None:
    north = unit_of(example, "north")
    deputy = appoint(unit=north, email=NEW, kind=Leadership.Kind.DEPUTY, by=manager).user

    appoint(unit=north, email=NEW, by=manager)

    assert opened(deputy, example) == []


def test_who_led_once_and_is_appointed_again_waits(
    example: StoredExample, manager: User, council: User
) -> None:
    former = example.person("dora@example.com", leads="north")
    yesterday = timezone.localdate() - timedelta(days=1)
    end_leadership(leadership=former.leaderships.get(), by=manager, on=yesterday)

    appoint(unit=unit_of(example, "north"), email="dora@example.com", by=manager)

    assert opened(User.objects.get(pk=former.pk), example) == []


def test_of_a_campaign_that_is_launched_afterwards_they_read(
    example: StoredExample, manager: User, council: User
) -> None:
    reader = appoint(unit=unit_of(example, "north"), email=NEW, by=manager).user
    running = store_example(state=CampaignState.OPEN, is_scored=False, wave=2).campaign

    assert list(campaigns_with_results_for(reader)) == [running]


def test_people_who_were_there_at_the_launch_read_as_before(
    example: StoredExample, council: User
) -> None:
    leader = example.person("lena@example.com", leads="north")

    assert example.units["north"] in opened(leader, example)
    assert second_word_pages(council)[0].readers == ()


def test_roles_that_open_results_are_those_that_wait() -> None:
    rights = [right for right in (*ResultRight, *CampaignRight) if right.opens_results]

    assert {role for right in rights for role in right.roles} == set(READER_ROLES)


def test_the_database_lets_nobody_wait_for_two_reasons_or_none(example: StoredExample) -> None:
    user = example.person("emma@example.com", role=Role.EXECUTIVE, leads="north")
    both = {"membership": user.memberships.get(), "leadership": user.leaderships.get()}

    for reasons in ({}, both):
        with pytest.raises(IntegrityError), transaction.atomic():
            LaterReader.objects.create(campaign=example.campaign, **reasons)
