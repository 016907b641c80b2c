"""Leases on running tasks, by the database's clock, so that a killed worker's task runs again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.lost_work import give_up, note_failure
from diagnostics.models import TaskLease
from survey.services.steps import reason_of, standing_alone


class WorkerLostError(Exception):
    """The worker that ran a task vanished too often."""


def lease_length() -> timedelta:
    """Return how long a lease lasts without renewal."""
    return timedelta(seconds=settings.TASK_LEASE_SECONDS)


@transaction.atomic
def begin_lease(*, task_id: UUID) -> int:
    """Take the lease on a task that is about to run and return the attempt's number."""
    expiry = Now() + lease_length()
    TaskLease.objects.get_or_create(task_id=task_id, defaults={"expires_at": expiry})
    leases = TaskLease.objects.filter(task_id=task_id)
    leases.update(attempts=F("attempts") + 1, expires_at=expiry)
    return leases.get().attempts


def end_lease(*, task_id: UUID) -> None:
    """Forget the lease of a task that has ended."""
    TaskLease.objects.filter(task_id=task_id).delete()


def renew_lease(*, task_id: UUID) -> None:
    """Push the lease's end into the future."""
    TaskLease.objects.filter(task_id=task_id).update(expires_at=Now() + lease_length())


@contextmanager
def held_lease(task_id: UUID) -> Iterator[int]:
    """Hold the lease of a task while the body runs it, renewing it from a thread.

    A body that raises has not noted how the task ended: its lease stays, with the count of
    attempts, and runs out like that of a worker that was killed.
    """
    attempt = begin_lease(task_id=task_id)
    over = Event()
    thread = Thread(target=_renew_until, args=(over, task_id), daemon=True)
    thread.start()
    try:
        yield attempt
    finally:
        over.set()
        thread.join()
    end_lease(task_id=task_id)


def _renew_until(over: Event, task_id: UUID) -> None:
    try:
        while not over.wait(settings.TASK_LEASE_SECONDS / 4):
            try:
                renew_lease(task_id=task_id)
            except (DatabaseError, InterfaceError):
                # The task itself may hold SQLite's write lock, or the server was restarted: the
                # next round renews, over a connection of its own that is new.
                connection.close()
    finally:
        connection.close()


def recover_lost_tasks() -> list[UUID]:
    """Give tasks of vanished workers back to the queue, or fail them after the last attempt.

    Every change is conditional on the task still being marked as running, so that two
    workers that look at once do no harm.
    """
    unfinished = DBTaskResult.objects.exclude(
        status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    )
    TaskLease.objects.exclude(task_id__in=unfinished.values("id")).delete()
    running = unfinished.filter(status=TaskResultStatus.RUNNING)
    # A worker killed between claiming and leasing leaves no lease: give it one to run out.
    leased = set(TaskLease.objects.values_list("task_id", flat=True))
    for task_id in set(running.values_list("id", flat=True)) - leased:
        TaskLease.objects.get_or_create(
            task_id=task_id, defaults={"attempts": 1, "expires_at": Now() + lease_length()}
        )
    lost = TaskLease.objects.filter(expires_at__lt=Now())
    return [lease.task_id for lease in lost if _is_recovered(lease)]


def fail_task(*, task_id: UUID, error: BaseException) -> None:
    """Note that a task failed where the library could not: what it raised does not fit a column."""
    running = DBTaskResult.objects.filter(id=task_id, status=TaskResultStatus.RUNNING)
    _fail(running, kind=type(error), text=reason_of(error), end=note_failure)


def _is_recovered(lease: TaskLease) -> bool:
    with standing_alone("recover a lost task", lease.task_id):
        return _recover(lease)
    return False


@transaction.atomic
def _recover(lease: TaskLease) -> bool:
    task = DBTaskResult.objects.filter(id=lease.task_id, status=TaskResultStatus.RUNNING)
    if lease.attempts < settings.TASK_MAX_ATTEMPTS:
        # The lease stays, with its count of attempts, until the task has ended.
        TaskLease.objects.filter(pk=lease.pk).update(expires_at=Now() + lease_length())
        return bool(task.update(status=TaskResultStatus.READY))
    TaskLease.objects.filter(pk=lease.pk).delete()
    text = f"The worker vanished {lease.attempts} times while it ran this task."
    return _fail(task, kind=WorkerLostError, text=text, end=give_up)


def _fail(
    running: QuerySet[DBTaskResult],
    *,
    kind: type[BaseException],
    text: str,
    end: Callable[..., None],
) -> bool:
    """Mark a running task as failed, with what waits for it; tell whether it still ran."""
    lost = running.first()
    is_failed = running.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{kind.__module__}.{kind.__qualname__}",
        traceback=text,
    )
    if lost is not None and is_failed:
        # Its arguments may be what is wrong with it.
        with standing_alone("give up lost work", lost.id), transaction.atomic():
            end(task_path=lost.task_path, arguments=lost.args_kwargs["args"])
    return bool(is_failed)
