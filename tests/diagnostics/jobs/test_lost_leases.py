"""A lease is renewed over a line that was cut; a worker that lost its task writes no end of it."""

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any, Final

import psycopg
import pytest
from django.db import connection
from django.db.models.functions import Now
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.jobs import leases, long_work
from diagnostics.jobs.leases import begin_lease, held_lease, recover_lost_tasks
from diagnostics.jobs.worker import LeasingWorker
from diagnostics.models import ScaleStudy, TaskLease
from tests.diagnostics.stored_example import store_example

pytestmark = pytest.mark.django_db(transaction=True)
MEANWHILE: Final[list[Callable[[], object]]] = []  # what happens while the task runs


@task()
def work() -> str:
    """Do what the test wants done while a worker is at this task."""
    MEANWHILE.pop()()
    return "of the first worker"


def claimed() -> DBTaskResult:
    queued = DBTaskResult.objects.get(pk=work.enqueue().id)
    queued.claim("first")
    return queued


def run(row: DBTaskResult) -> None:
    LeasingWorker(worker_id="first", interval=0.01, until_idle=True).run_task(row)


def lose_lease() -> None:
    """Let the lease run out and the task be handed out again."""
    TaskLease.objects.update(expires_at=Now() - timedelta(seconds=1))
    recover_lost_tasks()


def take_over() -> None:
    """Let another worker take the task and be at it."""
    lose_lease()
    again = DBTaskResult.objects.ready().get()
    again.claim("second")
    begin_lease(task_id=again.pk)


def finish_elsewhere() -> None:
    """Let another worker take the task and end it."""
    take_over()
    again = DBTaskResult.objects.get()
    again.set_successful("of the second worker")
    TaskLease.objects.all().delete()


def and_fail(happening: Callable[[], object]) -> Callable[[], object]:
    def happen() -> None:
        happening()
        raise RuntimeError("too late")

    return happen


@pytest.mark.parametrize(
    ("happening", "status", "value", "leases_left"),
    [
        (lose_lease, "READY", None, 1),
        (take_over, "RUNNING", None, 1),
        (finish_elsewhere, "SUCCESSFUL", "of the second worker", 0),
    ],
)
@pytest.mark.parametrize("end", [lambda happening: happening, and_fail])
def test_a_worker_that_lost_its_task_leaves_it_to_the_next_one(
    happening: Callable[[], object], status: str, value: str | None, leases_left: int,
    end: Callable[[Callable[[], object]], Callable[[], object]],
) -> None:  # fmt: skip
    MEANWHILE.append(end(happening))
    run(claimed())

    row = DBTaskResult.objects.get()
    assert (row.status, row.return_value, row.traceback) == (status, value, "")
    assert TaskLease.objects.count() == leases_left


def test_a_worker_that_kept_its_task_notes_the_end() -> None:
    MEANWHILE.append(lambda: None)
    run(claimed())

    row = DBTaskResult.objects.get()
    assert (row.status, row.return_value) == ("SUCCESSFUL", "of the first worker")
    assert not TaskLease.objects.exists()


def test_what_cannot_be_noted_of_a_lost_task_ends_nothing_of_the_next_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The library cannot note a text that fits no column; our own note asks who holds the task."""
    MEANWHILE.append(and_fail(take_over))
    monkeypatch.setattr(DBTaskResult, "set_failed", _raise)
    run(claimed())

    assert DBTaskResult.objects.get().status == "RUNNING"


def _raise(*_: object) -> None:
    raise ValueError("fits no column")


def test_a_worker_that_lost_its_task_fails_no_work_that_the_next_one_begins() -> None:
    study = ScaleStudy.objects.create(campaign=store_example().campaign)

    def fail_late() -> None:
        take_over()
        long_work.fail(study, "the first worker was stopped")

    MEANWHILE.append(fail_late)
    run(claimed())

    study.refresh_from_db()
    assert (study.state, study.reason) == ("queued", "")


def cut_by_server() -> None:
    """End every connection to this test's database, as a restart of its server would."""
    parameters = connection.get_connection_params() | {"context": None}
    with closing(psycopg.connect(**parameters, autocommit=True)) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def cut_driver() -> None:
    """Close the driver's line behind Django's back."""
    connection.ensure_connection()
    line: Any = connection.connection
    line.close()


@pytest.mark.parametrize("trouble", ["a line that was cut", "an error of no database"])
def test_a_lease_is_renewed_after_any_trouble_while_its_task_runs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    settings.TASK_LEASE_SECONDS = 2.4
    renew, tried, renewed = leases.renew_lease, threading.Event(), threading.Event()

    def renew_in_trouble(hold: Any) -> bool:  # noqa: ANN401
        """The first time over a line that is cut; the second time as it comes."""
        if not tried.is_set():
            tried.set()
            if trouble != "a line that was cut":
                raise MemoryError
            connection.ensure_connection()
            cut_by_server() if connection.vendor == "postgresql" else cut_driver()
        is_held = renew(hold)
        renewed.set()
        return is_held

    monkeypatch.setattr(leases, "renew_lease", renew_in_trouble)
    row = claimed()
    with held_lease(row.pk):
        connection.close()
        assert renewed.wait(60)

    assert row.pk not in recover_lost_tasks()


def test_a_renewal_ends_when_another_worker_has_the_task(settings: Settings) -> None:
    settings.TASK_LEASE_SECONDS = 240
    row = claimed()
    with held_lease(row.pk) as hold:
        first = leases.renew_lease(hold)
        take_over()
        second = leases.renew_lease(hold)

    assert (first, second, hold.is_lost()) == (True, False, True)
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


def test_results_are_kept_over_a_line_that_was_cut_while_they_were_computed() -> None:
    study = ScaleStudy.objects.create(campaign=store_example().campaign)

    def compute(_: object) -> dict[str, Any]:
        cut_by_server() if connection.vendor == "postgresql" else cut_driver()
        return {"result": {}, "digest": "0"}

    long_work.do(study, compute)

    study.refresh_from_db()
    assert (study.state, study.digest) == ("done", "0")
