"""What pages and mails say of a campaign is so, in every state and at every time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from survey.errors import RestingError, StateError
from survey.mail.outbox import send_due_messages
from survey.mail.shown_addresses import shown_address
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignState,
    Function,
    Invitation,
    Membership,
    Message,
    Recipient,
    Release,
    Role,
    User,
    Who,
)
from survey.selectors.campaign_states import state_words
from survey.services.campaigns import close_campaign, discard_campaign, launch_campaign
from survey.services.running import latecomers, links
from survey.services.running.code_sheets import make_code_sheet
from survey.services.running.reminders import send_reminder
from tests.survey.small_campaign import SmallCampaign, open_small_campaign
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
JANUARY = datetime(2027, 1, 11, 8, tzinfo=UTC)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return open_campaign_of(manager.memberships.get().organisation)


def scheduled(manager: User) -> Campaign:
    """Return a campaign that is launched in November and opens in January."""
    with time_machine.travel(NOW, tick=False):
        draft = draft_campaign(
            manager.memberships.get().organisation, opens_at=JANUARY, closes_at=JANUARY + 14 * DAY
        )
        return launch_campaign(campaign=draft, by=Who.WORKER)


def pages_of(client: Client, campaign: Campaign) -> str:
    """Return the three pages on which a manager reads of a campaign's state."""
    addresses = ("/", "/campaigns/", f"/campaigns/{campaign.pk}/")
    return " ".join(client.get(address).content.decode() for address in addresses)


def release(campaign: Campaign) -> None:
    Release.objects.create(
        campaign=campaign, frozen_at=NOW, digest="0" * 64, software_version="1", counts={}
    )


@pytest.mark.parametrize(
    ("fields", "passes", "words"),
    [
        ({}, timedelta(), "Open for answers"),
        ({"opens_at": NOW + 40 * DAY, "closes_at": NOW + 50 * DAY}, DAY, "Launched, not open yet"),
        ({"closes_at": NOW + DAY}, DAY, "Closed, last answers coming in"),
        ({"closes_at": NOW + DAY}, DAY + 30 * MINUTE, "Closed, last answers coming in"),
        (
            {"state": "closed", "closed_at": NOW, "accepts_until": NOW + 10 * MINUTE},
            9 * MINUTE, "Closed, last answers coming in",
        ),
        (
            {"state": "closed", "closed_at": NOW, "accepts_until": NOW + 10 * MINUTE},
            10 * MINUTE, "Closed, being opened",
        ),
        (
            {"state": "closed", "closed_at": NOW, "accepts_until": NOW, "opening_problem": "x"},
            DAY, "Closed, could not be opened yet",
        ),
        ({"state": "released", "closed_at": NOW}, DAY, "Ended, too few answers for results"),
        ({"state": "cancelled", "closed_at": NOW}, DAY, "Cancelled"),
        (
            {"state": "cancelled", "closed_at": NOW, "is_rehearsal": True}, DAY, "Rehearsal ended",
        ),
    ],
)  # fmt: skip
def test_a_state_is_called_what_it_is_at_its_time(
    fields: dict[str, object], passes: timedelta, words: str
) -> None:
    small = open_small_campaign()
    known = {"opens_at": NOW - DAY, "closes_at": NOW + 7 * DAY}
    Campaign.objects.update(**known | fields)
    CampaignKey.objects.update(canary_opened_at=NOW + passes)
    if fields.get("state") == "released":
        release(small.campaign)

    assert state_words(Campaign.objects.get(), NOW + passes) == words


def test_a_survey_that_rests_and_one_that_waits_for_its_passphrase_are_called_so() -> None:
    open_small_campaign()
    CampaignKey.objects.update(canary_opened_at=timezone.now() - DAY)
    assert state_words(Campaign.objects.get()) == "Open, but resting"

    CampaignKey.objects.update(passphrase_check=b"set")
    Campaign.objects.update(state="closed", closed_at=timezone.now())
    assert state_words(Campaign.objects.get()) == "Closed, waiting for the passphrase"


def test_a_campaign_that_opens_in_january_is_nowhere_open_for_answers(
    client: Client, manager: User
) -> None:
    campaign = scheduled(manager)
    client.force_login(manager)
    Membership.objects.create(organisation=campaign.organisation, user=manager, role=Role.EXECUTIVE)
    with time_machine.travel(NOW + DAY, tick=False):
        text = pages_of(client, campaign)
        added = client.get(f"/campaigns/{campaign.pk}/people/new/").content.decode()

    assert (text.count("Launched, not open yet"), "Open for answers" in text) == (3, False)
    assert text.count("Opens 11 January 2027, 10:00 (Europe/Helsinki)") == 2
    assert "The invitation goes out when the campaign opens." in added


