"""Queueing work by its name: services queue tasks and tasks call services, without a circle.

A task is named where it is queued, as a text that a test holds against the task itself: that it
is there, and takes these arguments.
"""

from datetime import datetime
from uuid import UUID

from django.utils.module_loading import import_string
from django_tasks.base import Task


def later(task: str, *arguments: object, at: datetime | None = None) -> None:
    """Queue a task for the worker: `later("survey.tasks.open_ballots", campaign.pk)`.

    The queue is a table: queued within a transaction, the work is there if and only if what asked
    for it is, and no worker sees it before.

    at: not before this time.
    """
    found = import_string(task)
    if not isinstance(found, Task):
        raise TypeError(f"expected the name of a task, found {task}")
    plain = [str(value) if isinstance(value, UUID) else value for value in arguments]
    found.using(run_after=at).enqueue(*plain)
