"""Why mails wait that could go: told of the server as a whole, and never with a number of mails.

Among those that wait are reminders, which go to people who have not answered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from survey.access import CampaignRight, organisations_where
from survey.mail.failure_reasons import UNREACHABLE, reason_words
from survey.mail.kinds import mail_kinds
from survey.models import (
    Campaign,
    MailboxDay,
    MailTrouble,
    Message,
    MessageState,
    Organisation,
    User,
)
from survey.models.mail_troubles import GENERAL
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


def troubles_of_campaign(campaign: Campaign) -> tuple[ServerTrouble, ...]:
    """Return what keeps a campaign's mails waiting, as its manager may read it.

    Not what a few reminders alone have met: they were for somebody who has not answered.
    """
    return _told(_met_openly(campaign))


def refuses_everybody(campaign: Campaign) -> bool:
    """Tell whether the mail server refuses a campaign's mails, so that more would only wait."""
    general = MailTrouble.objects.under_way().filter(is_general=True).exclude(cause=UNREACHABLE)
    return general.filter(_met_openly(campaign)).exists()


def _met_openly(campaign: Campaign) -> Q:
    waiting = _waiting().filter(invitation__campaign=campaign)
    invited = waiting.filter(round=0).values_list("trouble", flat=True).distinct()
    several = waiting.values("trouble").annotate(mails=Count("pk")).filter(mails__gte=GENERAL)
    return Q(pk__in=[*invited, *several.values_list("trouble", flat=True)])


def _waiting() -> QuerySet[Message]:
    return Message.objects.filter(trouble__isnull=False, state=MessageState.WAITING).order_by()


def _troubles_of(organisations: QuerySet[Organisation]) -> tuple[ServerTrouble, ...]:
    waiting = _waiting().filter(
        Q(invitation__campaign__organisation__in=organisations)
        | Q(campaign__organisation__in=organisations)
        | Q(user__memberships__organisation__in=organisations)
        | Q(user__leaderships__unit__organisation__in=organisations)
    )
    return _told(Q(pk__in=waiting.values("trouble")))


def _told(which: Q) -> tuple[ServerTrouble, ...]:
    """Return troubles, the oldest first."""
    return tuple(
        ServerTrouble(trouble.began_at, reason_words(trouble.cause))
        for trouble in MailTrouble.objects.under_way().filter(which).order_by("began_at", "pk")
    )


def mail_state_for(user: User) -> MailState | None:
    """Return the state of mail as an administrator sees it, None for everybody else.

    The mailbox is everybody's, and told in numbers; troubles are those of the own organisations.
    """
    organisations = organisations_where(user, CampaignRight.LOOK_AFTER_MAIL)
    if not organisations.exists():
        return None
    since = timezone.localdate() - timedelta(days=MAILBOX_DAYS)
    days = MailboxDay.objects.filter(day__gt=since)
    last = MailboxDay.objects.order_by("day").last()
    return MailState(
        troubles=_troubles_of(organisations),
        unread=days.aggregate(total=Sum("unread"))["total"] or 0,
        left=last.left if last is not None else 0,
        mailbox_problem=last.problem if last is not None else "",
        unknown=Message.objects.due().exclude(kind__in=mail_kinds()).count(),
        days=MAILBOX_DAYS,
    )
