"""Head counts: entered by one, confirmed by another, frozen by the launch, and full of attacks."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import ChecklistError, ConfirmationError, StateError
from survey.models import (
    Campaign,
    CampaignState,
    DraftAuthor,
    DraftHeadCount,
    Function,
    HeadCount,
    HeadCountConfirmation,
    Invitation,
    LaunchProblem,
    LedgerEntry,
    Membership,
    Organisation,
    Participation,
    Role,
    Unit,
    User,
    Who,
)
from survey.selectors.accounts.second_persons import second_persons
from survey.selectors.code_sheets import code_counts
from survey.selectors.head_counts.counts import planned_counts
from survey.selectors.launch.checklist import launch_checklist
from survey.services.campaigns import create_campaign, launch_campaign, request_launch
from survey.services.running.code_sheets import make_code_sheet, revoke_codes
from survey.services.running.launching import carry_out_launch, prepare_keys
from survey.services.running.participation import refresh_participation
from survey.services.setup.head_counts import confirm_head_counts, enter_head_counts
from survey.services.setup.imports import NamedFile
from survey.services.setup.uploads import checked_upload, confirm_upload, keep_upload
from tests.survey.staff_scenes import (
    PASSWORD,
    confirm_counts,
    draft_campaign,
    organisation_with_manager,
    people_csv,
    second_person_of,
)

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OPERATIONS, SALES = Function.OPERATIONS, Function.SALES


def account(
    organisation: Organisation, email: str, *roles: Role, since: datetime | None = LONG_AGO
) -> User:
    """Return an account with roles, which signed in for the first time at a moment."""
    user = User.objects.create_user(email, PASSWORD, first_signed_in_at=since)
    for role in roles:
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def digest_of(campaign: Campaign) -> str:
    return planned_counts(campaign, timezone.localdate()).digest


def confirm(campaign: Campaign, by: User) -> HeadCountConfirmation:
    return confirm_head_counts(campaign=campaign, digest=digest_of(campaign), by=by)


def told(campaign: Campaign, by: User | None = None) -> tuple[bool, str]:
    """Return what the checklist says of the head counts, to somebody who would launch."""
    checks = launch_checklist(campaign, now=timezone.now(), by=by)
    return next((check.passed, check.detail) for check in checks if check.code == "heads")


def upload_people(campaign: Campaign, by: User, people: str) -> None:
    upload = checked_upload(
        user=by, campaign=campaign, units=None,
        people=NamedFile("people.csv", people.encode()), uses_present_tree=True,
    )  # fmt: skip
    confirm_upload(upload=keep_upload(upload=upload))


@pytest.fixture
def company() -> tuple[Organisation, User]:
    return organisation_with_manager()


@pytest.fixture
def draft(company: tuple[Organisation, User]) -> Campaign:
    """Return a draft with numbers of the manager's that nobody has confirmed yet."""
    organisation, manager = company
    second_person_of(organisation)
    campaign = draft_campaign(organisation, is_confirmed=False)
    prepare_keys(campaign_id=campaign.pk)
    enter_head_counts(
        campaign=campaign, counts={("N2", OPERATIONS): 3, ("N2", SALES): 0}, by=manager
    )
    return campaign


