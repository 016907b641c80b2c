"""Where the invitations' mails stand.

Reminders are left out on purpose: they go to those who have not answered, so counting or listing
them would tell exactly how many, or who, that is.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from survey.mail.failure_reasons import UNUSABLE
from survey.mail.verdicts import Verdict, verdict_of_stored
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
    resendable: int  # people whose mail failed for a reason that is not their address's


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
        resendable=len(failed_for_others_reasons(campaign)),
    )


def failed_for_others_reasons(campaign: Campaign) -> list[Message]:
    """Return the invitations' mails that failed or came back, but not for what an address is.

    By the mails' own reasons only, whoever has answered: the number tells nothing about that. Not
    by what is known of an address, which may stem from a reminder.
    """
    failed = Message.objects.filter(
        invitation__campaign=campaign,
        kind=Message.Kind.INVITATION,
        state__in=LOST,
        invitation__recipient__isnull=False,
        invitation__revoked=False,
    ).exclude(last_error__startswith=UNUSABLE)
    failed = failed.select_related("invitation")
    return [
        message
        for message in failed.order_by("pk")
        if verdict_of_stored(message.last_error) is not Verdict.ADDRESS
    ]
