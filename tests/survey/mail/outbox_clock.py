"""Time for the outbox, which goes by the database's clock: no test can move that."""

from datetime import timedelta

from django.db.models import F

from survey.models import Message


def let_pass(span: timedelta) -> None:
    """Make everything in the outbox so much older."""
    Message.objects.update(due_at=F("due_at") - span, claimed_until=F("claimed_until") - span)
