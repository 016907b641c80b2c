"""The opening as the queue's worker runs it, which keeps what was raised in the task's row."""

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from survey.models import Campaign
from survey.tasks import open_ballots


def open_by_worker(campaign: Campaign) -> DBTaskResult:
    """Queue the opening of a campaign, have it run, and return its row."""
    queued = open_ballots.enqueue(str(campaign.pk))
    row = DBTaskResult.objects.get(pk=queued.id)
    row.claim("a worker of this test")
    worker().run_task(row)
    return row


def worker() -> Worker:
    """Return a worker that takes what it is given."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="a worker of this test",
        excluded_queue_names=[],
    )
