"""Servers that hang up or fall silent: every mail arrives once, and what was not offered costs no
try."""

import pytest
from pytest_django import Settings

from survey.mail.outbox import (
    BATCH,
    BATCHES,
    CLAIM,
    Delivery,
    claim_batch,
    send_batch,
    send_due_messages,
)
from survey.mail.sending import BACKOFF, mail_server
from survey.models import Campaign, Invitation, MailTrouble, Message, Recipient, User
from survey.services.organisations.account_mail import post_set_password_mails
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.mail.rough_server import HALF, HANG_UP, SILENCE, RoughServer
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
SILENT_FOR = 0.1  # seconds until the sender has had enough
PEOPLE = 240


@pytest.fixture
def campaign() -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


def everybody() -> list[str]:
    return sorted(Recipient.objects.values_list("email", flat=True))


def tries() -> dict[tuple[str, int], int]:
    """Return how many messages stand how, after how many tries."""
    found: dict[tuple[str, int], int] = {}
    for state in Message.objects.values_list("state", "attempts"):
        found[state] = found.get(state, 0) + 1
    return found


def test_each_of_240_mails_arrives_once_however_a_server_ends_its_connections(
    rough: RoughServer,
) -> None:
    open_campaign_of(organisation_with_manager()[0], people=people_csv(north=PEOPLE, workshop=0))
    rough.after = 30
    rough.in_turn = (
        {"MAIL": "421 4.7.0 too many mails"},
        {"MAIL": HANG_UP},
        {"RCPT": HANG_UP},
        {"DATA": "421 enough"},
        {".": HALF},
    )

    sent = [send_due_messages(), send_due_messages()]

    run = BATCH * BATCHES
    assert (sent, sorted(rough.taken)) == ([run, PEOPLE - run], everybody())
    assert tries() == {("sent", 1): PEOPLE}


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("manner", [SILENCE, HANG_UP])
def test_a_server_that_stops_before_it_has_a_mail_costs_no_mail_a_try(
    campaign: Campaign, rough: RoughServer, settings: Settings, command: str, manner: str
) -> None:
    settings.EMAIL_TIMEOUT = SILENT_FOR
    rough.answers = {command: manner}

    sent = [send_due_messages()]
    for wait in BACKOFF:
        let_pass(wait)
        sent.append(send_due_messages())
    stalled = tries()
    rough.answers = {}
    let_pass(BACKOFF[-1])

    assert (sum(sent), stalled, rough.connections) == (0, {("waiting", 0): 9}, len(sent))
    assert (send_due_messages(), sorted(rough.taken)) == (9, everybody())
    assert not Invitation.objects.filter(bounced=True).exists()
    assert not MailTrouble.objects.under_way().exists()


def test_a_server_that_falls_silent_with_a_mail_in_its_hands_costs_that_mail_alone_a_try(
    campaign: Campaign, rough: RoughServer, settings: Settings
) -> None:
    """It may have it: each further try may be a second copy, so that their number has an end."""
    settings.EMAIL_TIMEOUT = SILENT_FOR
    rough.answers, rough.after = {".": SILENCE}, 4

    first = send_due_messages()
    after_the_first = tries()
    rough.answers = {}
    let_pass(BACKOFF[0])
    second = send_due_messages()

    assert (first, after_the_first) == (
        4, {("sent", 1): 4, ("waiting", 1): 1, ("waiting", 0): 4},
    )  # fmt: skip
    assert (second, sorted(rough.taken)) == (5, everybody())


def test_a_mail_that_makes_a_server_hang_up_keeps_no_other_from_going(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.of_recipients["n1-0@example.com"] = HANG_UP

    sent = 0
    for _ in range(4):
        sent += send_due_messages()
        let_pass(BACKOFF[0])

    assert (sent, sorted({"n1-0@example.com", *rough.taken})) == (8, everybody())
    assert tries() == {("sent", 1): 8, ("waiting", 0): 1}


def test_a_mail_to_an_account_costs_no_try_either(campaign: Campaign, rough: RoughServer) -> None:
    rough.answers = {"MAIL": HANG_UP}
    Message.objects.all().delete()
    lars = User.objects.get(email="lars@example.com")
    post_set_password_mails(user_ids=[lars.pk])

    send_due_messages()

    assert tries() == {("waiting", 0): 1}


def test_of_a_batch_whose_claim_lapses_on_the_way_each_mail_is_sent_by_one_worker(
    campaign: Campaign, rough: RoughServer
) -> None:
    slow = claim_batch()
    with mail_server() as line:
        of_the_slow = Delivery(line)
        send_batch(slow[:3], of_the_slow)
        let_pass(CLAIM)
        other = send_due_messages()
        send_batch(slow[3:], of_the_slow)

    assert (of_the_slow.sent, other) == (3, 6)
    assert sorted(rough.taken) == everybody()
    assert tries() == {("sent", 1): 9}


def test_somebody_who_answers_after_the_batch_was_claimed_gets_no_reminder(
    campaign: Campaign, rough: RoughServer
) -> None:
    Message.objects.update(kind="reminder", round=1)
    batch = claim_batch()
    Invitation.objects.filter(recipient__email="n1-0@example.com").update(done=True, used=True)
    with mail_server() as line:
        send_batch(batch, Delivery(line))

    assert sorted([*rough.taken, "n1-0@example.com"]) == everybody()
    assert tries() == {("sent", 1): 8}  # and no row that would say who has answered


@pytest.mark.parametrize("change", ["the campaign has closed", "the link is revoked"])
def test_what_ends_after_the_batch_was_claimed_ends_its_mails(
    campaign: Campaign, rough: RoughServer, change: str
) -> None:
    batch = claim_batch()
    if change == "the campaign has closed":
        Campaign.objects.filter(pk=campaign.pk).update(state="closed")
    else:
        Invitation.objects.update(revoked=True)
    with mail_server() as line:
        send_batch(batch, Delivery(line))

    assert (rough.taken, tries()) == ([], {})
