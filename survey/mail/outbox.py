"""The outbox: waiting messages claimed in batches and sent over one connection.

A message is claimed for a time, and once more before it is handed over, by the database's clock:
whoever comes second finds that it is not theirs any more, so that no two workers send one mail. A
worker that dies leaves its claims to lapse. A crash between the server's acceptance and our note
of it sends a mail twice, with one Message-ID; the other order could lose it. What goes wrong with
one message is noted with it, and the run goes on with the next; what the server would say of every
mail costs none of them a try, and they wait for it together.
"""

import logging
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from survey.mail.failure_reasons import UNREACHABLE
from survey.mail.kinds import TokenKeys, mail_kinds
from survey.mail.messages import identified
from survey.mail.refusals import Refusals, Tried
from survey.mail.sending import (
    BACKOFF,
    MailFailure,
    MailLine,
    Trouble,
    mail_server,
    try_to_send,
)
from survey.mail.troubles import Troubles
from survey.models import MailTrouble, Message, MessageState
from survey.models.messages import MessageQuerySet
from survey.queue import later
from survey.services.steps import standing_alone

logger = logging.getLogger(__name__)

BATCH: Final = 50
BATCHES: Final = 4  # in one run; then other tasks of the same worker get their turn
# Longer than one mail takes at the connection's limit for each answer: the claim of a batch may
# lapse while its first mails are sent, that of a mail on its way may not.
CLAIM: Final = timedelta(minutes=20)
SERVER_DOWN: Final = BACKOFF[0]
# After each run in which the server refused; whoever mends it does not wait for hours.
REFUSING: Final = BACKOFF[:3]
NO_KEY: Final = timedelta(minutes=10)  # a lost key costs no try either, however long it is gone


class Delivery:
    """One run through the outbox: a connection, the kinds of mails, keys and what was refused."""

    def __init__(self, line: MailLine) -> None:
        self.sent = 0
        self.line = line
        self.kinds = mail_kinds()
        self.keys = TokenKeys()
        self.refusals = Refusals()
        self.troubles = Troubles()

    def compose(self, message: Message) -> EmailMultiAlternatives | None:
        """Return a message's mail, None if nobody needs it any more."""
        mail = self.kinds[message.kind].compose(message, self.keys)
        return identified(mail, message.pk) if mail is not None else None


def send_due_messages() -> int:
    """Send what is due and return how many mails the server accepted.

    One run sends a limited number, and queues the next if there is more.
    """
    drop_needless_messages()
    tell_of_unknown_kinds()
    with mail_server() as line:
        delivery = Delivery(line)
        is_through = _send_batches(delivery)
    delivery.troubles.end_run(sent=delivery.sent)
    if not is_through and Message.objects.due().filter(kind__in=delivery.kinds).exists():
        later("survey.tasks.send_messages")
    return delivery.sent


def _send_batches(delivery: Delivery) -> bool:
    """Send a run's batches; tell whether nothing is left that could be sent now."""
    for _ in range(BATCHES):
        batch = claim_batch()
        if not batch or not send_batch(batch, delivery):
            return True
    return False


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


def tell_of_unknown_kinds() -> None:
    """Leave a line in the log of messages that only another version of the product can send.

    The administrators' page counts them as well.
    """
    unknown = Message.objects.due().exclude(kind__in=mail_kinds())
    kinds = sorted(set(unknown.values_list("kind", flat=True)))
    if kinds:
        logger.error(
            "%d mails wait for a version that knows their kinds: %s", unknown.count(), kinds
        )


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
    """Send a batch; return False, with the rest given back, once the server takes nothing."""
    if (failure := delivery.line.reach()) is not None:
        _give_back(batch, failure, delivery)
        return False
    aside, rest = [], []
    for place, message in enumerate(batch):
        if delivery.refusals.leaves_alone(message):
            aside.append(message)
            continue
        failure = _send(message, delivery)
        if delivery.refusals.refuses_all or (failure and failure.trouble == Trouble.AWAY):
            rest = batch[place + 1 :]
            break
    _settle_all(delivery.refusals.rest(), delivery)
    if aside:
        _give_back(aside, delivery.refusals.said(), delivery)
    if failure is not None and failure.trouble == Trouble.AWAY:
        _give_back(rest, failure, delivery)
        return False
    if rest:
        _give_back(rest, delivery.refusals.said(), delivery)
    return not delivery.refusals.refuses_all


