"""Where the invitations' mails stand.

Reminders are left out on purpose: they go to those who have not answered, so counting or listing
them would tell exactly how many, or who, that is.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from survey.models import Campaign, Message, MessageState

SHOWN_FAILURES: Final = 50  # addresses on the page
LOST: Final = (MessageState.FAILED, MessageState.BOUNCED)


@dataclass(frozen=True, slots=True)
class Failure:
    """An address whose mail failed or came back, and what the mail server said."""

    recipient_id: UUID
    email: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Counts of the invitations' mails by state, and the first addresses that failed."""

    waiting: int
    sent: int
    failed: int
    bounced: int
    last_error: str
    failures: tuple[Failure, ...]


def deliveries_of(campaign: Campaign) -> Deliveries:
    """Return the delivery states of a campaign's invitations."""
    messages = Message.objects.filter(invitation__campaign=campaign, kind=Message.Kind.INVITATION)
    counts = messages.aggregate(
        waiting=Count("id", filter=Q(state=MessageState.WAITING)),
        sent=Count("id", filter=Q(state=MessageState.SENT)),
        failed=Count("id", filter=Q(state=MessageState.FAILED)),
        bounced=Count("id", filter=Q(state=MessageState.BOUNCED)),
    )
    delayed = messages.filter(state=MessageState.WAITING).exclude(last_error="")
    failed = messages.filter(state__in=LOST, invitation__recipient__isnull=False)
    return Deliveries(
        **counts,
        last_error=delayed.values_list("last_error", flat=True).first() or "",
        failures=tuple(
            Failure(*found)
            for found in failed.order_by("invitation__recipient__email").values_list(
                "invitation__recipient", "invitation__recipient__email", "last_error"
            )[:SHOWN_FAILURES]
        ),
    )
