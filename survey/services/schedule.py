"""What the clock asks of survey; safe to run at any time, any number of times."""

import logging
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from survey import tasks
from survey.errors import StateError, SurveyError
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignState,
    Invitation,
    Message,
    MessageState,
    Participation,
    Recipient,
    TrialMail,
    Upload,
)
from survey.policy import (
    BOUNCE_INTERVAL,
    CANARY_INTERVAL,
    OPENING_RETRY,
    RECIPIENT_LIFE,
    UPLOAD_LIFE,
    WRONG_PASSWORDS_SPAN,
)
from survey.sealing.keys import open_canary
from survey.services.closing import close_campaign, queue_due_opening
from survey.services.launching import prepare_keys
from survey.services.participation import refresh_participation
from survey.services.retention import delete_old_answers
from survey.services.task_rows import forget_old_tasks

logger = logging.getLogger(__name__)


def run_due_work(now: datetime) -> None:
    """Do everything that is due; a second run at the same moment finds nothing to do."""
    close_due_campaigns(now)
    queue_waiting_launches()
    queue_unwrapped_keys()
    queue_waiting_latecomers()
    queue_unfinished_cancellations(now)
    for campaign in Campaign.objects.due_to_open_ballots(now):
        queue_due_opening(campaign=campaign, now=now)
    open_canaries(now)
    if Message.objects.filter(state=MessageState.WAITING, due_at__lte=now).exists():
        tasks.send_messages.enqueue()
    queue_bounce_reading(now)
    take_snapshots(now)
    delete_expired(now)
    delete_old_answers(now)


def close_due_campaigns(now: datetime) -> None:
    """Close every open campaign whose time is over."""
    for campaign in Campaign.objects.due_to_close(now):
        try:
            close_campaign(campaign=campaign, now=now)
        except StateError as error:
            logger.info("Another worker or the manager was faster. %s", error)


def queue_waiting_launches() -> None:
    """Queue launches that still wait; a task that comes second finds nothing to do."""
    launching = Campaign.objects.filter(state=CampaignState.LAUNCHING)
    for campaign_id in launching.values_list("id", flat=True):
        tasks.launch_campaign.enqueue(str(campaign_id))


def queue_unwrapped_keys() -> None:
    """Queue the wrapping of launched campaigns' keys that a killed worker left undone."""
    launched = CampaignKey.objects.filter(
        campaign__state__in=(CampaignState.OPEN, CampaignState.CLOSED), wrapped_at=None
    )
    for campaign_id in launched.exclude(passphrase_check=b"").values_list("pk", flat=True):
        tasks.wrap_key.enqueue(str(campaign_id))


def queue_waiting_latecomers() -> None:
    """Queue the invitations of people who were added and have none yet."""
    waiting = Recipient.objects.uninvited().filter(campaign__state=CampaignState.OPEN)
    for campaign_id in waiting.values_list("campaign_id", flat=True).distinct():
        tasks.invite_latecomers.enqueue(str(campaign_id))


def queue_unfinished_cancellations(now: datetime) -> None:
    """Queue the end of cancelled campaigns whose key is still there, every ten minutes."""
    unfinished = Campaign.objects.filter(
        Q(opening_tried_at=None) | Q(opening_tried_at__lte=now - OPENING_RETRY),
        state=CampaignState.CANCELLED,
        key__destroyed_at=None,
        key__isnull=False,
    )
    for campaign in unfinished:
        Campaign.objects.filter(pk=campaign.pk).update(opening_tried_at=now)
        tasks.finish_cancellation.enqueue(str(campaign.pk))


def open_canaries(now: datetime) -> None:
    """Prove every hour that the keys of drafts and open campaigns are there; log what is not."""
    stale = Campaign.objects.filter(
        Q(state=CampaignState.OPEN) | Q(state=CampaignState.DRAFT)
    ).filter(
        Q(key=None)
        | Q(key__canary_opened_at=None)
        | Q(key__canary_opened_at__lte=now - CANARY_INTERVAL)
    )
    # Launched with a passphrase, nobody can open even the canary before it is given.
    stale = stale.exclude(~Q(key__passphrase_check=b""), state=CampaignState.OPEN)
    for campaign in stale:
        try:
            if campaign.state == CampaignState.DRAFT:
                prepare_keys(campaign_id=campaign.id)
            else:
                open_canary(campaign)
        except SurveyError as error:
            logger.error("The canary ballot could not be opened. %s", error)


def queue_bounce_reading(now: datetime) -> None:
    """Queue a look into the bounce mailbox, if there is one, every five minutes.

    One that still waits or goes on counts for as long as it takes: a slow mail server must not
    fill the queue.
    """
    if not settings.BOUNCE_MAILBOX:
        return
    looks = DBTaskResult.objects.filter(task_path=tasks.read_bounces.module_path)
    unfinished = Q(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    if not looks.filter(unfinished | Q(enqueued_at__gt=now - BOUNCE_INTERVAL)).exists():
        tasks.read_bounces.enqueue()


def take_snapshots(now: datetime) -> None:
    """Take the day's participation of every open campaign that lacks it."""
    today = timezone.localdate(now)
    taken = Participation.objects.filter(campaign_unit__campaign=OuterRef("pk"), day=today)
    for campaign in Campaign.objects.filter(~Exists(taken), state=CampaignState.OPEN):
        refresh_participation(campaign=campaign, day=today)


def delete_expired(now: datetime) -> None:
    """Delete addresses two weeks after close, dead links, old tasks, uploads never confirmed."""
    over = now - RECIPIENT_LIFE
    Recipient.objects.filter(campaign__closed_at__lte=over).delete()
    TrialMail.objects.filter(campaign__closed_at__lte=over).delete()
    Invitation.objects.filter(
        campaign__state=CampaignState.CANCELLED, campaign__closed_at__lte=over
    ).delete()
    Upload.objects.filter(uploaded_at__lte=now - UPLOAD_LIFE).delete()
    AccessAttempt.objects.filter(attempt_time__lte=now - WRONG_PASSWORDS_SPAN).delete()
    forget_old_tasks(now=now)
