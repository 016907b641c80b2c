"""A clock that was wrong and is set back keeps nobody waiting for as long as it was wrong."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.jobs.leases import begin_lease, lease_length, recover_lost_tasks
from diagnostics.models import TaskLease
from survey.mail.outbox import CLAIM, claim_batch
from survey.models import Campaign, CampaignState, Message, User
from survey.queue import later
from survey.selectors.openings import campaigns_due_to_open
from survey.services.organisations.accounts import request_password_reset
from survey.services.schedule import (
    queue_bounce_reading,
    queue_due_messages,
    queue_unfinished_cancellations,
)
from tests.survey.opening.opening_scenes import closed_campaign
from tests.survey.small_campaign import open_small_campaign

pytestmark = pytest.mark.django_db
WRONG = timedelta(days=2)  # by how much the clock was fast
SECOND = timedelta(seconds=1)


def queued(path: str) -> int:
    return DBTaskResult.objects.filter(task_path=path).count()


def test_a_lease_of_a_killed_worker_runs_out_as_soon_as_any() -> None:
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="diagnostics.tasks.assess_campaign",
        backend_name="default",
        run_after=Now(),
        status=TaskResultStatus.RUNNING,
    )
    begin_lease(task_id=task.id)
    TaskLease.objects.update(expires_at=Now() + WRONG)

    assert recover_lost_tasks() == []  # its worker may live, and renews it then
    assert TaskLease.objects.filter(expires_at__lte=Now() + lease_length()).count() == 1
    TaskLease.objects.update(expires_at=Now() - SECOND)
    assert recover_lost_tasks() == [task.id]


def test_a_mail_that_a_killed_worker_had_claimed_is_free_as_soon_as_any() -> None:
    small = open_small_campaign()
    invitation = small.campaign.invitations.get()
    message = Message.objects.create(invitation=invitation, claimed_until=Now() + WRONG)

    queue_due_messages(timezone.now())

    assert Message.objects.filter(claimed_until__lte=Now() + CLAIM).count() == 1
    assert claim_batch() == []
    Message.objects.update(claimed_until=Now() - SECOND)
    assert claim_batch() == [message]


@pytest.mark.parametrize(("ago", "is_due"), [(-WRONG, True), (SECOND, False), (WRONG, True)])
def test_an_opening_tried_in_the_future_is_due(ago: timedelta, is_due: bool) -> None:
    campaign, now = closed_campaign().campaign, timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(opening_tried_at=now - ago)

    assert list(campaigns_due_to_open(now)) == [campaign] * is_due


def test_a_cancellation_tried_in_the_future_is_finished() -> None:
    campaign, now = open_small_campaign().campaign, timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(
        state=CampaignState.CANCELLED, opening_tried_at=now + WRONG
    )

    queue_unfinished_cancellations(now)
    queue_unfinished_cancellations(now)

    assert queued("survey.tasks.finish_cancellation") == 1


def test_a_look_into_the_bounce_mailbox_in_the_future_does_not_put_off_the_next(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BOUNCE_MAILBOX, now = f"maildir://{tmp_path}/bounces", timezone.now()
    later("survey.tasks.read_bounces")
    DBTaskResult.objects.update(enqueued_at=now + WRONG, status=TaskResultStatus.SUCCESSFUL)

    queue_bounce_reading(now)
    queue_bounce_reading(now)

    assert queued("survey.tasks.read_bounces") == 2


def test_a_password_link_asked_for_in_the_future_does_not_put_off_another() -> None:
    now = timezone.now()
    User.objects.create_user("mona@acme.example", password_link_at=now + WRONG)

    request_password_reset(email="mona@acme.example", now=now)
    request_password_reset(email="mona@acme.example", now=now)

    assert User.objects.get().password_link_at == now
    assert Message.objects.count() == 1
