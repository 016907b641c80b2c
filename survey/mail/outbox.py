"""The outbox: waiting messages claimed in batches and sent over one connection.

A message is claimed for a time, and once more before it is handed over, by the database's clock:
whoever comes second finds that it is not theirs any more, so that no two workers send one mail. A
worker that dies leaves its claims to lapse. A crash between the server's acceptance and our note
of it sends a mail twice, with one Message-ID; the other order could lose it. What goes wrong with
one message is noted with it, and the run goes on with the next.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from survey.mail.kinds import TokenKeys, mail_kinds
from survey.mail.sending import (
    BACKOFF,
    MailFailure,
    MailLine,
    Trouble,
    mail_server,
    try_to_send,
)
from survey.models import Message, MessageState
from survey.models.messages import MessageQuerySet
from survey.queue import later
from survey.services.steps import standing_alone

BATCH: Final = 50
BATCHES: Final = 4  # in one run; then other tasks of the same worker get their turn
# Longer than one mail takes at the connection's limit for each answer: the claim of a batch may
# lapse while its first mails are sent, that of a mail on its way may not.
CLAIM: Final = timedelta(minutes=20)
SERVER_DOWN: Final = BACKOFF[0]
NO_KEY: Final = timedelta(minutes=10)  # a lost key costs no try either, however long it is gone


class Delivery:
    """One run through the outbox: a connection, the kinds of mails and the keys read so far."""

    def __init__(self, line: MailLine) -> None:
        self.sent = 0
        self.line = line
        self.kinds = mail_kinds()
        self.keys = TokenKeys()


def send_due_messages() -> int:
    """Send what is due and return how many mails the server accepted.

    One run sends a limited number, and queues the next if there is more.
    """
    drop_needless_messages()
    with mail_server() as line:
        delivery = Delivery(line)
        for _ in range(BATCHES):
            batch = claim_batch()
            if not batch or not send_batch(batch, delivery):
                return delivery.sent
    if Message.objects.due().exists():
        later("survey.tasks.send_messages")
    return delivery.sent


@transaction.atomic
def drop_needless_messages() -> None:
    """Delete due messages whose reason has gone, as each kind tells it."""
    for name, kind in mail_kinds().items():
        if kind.needless is not None:
            Message.objects.due().filter(kind.needless, kind=name).delete()


def cut_long_claims() -> None:
    """Let no claim last longer than one can: it was made before the clock was set back."""
    longest = Now() + CLAIM
    waiting = Message.objects.filter(state=MessageState.WAITING, claimed_until__gt=longest)
    waiting.update(claimed_until=longest)


@transaction.atomic
def claim_batch() -> list[Message]:
    """Return a batch that no other worker will take while the claim lasts."""
    due = Message.objects.due().filter(kind__in=mail_kinds()).in_turn()
    locked = due.select_for_update(skip_locked=True).values_list("id", flat=True)
    claimed = Message.objects.filter(id__in=list(locked[:BATCH]))
    claimed.update(claimed_until=Now() + CLAIM)
    return list(
        claimed.select_related(
            "invitation__recipient",
            "invitation__campaign__organisation",
            "user",
            "campaign__organisation",
        ).in_turn()
    )


def send_batch(batch: list[Message], delivery: Delivery) -> bool:
    """Send a batch; return False, with the rest given back, once the server is out of reach."""
    if (failure := delivery.line.reach()) is not None:
        _give_back(batch, failure, delivery)
        return False
    for place, message in enumerate(batch):
        if not _hold(message):
            continue
        compose = partial(delivery.kinds[message.kind].compose, message, delivery.keys)
        failure = try_to_send(compose, delivery.line)
        _settle(message, failure, delivery)
        if failure is not None and failure.trouble == Trouble.AWAY:
            _give_back(batch[place + 1 :], failure, delivery)
            return False
    return True


def _hold(message: Message) -> bool:
    """Claim one mail anew and count the try; False if somebody else has it, or nobody needs it."""
    ours = _still_waiting(message).filter(claimed_until=message.claimed_until)
    message.attempts += 1
    return bool(ours.update(claimed_until=Now() + CLAIM, attempts=message.attempts))


def _still_waiting(message: Message) -> MessageQuerySet:
    return Message.objects.filter(pk=message.pk, state=MessageState.WAITING)


def _settle(message: Message, failure: MailFailure | None, delivery: Delivery) -> None:
    """Note what became of a mail: with the message first, then wherever its kind shows it."""
    kind = delivery.kinds[message.kind]
    if failure is None:
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.SENT, sent_at=timezone.now(), claimed_until=None, last_error=""
        )
        delivery.sent += 1
        with standing_alone("note that a mail was sent", message.pk):
            kind.sent(message)
    elif failure.trouble == Trouble.NEEDLESS:
        _still_waiting(message).delete()
    else:
        is_over = _note(message, failure)
        with standing_alone("note why a mail was not sent", message.pk):
            kind.failed(message, failure, is_over)


@transaction.atomic
def _note(message: Message, failure: MailFailure) -> bool:
    """Put a message off, or give it up; tell whether it was given up."""
    noted = _still_waiting(message)
    if not failure.costs_a_try:
        noted.update(attempts=message.attempts - 1)
        _put_off(noted, failure, NO_KEY if failure.trouble == Trouble.NO_KEY else SERVER_DOWN)
    elif (wait := failure.wait_after(message.attempts)) is not None:
        _put_off(noted, failure, wait)
    else:
        noted.update(state=MessageState.FAILED, claimed_until=None, last_error=failure.reason)
        return True
    return False


def _give_back(messages: Collection[Message], failure: MailFailure, delivery: Delivery) -> None:
    """Return messages that were offered to no server, but those whose claim has lapsed."""
    ours = Message.objects.filter(
        id__in=[message.id for message in messages],
        claimed_until__in={message.claimed_until for message in messages},
        state=MessageState.WAITING,
    )
    _put_off(ours, failure, SERVER_DOWN)
    for message in messages:
        with standing_alone("note why a mail was not sent", message.pk):
            delivery.kinds[message.kind].failed(message, failure, False)


def _put_off(messages: MessageQuerySet, failure: MailFailure, wait: timedelta) -> None:
    messages.update(due_at=Now() + wait, claimed_until=None, last_error=failure.reason)
