"""What pages say of a second word: who gives it and why not the reader, and what was refused."""

import re
from datetime import datetime
from html import unescape
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from survey.models import (
    AskedChange,
    Campaign,
    CampaignKey,
    LaterReader,
    Leadership,
    Membership,
    Recipient,
    RefusedChange,
    Role,
    User,
    Who,
)
from survey.services.campaigns import close_campaign
from survey.services.organisations.leaderships import appoint
from survey.services.running.asked_changes import (
    refuse_change,
    take_change_back,
)
from tests.survey.second_words import (
    LONG_AGO,
    NEW,
    OLD,
    asked_to_cancel,
    asked_to_correct,
    delivered_campaign,
    person,
)
from tests.survey.staff_scenes import (
    PASSWORD,
    organisation_with_manager,
    second_person_of,
)

pytestmark = pytest.mark.django_db
OFFER = "Cancel the campaign and delete all answers"
BY_ROLE = (
    "It needs the word of somebody else of the works council, or of another administrator, who "
    "had signed in before the campaign was begun."
)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return delivered_campaign(manager)


@pytest.fixture
def council(campaign: Campaign) -> User:
    return second_person_of(campaign.organisation)


def member(campaign: Campaign, name: str, role: Role, since: datetime | None) -> User:
    address = f"{name.lower()}@example.com"
    user = User.objects.create_user(address, PASSWORD, name=name, first_signed_in_at=since)
    Membership.objects.create(organisation=campaign.organisation, user=user, role=role)
    return user


def read(user: User, name: str, *ids: UUID) -> str:
    """Return the words of a page's own part."""
    client = Client()
    client.force_login(user)
    page = client.get(reverse(f"survey:{name}", args=ids)).content.decode()
    own = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", own)).split()).replace(" .", ".")


def today(campaign: Campaign) -> str:
    """Return the day as pages tell it, by the campaign's clock."""
    day = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    return date_format(day, "DATE_FORMAT")


def paused(campaign: Campaign) -> None:
    """Have a campaign closed, with its ballots under a passphrase that nobody gives."""
    CampaignKey.objects.filter(campaign=campaign).update(passphrase_check=b"set")
    close_campaign(campaign=campaign, by=Who.WORKER, without_grace=True)


@pytest.mark.parametrize("has_signed_in", [True, False])
def test_whoever_signed_in_too_late_reads_so_and_who_can_decide(
    campaign: Campaign, manager: User, council: User, has_signed_in: bool
) -> None:
    since = timezone.now() if has_signed_in else None
    late = member(campaign, "Ada", Role.ADMINISTRATOR, since)
    asked_to_cancel(campaign, manager)

    told = read(late, "second-word-list")

    assert (
        "You do not decide this. You had not signed in before the campaign was begun. "
        f"{BY_ROLE} Cora Council can decide it." in told
    )


def test_whoever_asked_reads_so_and_all_who_can_decide(
    campaign: Campaign, manager: User, council: User
) -> None:
    Membership.objects.create(
        organisation=campaign.organisation, user=manager, role=Role.ADMINISTRATOR
    )
    member(campaign, "Ada", Role.ADMINISTRATOR, LONG_AGO)
    asked_to_cancel(campaign, manager)

    told = read(manager, "second-word-list")

    assert (
        f"You do not decide this. You asked for it yourself. {BY_ROLE} "
        "Each of these can decide it: Ada, Cora Council." in told
    )


def test_where_single_answers_are_given_an_administrator_reads_that_the_council_decides(
    campaign: Campaign, manager: User, council: User
) -> None:
    ada = member(campaign, "Ada", Role.ADMINISTRATOR, LONG_AGO)
    asked = asked_to_cancel(campaign, manager)
    draft = Campaign.objects.create(
        organisation=campaign.organisation, instrument=campaign.instrument, gives_rows=True
    )
    AskedChange.objects.filter(pk=asked.pk).update(campaign=draft)
    User.objects.filter(pk=council.pk).update(is_active=False)

    told = read(ada, "second-word-list")

    assert (
        "You are not of the works council. It needs the word of somebody else of the works "
        "council, who had signed in before the campaign was begun: it gives analysts single "
        "answers, so no other role will do. Nobody can decide it at present." in told
    )


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("giver", "You gave it yourself."),
        ("reader", "You would read by it yourself."),
        ("late", "You had not signed in before it was given."),
    ],
)
def test_whoever_agrees_to_no_later_reader_reads_why_and_who_can(
    campaign: Campaign, manager: User, council: User, who: str, why: str
) -> None:
    unit = campaign.organisation.units.get(code="N2")
    member(campaign, "reader", Role.ADMINISTRATOR, LONG_AGO)
    Membership.objects.create(
        organisation=campaign.organisation, user=manager, role=Role.ADMINISTRATOR
    )
    appoint(unit=unit, email="reader@example.com", kind=Leadership.Kind.LEADER, by=manager)
    member(campaign, "late", Role.ADMINISTRATOR, None)
    accounts = {"giver": manager.email}
    user = User.objects.get(email=accounts.get(who, f"{who}@example.com"))

    told = read(user, "second-word-list")

    assert LaterReader.objects.count() == 1
    assert (
        f"You do not decide this. {why} It needs the word of somebody else of the works council, "
        "or of another administrator, who had signed in before it was given. "
        "Cora Council can decide it." in told
    )


