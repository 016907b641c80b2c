"""A campaign's own words and logo in its mails, the test mail, and ten thousand invitations.

Row 18 of the feature table is shown in test_reminders and test_outbox, and by the words here.
"""

from email.message import EmailMessage

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from survey.errors import StateError
from survey.images import redraw_logo
from survey.mail.outbox import send_due_messages
from survey.mail.sample_mails import mail_samples
from survey.mail.sending import BACKOFF
from survey.models import Campaign, CampaignLogo, Invitation, Message, Recipient, TrialMail, Who
from survey.services.campaigns import launch_campaign
from survey.services.setup.drafts import word_mails
from survey.services.setup.trial_mails import (
    MOST,
    request_trial_mail,
    trial_link,
)
from survey.tasks import send_trial_mail
from tests.survey.mail.mail_server import mail_server, text_of
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import (
    draft_campaign,
    organisation_with_manager,
    people_csv,
    picture,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = draft_campaign(organisation_with_manager()[0])
    word_mails(campaign=campaign, introduction={"en": "We need <you>."}, signature="Anna Head")
    Campaign.objects.update(logo_alternative="The sign of Acme")
    CampaignLogo.objects.create(campaign=campaign, image=redraw_logo(picture()))
    campaign.refresh_from_db()
    return campaign


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_an_invitation_carries_the_campaign_s_words_and_its_logo(campaign: Campaign) -> None:
    TrialMail.objects.create(
        campaign=campaign, email="x@example.com", language="en",
        requested_at=timezone.now(), confirmed_at=timezone.now(),
    )  # fmt: skip
    launch_campaign(campaign=campaign, by=Who.WORKER)
    with mail_server() as server:
        connection_to = mail.get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=server.port
        )
        send_due_messages()
        connection_to.send_messages([mail.outbox[0]])

    received = server.messages[0]
    html = received.get_body(("html",))
    picture_part = next(part for part in received.walk() if part.get_content_type() == "image/png")
    assert parts(received) == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    assert text_of(received).splitlines()[2] == "We need <you>."
    assert "Anna Head" in text_of(received).splitlines()
    assert html is not None
    assert "<p>We need &lt;you&gt;.</p>" in html.get_content()
    assert '<img src="cid:logo" alt="The sign of Acme" height="48">' in html.get_content()
    assert picture_part["Content-ID"] == "<logo>"
    assert picture_part.get_content() == bytes(CampaignLogo.objects.get().image)


def test_a_reminder_keeps_to_the_words_that_cannot_imply_tracked_answers(
    campaign: Campaign,
) -> None:
    invitation, reminder = mail_samples(campaign)

    assert (invitation.language, invitation.kind, reminder.kind) == ("en", "Invitation", "Reminder")
    assert "We need <you>." in invitation.text
    assert "We need" not in reminder.text
    assert type(invitation.text) is type(reminder.text) is str  # not marked as safe
    assert "http://localhost:8000/s/…" in invitation.text
    assert Invitation.objects.count() == Message.objects.count() == 0


def test_a_test_mail_is_the_invitation_with_a_link_that_gives_no_answers(
    campaign: Campaign,
) -> None:
    trial = request_trial_mail(campaign=campaign, email="Maria@Example.com", language="en")

    for _ in range(2):
        send_due_messages()
        send_trial_mail.call(str(trial.pk))  # as it may lie in a queue

    (sent,) = mail.outbox
    trial.refresh_from_db()
    assert (sent.to, sent.subject) == (
        ["maria@example.com"],
        "Test: Spring survey: Acme asks for your view",
    )
    assert trial_link(trial) in sent.body
    assert "/s/" not in sent.body
    assert "This is a test of the invitation." in sent.body
    assert (trial.sent_at is None, trial.confirmed_at) == (False, None)


def test_a_test_mail_that_the_server_refuses_says_so(
    campaign: Campaign, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    trial = request_trial_mail(campaign=campaign, email="maria@example.com", language="en")

    send_due_messages()

    trial.refresh_from_db()
    assert (trial.sent_at, trial.problem) == (None, "unreachable: [Errno 111] Connection refused")


def test_a_test_mail_that_is_put_off_goes_later_unless_its_words_are_others_by_then(
    campaign: Campaign, settings: Settings
) -> None:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.answers["maria@example.com"] = "451 try again later"
        trial = request_trial_mail(campaign=campaign, email="maria@example.com", language="en")
        send_due_messages()
        trial.refresh_from_db()
        put_off = trial.problem
        server.answers.clear()
        let_pass(BACKOFF[0])
        sent = [send_due_messages()]
        trial.refresh_from_db()
        request_trial_mail(campaign=campaign, email="maria@example.com", language="en")
        word_mails(campaign=campaign, introduction={"en": "Others."}, signature="Anna Head")
        sent.append(send_due_messages())

    assert (put_off, trial.problem, trial.sent_at is None) == ("451 try again later", "", False)
    assert (sent, server.recipients()) == ([1, 0], ["maria@example.com"])
    assert not Message.objects.filter(state="waiting").exists()


def test_a_campaign_sends_a_limited_number_of_test_mails(campaign: Campaign) -> None:
    for _ in range(MOST):
        request_trial_mail(campaign=campaign, email="maria@example.com", language="en")

    with pytest.raises(StateError, match="expected at most 20 test mails, found 20 sent"):
        request_trial_mail(campaign=campaign, email="maria@example.com", language="en")


def test_somebody_s_language_is_used_where_the_campaign_offers_it(campaign: Campaign) -> None:
    Recipient.objects.update(language="tlh")
    TrialMail.objects.update(confirmed_at=timezone.now())
    request_trial_mail(campaign=campaign, email="maria@example.com", language="en")
    TrialMail.objects.update(confirmed_at=timezone.now())
    launch_campaign(campaign=campaign, by=Who.WORKER)

    send_due_messages()

    assert {message.subject for message in mail.outbox} == {
        "Spring survey: Acme asks for your view"
    }


def test_a_launch_takes_a_statement_more_for_every_five_hundred_people_and_no_more() -> None:
    counts = []
    for number, north in enumerate((400, 1400)):
        organisation, _ = organisation_with_manager(f"Acme {number}", f"maria{number}@example.com")
        draft = draft_campaign(organisation, people=people_csv(north=north, workshop=0))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            launch_campaign(campaign=draft, by=Who.WORKER)
        counts.append(len(queries))

    assert Message.objects.count() == Invitation.objects.count() == 1800
    # Two tables; SQLite splits what PostgreSQL takes in one statement of five hundred rows.
    assert counts[1] - counts[0] <= 2 * 1000 // 100
