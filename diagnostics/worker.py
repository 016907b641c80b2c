"""The background worker: runs queued tasks under leases and looks for scheduled work."""

import logging
import time

from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from diagnostics.services.leases import held_lease, recover_lost_tasks
from diagnostics.services.schedule import run_due_work

logger = logging.getLogger(__name__)


class LeasingWorker(Worker):
    """The task backend's worker with leases, recovery of lost tasks and the clock's tick."""

    def __init__(self, *, worker_id: str, interval: float, until_idle: bool) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.until_idle = until_idle
        self._next_tick = 0.0

    def run(self) -> None:
        """Work until stopped or, with `until_idle`, until nothing is left to do."""
        while self.running:
            self.keep_house()
            super().run()
            if self.until_idle:
                return
            time.sleep(self.interval)

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one task under its lease; a queue that never empties must not stop the clock."""
        with held_lease(db_task_result.id) as attempt:
            if attempt > 1:
                logger.warning("Task %s: attempt %d", db_task_result.task_name, attempt)
            super().run_task(db_task_result)
        self.keep_house()

    def keep_house(self) -> None:
        """Recover lost tasks and do what the clock asks for, once every tick."""
        if time.monotonic() < self._next_tick:
            return
        self._next_tick = time.monotonic() + settings.TICK_SECONDS
        close_old_connections()
        try:
            for task_id in recover_lost_tasks():
                logger.warning("Task %s: its worker vanished", task_id)
            run_due_work(timezone.now())
        except OperationalError:
            logger.exception("The database did not answer; the next tick tries again")
