"""What the clock asks of survey; safe to run at any time, any number of times.

Every step stands alone, and within a step every campaign: one whose key is gone or whose space
cannot be wiped must not keep others from closing, opening and mailing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from survey.errors import KeyUnavailableError, StateError
from survey.mail.kinds import mail_kinds
from survey.mail.outbox import cut_long_claims
from survey.models import (
    Action,
    Campaign,
    CampaignKey,
    CampaignState,
    Draft,
    Invitation,
    MailboxDay,
    MailTrouble,
    Message,
    MessageState,
    Participation,
    Recipient,
    TrialMail,
    Upload,
    Who,
)
from survey.models.campaigns import grace
from survey.policy import (
    BOUNCE_INTERVAL,
    CANARY_INTERVAL,
    MAILBOX_DAYS,
    RECIPIENT_LIFE,
    TASK_LIFE,
    UPLOAD_LIFE,
    WRONG_PASSWORDS_SPAN,
)
from survey.queue import MOST_FAILURES, failures_in_a_row, is_due_by_clock, is_queued, later
from survey.selectors.openings import campaigns_due_to_open, tried_long_ago
from survey.services.form_uses import forget_form_uses
from survey.services.keys.proofs import prove_keys
from survey.services.ledger import note
from survey.services.opening.closing import close_campaign, queue_due_opening
from survey.services.retention.deletion import delete_old_answers
from survey.services.retention.pending_wipes import note_deleted, wipe_pending
from survey.services.retention.task_rows import forget_old_tasks
from survey.services.running.launching import give_up_launch, prepare_keys
from survey.services.running.participation import refresh_participation
from survey.services.states import locked_if_free
from survey.services.steps import standing_alone

logger = logging.getLogger(__name__)


def run_due_work(now: datetime) -> None:
    """Do everything that is due; a second run at the same moment finds nothing to do."""
    for step in STEPS:
        with standing_alone(step.__name__.replace("_", " ")):
            step(now)


def close_due_campaigns(now: datetime) -> None:
    """Close every open campaign whose time is over."""
    for campaign in Campaign.objects.due_to_close(now):
        with standing_alone("close", campaign.pk):
            try:
                close_campaign(campaign=campaign, by=Who.WORKER, now=now)
            except StateError as error:
                logger.info("Another worker or the manager was faster. %s", error)


def queue_waiting_launches(now: datetime) -> None:
    """Queue launches that still wait; one that fails and fails is a draft again, and says so."""
    task = "survey.tasks.launch_campaign"
    launching = Campaign.objects.filter(state=CampaignState.LAUNCHING)
    for campaign_id in launching.values_list("id", flat=True):
        with standing_alone("queue a launch", campaign_id), transaction.atomic():
            if not _is_due(task, campaign_id, now):
                continue
            if len(failures_in_a_row(task, campaign_id)) >= MOST_FAILURES:
                give_up_launch(campaign_id=campaign_id)
            else:
                later("survey.tasks.launch_campaign", campaign_id)


def queue_unwrapped_keys(now: datetime) -> None:
    """Queue the wrapping of launched campaigns' keys that a killed worker left undone."""
    launched = CampaignKey.objects.filter(
        campaign__state__in=(CampaignState.OPEN, CampaignState.CLOSED), wrapped_at=None
    )
    for campaign_id in launched.exclude(passphrase_check=b"").values_list("pk", flat=True):
        with standing_alone("queue the wrapping of a key", campaign_id), transaction.atomic():
            if _is_due("survey.tasks.wrap_key", campaign_id, now):
                later("survey.tasks.wrap_key", campaign_id)


def queue_waiting_latecomers(now: datetime) -> None:
    """Queue the invitations of people who were added and have none yet."""
    waiting = Recipient.objects.uninvited().filter(campaign__state=CampaignState.OPEN)
    for campaign_id in waiting.values_list("campaign_id", flat=True).distinct():
        with standing_alone("queue invitations of latecomers", campaign_id), transaction.atomic():
            if _is_due("survey.tasks.invite_latecomers", campaign_id, now):
                later("survey.tasks.invite_latecomers", campaign_id)


