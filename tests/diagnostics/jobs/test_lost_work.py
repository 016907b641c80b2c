"""Long work of every kind whose worker vanished three times is given up, and may be asked again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

import diagnostics.tasks
from diagnostics.downloads.services.downloads import request_download
from diagnostics.jobs.leases import begin_lease, fail_task, recover_lost_tasks
from diagnostics.jobs.lost_work import WORK_OF_TASKS, give_up
from diagnostics.measurement.services import request_study
from diagnostics.models import Analysis, AnalysisCheck, AnalysisFile, Download, TaskLease
from diagnostics.reports.services.files import queue_reports
from diagnostics.workbench.services.analyses import queue_analysis
from diagnostics.workbench.services.checks import cancel_check, request_check
from diagnostics.workbench.services.files import request_file
from survey.models import User
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analysis_checks import analysed, democracies
from tests.qca.lipset import lipset

pytestmark = pytest.mark.django_db
# What a lost worker of these leaves is not waited for by any page.
NO_LONG_WORK = {
    "queue_reports",  # the task itself is queued again
    "send_result_notices",  # each mail has a state of its own
}


def lose_worker() -> None:
    """Let a worker take the only queued task and vanish."""
    task = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.RUNNING)
    begin_lease(task_id=task.pk)
    TaskLease.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert recover_lost_tasks() == [task.pk]


def ask_for_analysis(_: Analysis, example: StoredExample, by: User) -> Analysis:
    return queue_analysis(
        campaign=example.campaign, function="", by=by, title="T", recipe=democracies()
    )


def ask_for_reports(_: Analysis, example: StoredExample, __: User) -> Any:  # noqa: ANN401
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    return example.assessment.reports.order_by("unit__position").last()


ASKING: dict[str, Callable[[Analysis, StoredExample, User], Any]] = {
    "an analysis": ask_for_analysis,
    "a check": lambda analysis, _, by: request_check(
        analysis=analysis, kind=AnalysisCheck.Kind.HALVES, by=by
    ),
    "a file": lambda analysis, _, by: request_file(
        analysis=analysis, kind=AnalysisFile.Kind.BUNDLE, language="en", by=by
    ),
    "a study": lambda _, example, by: request_study(campaign=example.campaign, by=by),
    "a download": lambda _, example, by: request_download(
        assessment=example.campaign.assessments.get(), kind=Download.Kind.FIGURES, by=by
    ),
    "reports": ask_for_reports,
}


def tasks() -> set[str]:
    return {task.module_path for task in vars(diagnostics.tasks).values() if isinstance(task, Task)}


def test_every_task_either_does_long_work_that_can_be_given_up_or_has_a_reason() -> None:
    assert tasks() == set(WORK_OF_TASKS) | {f"diagnostics.tasks.{name}" for name in NO_LONG_WORK}


def test_work_whose_task_fails_where_the_library_cannot_note_it_is_failed() -> None:
    example = store_example(gives_rows=True)
    ann = example.person("ann@example.com", role="analyst")
    file = ASKING["a file"](analysed(ann, lipset(), democracies()), example, ann)
    task = DBTaskResult.objects.get()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)

    fail_task(task_id=task.pk, error=RuntimeError("no such module"))

    file.refresh_from_db()
    assert (file.state, file.reason) == ("failed", "")


def test_a_lost_task_of_an_older_asking_gives_nothing_up() -> None:
    example = store_example(gives_rows=True)
    ann = example.person("ann@example.com", role="analyst")
    analysis = analysed(ann, lipset(), democracies())
    check = ASKING["a check"](analysis, example, ann)
    cancel_check(analysis=analysis, kind=AnalysisCheck.Kind.HALVES)
    older = [str(check.pk), str(check.run)]
    check = ASKING["a check"](analysis, example, ann)

    give_up(task_path="diagnostics.tasks.run_check", arguments=older)

    check.refresh_from_db()
    assert check.state == "queued"


@pytest.mark.parametrize("kind", ASKING)
def test_work_is_given_up_after_the_third_lost_worker_and_not_before(kind: str) -> None:
    example = store_example(gives_rows=True)
    ann = example.person("ann@example.com", role="analyst")
    work = ASKING[kind](analysed(ann, lipset(), democracies()), example, ann)
    states = []
    for _ in range(3):
        lose_worker()
        work.refresh_from_db()
        states.append(work.state)

    assert states == ["queued", "queued", "given_up"]
