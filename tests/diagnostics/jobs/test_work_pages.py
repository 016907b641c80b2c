"""Long work of every kind on its page: given up or cancelled, asked for again, done."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.jobs.long_work import begin, cancel
from diagnostics.jobs.storage import StagedFile
from diagnostics.models import (
    AnalysisCheck,
    AnalysisFile,
    Download,
    FileWork,
    LongWork,
    Report,
    ScaleStudy,
)
from diagnostics.reports.services.files import queue_reports
from survey.models import Membership, Role
from tests.diagnostics.answered_campaign import AnsweredCampaign, answered_campaign
from tests.diagnostics.jobs.test_lost_work import lose_worker

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN_UP = "It was given up, because the worker stopped every time."
CANCELLED = "Cancelled. Nothing of it was kept."
POLLING = "hx-trigger"


@dataclass(frozen=True, slots=True)
class Scene:
    """Work that waits, the page that tells of it, and where it is asked for and cancelled."""

    work: LongWork
    client: Client
    page: str
    ask: str
    cancel: str  # empty where it cannot be

    def text(self) -> str:
        """Return the page as it stands."""
        return self.client.get(self.page).text

    def state(self) -> str:
        """Return the state as it is stored."""
        self.work.refresh_from_db()
        return str(self.work.state)


def address(name: str, *arguments: object) -> str:
    return reverse(f"diagnostics:{name}", args=arguments)


def asked(
    answered: AnsweredCampaign, page: str, ask: str, cancel: str, find: Callable[[], LongWork]
) -> Scene:
    """Ask for work as its page does, with nothing else in the queue."""
    client = answered.client()
    DBTaskResult.objects.all().delete()
    assert client.post(ask).status_code == 302
    return Scene(find(), client, page, ask, cancel)


def an_analysis(answered: AnsweredCampaign) -> Scene:
    DBTaskResult.objects.all().delete()
    analysis = answered.waiting_analysis()
    names = ("analysis-detail", "analysis-start", "analysis-cancel")
    return Scene(analysis, answered.client(), *(address(name, analysis.pk) for name in names))


def a_check(answered: AnsweredCampaign) -> Scene:
    analysis = answered.analysis()
    start, cancel = (
        address(name, analysis.pk, "matching") for name in ("check-start", "check-cancel")
    )
    page = address("pattern-derive", analysis.pk)
    return asked(answered, page, start, cancel, AnalysisCheck.objects.get)


def a_file(answered: AnsweredCampaign) -> Scene:
    analysis = answered.analysis()
    request, cancel = (
        address(f"analysis-file-{name}", analysis.pk, "bundle") for name in ("request", "cancel")
    )
    page = address("analysis-files", analysis.pk)
    return asked(answered, page, request, cancel, AnalysisFile.objects.get)


def a_study(answered: AnsweredCampaign) -> Scene:
    page, start, cancel = (
        address(f"scale-study{name}", answered.campaign.pk) for name in ("", "-start", "-cancel")
    )
    return asked(answered, page, start, cancel, ScaleStudy.objects.get)


def a_download(answered: AnsweredCampaign) -> Scene:
    made = Download.objects.get()
    made.file.storage.delete(str(made.file))
    made.delete()
    campaign = answered.campaign.pk
    request, cancel = (
        address(f"download-{name}", campaign, "answers") for name in ("request", "cancel")
    )
    page = address("download-list", campaign)
    return asked(answered, page, request, cancel, Download.objects.get)


def a_report(answered: AnsweredCampaign) -> Scene:
    # Reports are for readers of figures, who cannot be readers of answers as well.
    Membership.objects.filter(user=answered.analyst).update(role=Role.EXECUTIVE)
    DBTaskResult.objects.all().delete()
    queue_reports(assessment_id=answered.assessment.pk)
    report = Report.objects.get(kind=Report.Kind.COMPANY)
    campaign = answered.campaign.pk
    page, ask = address("company-detail", campaign), address("report-request", campaign, report.pk)
    return Scene(report, answered.client(), page, ask, "")


KINDS: dict[str, Callable[[AnsweredCampaign], Scene]] = {
    "an analysis": an_analysis, "a check": a_check, "a file": a_file, "a study": a_study,
    "a download": a_download, "a report": a_report,
}  # fmt: skip
CANCELLABLE = [kind for kind in KINDS if kind != "a report"]


@pytest.fixture
def answered(
    settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> AnsweredCampaign:
    settings.KEY_DIR = tmp_path / "keys"
    # Other answers in each test: the tests of a parallel run share the folder of reports.
    return answered_campaign(seed=sum(request.node.name.encode()))


def run_queued() -> None:
    """Run the newest queued task, as a worker does."""
    task = DBTaskResult.objects.filter(status="READY").latest("enqueued_at")
    import_string(task.task_path).func(*task.args_kwargs["args"])


def path_of(work: LongWork) -> Path | None:
    return Path(work.file.storage.path(work.path)) if isinstance(work, FileWork) else None


@pytest.mark.parametrize("kind", KINDS)
def test_work_of_killed_workers_is_given_up_told_asked_for_again_and_done(
    answered: AnsweredCampaign, kind: str
) -> None:
    scene = KINDS[kind](answered)
    path = path_of(scene.work)
    if path is not None:  # what the last of them had written when it was killed
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    for _ in range(3):
        begin(scene.work)
        lose_worker()

    told = scene.text()
    assert (scene.state(), GIVEN_UP in told, scene.ask in told) == ("given_up", True, True)
    assert POLLING not in told
    assert path is None or not path.exists()
    assert scene.client.post(scene.ask).status_code == 302
    told = scene.text()
    assert (scene.state(), "Waiting for the worker." in told) == ("queued", True)
    assert scene.work.requested_by == answered.analyst
    run_queued()
    told = scene.text()
    assert (scene.state(), GIVEN_UP in told, "Waiting for" in told) == ("done", False, False)


@pytest.mark.parametrize("kind", CANCELLABLE)
def test_work_cancelled_while_it_runs_keeps_nothing_and_may_be_asked_for_again(
    answered: AnsweredCampaign, kind: str
) -> None:
    scene = KINDS[kind](answered)
    path = path_of(scene.work)
    assert begin(scene.work)
    assert "Waiting for the worker." not in scene.text()

    assert scene.cancel in scene.text()
    assert scene.client.post(scene.cancel).status_code == 302
    run_queued()  # a task that comes to it later does nothing

    told = scene.text()
    assert (scene.state(), CANCELLED in told, scene.ask in told) == ("cancelled", True, True)
    assert path is None or not path.exists()
    assert scene.client.post(scene.ask).status_code == 302
    run_queued()
    assert scene.state() == "done"


@pytest.mark.parametrize("kind", ["a file", "a download", "a report"])
def test_a_file_that_was_cancelled_while_it_was_made_is_not_written(
    answered: AnsweredCampaign, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = KINDS[kind](answered)
    path = path_of(scene.work)
    write = StagedFile.write

    def cancelled_then(staged: StagedFile, content: Any) -> None:  # noqa: ANN401
        write(staged, content)
        cancel(type(scene.work)._default_manager.all())

    with monkeypatch.context() as late:
        late.setattr(StagedFile, "write", cancelled_then)
        run_queued()

    assert path is not None
    left = [one.name for one in path.parent.glob(f"{path.name}*")]
    assert (left, scene.text().count(CANCELLED) > 0) == ([], True)