def queue_unfinished_cancellations(now: datetime) -> None:
    """Queue the end of cancelled campaigns whose key is still there, every ten minutes."""
    unfinished = Campaign.objects.filter(
        tried_long_ago(now),
        state=CampaignState.CANCELLED,
        key__destroyed_at=None,
        key__isnull=False,
    )
    for campaign in unfinished:
        with standing_alone("queue the end of a cancellation", campaign.pk), transaction.atomic():
            if is_queued("survey.tasks.finish_cancellation", campaign.pk):
                continue
            Campaign.objects.filter(pk=campaign.pk).update(opening_tried_at=now)
            later("survey.tasks.finish_cancellation", campaign.pk)


def cut_long_graces(now: datetime) -> None:
    """Let no grace last longer than it can: its end was noted before the clock was set back.

    It runs anew from now on, so that nobody's submit under way is cut off.
    """
    longest = now + grace()
    closed = Campaign.objects.filter(state=CampaignState.CLOSED, accepts_until__gt=longest)
    closed.update(accepts_until=longest)


def queue_due_openings(now: datetime) -> None:
    """Queue the opening of every campaign whose grace is over."""
    cut_long_graces(now)
    for campaign in campaigns_due_to_open(now):
        with standing_alone("queue an opening", campaign.pk):
            if not is_queued("survey.tasks.open_ballots", campaign.pk):
                queue_due_opening(campaign=campaign, now=now)


def prepare_draft_keys(now: datetime) -> None:
    """Make the keys of drafts that have none, and prove every hour that they are there."""
    stale = Campaign.objects.filter(state=CampaignState.DRAFT).filter(
        Q(key=None)
        | Q(key__canary_opened_at=None)
        | Q(key__canary_opened_at__lte=now - CANARY_INTERVAL)
    )
    for campaign in stale:
        with standing_alone("prepare keys", campaign.pk):
            try:
                prepare_keys(campaign_id=campaign.pk)
            except KeyUnavailableError as error:
                logger.error("A draft's test ballot could not be opened. %s", error)
                stored = CampaignKey.objects.filter(campaign=campaign)
                stored.update(failing_problem=error.problem)  # for the checklist


def queue_due_messages(now: datetime) -> None:
    """Queue the sending of mails that are due; one of an unknown kind waits for a new version."""
    cut_long_claims()
    due = Message.objects.due().filter(kind__in=mail_kinds())
    if due.exists() and is_due_by_clock("survey.tasks.send_messages", now=now):
        later("survey.tasks.send_messages")


