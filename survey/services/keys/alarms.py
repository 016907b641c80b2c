"""Telling those who look after the server that a campaign's key is not there: one mail a case."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from survey.access import CampaignRight, first_holders_of
from survey.campaign_times import told_time
from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import staff_mail
from survey.mail.posting import post
from survey.mail.sending import MailFailure
from survey.models import Campaign, CampaignKey, CampaignState, Message, Organisation, User
from survey.policy import CANARY_INTERVAL

logger = logging.getLogger(__name__)

KIND: Final = "key_alarm"


@transaction.atomic
def tell_of_lost_key(*, campaign: Campaign, now: datetime) -> int:
    """Queue a mail to every administrator, once for each time that the key was lost.

    Two workers of which one lacks the keys would lose and find them at every tick: a new case
    waits until an hour after the last mail. Queued in the transaction that notes it, so that
    neither is there without the other.
    """
    untold = Q(told_at=None) | Q(told_at__lt=F("failing_since"), told_at__lte=now - CANARY_INTERVAL)
    failing = CampaignKey.objects.filter(campaign=campaign, failing_since__isnull=False)
    if not failing.filter(untold).update(told_at=now):
        return 0
    since = failing.get().failing_since
    readers = first_holders_of(CampaignRight.GET_ALARMS, organisation_id=campaign.organisation_id)
    post_key_alarms(users=readers, campaign=campaign, since=str(since))
    return len(readers)


def post_key_alarms(*, users: Iterable[User], campaign: Campaign, since: str) -> None:
    """Put the mails about one loss into the outbox; since tells it from another."""
    post([Message(kind=KIND, user=user, campaign=campaign, detail=since) for user in users])


def _compose(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return the mail; of a key that is there again nobody is told."""
    failing = CampaignKey.objects.filter(
        campaign=message.campaign, campaign__state__in=(CampaignState.OPEN, CampaignState.CLOSED)
    )
    key = failing.select_related("campaign__organisation").first()
    if message.user is None or key is None or str(key.failing_since) != message.detail:
        return None
    return key_alarm_mail(message.user, key)


def note_unsent_alarm(_message: Message, failure: MailFailure, is_over: bool) -> None:
    """Leave a line in the log of an alarm that reaches nobody."""
    if is_over:
        logger.error("An alarm could not be sent: %s", failure.reason)


def key_alarm_mail(user: User, key: CampaignKey) -> EmailMultiAlternatives:
    """Return the mail about a lost key, in the language of the account."""
    campaign: Campaign = key.campaign
    organisation: Organisation = campaign.organisation
    page = reverse("survey:campaign-stored", args=[campaign.pk])
    with translation.override(user.language):
        names = {"campaign": campaign.name, "organisation": organisation.name}
        return staff_mail(
            user,
            template="key_lost",
            subject=_("%(campaign)s at %(organisation)s: the ballot box lacks its key") % names,
            context={
                **names,
                "since": told_time(key.failing_since, campaign),
                "problem": key.get_failing_problem_display(),
                "is_open": campaign.state == CampaignState.OPEN,
                "rests_from": told_time(key.rests_from, campaign),
                "file": f"{campaign.pk}.key",
                "link": f"{settings.SITE_URL}{page}",
            },
        )


KEY_ALARM: Final = MailKind(_compose, needless=Q(user__is_active=False), failed=note_unsent_alarm)
