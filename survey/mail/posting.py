"""Putting mails into the outbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models.functions import Now

from survey.batches import ROWS_AN_INSERT
from survey.models import Message
from survey.queue import later


def post(messages: Iterable[Message]) -> None:
    """Put mails into the outbox, and have the worker look into it.

    One that the table says is there already is not written a second time.
    """
    Message.objects.bulk_create(messages, batch_size=ROWS_AN_INSERT, ignore_conflicts=True)
    later("survey.tasks.send_messages")


def due_from(opens_at: datetime | None, now: datetime) -> datetime | Now:
    """Return when a campaign's mail is due: once the campaign is open, at once if it is.

    At once is a matter of the database's clock: the outbox goes by that.
    """
    return opens_at if opens_at is not None and opens_at > now else Now()