def test_a_refused_cancellation_is_told_where_it_was_asked_for_until_it_is_again(
    campaign: Campaign, manager: User, council: User
) -> None:
    refuse_change(asked=asked_to_cancel(campaign, manager), by=council)
    refused = (
        f"Maria Manager asked on {today(campaign)} to cancel this campaign. "
        f"Cora Council refused it on {today(campaign)}, and nothing was changed."
    )
    places = ("campaign-detail", "campaign-cancel")

    told = [refused in read(manager, place, campaign.pk) for place in places]
    asked_to_cancel(campaign, manager)
    again = [refused in read(manager, place, campaign.pk) for place in places]

    assert (told, again) == ([True, True], [False, False])
    assert not RefusedChange.objects.exists()


def test_a_refused_address_is_told_on_the_person_s_page_and_is_kept_nowhere(
    campaign: Campaign, manager: User, council: User
) -> None:
    refuse_change(asked=asked_to_correct(manager), by=council)

    told = read(manager, "person-detail", campaign.pk, person().pk)
    other = read(manager, "person-detail", campaign.pk, person("n1-1@example.com").pk)

    refused = (
        f"Maria Manager asked on {today(campaign)} to write to another address. "
        f"Cora Council refused it on {today(campaign)}, and nothing was changed."
    )
    assert (refused in told, refused in other, NEW in told) == (True, False, False)
    assert NEW not in str(RefusedChange.objects.values().get())
    asked_to_correct(manager)
    assert not RefusedChange.objects.exists()


def test_what_is_taken_back_is_told_as_no_refusal(
    campaign: Campaign, manager: User, council: User
) -> None:
    take_change_back(asked=asked_to_cancel(campaign, manager), by=manager)

    assert "refused" not in read(manager, "campaign-detail", campaign.pk)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Nina", "Nina", "The campaign's list calls this person Nina. Maria"),
        ("Nina", "Otto", "The campaign's list calls this person Nina. The name becomes Otto."),
        ("Nina", "", "The campaign's list calls this person Nina. The name is deleted."),
        ("", "", "The campaign's list has no name for this person. Maria"),
        ("", "Otto", "The campaign's list has no name for this person. The name becomes Otto."),
    ],
)
def test_whoever_judges_an_address_reads_whose_it_is(
    campaign: Campaign, manager: User, council: User, old: str, new: str, told: str
) -> None:
    Recipient.objects.filter(email=OLD).update(name=old)
    asked_to_correct(manager, name=new)

    assert told in read(council, "second-word-list")


def test_while_cancelling_waits_it_is_not_offered_again(
    campaign: Campaign, manager: User, council: User
) -> None:
    before = read(manager, "campaign-detail", campaign.pk)
    asked = asked_to_cancel(campaign, manager)
    while_it_waits = read(manager, "campaign-detail", campaign.pk)
    take_change_back(asked=asked, by=manager)

    waiting = "it waits for a second person: look at it, or take it back"
    pages = (before, while_it_waits, read(manager, "campaign-detail", campaign.pk))
    assert [(OFFER in page, waiting in page) for page in pages] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_the_way_back_from_cancelling_is_not_called_cancel(
    campaign: Campaign, manager: User
) -> None:
    client = Client()
    client.force_login(manager)
    page = client.get(reverse("survey:campaign-cancel", args=[campaign.pk])).content.decode()

    back = reverse("survey:campaign-detail", args=[campaign.pk])
    assert f'href="{back}">Back to the campaign</a>' in page
    assert ">Cancel</a>" not in page


def test_who_could_agree_is_told_as_one_or_as_some(
    campaign: Campaign, manager: User, council: User
) -> None:
    def told() -> list[str]:
        pages = [
            read(manager, "campaign-cancel", campaign.pk),
            read(manager, "person-detail", campaign.pk, person().pk),
        ]
        asked = asked_to_cancel(campaign, manager)
        pages.append(read(manager, "campaign-detail", campaign.pk))
        take_change_back(asked=asked, by=manager)
        return pages

    alone = told()
    member(campaign, "Ada", Role.ADMINISTRATOR, LONG_AGO)
    some = told()

    one = (
        "it happens once Cora Council agrees.",
        "needs the word of Cora Council, who sees the name and both addresses.",
        "It waits for the word of Cora Council.",
    )
    several = (
        "it happens once one of these agrees: Ada, Cora Council.",
        "the word of one of these, who see the name and both addresses: Ada, Cora Council.",
        "It waits for the word of one of: Ada, Cora Council.",
    )
    assert [words in page for words, page in zip(one, alone, strict=True)] == [True] * 3
    assert [words in page for words, page in zip(several, some, strict=True)] == [True] * 3


def test_what_goes_on_until_somebody_agrees_is_so_in_each_state(
    campaign: Campaign, manager: User, council: User
) -> None:
    running = "Until then everything goes on as planned. Once the answers are opened, the campaign"
    stuck = "Until then the campaign stays closed and its answers unread. Once the works council"
    opening = "The campaign is closed and its answers are being opened: it is too late for that."

    def said() -> list[bool]:
        page = read(manager, "campaign-cancel", campaign.pk)
        return [words in page for words in (running, stuck, opening)]

    found = [said()]
    asked_to_cancel(campaign, manager)
    found.append(said())
    paused(campaign)
    found.append(said())
    AskedChange.objects.all().delete()
    found.append(said())
    CampaignKey.objects.filter(campaign=campaign).update(passphrase_check=b"")
    found.append(said())

    assert found == [
        [True, False, False], [True, False, False],
        [False, True, False], [False, True, False],
        [False, False, True],
    ]  # fmt: skip
