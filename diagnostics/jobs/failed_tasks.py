"""Tasks that somebody waits for and that nobody would ask for again: queued again by the clock."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from survey.pauses import doubling_pause
from survey.queue import FIRST_PAUSE

logger = logging.getLogger(__name__)
# Each may run twice with one effect. Of all others either the clock asks again, by the state of
# what they are about, or a page offers them.
ASKED_ONCE: Final = frozenset(
    {
        "diagnostics.tasks.queue_reports",
        "survey.tasks.move_person",
        "survey.tasks.queue_set_password_mails",
        "survey.tasks.replace_link",
        # Queued by earlier versions only.
        "survey.tasks.send_key_alarm",
        "survey.tasks.send_set_password_mail",
        "survey.tasks.send_trial_mail",
        "survey.tasks.tell_of_failed_opening",
    }
)
LONGEST_PAUSE: Final = timedelta(hours=6)  # from FIRST_PAUSE on doubled with each time it was begun
MOST_BEGINS: Final = 30  # within about five days; nothing that still fails then mends itself


def queue_failed_tasks(now: datetime) -> None:
    """Queue failed tasks that were asked for once, later and later, until there is no hope."""
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, task_path__in=ASKED_ONCE)
    for task in failed:
        begun = len(task.worker_ids)
        pause = doubling_pause(begun + 1, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        if begun < MOST_BEGINS and (task.finished_at or task.enqueued_at) + pause <= now:
            _queue_again(task)


@transaction.atomic
def _queue_again(task: DBTaskResult) -> None:
    """Make a failed task ready; of two clocks the second finds none that failed."""
    failed = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.FAILED)
    if failed.update(status=TaskResultStatus.READY, finished_at=None):
        logger.warning("Task %s failed and is queued again", task.task_path)
