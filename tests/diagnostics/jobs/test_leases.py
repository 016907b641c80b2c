"""A task whose worker was killed runs again, at most three times, then is seen as failed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.functions import Now
from django.test import override_settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.leases import begin_lease, held_lease, recover_lost_tasks
from diagnostics.models import TaskLease

pytestmark = pytest.mark.django_db


def running_task() -> UUID:
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="diagnostics.tasks.assess_campaign",
        backend_name="default",
        run_after=Now(),
        status=TaskResultStatus.RUNNING,
    )
    return task.id


def expire_lease(task_id: UUID) -> None:
    TaskLease.objects.filter(task_id=task_id).update(expires_at=Now() - timedelta(seconds=1))


def status(task_id: UUID) -> str:
    return DBTaskResult.objects.get(id=task_id).status


def test_a_task_with_a_living_lease_is_left_alone() -> None:
    task_id = running_task()
    begin_lease(task_id=task_id)

    assert recover_lost_tasks() == []
    assert status(task_id) == "RUNNING"


def test_a_task_whose_lease_ran_out_is_ready_again() -> None:
    task_id = running_task()
    begin_lease(task_id=task_id)
    expire_lease(task_id)

    assert recover_lost_tasks() == [task_id]
    assert status(task_id) == "READY"


def test_a_task_fails_for_good_after_the_third_lost_worker() -> None:
    task_id = running_task()
    for attempt in (1, 2, 3):
        DBTaskResult.objects.filter(id=task_id).update(status=TaskResultStatus.RUNNING)
        assert begin_lease(task_id=task_id) == attempt
        expire_lease(task_id)
        recover_lost_tasks()

    failed = DBTaskResult.objects.get(id=task_id)
    assert failed.status == "FAILED"
    assert failed.traceback == "The worker vanished 3 times while it ran this task."
    assert not TaskLease.objects.exists()


def test_a_worker_killed_before_it_took_a_lease_loses_the_task_one_lease_later() -> None:
    task_id = running_task()

    assert recover_lost_tasks() == []
    expire_lease(task_id)

    assert recover_lost_tasks() == [task_id]
    assert status(task_id) == "READY"


def test_an_ended_task_whose_lease_was_left_behind_is_not_run_again() -> None:
    task_id = running_task()
    begin_lease(task_id=task_id)
    expire_lease(task_id)
    DBTaskResult.objects.filter(id=task_id).update(status=TaskResultStatus.SUCCESSFUL)

    assert recover_lost_tasks() == []
    assert status(task_id) == "SUCCESSFUL"
    assert not TaskLease.objects.exists()


@pytest.mark.django_db(transaction=True)
@override_settings(TASK_LEASE_SECONDS=0.4)
def test_a_held_lease_is_renewed_while_the_task_runs_and_gone_afterwards() -> None:
    task_id = running_task()

    with held_lease(task_id):
        first = TaskLease.objects.get(task_id=task_id).expires_at
        for _ in range(100):
            if TaskLease.objects.get(task_id=task_id).expires_at > first:
                break
            _pause()
        assert TaskLease.objects.get(task_id=task_id).expires_at > first

    assert not TaskLease.objects.exists()


def _pause() -> None:
    from time import sleep

    sleep(0.05)