def test_the_launch_freezes_confirmed_numbers_of_those_groups_that_have_anybody(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    council = second_person_of(organisation)
    confirm(draft, council)

    launch_campaign(campaign=draft, by=manager)

    frozen = HeadCount.objects.order_by("campaign_unit__position", "function")
    assert list(
        frozen.values_list("campaign_unit__code", "function", "by_mail", "without_mail")
    ) == [("N1", "operations", 4, 0), ("N1", "sales", 2, 0), ("N2", "operations", 2, 3),
          ("N2", "sales", 1, 0)]  # fmt: skip
    given = HeadCountConfirmation.objects.get()
    assert (given.user, given.name) == (council, "Cora Council")
    draft.refresh_from_db()
    assert (draft.launched_alone, draft.floor, draft.sensitive_floor) == (False, 5, 10)
    assert not DraftHeadCount.objects.exists()
    assert not DraftAuthor.objects.exists()


def test_the_ledger_says_who_confirmed_which_sums(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    council = second_person_of(company[0])
    confirm(draft, council)

    entry = LedgerEntry.objects.filter(action="head counts confirmed").last()
    assert entry is not None
    assert (entry.account, entry.detail) == (
        council.pk,
        {
            "invited": 9,
            "without_mail": 3,
            "people": [
                {"unit": "", "function": "operations", "invited": 6, "without_mail": 3},
                {"unit": "", "function": "sales", "invited": 3, "without_mail": 0},
            ],
            "gives_rows": False,
            "digest": digest_of(draft),
        },
    )


def test_the_checklist_waits_for_a_second_person_by_name(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    assert told(draft, company[1]) == (False, "Wait to be confirmed by Cora Council.")

    confirm(draft, second_person_of(company[0]))

    passed, detail = told(draft, company[1])
    assert passed
    assert detail.startswith("Confirmed by Cora Council on ")


def test_whoever_entered_numbers_or_people_confirms_none_even_as_administrator(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    manager.first_signed_in_at = LONG_AGO
    manager.save()
    Membership.objects.create(organisation=organisation, user=manager, role=Role.ADMINISTRATOR)
    uploader = account(organisation, "u@example.com", Role.MANAGER, Role.ADMINISTRATOR)
    upload_people(draft, uploader, people_csv())

    for user in (manager, uploader):
        with pytest.raises(ConfirmationError, match="you entered people or numbers"):
            confirm(draft, user)
    assert not HeadCountConfirmation.objects.exists()


@pytest.mark.parametrize("since", [None, datetime(2100, 1, 1, tzinfo=UTC)])
def test_an_account_that_had_not_signed_in_before_the_draft_confirms_nothing(
    draft: Campaign, company: tuple[Organisation, User], since: datetime | None
) -> None:
    new = account(company[0], "new@example.com", Role.COUNCIL, since=since)

    with pytest.raises(ConfirmationError, match="had signed in before this draft was begun"):
        confirm(draft, new)


def test_nobody_without_the_role_in_this_organisation_confirms(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation = company[0]
    others = [
        account(Organisation.objects.create(name="Other"), "o@example.com", Role.COUNCIL),
        account(organisation, "e@example.com", Role.EXECUTIVE),
        account(organisation, "a@example.com", Role.ANALYST),
        account(organisation, "m@example.com", Role.MANAGER),
    ]
    gone = account(organisation, "gone@example.com", Role.COUNCIL)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    for user in (*others, gone):
        with pytest.raises(ConfirmationError):
            confirm(draft, user)
    assert list(second_persons(draft, acting=())) == [second_person_of(organisation)]


def test_any_change_of_people_numbers_or_names_ends_the_confirmation(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    council = second_person_of(organisation)
    changed = "Confirmed once, and changed since"

    confirm(draft, council)
    upload_people(draft, manager, people_csv(north=7))
    assert told(draft, manager)[1].startswith(changed)

    confirm(draft, council)
    enter_head_counts(campaign=draft, counts={("N2", OPERATIONS): 4}, by=manager)
    assert told(draft, manager)[1].startswith(changed)

    confirm(draft, council)
    Unit.objects.filter(code="N2").update(name="Another team")
    assert told(draft, manager)[1].startswith(changed)
    with pytest.raises(ChecklistError, match="Head counts"):
        request_launch(campaign=draft, by=manager)


def test_the_same_people_again_need_no_new_word_unless_it_was_the_uploaders(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    both = account(organisation, "b@example.com", Role.MANAGER, Role.ADMINISTRATOR)
    confirm(draft, both)

    upload_people(draft, manager, people_csv())
    assert told(draft, manager)[0]

    upload_people(draft, both, people_csv())
    assert not told(draft, manager)[0]


def test_a_word_for_numbers_that_were_shown_before_is_refused(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    shown = digest_of(draft)
    enter_head_counts(campaign=draft, counts={("N2", OPERATIONS): 8}, by=manager)

    for digest in (shown, ""):
        with pytest.raises(ConfirmationError, match="changed while you looked"):
            confirm_head_counts(campaign=draft, digest=digest, by=second_person_of(organisation))


def test_whoever_confirmed_does_not_launch_and_somebody_else_may(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    both = account(organisation, "b@example.com", Role.MANAGER, Role.ADMINISTRATOR)
    confirm(draft, both)

    with pytest.raises(ChecklistError, match="Head counts"):
        request_launch(campaign=draft, by=both)
    with pytest.raises(ChecklistError, match="Head counts"):
        launch_campaign(campaign=draft, by=both)
    assert request_launch(campaign=draft, by=manager).state == CampaignState.LAUNCHING


def test_a_confirmation_that_ends_while_the_worker_is_to_launch_makes_a_draft_again(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    council = second_person_of(organisation)
    account(organisation, "a@example.com", Role.ADMINISTRATOR)
    confirm(draft, council)
    request_launch(campaign=draft, by=manager)
    Membership.objects.filter(user=council).delete()

    carry_out_launch(campaign_id=draft.pk)

    draft.refresh_from_db()
    assert (draft.state, draft.launch_problem) == (CampaignState.DRAFT, LaunchProblem.CHECKLIST)


def test_a_worker_that_launches_by_nobodys_name_asks_who_wanted_it(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, _manager = company
    both = account(organisation, "b@example.com", Role.MANAGER, Role.ADMINISTRATOR)
    confirm(draft, second_person_of(organisation))
    request_launch(campaign=draft, by=both)
    HeadCountConfirmation.objects.update(user=both)

    with pytest.raises(ChecklistError, match="Head counts"):
        launch_campaign(campaign=draft, by=Who.COMMAND)


def test_where_nobody_else_could_confirm_everything_needs_ten_and_respondents_are_told(
    client: Client,
) -> None:
    organisation, manager = organisation_with_manager()
    Membership.objects.create(organisation=organisation, user=manager, role=Role.ADMINISTRATOR)
    draft = draft_campaign(organisation, people=people_csv(north=8))
    User.objects.filter(memberships__role=Role.COUNCIL).delete()
    assert told(draft, manager) == (
        True, "Nothing is shown below 10 answers, since nobody else confirmed.",
    )  # fmt: skip

    launch_campaign(campaign=draft, by=manager)

    draft.refresh_from_db()
    assert (draft.launched_alone, draft.floor, draft.sensitive_floor) == (True, 10, 10)
    unit = draft.units.get(code="N2")
    (code,) = make_code_sheet(unit=unit, function=OPERATIONS, count=1, by=Who.COMMAND).codes
    page = client.get(f"/s/{code.token}", follow=True).text
    assert "Nothing is shown for fewer than 10 answers." in page
    assert "Nobody beside the person who runs this survey could confirm" in page


def test_alone_ten_people_are_needed_and_a_higher_floor_stays() -> None:
    organisation, manager = organisation_with_manager()
    draft = draft_campaign(organisation)
    User.objects.filter(memberships__role=Role.COUNCIL).delete()
    people = next(c for c in launch_checklist(draft, now=timezone.now()) if c.code == "people")
    assert (people.passed, people.detail) == (
        False, "9 people are invited. At least 10 are needed.",
    )  # fmt: skip

    enter_head_counts(campaign=draft, counts={("N2", SALES): 4}, by=manager)
    Campaign.objects.update(floor=12, sensitive_floor=13)
    launch_campaign(campaign=draft, by=manager)

    draft.refresh_from_db()
    assert (draft.launched_alone, draft.floor, draft.sensitive_floor) == (True, 12, 13)


def test_a_council_that_signed_in_too_late_is_no_reason_to_launch_alone(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    council = second_person_of(company[0])
    User.objects.filter(pk=council.pk).update(first_signed_in_at=None)

    passed, detail = told(draft, company[1])

    assert not passed
    assert detail.startswith("Nobody else could confirm: Cora Council had not signed in")


def test_the_database_lets_no_launch_alone_have_a_lower_floor(draft: Campaign) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=draft.pk).update(launched_alone=True)

    Campaign.objects.filter(pk=draft.pk).update(launched_alone=True, floor=10)


def test_a_rehearsal_needs_no_second_person(draft: Campaign) -> None:
    Campaign.objects.update(is_rehearsal=True)
    draft.refresh_from_db()

    launch_campaign(campaign=draft, by=Who.COMMAND)

    draft.refresh_from_db()
    assert (draft.state, draft.launched_alone, draft.floor) == (CampaignState.OPEN, False, 5)


def standings(campaign: Campaign) -> list[tuple[str, bool]]:
    """Return the standing of each code, and whether it still works, the planned ones first."""
    codes = Invitation.objects.filter(campaign=campaign).exclude(code_hash=None)
    found = codes.values_list("standing", "revoked")
    return sorted((standing, not revoked) for standing, revoked in found)


@pytest.fixture
def running(draft: Campaign, company: tuple[Organisation, User]) -> Campaign:
    confirm_counts(draft)
    return launch_campaign(campaign=draft, by=company[1])


def test_as_many_codes_as_were_confirmed_are_planned_and_no_more(running: Campaign) -> None:
    workshop = running.units.get(code="N2")

    make_code_sheet(unit=workshop, function=OPERATIONS, count=2, by=Who.COMMAND)
    assert standings(running) == [("planned", True)] * 2
    make_code_sheet(unit=workshop, function=OPERATIONS, count=3, by=Who.COMMAND)
    make_code_sheet(unit=workshop, function=SALES, count=1, by=Who.COMMAND)

    assert standings(running) == [("added", True)] * 3 + [("planned", True)] * 3
    assert [
        (row.unit, row.function, row.count, row.planned, row.left) for row in code_counts(running)
    ] == [("Workshop", "operations", 5, 3, 0), ("Workshop", "sales", 1, 0, 0)]


def test_a_revoked_code_makes_no_room_for_another(running: Campaign) -> None:
    workshop = running.units.get(code="N2")
    make_code_sheet(unit=workshop, function=OPERATIONS, count=3, by=Who.COMMAND)

    revoke_codes(unit=workshop, function=OPERATIONS, by=Who.COMMAND)
    make_code_sheet(unit=workshop, function=OPERATIONS, count=3, by=Who.COMMAND)

    assert standings(running) == [("added", True)] * 3 + [("planned", False)] * 3


def test_codes_planned_or_not_are_in_no_band(running: Campaign) -> None:
    workshop = running.units.get(code="N2")
    make_code_sheet(unit=workshop, function=OPERATIONS, count=5, by=Who.COMMAND)
    refresh_participation(campaign=running, day=timezone.localdate())

    row = Participation.objects.get(campaign_unit=workshop, function=OPERATIONS)

    assert (row.invited, row.added) == (2, 5)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_first_sign_in_is_noted_once(company: tuple[Organisation, User]) -> None:
    user = User.objects.create_user("late@example.com", PASSWORD)
    signed_in(user)
    user.refresh_from_db()
    first = user.first_signed_in_at
    assert first is not None

    signed_in(user)
    user.refresh_from_db()

    assert user.first_signed_in_at == first


def test_a_draft_is_begun_when_it_is_made() -> None:
    organisation, _manager = organisation_with_manager()
    before = timezone.now()

    campaign = create_campaign(organisation=organisation, name="New")

    assert before <= campaign.created_at <= timezone.now()


def test_the_manager_enters_numbers_on_one_page_and_wrong_ones_stay_there(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    client = signed_in(company[1])
    address = reverse("survey:head-count-enter", args=[draft.pk])
    page = client.get(address)
    assert page.context["form"]["operations-N2"].value() == 3

    refused = client.post(address, {"operations-N1": "5", "sales-N2": "-1"})
    assert refused.status_code == 422
    assert 'value="-1"' in refused.text
    client.post(address, {"operations-N1": "5", "sales-N2": "", "sales-C": "0"})

    stored = DraftHeadCount.objects.values_list("unit_code", "function", "without_mail")
    assert list(stored) == [("N1", "operations", 5)]


def test_a_page_of_five_hundred_units_is_saved_in_one_post(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    top = Unit.objects.get(code="C")
    Unit.objects.bulk_create(
        Unit(organisation=organisation, code=f"T{number}", name=f"Team {number}", parent=top)
        for number in range(500)
    )
    fields = {f"{f}-T{number}": "2" for number in range(500) for f in ("operations", "sales")}
    counting = reverse("survey:head-count-enter", args=[draft.pk])

    assert signed_in(manager).post(counting, fields).status_code == 302

    assert DraftHeadCount.objects.count() == 1000


def test_the_council_confirms_what_its_page_shows(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    client = signed_in(second_person_of(company[0]))
    address = reverse("survey:head-count-confirm", args=[draft.pk])
    assert address in client.get(reverse("diagnostics:home")).text
    assert address in client.get(reverse("survey:campaign-stored", args=[draft.pk])).text
    page = client.get(address)
    counts = page.context["page"].counts
    assert (counts.by_mail, counts.without_mail, counts.total) == (9, 3, 12)

    answer = client.post(address, {"digest": counts.digest}, follow=True)

    assert "You have confirmed these numbers." in answer.text
    assert "I confirm these numbers" not in answer.text
    assert HeadCountConfirmation.objects.get().digest == counts.digest


def test_a_page_that_shows_older_numbers_confirms_nothing(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    client = signed_in(second_person_of(company[0]))
    address = reverse("survey:head-count-confirm", args=[draft.pk])

    for posted in ({"digest": "0" * 64}, {}):
        answer = client.post(address, posted, follow=True)
        assert "they were changed while you looked" in answer.text
    assert not HeadCountConfirmation.objects.exists()


def test_the_page_is_not_there_for_managers_and_offers_no_button_to_authors(
    draft: Campaign, company: tuple[Organisation, User]
) -> None:
    organisation, manager = company
    address = reverse("survey:head-count-confirm", args=[draft.pk])
    assert signed_in(manager).get(address).status_code == 404

    Membership.objects.create(organisation=organisation, user=manager, role=Role.ADMINISTRATOR)

    page = signed_in(manager).get(address)
    assert page.status_code == 200
    assert "I confirm these numbers" not in page.text


def test_nothing_is_entered_or_confirmed_once_it_runs(
    running: Campaign, company: tuple[Organisation, User]
) -> None:
    council = second_person_of(company[0])

    with pytest.raises(StateError):
        enter_head_counts(campaign=running, counts={}, by=company[1])
    with pytest.raises(StateError):
        confirm(running, council)
    page = signed_in(council).get(reverse("survey:head-count-confirm", args=[running.pk]))
    assert "Confirmed by Cora Council on" in page.text
