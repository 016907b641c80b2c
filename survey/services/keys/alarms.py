"""Telling those who look after the server that a campaign's key is not there: one mail a case."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from survey.mail.messages import staff_mail, told_time
from survey.mail.sending import mail_server, try_to_send
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignState,
    Membership,
    Organisation,
    Role,
    User,
)
from survey.policy import CANARY_INTERVAL
from survey.queue import later

logger = logging.getLogger(__name__)


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
    readers = administrators_of(campaign.organisation_id)
    for user in readers:
        later("survey.tasks.send_key_alarm", user.pk, campaign.pk, str(since))
    return len(readers)


def administrators_of(organisation_id: UUID) -> list[User]:
    """Return the organisation's administrators, or where it has none, who runs its campaigns."""
    members = Membership.objects.filter(organisation=organisation_id, user__is_active=True)
    told = members.filter(role=Role.ADMINISTRATOR) or members.filter(role=Role.MANAGER)
    return [membership.user for membership in told.select_related("user")]


def deliver_key_alarm(*, user_id: UUID, campaign_id: UUID, since: str, attempt: int = 1) -> None:
    """Send one mail, if need be in several tries; of a key that is there again nobody is told."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    failing = CampaignKey.objects.filter(
        campaign=campaign_id, campaign__state__in=(CampaignState.OPEN, CampaignState.CLOSED)
    )
    key = failing.select_related("campaign__organisation").first()
    if user is None or key is None or str(key.failing_since) != since:
        return
    again = send_alarm(partial(key_alarm_mail, user, key), attempt=attempt)
    if again is not None:
        later("survey.tasks.send_key_alarm", user_id, campaign_id, since, attempt + 1, at=again)


def send_alarm(compose: Callable[[], EmailMultiAlternatives], *, attempt: int) -> datetime | None:
    """Send one alarm; return when to try again, None if it went or no further try would help."""
    with mail_server() as line:
        failure = try_to_send(compose, line)
    if failure is None:
        return None
    wait = failure.wait_after(attempt)
    if wait is None:
        logger.error("An alarm could not be sent: %s", failure.reason)
        return None
    return timezone.now() + wait


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
