"""Several workers and several clocks: whatever they do, nobody gets a mail twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from survey.mail.outbox import CLAIM, Delivery, claim_batch, send_batch, send_due_messages
from survey.mail.sending import BACKOFF, mail_server
from survey.models import Campaign, Message, Recipient
from tests.survey.mail.mail_server import MailServer
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 3
WAIT = 60  # seconds
HOUR = timedelta(hours=1)


@pytest.fixture
def campaign() -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


def everybody() -> list[str]:
    return sorted(Recipient.objects.values_list("email", flat=True))


def test_workers_at_once_before_a_slow_server_send_every_mail_once(
    campaign: Campaign, server: MailServer
) -> None:
    server.slowness = 0.1
    barrier = Barrier(WORKERS)

    def work() -> int:
        barrier.wait(WAIT)
        try:
            return send_due_messages()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        sent = [work.result(WAIT) for work in [pool.submit(work) for _ in range(WORKERS)]]

    assert (sum(sent), server.recipients()) == (9, everybody())
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_worker_whose_claim_has_lapsed_sends_nothing_of_what_another_has_taken(
    campaign: Campaign, server: MailServer
) -> None:
    slow = claim_batch()
    let_pass(CLAIM)
    other = claim_batch()
    with mail_server() as line:
        of_the_slow, of_the_other = Delivery(line), Delivery(line)
        send_batch(slow, of_the_slow)
        send_batch(other, of_the_other)

    assert (of_the_slow.sent, of_the_other.sent) == (0, 9)
    assert server.recipients() == everybody()


def test_a_worker_without_a_server_gives_back_nothing_that_another_has_taken(
    campaign: Campaign, server: MailServer, settings: Settings
) -> None:
    slow = claim_batch()
    let_pass(CLAIM)
    other = claim_batch()
    settings.EMAIL_PORT = 1
    with mail_server() as line:
        send_batch(slow, Delivery(line))

    assert Message.objects.due().count() == 0
    assert set(Message.objects.values_list("claimed_until", flat=True)) == {other[0].claimed_until}


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_clock_of_a_worker_that_is_wrong_by_an_hour_changes_nothing(
    campaign: Campaign, server: MailServer, step: timedelta
) -> None:
    server.answers["n1-0@example.com"] = "451 try again later"
    claimed = claim_batch()
    with time_machine.travel(timezone.now() + step):
        while_claimed = send_due_messages()
    with mail_server() as line:
        send_batch(claimed, Delivery(line))
    server.answers.clear()
    with time_machine.travel(timezone.now() + step):
        before_it_is_due = send_due_messages()
        let_pass(BACKOFF[0])
        once_it_is_due = send_due_messages()

    assert (while_claimed, before_it_is_due, once_it_is_due) == (0, 0, 1)
    assert server.recipients() == everybody()


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_mails_of_a_launch_by_a_clock_that_is_wrong_go_at_once(
    server: MailServer, step: timedelta
) -> None:
    with time_machine.travel(timezone.now() + step):
        open_campaign_of(organisation_with_manager()[0])

    assert Message.objects.due().count() == 9
