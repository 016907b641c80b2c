"""The closing time of an open campaign is moved: two years at most, and back while nobody knows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from survey.errors import StateError
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, Function, User, Who
from survey.services.campaigns import extend_campaign, launch_campaign
from survey.services.running.code_sheets import make_code_sheet
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return open_campaign_of(manager.memberships.get().organisation)


def moved(campaign: Campaign, by: timedelta) -> datetime:
    """Move the closing time and return it."""
    before = Campaign.objects.values_list("closes_at", flat=True).get(pk=campaign.pk)
    assert before is not None
    changed = extend_campaign(campaign=campaign, closes_at=before + by, by=Who.WORKER)
    assert changed.closes_at is not None
    return changed.closes_at


def test_a_wrong_extension_is_taken_back_as_long_as_no_mail_has_told_it(
    campaign: Campaign,
) -> None:
    send_due_messages()
    first = campaign.closes_at
    assert first is not None

    moved(campaign, 30 * DAY)
    moved(campaign, -30 * DAY)

    assert Campaign.objects.get().closes_at == first
    launch = ("head counts confirmed", "launched")
    actions = campaign.ledger.exclude(action__in=launch).values_list("action", flat=True)
    assert list(actions) == ["extended", "extension taken back"]


def test_it_is_not_taken_back_further_than_what_people_were_told(campaign: Campaign) -> None:
    send_due_messages()
    moved(campaign, 30 * DAY)

    with pytest.raises(StateError, match=r"at the earliest: a mail or a slip has told that"):
        moved(campaign, -31 * DAY)
    moved(campaign, -29 * DAY)


def test_nothing_is_taken_back_once_a_mail_has_told_it(campaign: Campaign) -> None:
    moved(campaign, 30 * DAY)
    send_due_messages()

    with pytest.raises(StateError, match="a mail or slip has told it"):
        moved(campaign, -DAY)


def test_a_mail_that_was_sent_and_then_replaced_has_still_told_it(campaign: Campaign) -> None:
    moved(campaign, 30 * DAY)
    send_due_messages()
    campaign.invitations.get(recipient__email="n1-0@example.com").messages.all().delete()

    with pytest.raises(StateError, match="a mail or slip has told it"):
        moved(campaign, -DAY)


def test_a_slip_of_paper_tells_it_as_a_mail_does(campaign: Campaign) -> None:
    moved(campaign, 30 * DAY)
    make_code_sheet(unit=campaign.units.all()[0], function=Function.SALES, count=1, by=Who.WORKER)

    with pytest.raises(StateError, match="a mail or slip has told it"):
        moved(campaign, -DAY)


def test_a_mail_says_the_time_as_it_is_when_it_goes(campaign: Campaign) -> None:
    moved(campaign, 30 * DAY)
    moved(campaign, -10 * DAY)
    let_pass(DAY)
    send_due_messages()

    closes = Campaign.objects.get()
    assert closes.closes_at is not None
    assert closes.told_closes_at == closes.closes_at
    assert f"{closes.closes_at.astimezone():%Y}" in str(mail.outbox[0].body)


def test_before_anybody_was_told_it_may_also_be_set_earlier(manager: User) -> None:
    organisation = manager.memberships.get().organisation
    now = timezone.now()
    campaign = launch_campaign(
        campaign=draft_campaign(organisation, opens_at=now + DAY, closes_at=now + 20 * DAY),
        by=Who.WORKER,
    )

    moved(campaign, -10 * DAY)
    with pytest.raises(StateError, match="after the campaign has opened"):
        moved(campaign, -9 * DAY - timedelta(hours=1))


def test_never_into_the_past_and_never_past_the_end(campaign: Campaign) -> None:
    with pytest.raises(StateError, match="Expected a time in the future"):
        extend_campaign(campaign=campaign, closes_at=timezone.now() - DAY, by=Who.WORKER)
    with pytest.raises(StateError, match="expected a closing time after"):
        moved(campaign, timedelta())
    with pytest.raises(StateError, match="two years from now"):
        moved(campaign, 800 * DAY)


def test_the_page_takes_it_back_and_says_until_when_it_is_open(
    client: Client, manager: User, campaign: Campaign
) -> None:
    client.force_login(manager)
    first = campaign.closes_at
    assert first is not None
    moved(campaign, 30 * DAY)
    address = f"/campaigns/{campaign.pk}/extend/"
    day = timezone.localtime(first, ZoneInfo("Europe/Helsinki")) + DAY

    told = client.post(address, {"closes_at": f"{day:%Y-%m-%dT%H:%M}"}, follow=True)
    refused = client.post(address, {"closes_at": "2001-01-01T12:00"})

    assert "The campaign is open until" in told.content.decode()
    assert (refused.status_code, "2001-01-01T12:00" in refused.content.decode()) == (422, True)