def queue_bounce_reading(now: datetime) -> None:
    """Queue a look into the bounce mailbox, if there is one, every five minutes.

    One that still waits or goes on counts for as long as it takes: a slow mail server must not
    fill the queue.
    """
    if not settings.BOUNCE_MAILBOX:
        return
    looks = DBTaskResult.objects.filter(task_path="survey.tasks.read_bounces")
    unfinished = Q(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    # One of the future was noted before the clock was set back.
    recent = Q(enqueued_at__gt=now - BOUNCE_INTERVAL, enqueued_at__lte=now)
    if not looks.filter(unfinished | recent).exists():
        later("survey.tasks.read_bounces")


def take_snapshots(now: datetime) -> None:
    """Take the day's participation of every open campaign that lacks it."""
    today = timezone.localdate(now)
    taken = Participation.objects.filter(campaign_unit__campaign=OuterRef("pk"), day=today)
    for campaign in Campaign.objects.filter(~Exists(taken), state=CampaignState.OPEN):
        with standing_alone("take a snapshot", campaign.pk):
            refresh_participation(campaign=campaign, day=today)


def delete_addresses(now: datetime) -> None:
    """Delete the addresses of a campaign two weeks after its close."""
    over = now - RECIPIENT_LIFE
    there = Recipient.objects.filter(campaign=OuterRef("pk"))
    for campaign in Campaign.objects.filter(Exists(there), closed_at__lte=over):
        _delete_addresses_of(campaign, now)
    _delete(TrialMail.objects.filter(campaign__closed_at__lte=over))


@transaction.atomic
def _delete_addresses_of(campaign: Campaign, now: datetime) -> None:
    _all, by_table = campaign.recipients.all().delete()
    count = by_table.get(Recipient._meta.label, 0)
    if count:  # another worker may have been faster
        note_deleted(Recipient)
        detail = {"count": count}
        note(Action.ADDRESSES_DELETED, by=Who.WORKER, campaign=campaign, detail=detail, now=now)


def delete_stray_drafts(_: datetime) -> None:
    """Delete drafts that were being saved while their campaign ended: nobody will finish them."""
    over = (CampaignState.RELEASED, CampaignState.CANCELLED)
    _delete(Draft.objects.filter(campaign__state__in=over))


def delete_dead_links(now: datetime) -> None:
    """Delete the links of a cancelled campaign once they have said for two weeks that it is."""
    cancelled = Invitation.objects.filter(campaign__state=CampaignState.CANCELLED)
    _delete(cancelled.filter(campaign__closed_at__lte=now - RECIPIENT_LIFE))


@transaction.atomic
def delete_uploads(now: datetime) -> None:
    """Delete uploads that were never confirmed."""
    if Upload.objects.filter(uploaded_at__lte=now - UPLOAD_LIFE).exists():
        note_deleted(Upload)
    Upload.objects.filter(uploaded_at__lte=now - UPLOAD_LIFE).delete()


def delete_ended_sessions(now: datetime) -> None:
    """Delete sessions that nobody can go on with, and what was kept in them until a sign-in."""
    _delete(Session.objects.filter(expire_date__lte=now))


def delete_failed_sign_ins(now: datetime) -> None:
    """Delete wrong passwords whose pause is over."""
    AccessAttempt.objects.filter(attempt_time__lte=now - WRONG_PASSWORDS_SPAN).delete()


def delete_form_uses(now: datetime) -> None:
    """Delete the notes of forms that were handed in long ago."""
    forget_form_uses(now)


def delete_old_tasks(now: datetime) -> None:
    """Delete what the worker did long ago."""
    forget_old_tasks(now=now)


def delete_old_mails(now: datetime) -> None:
    """Delete mails to staff that were done with long ago, but those that a page shows."""
    shown = [name for name, kind in mail_kinds().items() if kind.is_kept]
    done = Message.objects.filter(invitation=None).exclude(state=MessageState.WAITING)
    done.exclude(kind__in=shown).filter(due_at__lte=now - TASK_LIFE).delete()
    MailTrouble.objects.filter(ended_at__lte=now - TASK_LIFE).delete()
    forgotten = timezone.localdate(now) - timedelta(days=MAILBOX_DAYS)
    MailboxDay.objects.filter(day__lte=forgotten).delete()


def _is_due(task: str, campaign_id: UUID, now: datetime) -> bool:
    """Whether to queue a task about a campaign; of two ticks at once the second finds it locked."""
    is_free = locked_if_free(campaign_id) is not None
    return is_free and is_due_by_clock(task, campaign_id, now=now)


@transaction.atomic
def _delete(rows: QuerySet[Any]) -> None:
    """Delete rows, and have their space in the database wiped after it."""
    deleted, _by_table = rows.delete()
    if deleted:
        note_deleted(rows.model)


def delete_expired(now: datetime) -> None:
    """Delete whatever is kept for a time only, each kind by itself."""
    for deletion in DELETIONS:
        with standing_alone(deletion.__name__.replace("_", " ")):
            deletion(now)


DELETIONS: Final[tuple[Callable[[datetime], None], ...]] = (
    delete_addresses,
    delete_stray_drafts,
    delete_dead_links,
    delete_uploads,
    delete_ended_sessions,
    delete_failed_sign_ins,
    delete_form_uses,
    delete_old_tasks,
    delete_old_mails,
)
# In this order; none waits for another to succeed.
STEPS: Final[tuple[Callable[[datetime], None], ...]] = (
    close_due_campaigns,
    queue_waiting_launches,
    queue_unwrapped_keys,
    queue_waiting_latecomers,
    queue_unfinished_cancellations,
    queue_due_openings,
    prepare_draft_keys,
    prove_keys,
    queue_due_messages,
    queue_bounce_reading,
    take_snapshots,
    delete_expired,
    delete_old_answers,
    wipe_pending,
)
