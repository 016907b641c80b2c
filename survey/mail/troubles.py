"""Spells in which the server takes no mails: noted once, told once, over when nothing waits."""

from collections import Counter
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from survey.access import CampaignRight, holders_of
from survey.mail.failure_reasons import UNREACHABLE
from survey.mail.posting import post
from survey.models import Message, MessageState
from survey.models.mail_troubles import GENERAL, MailTrouble

ALARM: Final = "mail_alarm"  # the kind of mail that tells of one


class Troubles:
    """The troubles that one run of the outbox meets."""

    def __init__(self) -> None:
        self._met: dict[str, MailTrouble] = {}
        self._mails: Counter[str] = Counter()
        self._of_campaigns: Counter[tuple[str, UUID]] = Counter()

    @transaction.atomic
    def meet(self, cause: str, messages: Collection[Message]) -> MailTrouble | None:
        """Note that messages wait for it, and tell their managers unless that was done."""
        if not cause:
            return None
        trouble = self._met.get(cause)
        if trouble is None:
            trouble, _ = MailTrouble.objects.get_or_create(cause=cause, ended_at=None)
            MailTrouble.objects.filter(pk=trouble.pk).update(runs=F("runs") + 1)
            trouble.refresh_from_db()
            self._met[cause] = trouble
        self._mails[cause] += len(messages)
        self._of_campaigns.update(
            (cause, one.invitation.campaign_id) for one in messages if one.invitation is not None
        )
        if cause != UNREACHABLE:  # the mail about it would not go either
            _tell(trouble, [one for one in messages if self._may_be_told(one, cause)])
        return trouble

    def _may_be_told(self, message: Message, cause: str) -> bool:
        """Tell of single invitations, and of reminders once there are several.

        A reminder goes to somebody who has not answered, and a server's words may tell who.
        """
        if message.invitation is None:
            return False
        mails = self._of_campaigns[cause, message.invitation.campaign_id]
        return message.round == 0 or mails >= GENERAL

    def end_run(self, *, sent: int) -> None:
        """End the spells for which nothing waits; note which of the others are about everybody."""
        for cause, trouble in self._met.items():
            is_general = self._mails[cause] >= GENERAL
            MailTrouble.objects.filter(pk=trouble.pk).update(is_general=is_general)
        under_way = MailTrouble.objects.under_way()
        if sent:
            met = [trouble.pk for trouble in self._met.values()]
            under_way.exclude(pk__in=met).update(is_general=False)
        waiting = Message.objects.filter(trouble=OuterRef("pk"), state=MessageState.WAITING)
        under_way.filter(~Exists(waiting.exclude(kind=ALARM))).update(ended_at=Now())


def _tell(trouble: MailTrouble, messages: Collection[Message]) -> None:
    """Put a mail for each manager into the outbox; it goes where the server takes it."""
    concerned = {
        str(message.invitation.campaign.organisation_id)
        for message in messages
        if message.invitation is not None
    }
    untold = sorted(concerned - set(trouble.told))
    if not untold:
        return
    trouble.told = [*trouble.told, *untold]
    MailTrouble.objects.filter(pk=trouble.pk).update(told=trouble.told)
    managers = {
        user.pk: user
        for organisation in untold
        for user in holders_of(CampaignRight.RUN_CAMPAIGNS, organisation_id=UUID(organisation))
    }
    post([Message(kind=ALARM, user=user, detail=str(trouble.pk)) for user in managers.values()])
