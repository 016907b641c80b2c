"""Reminders: whom they go to, how often, and that their words cannot imply tracked answers."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from survey.errors import StateError
from survey.mail.messages import survey_mail
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, Invitation, Message, Who
from survey.selectors.reminders import next_reminder_at
from survey.services.opening.closing import close_campaign
from survey.services.running.reminders import send_reminder
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
LAUNCH = datetime(2026, 3, 2, 8, tzinfo=timezone.get_fixed_timezone(0))
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def campaign() -> Campaign:
    with time_machine.travel(LAUNCH, tick=False):
        launched = open_campaign_of(organisation_with_manager()[0])
        send_due_messages()
    return launched


def reminded(campaign: Campaign, at: datetime) -> list[str]:
    with time_machine.travel(at, tick=False):
        send_reminder(campaign=campaign)
        send_due_messages()
    newest = Message.objects.filter(round=campaign.reminder_round, state="sent")
    return sorted(newest.values_list("invitation__recipient__email", flat=True))


def test_reminders_go_to_invitations_that_were_not_used(campaign: Campaign) -> None:
    Invitation.objects.filter(unit__code="N1").update(done=True, used=True)
    Invitation.objects.filter(recipient__email="n2-0@example.com").update(revoked=True)

    assert reminded(campaign, LAUNCH + TWO_DAYS) == ["n2-1@example.com", "n2-2@example.com"]


def test_three_rounds_go_out_two_days_apart_and_never_a_fourth(campaign: Campaign) -> None:
    for number in (1, 2, 3):
        at = LAUNCH + number * TWO_DAYS
        with pytest.raises(StateError, match="expected 48 hours between two mails"):
            send_reminder(campaign=campaign, now=at - timedelta(seconds=1))
        assert len(reminded(campaign, at)) == 9

    with pytest.raises(StateError, match="expected at most 3 reminders, found 3 sent"):
        send_reminder(campaign=campaign, now=LAUNCH + timedelta(days=12))
    assert next_reminder_at(campaign) is None
    assert sorted(Message.objects.values_list("kind", "round").distinct()) == [
        ("invitation", 0),
        ("reminder", 1),
        ("reminder", 2),
        ("reminder", 3),
    ]


def test_a_second_click_sends_nothing_more(campaign: Campaign) -> None:
    reminded(campaign, LAUNCH + TWO_DAYS)

    with pytest.raises(StateError, match="found the last one at 4 March 2026, 10:00"):
        send_reminder(campaign=campaign, now=LAUNCH + TWO_DAYS)

    assert Message.objects.filter(kind="reminder").count() == 9


def test_nobody_whose_invitation_came_late_gets_a_reminder_within_two_days(
    campaign: Campaign,
) -> None:
    late = Message.objects.filter(invitation__unit__code="N2")
    late.update(sent_at=LAUNCH + timedelta(hours=1))

    assert reminded(campaign, LAUNCH + TWO_DAYS) == [f"n1-{n}@example.com" for n in range(6)]


def test_an_address_that_bounced_is_left_alone(campaign: Campaign) -> None:
    Invitation.objects.exclude(recipient__email="n1-0@example.com").update(bounced=True)

    assert reminded(campaign, LAUNCH + TWO_DAYS) == ["n1-0@example.com"]


def test_a_closed_campaign_sends_no_reminder(campaign: Campaign) -> None:
    close_campaign(campaign=campaign, now=LAUNCH + TWO_DAYS, by=Who.WORKER)

    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        send_reminder(campaign=campaign, now=LAUNCH + TWO_DAYS)


def test_the_words_of_a_reminder_cannot_imply_tracked_answers(campaign: Campaign) -> None:
    with time_machine.travel(LAUNCH + TWO_DAYS, tick=False):
        send_reminder(campaign=campaign)
    mail = survey_mail(
        Message.objects.filter(kind="reminder", invitation__recipient__email="n1-0@example.com")
        .select_related("invitation__recipient", "invitation__campaign__organisation")
        .get(),
        "https://rutin.example/s/x",
    )

    assert mail.subject == "Reminder: Spring survey at Acme is still open"
    assert str(mail.body).strip().splitlines() == [
        "Dear Person 0,",
        "",
        (
            "Spring survey at Acme is still open. It closes on 16 March 2026, 10:00 "
            "(Europe/Helsinki). Here is your personal link once more:"
        ),
        "https://rutin.example/s/x",
        "",
        (
            "Why this mail came to you: a link is ticked off when a survey is handed in with it, "
            "and ticked-off links get no reminder. The tick is all there is: no answer is "
            "kept with it, and no list of it is shown to anybody."
        ),
        "",
        "Taking part is voluntary. If you would rather not, just delete this mail.",
        "",
        "Responsible: Acme Ltd. Questions: privacy@example.com.",
    ]
    for phrase in ("you have not", "we noticed", "we see", "your answers so far", "progress"):
        assert phrase not in str(mail.body).lower()
