"""Queueing work by its name: services queue tasks and tasks call services, without a circle.

A task is named where it is queued, as a text that a test holds against the task itself: that it
is there, and takes these arguments.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from survey.pauses import doubling_pause

FIRST_PAUSE: Final = timedelta(minutes=1)  # after what the clock asked for has failed once
LONGEST_PAUSE: Final = timedelta(minutes=10)  # however often it has failed
MOST_FAILURES: Final = 8  # in a row; then it is no outage any more


def later(task: str, *arguments: object, at: datetime | None = None) -> None:
    """Queue a task for the worker: `later("survey.tasks.open_ballots", campaign.pk)`.

    The queue is a table: queued within a transaction, the work is there if and only if what asked
    for it is, and no worker sees it before.

    at: not before this time.
    """
    found = import_string(task)
    if not isinstance(found, Task):
        raise TypeError(f"expected the name of a task, found {task}")
    found.using(run_after=at).enqueue(*_plain(arguments))


def is_queued(task: str, *arguments: object) -> bool:
    """Whether a task with these arguments waits or goes on.

    A worker that vanished counts as going on: its task is handed out again (diagnostics.jobs).
    """
    unfinished = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return _asked(task, arguments).filter(status__in=unfinished).exists()


def is_due_by_clock(task: str, *arguments: object, now: datetime) -> bool:
    """Whether the clock may queue a task: none waits or goes on, and the last failures are a while.

    One task at a time, so that a busy or a broken worker finds no heap of them; after each failure
    in a row the pause is twice as long, up to LONGEST_PAUSE.
    """
    if is_queued(task, *arguments):
        return False
    failed = failures_in_a_row(task, *arguments)
    if not failed:
        return True
    pause = doubling_pause(len(failed), first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    return failed[0] + pause <= now


def failures_in_a_row(task: str, *arguments: object) -> list[datetime]:
    """Return when a task with these arguments failed since it last succeeded, the newest first."""
    ended = _asked(task, arguments).exclude(finished_at=None).order_by("-finished_at")
    newest = ended.values_list("status", "finished_at")[:MOST_FAILURES]
    failed = takewhile(lambda one: one[0] == TaskResultStatus.FAILED, newest)
    return [at for _, at in failed if at is not None]


def _asked(task: str, arguments: Sequence[object]) -> QuerySet[DBTaskResult]:
    given = {"args": _plain(arguments), "kwargs": {}}
    return DBTaskResult.objects.filter(task_path=task, args_kwargs=given)


def _plain(arguments: Sequence[object]) -> list[object]:
    return [str(value) if isinstance(value, UUID) else value for value in arguments]