def test_nothing_is_said_to_be_on_its_way_before_the_opening(client: Client, manager: User) -> None:
    campaign = scheduled(manager)
    person = campaign.recipients.get(email="n1-0@example.com")
    unit = campaign.units.get(code="N1")
    client.force_login(manager)
    base = f"/campaigns/{campaign.pk}/people/"
    added = {"email": "late@example.com", "unit": unit.pk, "function": "sales"}
    with time_machine.travel(NOW + DAY, tick=False):
        told = [
            client.post(f"{base}new/", added, follow=True),
            client.post(f"{base}{person.pk}/resend/", follow=True),
            client.post(f"{base}{person.pk}/new-link/", follow=True),
            client.post(f"{base}{person.pk}/", {"email": "new@example.com"}, follow=True),
        ]

    assert [page.content.decode().count("when the campaign opens") for page in told] == [1] * 4


def test_the_closing_day_is_told_on_the_campaign_s_clock_on_every_page(
    client: Client, manager: User, campaign: Campaign
) -> None:
    # Late in the evening in Helsinki it is still the day before elsewhere, and the other way round.
    closes = datetime(2030, 6, 7, 22, 30, tzinfo=UTC)
    Campaign.objects.update(closes_at=closes)
    client.force_login(manager)

    for zone, told in (
        ("Europe/Helsinki", "8 June 2030, 01:30 (Europe/Helsinki)"),
        ("America/New_York", "7 June 2030, 18:30 (America/New_York)"),
    ):
        Campaign.objects.update(time_zone=zone)
        for address in ("/", "/campaigns/", f"/campaigns/{campaign.pk}/stored/"):
            assert told in client.get(address).content.decode()


def test_after_an_early_close_nobody_reads_that_it_is_open_until_the_old_day(
    client: Client, manager: User
) -> None:
    small = open_small_campaign(invitations=2)
    client.get(f"/s/{small.tokens[0]}")
    client.post("/answer/save/", {"TF1": "4"})
    Membership.objects.create(
        organisation=small.campaign.organisation, user=manager, role=Role.COUNCIL
    )
    staff = Client()
    staff.force_login(manager)
    close_campaign(campaign=small.campaign, by=Who.WORKER)

    welcome = client.get("/answer/").content.decode()
    client.post("/answer/submit/", {"TF1": "4"})
    thanks = client.get("/answer/thanks/").content.decode()
    stored = staff.get(f"/campaigns/{small.campaign.pk}/stored/").content.decode()

    for text in (welcome, thanks, stored):
        assert not re.search(r"[Oo]pen until", text)
    assert "The survey has closed." in thanks
    assert "What you have begun can be submitted until" in welcome


def test_before_closing_its_page_says_what_the_close_does_and_who_was_told_another_day(
    client: Client, manager: User, campaign: Campaign
) -> None:
    client.force_login(manager)
    address = f"/campaigns/{campaign.pk}/close/"
    before = client.get(address).content.decode()
    send_due_messages()
    after = client.get(address).content.decode()

    assert "Whoever has not is told that the survey has closed." in before
    assert ("Nobody is told by mail" in before, "Nobody is told by mail" in after) == (False, True)


def test_a_thank_you_in_a_rehearsal_promises_no_report(client: Client) -> None:
    small = open_small_campaign()
    Campaign.objects.update(is_rehearsal=True)
    client.get(f"/s/{small.tokens[0]}")
    client.post("/answer/submit/", {"TF1": "4"})
    text = client.get("/answer/thanks/").content.decode()

    assert ("gets a report" in text, "there are no results" in text) == (False, True)


def test_nobody_is_reminded_of_a_survey_that_rests(
    client: Client, manager: User, campaign: Campaign
) -> None:
    due = timezone.now() + 3 * DAY
    CampaignKey.objects.update(canary_opened_at=due - DAY, failing_since=due - DAY)
    with pytest.raises(RestingError, match="found one that rests"):
        send_reminder(campaign=campaign, now=due)
    assert (Campaign.objects.get().reminder_round, Message.objects.filter(round=1).count()) == (
        0,
        0,
    )

    client.force_login(manager)
    with time_machine.travel(due, tick=False):
        text = client.get(f"/campaigns/{campaign.pk}/").content.decode()
        CampaignKey.objects.update(failing_since=None)  # now only no worker has looked
        told = client.post(f"/campaigns/{campaign.pk}/remind/", follow=True).content.decode()
    assert ("nobody is reminded" in told, Message.objects.filter(round=1).count()) == (True, 0)
    assert ("Send a reminder" in text, "The survey rests: whoever followed" in text) == (
        False,
        True,
    )


