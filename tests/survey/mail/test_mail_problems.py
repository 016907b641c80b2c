"""A mail that cannot go: its reason stands where somebody can put it right, and nothing waits."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.mail.outbox import send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import Campaign, Message, Recipient, TrialMail, User, Who
from survey.services.organisations.account_mail import post_set_password_mails
from survey.services.organisations.leaderships import appoint
from survey.services.running.links import correct_address, replace_link
from survey.services.setup.trial_mails import post_trial_mail
from tests.survey.mail.mail_server import MailServer
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
)

pytestmark = pytest.mark.django_db
SIGN = "\u202c"  # U+202C, which comes along when an address is copied
REASON = (
    "This address cannot be written to: expected an address without spaces and invisible "
    "characters, found U+202C POP DIRECTIONAL FORMATTING as character"
)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def signed_in(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return open_campaign_of(manager.memberships.get().organisation)


def test_a_failed_invitation_is_shown_with_its_reason_and_goes_once_the_address_is_corrected(
    signed_in: Client, campaign: Campaign, server: MailServer
) -> None:
    person = Recipient.objects.get(email="n1-0@example.com")
    Recipient.objects.filter(pk=person.pk).update(email=f"n1-0@example.com{SIGN}")
    send_due_messages()
    pages = (
        reverse("survey:campaign-detail", args=[campaign.pk]),
        reverse("survey:person-list", args=[campaign.pk]),
        reverse("survey:person-detail", args=[campaign.pk, person.pk]),
    )
    shown = [REASON in signed_in.get(page).text for page in pages]
    deliveries = signed_in.get(pages[0]).context["page"].deliveries

    person.refresh_from_db()
    correct_address(recipient=person, email="n1-0@example.com", name="Person 0", by=Who.WORKER)
    replace_link(invitation_id=person.invitation.pk, by=Who.WORKER)
    sent = send_due_messages()

    assert shown == [True, True, True]
    assert (deliveries.failed, deliveries.sent, deliveries.waiting) == (1, 8, 0)
    assert sent == 1
    assert server.recipients() == sorted(Recipient.objects.values_list("email", flat=True))
    assert set(Message.objects.values_list("state")) == {("sent",)}


def test_a_test_mail_that_cannot_be_written_says_so_on_its_page(
    signed_in: Client, manager: User, server: MailServer
) -> None:
    draft = draft_campaign(manager.memberships.get().organisation)
    TrialMail.objects.all().delete()
    trial = TrialMail.objects.create(
        campaign=draft, email=f"me@example.com{SIGN}", language="en", requested_at=timezone.now()
    )

    post_trial_mail(trial=trial)
    send_due_messages()

    trial.refresh_from_db()
    assert (trial.sent_at, trial.problem) == (None, "unusable: unseen: 15 U+202C")
    page = signed_in.get(reverse("survey:setup-mails", args=[draft.pk])).text
    assert f"{REASON} 15." in page


def test_a_leader_whose_mail_cannot_be_written_is_shown_to_whoever_appointed_them(
    signed_in: Client, campaign: Campaign, server: MailServer
) -> None:
    lars = User.objects.get(email="lars@example.com")
    unit = lars.leaderships.get().unit
    User.objects.filter(pk=lars.pk).update(email=f"lars@example.com{SIGN}")
    pages = (
        reverse("survey:unit-list", args=[campaign.organisation_id]),
        reverse("survey:unit-leaders", args=[campaign.organisation_id, unit.pk]),
    )
    before = [REASON in signed_in.get(page).text for page in pages]
    Message.objects.filter(user=None).delete()

    post_set_password_mails(user_ids=[lars.pk])
    send_due_messages()
    first = list(Message.objects.filter(user=lars).values_list("state", "attempts"))
    shown = [REASON in signed_in.get(page).text for page in pages]
    appoint(unit=unit, email="lars@example.com", name="Lars Lead", by=Who.WORKER)
    post_set_password_mails(user_ids=[User.objects.get(email="lars@example.com").pk])
    send_due_messages()

    assert (before, shown) == ([False, False], [True, True])
    assert [REASON in signed_in.get(page).text for page in pages] == [False, False]
    assert first == [("failed", 1)]  # no other try
    assert server.recipients() == ["lars@example.com"]


def test_the_reason_goes_once_the_mail_has_gone(manager: User, server: MailServer) -> None:
    server.answers["maria@example.com"] = "451 try again later"
    post_set_password_mails(user_ids=[manager.pk])
    send_due_messages()
    manager.refresh_from_db()
    put_off = manager.mail_problem
    server.answers.clear()

    let_pass(BACKOFF[0])
    send_due_messages()

    manager.refresh_from_db()
    assert (put_off, manager.mail_problem) == ("451 try again later", "")


def test_a_leader_whom_the_server_refuses_for_good_is_not_tried_for_ten_hours(
    manager: User, server: MailServer
) -> None:
    server.answers["maria@example.com"] = "550 no such user"

    post_set_password_mails(user_ids=[manager.pk])
    send_due_messages()

    manager.refresh_from_db()
    assert manager.mail_problem == "550 no such user"
    let_pass(sum(BACKOFF, timedelta()))
    assert send_due_messages() == 0
    assert Message.objects.get(user=manager).attempts == 1
