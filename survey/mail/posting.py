"""Putting mails into the outbox."""

from datetime import datetime

from django.db.models.functions import Now


def due_from(opens_at: datetime | None, now: datetime) -> datetime | Now:
    """Return when a campaign's mail is due: once the campaign is open, at once if it is.

    At once is a matter of the database's clock: the outbox goes by that.
    """
    return opens_at if opens_at is not None and opens_at > now else Now()