def _send(message: Message, delivery: Delivery) -> MailFailure | None:
    """Send one mail if it is still ours and still needed, and return what went wrong."""
    if not _hold(message):
        return None
    if _is_needless(message, delivery):
        failure: MailFailure | None = MailFailure(Trouble.NEEDLESS, "", was_offered=False)
    else:
        failure = try_to_send(partial(delivery.compose, message), delivery.line)
    _settle_all(delivery.refusals.judge(Tried(message, failure)), delivery)
    return failure


def _hold(message: Message) -> bool:
    """Claim one mail anew and count the try; False if somebody else has it, or nobody needs it."""
    ours = _still_waiting(message).filter(claimed_until=message.claimed_until)
    message.attempts += 1
    return bool(ours.update(claimed_until=Now() + CLAIM, attempts=message.attempts))


def _is_needless(message: Message, delivery: Delivery) -> bool:
    """Ask once more, at the last moment: somebody may have answered since the batch was claimed.

    That tells nobody more than dropping it at the beginning of the run would have.
    """
    needless = delivery.kinds[message.kind].needless
    return needless is not None and _still_waiting(message).filter(needless).exists()


def _still_waiting(message: Message) -> MessageQuerySet:
    return Message.objects.filter(pk=message.pk, state=MessageState.WAITING)


def _settle_all(decided: Collection[Tried], delivery: Delivery) -> None:
    for tried in decided:
        _settle(tried, delivery)


def _settle(tried: Tried, delivery: Delivery) -> None:
    """Note what became of a mail: with the message first, then wherever its kind shows it."""
    message, failure = tried.message, tried.failure
    kind = delivery.kinds[message.kind]
    if failure is None:
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.SENT,
            sent_at=timezone.now(),  # what reminders keep away from, by the clock that writes them
            claimed_until=None,
            last_error="",
            trouble=None,
        )
        delivery.sent += 1
        with standing_alone("note that a mail was sent", message.pk):
            kind.sent(message)
    elif failure.trouble == Trouble.NEEDLESS:
        _still_waiting(message).delete()
    else:
        is_over = _note(tried, failure, delivery)
        with standing_alone("note why a mail was not sent", message.pk):
            kind.failed(message, failure, is_over)


@transaction.atomic
def _note(tried: Tried, failure: MailFailure, delivery: Delivery) -> bool:
    """Put a message off, or give it up; tell whether it was given up."""
    message = tried.message
    noted = _still_waiting(message)
    trouble = delivery.troubles.meet(_cause(tried.cause, failure), [message])
    if not failure.costs_a_try:
        noted.update(attempts=message.attempts - 1)
        _put_off(noted, failure.reason, _wait(failure, trouble), trouble)
    elif (wait := failure.wait_after(message.attempts)) is not None:
        _put_off(noted, failure.reason, wait, trouble)
    else:
        noted.update(
            state=MessageState.FAILED, claimed_until=None, last_error=failure.reason, trouble=None
        )
        return True
    return False


def _give_back(messages: Collection[Message], failure: MailFailure, delivery: Delivery) -> None:
    """Return messages that were offered to no server, but those whose claim has lapsed.

    The failure is another mail's, or none's, so that its reason must name nobody.
    """
    ours = Message.objects.filter(
        id__in=[message.id for message in messages],
        claimed_until__in={message.claimed_until for message in messages},
        state=MessageState.WAITING,
    )
    with transaction.atomic():
        trouble = delivery.troubles.meet(_cause(failure.reason, failure), messages)
        is_away = failure.trouble == Trouble.AWAY
        wait = SERVER_DOWN if is_away or delivery.sent else _wait(failure, trouble)
        _put_off(ours, failure.reason, wait, trouble)
    for message in messages:
        with standing_alone("note why a mail was not sent", message.pk):
            delivery.kinds[message.kind].failed(message, failure, False)


def _cause(said: str, failure: MailFailure) -> str:
    """Return what a failure is the consequence of, for all mails alike; empty if it is its own."""
    if failure.trouble == Trouble.AWAY:
        return UNREACHABLE
    return said if failure.trouble == Trouble.SERVER else ""


def _wait(failure: MailFailure, trouble: MailTrouble | None) -> timedelta:
    """Return how long what cost no try waits."""
    if failure.trouble == Trouble.NO_KEY:
        return NO_KEY
    if failure.trouble == Trouble.SERVER and trouble is not None:
        return REFUSING[min(trouble.runs, len(REFUSING)) - 1]
    return 2 * SERVER_DOWN  # the mails behind it come first: perhaps it is this one that ends it


def _put_off(
    messages: MessageQuerySet, reason: str, wait: timedelta, trouble: MailTrouble | None
) -> None:
    messages.update(due_at=Now() + wait, claimed_until=None, last_error=reason, trouble=trouble)
