"""No campaign opens or closes at the end of the calendar, whichever door is tried."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from survey.errors import InputError, StateError
from survey.forms.campaign_changes import ExtensionForm
from survey.forms.drafts import DatesForm
from survey.mail.outbox import send_due_messages
from survey.models import Ballot, Campaign, Organisation, Who
from survey.policy import TIMES_AHEAD
from survey.selectors.launch.checklist import launch_checklist
from survey.selectors.reminders import next_reminder_at
from survey.services.campaigns import create_campaign, extend_campaign
from survey.services.retention.deletion import months_after
from survey.services.schedule import run_due_work
from survey.services.setup.drafts import schedule_draft
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
ENDS = ("0001-01-01T00:00", "0001-01-01T12:00", "9999-12-31T00:00", "9999-12-31T23:59")
ZONES = ("UTC", "Europe/Helsinki", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata")
LAST = datetime.max.replace(tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_a_draft_s_form_takes_no_end_of_the_calendar_on_any_clock(
    field: str, end: str, zone: str
) -> None:
    soon = (timezone.now() + 30 * DAY).strftime("%Y-%m-%dT12:00")
    form = DatesForm(Campaign(), {"time_zone": zone, "closes_at": soon, field: end})

    assert not form.is_valid()
    assert field in form.errors
    assert all("Expected a time" in text for texts in form.errors.values() for text in texts)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("end", ENDS)
def test_an_extension_takes_no_end_of_the_calendar_on_any_clock(end: str, zone: str) -> None:
    campaign = Campaign(time_zone=zone, closes_at=timezone.now() + DAY)
    form = ExtensionForm(campaign, {"closes_at": end})

    assert not form.is_valid()
    assert [str(text)[:15] for text in form.errors["closes_at"]] == ["Expected a time"]


def test_pages_answer_an_impossible_time_in_words(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    draft, running = draft_campaign(organisation), open_campaign_of(organisation)
    client.force_login(manager)
    for address in (
        reverse("survey:setup-dates", args=[draft.pk]),
        reverse("survey:campaign-extend", args=[running.pk]),
    ):
        for end in ENDS:
            page = client.post(address, {"time_zone": "Europe/Helsinki", "closes_at": end})
            assert page.status_code in {200, 422}
            assert "Expected a time" in page.content.decode()


@pytest.mark.parametrize(
    ("opens", "closes", "message"),
    [
        (None, TIMES_AHEAD + DAY, "closes_at: Expected a time between now and two years from now"),
        (TIMES_AHEAD + DAY, TIMES_AHEAD + 2 * DAY, "opens_at: Expected a time between now and"),
        (None, -DAY, "closes_at: Expected a time in the future"),
        (-DAY, DAY, "opens_at: Expected a time in the future, or none"),
        (2 * DAY, DAY, "closes_at: Expected a time after the campaign has opened"),
    ],
)
def test_the_services_refuse_what_the_forms_refuse(
    opens: timedelta | None, closes: timedelta, message: str
) -> None:
    now = timezone.now()
    organisation = Organisation.objects.create(name="Acme")
    times: dict[str, Any] = {"opens_at": opens and now + opens, "closes_at": now + closes}
    draft = create_campaign(organisation=organisation, name="Draft")
    for act in (
        lambda: create_campaign(organisation=organisation, name="x", now=now, **times),
        lambda: schedule_draft(campaign=draft, time_zone="UTC", now=now, **times),
    ):
        with pytest.raises(InputError, match=message):
            act()
    assert list(Campaign.objects.values_list("name", "closes_at")) == [("Draft", None)]


def test_two_years_are_taken_and_no_second_more() -> None:
    now = timezone.now()
    campaign = open_campaign_of(organisation_with_manager()[0])
    with pytest.raises(StateError, match="Expected a time between now and two years from now"):
        extend_campaign(
            campaign=campaign,
            closes_at=now + TIMES_AHEAD + timedelta(seconds=1),
            now=now,
            by=Who.WORKER,
        )

    extend_campaign(campaign=campaign, closes_at=now + TIMES_AHEAD, now=now, by=Who.WORKER)
    assert Campaign.objects.get().closes_at == now + TIMES_AHEAD


def test_a_draft_from_before_that_closes_too_late_is_not_launched() -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    Campaign.objects.update(closes_at=LAST)
    campaign.refresh_from_db()

    found = {check.code: check for check in launch_checklist(campaign, now=timezone.now())}

    assert not found["dates"].passed
    assert found["dates"].detail == "The closing time must lie within the next two years."


@pytest.mark.parametrize("zone", ZONES)
def test_a_running_campaign_from_before_that_never_closes_is_answered_like_any(
    client: Client, settings: Settings, zone: str
) -> None:
    settings.TIME_ZONE = zone
    small = open_small_campaign(invitations=2)
    Campaign.objects.update(closes_at=LAST, time_zone=zone)

    client.get(f"/s/{small.tokens[0]}")
    statuses = [client.get(f"/answer/{page}").status_code for page in ("", "1/", "review/")]
    thanks = client.post("/answer/submit/", follow=True).status_code
    run_due_work(timezone.now())

    assert (statuses, thanks, Ballot.objects.count()) == ([200] * 3, 200, 1)


def test_its_manager_s_pages_and_mails_are_made_as_well(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    campaign = open_campaign_of(organisation)
    draft = draft_campaign(organisation, name="Draft")
    Campaign.objects.update(closes_at=LAST, time_zone="Pacific/Kiritimati")
    Campaign.objects.filter(pk=draft.pk).update(opens_at=LAST, closes_at=None)
    client.force_login(manager)
    addresses = [
        "/", "/campaigns/", f"/campaigns/{campaign.pk}/", f"/campaigns/{campaign.pk}/extend/",
        f"/campaigns/{campaign.pk}/stored/", f"/campaigns/{draft.pk}/",
        reverse("survey:setup-dates", args=[draft.pk]),
    ]  # fmt: skip

    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    assert send_due_messages() == 9
    assert "The survey is open until" in str(mail.outbox[0].body)


def test_what_is_added_to_a_stored_time_stays_in_the_calendar() -> None:
    held = Campaign(state="open", opens_at=None, closes_at=LAST)
    reminded = Campaign(state="open", opens_at=LAST, closes_at=LAST)

    assert held.accepts_answers(timezone.now())
    assert next_reminder_at(reminded) is not None
    assert months_after(timezone.now(), 2_147_483_647).year == 9998