def test_once_the_time_is_over_nobody_is_invited_though_no_worker_has_looked(
    campaign: Campaign,
) -> None:
    unit = campaign.units.get(code="N1")
    person = campaign.recipients.get(email="n1-0@example.com")
    Campaign.objects.update(closes_at=timezone.now() - MINUTE, opens_at=timezone.now() - 9 * DAY)
    campaign.refresh_from_db()

    for act in (
        lambda: send_reminder(campaign=campaign),
        lambda: links.resend_invitation(recipient=person, by=Who.WORKER),
        lambda: links.request_new_link(recipient=person, by=Who.WORKER),
        lambda: make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.WORKER),
        lambda: latecomers.add_latecomer(
            unit=unit, email="late@example.com", name="", function=Function.SALES, by=Who.WORKER
        ),
    ):
        with pytest.raises(StateError, match="found “Closed, last answers coming in”"):
            act()
    assert (send_due_messages(), mail.outbox) == (0, [])


def test_a_draft_that_is_discarded_leaves_no_mail_behind(manager: User) -> None:
    draft = draft_campaign(manager.memberships.get().organisation)
    discard_campaign(campaign=draft, by=Who.WORKER)

    assert (Message.objects.filter(campaign__isnull=False).count(), send_due_messages()) == (0, 0)
    assert mail.outbox == []


def test_the_set_up_does_not_say_that_nothing_is_sent(client: Client, manager: User) -> None:
    draft = draft_campaign(manager.memberships.get().organisation)
    client.force_login(manager)
    pages = ("new/", f"{draft.pk}/discard/", f"{draft.pk}/files/", f"{draft.pk}/mails/")

    text = " ".join(client.get(f"/campaigns/{page}").content.decode() for page in pages)

    assert re.findall(r"nothing (?:is|was|has been) sent", text, re.IGNORECASE) == []


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("anna@example.com", "anna@example.com"),
        ("anna@xn--bcher-kva.example", "anna@bücher.example"),
        ("a@xn--mller-kva.xn--bcher-kva.example", "a@müller.bücher.example"),
        ("a@xn--99999999999.example", "a@xn--99999999999.example"),
        ("a@xn--", "a@xn--"),
        ("xn--name@example.com", "xn--name@example.com"),
    ],
)
def test_a_domain_is_shown_in_its_own_letters(stored: str, shown: str) -> None:
    assert shown_address(stored) == shown


def test_no_page_shows_an_encoded_domain(client: Client, manager: User, campaign: Campaign) -> None:
    encoded = "anna@xn--bcher-kva.example"
    person = campaign.recipients.get(email="n1-0@example.com")
    Recipient.objects.filter(pk=person.pk).update(email=encoded)
    Message.objects.filter(invitation__recipient=person).update(state="failed", last_error="x")
    User.objects.filter(email="lars@example.com").update(email=encoded, name="")
    client.force_login(manager)
    units = f"/organisations/{campaign.organisation_id}/units/"
    unit = campaign.units.get(code="N1").unit_id
    base = f"/campaigns/{campaign.pk}/"
    addresses = (f"{base}people/", f"{base}people/{person.pk}/", base, units, f"{units}{unit}/")

    for address in addresses:
        text = client.get(address).content.decode()
        assert ("anna@bücher.example" in text, "xn--" in text) == (True, False), address


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": "launching"}, "The campaign is being launched"),
        ({"state": "open"}, "No results before the campaign is closed"),
        ({"state": "closed"}, "The answers are being opened and mixed"),
        ({"state": "closed", "opening_problem": "x"}, "The answers could not be opened yet"),
        ({"state": "released"}, "There are no results"),
    ],
)
def test_a_page_without_results_says_why(
    client: Client, manager: User, campaign: Campaign, fields: dict[str, str], told: str
) -> None:
    organisation = campaign.organisation
    Membership.objects.create(organisation=organisation, user=manager, role=Role.EXECUTIVE)
    Campaign.objects.update(**fields, closed_at=timezone.now())
    if fields["state"] == "released":
        release(campaign)
    client.force_login(manager)

    page = client.get(f"/results/{campaign.pk}/")
    home = client.get("/").content.decode()

    assert told in page.content.decode()
    assert "The whole company" not in home
    if fields["state"] == "released":
        assert "Results released" not in home


def test_the_council_s_passphrase_is_what_a_closed_campaign_waits_for(
    client: Client, manager: User, campaign: Campaign
) -> None:
    Membership.objects.create(organisation=campaign.organisation, user=manager, role=Role.EXECUTIVE)
    Campaign.objects.update(state=CampaignState.CLOSED, closed_at=timezone.now())
    CampaignKey.objects.update(passphrase_check=b"set")
    client.force_login(manager)

    for address in (f"/results/{campaign.pk}/", "/"):
        assert "passphrase of the works council" in client.get(address).content.decode()


def test_a_link_of_a_scheduled_campaign_says_when_it_opens(client: Client) -> None:
    small: SmallCampaign = open_small_campaign()
    Campaign.objects.update(opens_at=timezone.now() + DAY)
    client.get(f"/s/{small.tokens[0]}")

    page = client.get("/answer/")
    assert (page.status_code, "has not opened yet" in page.content.decode()) == (410, True)
    assert Invitation.objects.count() == 1
