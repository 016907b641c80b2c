"""The background worker: runs queued tasks under leases and looks for scheduled work."""

import logging
import time
from functools import partial
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.holding import Hold, LeaseLostError
from diagnostics.jobs.leases import fail_task, held_lease, recover_lost_tasks, save_while_held
from diagnostics.jobs.schedule import run_due_work
from survey.services.steps import reason_of, standing_alone

logger = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 5.0  # before the queue is looked at again after something escaped


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
            if self._is_worked_off():
                if self.until_idle:
                    return
                time.sleep(self.interval)

    def _is_worked_off(self) -> bool:
        """Run what is queued; tell whether nothing is left, or something went wrong on the way."""
        try:
            super().run()
        except Exception as error:
            # Whatever escapes the library's loop, a restart of the database above all, must not
            # end the process that closes, opens and mails.
            if self.until_idle:
                raise  # a command that waits for the end must not wait for ever
            logger.error("The queue is looked at again, it failed: %s", reason_of(error))
            time.sleep(min(PAUSE_SECONDS, 5 * self.interval))
            return False
        return True

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one task under its lease; a queue that never empties must not stop the clock."""
        hold: Hold | None = None
        path = db_task_result.task_path
        try:
            with held_lease(db_task_result.id) as hold:
                if hold.attempt > 1:
                    logger.warning("Task %s: attempt %d", path, hold.attempt)
                # The library notes the end over whatever another worker has noted meanwhile.
                save = partial(save_while_held, hold, db_task_result)
                db_task_result.save = save  # type: ignore[method-assign]
                super().run_task(db_task_result)
        except LeaseLostError:
            logger.warning("Task %s: another worker has taken it over", path)
        except (OperationalError, InterfaceError):
            raise  # nothing can be noted now; the task runs again when its lease has run out
        except Exception as error:  # noqa: BLE001 - see below
            # The library notes whatever a task raises; what it cannot note (a text that fits no
            # column, a module that breaks when it is imported) ends this task only.
            logger.error("Task %s could not be finished: %s", path, reason_of(error))
            fail_task(task_id=db_task_result.id, error=error, hold=hold)
        self.keep_house()

    def keep_house(self) -> None:
        """Recover lost tasks and do what the clock asks for, once every tick."""
        if time.monotonic() < self._next_tick:
            return
        self._next_tick = time.monotonic() + settings.TICK_SECONDS
        try:
            close_old_connections()
            with standing_alone("recover lost tasks"):
                for task_id in recover_lost_tasks():
                    logger.warning("Task %s: its worker vanished", task_id)
            run_due_work(timezone.now())
        except (OperationalError, InterfaceError):
            logger.exception("The database did not answer; the next tick tries again")
