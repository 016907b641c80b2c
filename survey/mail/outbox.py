"""The outbox: waiting messages claimed in batches and sent over one connection.

A message is claimed by pushing its due time into the future, so a worker that dies leaves it to
be sent again. A crash between the server's acceptance and our note of it sends a mail twice, with
one Message-ID; the other order could lose it. What goes wrong with one message is noted with it,
and the run goes on with the next.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from survey.mail.messages import survey_mail
from survey.mail.sending import (
    BACKOFF,
    MailFailure,
    MailLine,
    Trouble,
    mail_server,
    try_to_send,
)
from survey.models import CampaignState, Invitation, Message, MessageState
from survey.queue import later
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token, survey_link

BATCH: Final = 50
BATCHES: Final = 4  # in one run; then other tasks of the same worker get their turn
CLAIM: Final = timedelta(minutes=20)  # longer than one batch of answers at the connection's limit
SERVER_DOWN: Final = BACKOFF[0]
NO_KEY: Final = timedelta(minutes=10)  # a lost key costs no try either, however long it is gone


class Delivery:
    """One run through the outbox: a connection, and the token keys read so far."""

    def __init__(self, now: datetime, line: MailLine) -> None:
        self.now = now
        self.sent = 0
        self.line = line
        self._token_keys: dict[UUID, bytes] = {}

    def token_key(self, campaign_id: UUID) -> bytes:
        """Return a campaign's token key, read once a run."""
        if campaign_id not in self._token_keys:
            self._token_keys[campaign_id] = load_token_key(campaign_id)
        return self._token_keys[campaign_id]

    def mail(self, message: Message) -> EmailMultiAlternatives:
        """Return the message's mail; its token exists only from here to the server."""
        key = self.token_key(message.invitation.campaign_id)
        return survey_mail(message, survey_link(derive_token(key, message.invitation_id)))


def send_due_messages(*, now: datetime) -> int:
    """Send what is due and return how many mails the server accepted.

    One run sends a limited number, and queues the next if there is more.
    """
    drop_needless_messages(now=now)
    with mail_server() as line:
        delivery = Delivery(now, line)
        for _ in range(BATCHES):
            batch = _claim(now)
            if not batch or not _send_batch(batch, delivery):
                return delivery.sent
    if Message.objects.filter(state=MessageState.WAITING, due_at__lte=now).exists():
        later("survey.tasks.send_messages")
    return delivery.sent


@transaction.atomic
def drop_needless_messages(*, now: datetime) -> None:
    """Delete due messages to revoked people or of a campaign that is over, and needless reminders.

    An invitation is sent again to whoever has answered, too: if the count of mails told the
    difference, a manager could try out who took part.
    """
    needless = (
        Q(invitation__done=True, kind=Message.Kind.REMINDER)
        | Q(invitation__revoked=True)
        | Q(invitation__recipient=None)
        | ~Q(invitation__campaign__state=CampaignState.OPEN)
    )
    Message.objects.filter(needless, state=MessageState.WAITING, due_at__lte=now).delete()


@transaction.atomic
def _claim(now: datetime) -> list[Message]:
    """Return a batch that no other worker will take while the claim lasts."""
    due = Message.objects.filter(state=MessageState.WAITING, due_at__lte=now)
    ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
    claimed = Message.objects.filter(id__in=ids)
    claimed.update(due_at=now + CLAIM, attempts=F("attempts") + 1)
    return list(
        claimed.select_related("invitation__recipient", "invitation__campaign__organisation")
    )


def _send_batch(batch: list[Message], delivery: Delivery) -> bool:
    """Send a batch; return False, with the rest given back, once the server is out of reach."""
    if (failure := delivery.line.reach()) is not None:
        _give_back(batch, delivery.now, failure)
        return False
    for place, message in enumerate(batch):
        failure = try_to_send(partial(delivery.mail, message), delivery.line)
        if failure is None:
            _accept(message)
            delivery.sent += 1
            continue
        if failure.trouble == Trouble.NO_KEY:
            _give_back([message], delivery.now, failure, wait=NO_KEY)
        elif failure.costs_a_try:
            _note(message, failure, delivery.now)
        else:
            _give_back([message], delivery.now, failure)
        if failure.trouble == Trouble.AWAY:
            _give_back(batch[place + 1 :], delivery.now, failure)
            return False
    return True


def _accept(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.SENT, sent_at=timezone.now(), last_error=""
    )


@transaction.atomic
def _note(message: Message, failure: MailFailure, now: datetime) -> None:
    """Put a message off, or give it up; an address that is of no use gets no reminders either."""
    noted = Message.objects.filter(pk=message.pk)
    wait = failure.wait_after(message.attempts)
    if wait is not None:
        noted.update(due_at=now + wait, last_error=failure.reason)
        return
    noted.update(state=MessageState.FAILED, last_error=failure.reason)
    if failure.is_final:
        Invitation.objects.filter(pk=message.invitation_id).update(bounced=True)


def _give_back(
    messages: list[Message], now: datetime, failure: MailFailure, *, wait: timedelta = SERVER_DOWN
) -> None:
    """Return unsent messages to the queue; what is no fault of theirs costs them no attempt."""
    Message.objects.filter(id__in=[message.id for message in messages]).update(
        due_at=now + wait, attempts=F("attempts") - 1, last_error=failure.reason
    )
