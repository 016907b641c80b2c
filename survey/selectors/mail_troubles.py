"""Why mails wait that could go: told of the server as a whole, and never with a number of mails.

Among those that wait are reminders, which go to people who have not answered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from survey.access import CampaignRight, organisations_where
from survey.mail.failure_reasons import reason_words
from survey.mail.kinds import mail_kinds
from survey.models import MailboxDay, MailTrouble, Message, MessageState, User
from survey.policy import MAILBOX_DAYS


@dataclass(frozen=True, slots=True)
class ServerTrouble:
    """Since when the mail server takes no mails, and what it says."""

    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class MailState:
    """What whoever looks after the mail server has to know."""

    troubles: tuple[ServerTrouble, ...]
    unread: int  # reports of the last days that nobody could read
    left: int  # mails that the last look could not handle
    mailbox_problem: str  # why the last look failed
    unknown: int  # mails of kinds that this version does not know
    days: int

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to tell."""
        told = (self.troubles, self.unread, self.left, self.mailbox_problem, self.unknown)
        return not any(told)


def server_troubles() -> tuple[ServerTrouble, ...]:
    """Return what keeps mails waiting, the oldest first."""
    return _told(MailTrouble.objects.under_way())


def troubles_for_managers() -> tuple[ServerTrouble, ...]:
    """Return them without those that a few reminders alone have met: they were for somebody."""
    waiting = Message.objects.filter(trouble=OuterRef("pk"), state=MessageState.WAITING)
    open_to_all = Q(is_general=True) | Q(Exists(waiting.filter(round=0)))
    return _told(MailTrouble.objects.under_way().filter(open_to_all))


def _told(troubles: QuerySet[MailTrouble]) -> tuple[ServerTrouble, ...]:
    return tuple(
        ServerTrouble(trouble.began_at, reason_words(trouble.cause))
        for trouble in troubles.order_by("began_at", "pk")
    )


def mail_state_for(user: User) -> MailState | None:
    """Return the state of mail as an administrator sees it, None for everybody else."""
    if not organisations_where(user, CampaignRight.LOOK_AFTER_MAIL).exists():
        return None
    since = timezone.localdate() - timedelta(days=MAILBOX_DAYS)
    days = MailboxDay.objects.filter(day__gt=since)
    last = MailboxDay.objects.order_by("day").last()
    return MailState(
        troubles=server_troubles(),
        unread=days.aggregate(total=Sum("unread"))["total"] or 0,
        left=last.left if last is not None else 0,
        mailbox_problem=last.problem if last is not None else "",
        unknown=Message.objects.due().exclude(kind__in=mail_kinds()).count(),
        days=MAILBOX_DAYS,
    )
