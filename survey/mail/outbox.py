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
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
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
from survey.models.messages import MessageQuerySet
from survey.queue import later
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token, survey_link

BATCH: Final = 50
BATCHES: Final = 4  # in one run; then other tasks of the same worker get their turn
# Longer than one mail takes at the connection's limit for each answer: the claim of a batch may
# lapse while its first mails are sent, that of a mail on its way may not.
CLAIM: Final = timedelta(minutes=20)
SERVER_DOWN: Final = BACKOFF[0]
NO_KEY: Final = timedelta(minutes=10)  # a lost key costs no try either, however long it is gone


class Delivery:
    """One run through the outbox: a connection, and the token keys read so far."""

    def __init__(self, line: MailLine) -> None:
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
    Message.objects.due().filter(needless).delete()


@transaction.atomic
def claim_batch() -> list[Message]:
    """Return a batch that no other worker will take while the claim lasts."""
    due = Message.objects.due().select_for_update(skip_locked=True)
    claimed = Message.objects.filter(id__in=list(due.values_list("id", flat=True)[:BATCH]))
    claimed.update(claimed_until=Now() + CLAIM)
    return list(
        claimed.select_related("invitation__recipient", "invitation__campaign__organisation")
    )


def send_batch(batch: list[Message], delivery: Delivery) -> bool:
    """Send a batch; return False, with the rest given back, once the server is out of reach."""
    if (failure := delivery.line.reach()) is not None:
        _give_back(batch, failure)
        return False
    for place, message in enumerate(batch):
        if not _hold(message):
            continue
        failure = try_to_send(partial(delivery.mail, message), delivery.line)
        if failure is None:
            _accept(message)
            delivery.sent += 1
            continue
        _note(message, failure)
        if failure.trouble == Trouble.AWAY:
            _give_back(batch[place + 1 :], failure)
            return False
    return True


def _hold(message: Message) -> bool:
    """Claim one mail anew and count the try; False if somebody else has it, or nobody needs it."""
    ours = _still_waiting(message).filter(claimed_until=message.claimed_until)
    message.attempts += 1
    return bool(ours.update(claimed_until=Now() + CLAIM, attempts=message.attempts))


def _still_waiting(message: Message) -> MessageQuerySet:
    return Message.objects.filter(pk=message.pk, state=MessageState.WAITING)


def _accept(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.SENT, sent_at=timezone.now(), claimed_until=None, last_error=""
    )


@transaction.atomic
def _note(message: Message, failure: MailFailure) -> None:
    """Put a message off, or give it up; an address that is of no use gets no reminders either."""
    noted = _still_waiting(message)
    if not failure.costs_a_try:
        noted.update(attempts=message.attempts - 1)
        _put_off(noted, failure, NO_KEY if failure.trouble == Trouble.NO_KEY else SERVER_DOWN)
    elif (wait := failure.wait_after(message.attempts)) is not None:
        _put_off(noted, failure, wait)
    else:
        noted.update(state=MessageState.FAILED, claimed_until=None, last_error=failure.reason)
        if failure.is_final:
            Invitation.objects.filter(pk=message.invitation_id).update(bounced=True)


def _give_back(messages: Collection[Message], failure: MailFailure) -> None:
    """Return messages that were offered to no server, but those whose claim has lapsed."""
    ours = Message.objects.filter(
        id__in=[message.id for message in messages],
        claimed_until__in={message.claimed_until for message in messages},
        state=MessageState.WAITING,
    )
    _put_off(ours, failure, SERVER_DOWN)


def _put_off(messages: MessageQuerySet, failure: MailFailure, wait: timedelta) -> None:
    messages.update(due_at=Now() + wait, claimed_until=None, last_error=failure.reason)
