"""Reminders: three rounds at most, two days apart, to links that were not used."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.batches import ROWS_AN_INSERT
from survey.campaign_times import told_time
from survey.errors import RestingError, StateError
from survey.models import (
    Campaign,
    CampaignKey,
    Invitation,
    Message,
    MessageState,
)
from survey.policy import REMINDER_SPACING, REMINDERS
from survey.queue import later
from survey.selectors.mail_troubles import refuses_everybody
from survey.selectors.reminders import next_reminder_at
from survey.services.states import locked_running


@transaction.atomic
def send_reminder(*, campaign: Campaign, now: datetime | None = None) -> Campaign:
    """Write the next round's messages; whom they go to and how many is told to nobody."""
    moment = now or timezone.now()
    locked_running(campaign, moment)
    campaign.refresh_from_db()
    _require_allowed(campaign, moment)
    campaign.reminder_round += 1
    campaign.reminded_at = moment
    campaign.save(update_fields=["reminder_round", "reminded_at"])
    Message.objects.bulk_create(
        [
            Message(
                invitation=invitation,
                kind=Message.Kind.REMINDER,
                round=campaign.reminder_round,
            )
            for invitation in _unused_invitations(campaign, moment)
        ],
        batch_size=ROWS_AN_INSERT,
    )
    later("survey.tasks.send_messages")
    return campaign


def _require_allowed(campaign: Campaign, now: datetime) -> None:
    due = next_reminder_at(campaign)
    if due is None:
        raise StateError(
            gettext("%(campaign)s: expected at most %(most)d reminders, found %(sent)d sent.")
            % {"campaign": campaign.name, "most": REMINDERS, "sent": campaign.reminder_round}
        )
    # Where only no worker has looked, none sends mails either, and its first look is at the key.
    key: CampaignKey | None = getattr(campaign, "key", None)
    if campaign.rests(now) and (key is None or key.failing_since is not None):
        raise RestingError(
            gettext(
                "%(campaign)s: expected a survey that takes answers, found one that rests. "
                "Whoever followed a reminder now could not answer."
            )
            % {"campaign": campaign.name}
        )
    if refuses_everybody(campaign):
        raise StateError(
            gettext(
                "%(campaign)s: expected a mail server that takes mails, found one that refuses "
                "them; a round of reminders now would be used up in vain."
            )
            % {"campaign": campaign.name}
        )
    if now < due:
        last = campaign.reminded_at or campaign.opens_at
        hours = int(REMINDER_SPACING.total_seconds() // 3600)
        raise StateError(
            gettext(
                "%(campaign)s: expected %(hours)d hours between two mails, "
                "found the last one at %(time)s."
            )
            % {"campaign": campaign.name, "hours": hours, "time": told_time(last, campaign)}
        )


def _unused_invitations(campaign: Campaign, now: datetime) -> list[Invitation]:
    """Return whom a round goes to; nobody gets two mails within the spacing.

    By the link, not by whether an answer counts: whoever holds a link that was issued anew gets
    reminders until that link was used. If they stayed away, its mailbox would tell that the person
    behind it had answered before. For all others the two are the same.
    """
    recent = Message.objects.filter(
        invitation__campaign=campaign, state=MessageState.SENT, sent_at__gt=now - REMINDER_SPACING
    )
    waiting = Message.objects.filter(invitation__campaign=campaign, state=MessageState.WAITING)
    return list(
        Invitation.objects.filter(campaign=campaign, used=False, revoked=False, bounced=False)
        .exclude(recipient=None)
        .exclude(id__in=recent.values("invitation_id"))
        .exclude(id__in=waiting.values("invitation_id"))
    )
