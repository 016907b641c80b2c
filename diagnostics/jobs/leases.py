"""Leases on running tasks, by the database's clock, so that a killed worker's task runs again.

A lease names its holder. A worker that was taken over, because the database or the machine was
gone for too long, finds another holder and then neither renews, ends nor judges the task.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.holding import Hold, LeaseLostError, holding
from diagnostics.jobs.lost_work import give_up, note_failure
from diagnostics.models import TaskLease
from survey.services.steps import reason_of, standing_alone

logger = logging.getLogger(__name__)
RENEWALS: Final = 4  # in the time that a lease lasts
TRIES: Final = 24  # the same, while the database does not answer


class WorkerLostError(Exception):
    """The worker that ran a task vanished too often."""


def lease_length() -> timedelta:
    """Return how long a lease lasts without renewal."""
    return timedelta(seconds=settings.TASK_LEASE_SECONDS)


def begin_lease(*, task_id: UUID) -> int:
    """Take the lease on a task that is about to run and return the attempt's number."""
    return _take(task_id).attempt


@transaction.atomic
def _take(task_id: UUID) -> Hold:
    expiry = Now() + lease_length()
    TaskLease.objects.get_or_create(task_id=task_id, defaults={"expires_at": expiry})
    leases = TaskLease.objects.filter(task_id=task_id)
    holder = uuid.uuid4()
    leases.update(attempts=F("attempts") + 1, expires_at=expiry, holder=holder)
    return Hold(task_id=task_id, holder=holder, attempt=leases.get().attempts)


def end_lease(hold: Hold) -> None:
    """Forget the lease of a task that has ended, unless it is another worker's by now."""
    _lease_of(hold).delete()


def renew_lease(hold: Hold) -> bool:
    """Push the lease's end into the future; tell whether it is still this worker's."""
    return bool(_lease_of(hold).update(expires_at=Now() + lease_length()))


@contextmanager
def held_lease(task_id: UUID) -> Iterator[Hold]:
    """Hold the lease of a task while the body runs it, renewing it from a thread.

    A body that raises has not noted how the task ended: its lease stays, with the count of
    attempts, and runs out like that of a worker that was killed.
    """
    hold = _take(task_id)
    with renewed(partial(renew_lease, hold)), holding(hold):
        yield hold
    end_lease(hold)


@contextmanager
def renewed(renew: Callable[[], bool]) -> Iterator[None]:
    """Call what renews a claim from a thread while the body runs, until it says that it is lost."""
    over = Event()
    thread = Thread(target=_renew_until, args=(over, renew), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew_until(over: Event, renew: Callable[[], bool]) -> None:
    """Renew until the body is through, or was taken over; whatever fails is tried again soon."""
    pause = settings.TASK_LEASE_SECONDS / RENEWALS
    try:
        while not over.wait(pause):
            try:
                if not renew():
                    return
                pause = settings.TASK_LEASE_SECONDS / RENEWALS
            except Exception as error:  # noqa: BLE001 - see below
                # The task itself may hold SQLite's write lock, or the server was restarted: soon
                # again, over a connection that is new. A thread that ended, for whatever reason,
                # would have the task handed out while it runs.
                logger.warning("A lease is renewed a little later: %s", type(error).__name__)
                _let_go_of_connection()
                pause = settings.TASK_LEASE_SECONDS / TRIES
    finally:
        _let_go_of_connection()


def _let_go_of_connection() -> None:
    """Close this thread's connection; one that cannot even be closed is dropped."""
    try:
        connection.close()
    except Exception:  # noqa: BLE001 - each driver raises what it likes of a line that was cut
        connection.connection = None


def _lease_of(hold: Hold) -> QuerySet[TaskLease]:
    return TaskLease.objects.filter(task_id=hold.task_id, holder=hold.holder)


@transaction.atomic
def save_while_held(hold: Hold, task: DBTaskResult, update_fields: list[str]) -> None:
    """Write how a task ended; raise LeaseLostError where it is no longer this worker's to say."""
    is_held = _lease_of(hold).select_for_update().exists()
    running = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
    changes: dict[str, Any] = {name: getattr(task, name) for name in update_fields}
    if not is_held or not running.update(**changes):
        raise LeaseLostError


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
    # Nobody takes a longer lease: one was taken before the clock was set back. A worker that
    # lives renews it; that of one that was killed must not last for as long as the clock was wrong.
    longest = Now() + lease_length()
    TaskLease.objects.filter(expires_at__gt=longest).update(expires_at=longest)
    lost = TaskLease.objects.filter(expires_at__lt=Now())
    return [lease.task_id for lease in lost if _is_recovered(lease)]


def fail_task(*, task_id: UUID, error: BaseException, hold: Hold | None = None) -> None:
    """Note that a task failed where the library could not: what it raised does not fit a column.

    hold: the lease under which it failed; a task that was taken over has not.
    """
    if hold is not None and hold.is_lost():
        return
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
        left = {"expires_at": Now() + lease_length(), "holder": None}
        TaskLease.objects.filter(pk=lease.pk, expires_at__lt=Now()).update(**left)
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
