"""Forget the rows that tasks leave: they hold ids and times."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from survey.models import Campaign
from survey.policy import TASK_LIFE


def forget_tasks(*, campaign: Campaign, invitations: Collection[UUID]) -> None:
    """Delete every task about the campaign or one of its invitations, but those at work now.

    A link that was replaced leaves a task with the invitation and the moment.
    """
    forget_tasks_about([campaign.pk, *invitations])


def forget_tasks_about(named: Collection[UUID]) -> None:
    """Delete every task that names one of these, but those at work now."""
    names = set(map(str, named))
    told = DBTaskResult.objects.exclude(status=TaskResultStatus.RUNNING)
    about = [
        task
        for task, given in told.values_list("pk", "args_kwargs")
        if names.intersection(map(str, [*given["args"], *given["kwargs"].values()]))
    ]
    DBTaskResult.objects.filter(pk__in=about).delete()


def forget_old_tasks(*, now: datetime) -> None:
    """Delete what ended long ago, the task of an opening itself among it."""
    DBTaskResult.objects.finished().filter(finished_at__lte=now - TASK_LIFE).delete()
