"""A stored file that is gone, empty, cut short or another one is made again, once, and told."""

import errno
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.long_work import State, begin
from diagnostics.jobs.storage import UNFINISHED, WholeFileStorage
from diagnostics.jobs.work_files import is_whole
from diagnostics.models import AnalysisFile, Assessment, Download, FileWork, Report
from diagnostics.reports.rendering.letters import RenderedPdf
from diagnostics.reports.services.files import _keep, note_reports, render_reports
from diagnostics.reports.services.renewing import renew_reports
from diagnostics.workbench.selectors.appendix import contents_digest
from survey.models import User
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analysis_checks import analysed, ann, scored_cases

pytestmark = pytest.mark.django_db
__all__ = ["ann"]  # the fixture
CONTENT = b"%PDF-1.7 as it was written"


def lose(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    path.write_bytes(CONTENT[:9])


def exchange(path: Path) -> None:
    path.write_bytes(CONTENT[::-1])


def lose_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


def put_folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (lose, empty, cut_short, exchange, lose_folder, put_folder_there)


def stored(work: FileWork) -> FileWork:
    """Finish work with a file, without the cost of making it."""
    name = storages["reports"].save(work.path, ContentFile(CONTENT))
    work.file, work.digest = name, hashlib.sha256(CONTENT).hexdigest()
    work.state = State.DONE
    work.save()
    return work


def path_of(work: FileWork) -> Path:
    return Path(work.file.path)


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company with one report of its own, one of a unit, and figures."""
    example = store_example()
    note_reports(assessment=assessment_of(example))
    return example


def assessment_of(example: StoredExample) -> Assessment:
    assert example.assessment is not None
    return example.assessment


def unit_report(example: StoredExample) -> Report:
    report = Report.objects.get(unit=example.units["oulu"])
    stored(report)
    return report


def places(example: StoredExample, kind: str) -> tuple[FileWork, str, str]:
    """Return a stored file of a kind, its address, and the page that leads to it."""
    campaign = example.campaign.pk
    company = reverse("diagnostics:company-detail", args=[campaign])
    if kind == "unit":
        places = [campaign, example.units["oulu"].pk]
        page = reverse("diagnostics:unit-detail", args=places)
        return unit_report(example), reverse("diagnostics:unit-report", args=places), page
    if kind == "company":
        report = stored(Report.objects.get(kind=kind))
        return report, reverse("diagnostics:company-report", args=[campaign]), company
    if kind == "appendix":
        report = stored(Report.objects.get(kind=kind))
        return report, reverse("diagnostics:further-report", args=[campaign, kind]), company
    download = stored(Download(assessment=assessment_of(example), kind=kind))
    address = reverse("diagnostics:download-open", args=[campaign, kind])
    return download, address, reverse("diagnostics:download-list", args=[campaign])


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        *(("unit", damage) for damage in DAMAGES),
        ("company", lose),
        ("appendix", cut_short),
        ("figures", empty),
        ("reports", exchange),
    ],
)
def test_a_damaged_file_is_made_anew_once_and_its_page_says_so(
    example: StoredExample, kind: str, damage: Callable[[Path], None]
) -> None:
    client = Client()
    client.force_login(example.person("hr@example.com", role="executive"))
    work, address, page = places(example, kind)
    assert b"".join(client.get(address).streaming_content) == CONTENT  # type: ignore[attr-defined]
    damage(path_of(work))

    answers = [client.get(address) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.headers["Location"] for answer in answers} == {page}
    work.refresh_from_db()
    assert (work.state, str(work.file)) == (State.QUEUED, "")
    assert DBTaskResult.objects.count() == 1
    told = client.get(page).content.decode()
    assert "The report is being written" in told or "You may leave this page" in told


@pytest.mark.parametrize("damage", [lose, cut_short])
def test_a_damaged_file_of_an_analysis_is_made_anew_once(
    ann: User, damage: Callable[[Path], None]
) -> None:
    analysis = analysed(ann, *scored_cases())
    file = AnalysisFile(
        analysis=analysis, kind="appendix", language="en", content_digest=contents_digest(analysis)
    )
    stored(file)
    client = Client()
    client.force_login(ann)
    address = reverse("diagnostics:analysis-file-open", args=[analysis.pk, "appendix"])
    damage(path_of(file))

    answer = client.get(address)

    page = reverse("diagnostics:analysis-files", args=[analysis.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    file.refresh_from_db()
    assert (file.state, DBTaskResult.objects.count()) == (State.QUEUED, 1)
    assert "You may leave this page" in client.get(page).content.decode()


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED, State.GIVEN_UP])
def test_a_report_that_is_written_again_gives_the_former_file(
    example: StoredExample, state: State
) -> None:
    client = Client()
    client.force_login(example.person("hr@example.com", role="executive"))
    report, address, page = places(example, "unit")
    assert isinstance(report, Report)
    renew_reports(campaign=example.campaign, kind=Report.Kind.UNIT, unit=report.unit)
    Report.objects.filter(pk=report.pk).update(state=state)

    sent = client.get(address)

    assert b"".join(sent.streaming_content) == CONTENT  # type: ignore[attr-defined]
    told = client.get(page).content.decode()
    assert "Until it is written again you get the former one." in told
    assert address in told


def test_the_file_that_goes_is_the_one_that_was_replaced_last(example: StoredExample) -> None:
    """A worker that read the row earlier knows the file of a revision before."""
    report = unit_report(example)
    older, revisions = str(report.file), []
    for _ in range(2):
        renew_reports(campaign=example.campaign, kind=Report.Kind.UNIT, unit=report.unit)
        report = Report.objects.get(pk=report.pk)
        revisions.append(report.path)
        if len(revisions) == 1:
            storages["reports"].save(report.path, ContentFile(CONTENT))
            Report.objects.filter(pk=report.pk).update(
                file=report.path, digest=hashlib.sha256(CONTENT).hexdigest(), state=State.DONE
            )
    assert begin(report)
    report.file = older
    _keep(report, RenderedPdf.of(CONTENT, ""))

    report.refresh_from_db()
    assert str(report.file) == revisions[1]
    assert [storages["reports"].exists(name) for name in revisions] == [False, True]


def test_a_lost_report_is_there_again_after_the_worker(example: StoredExample) -> None:
    Report.objects.exclude(unit=example.units["oulu"]).delete()
    report, address, _ = places(example, "unit")
    lose(path_of(report))
    client = Client()
    client.force_login(example.person("hr@example.com", role="executive"))
    client.get(address)

    render_reports(assessment_id=assessment_of(example).pk)

    content = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
    report.refresh_from_db()
    assert content.startswith(b"%PDF")
    assert is_whole(report)


def test_a_folder_that_cannot_be_written_to_fails_the_report_with_its_reason(
    example: StoredExample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Report.objects.exclude(unit=example.units["oulu"]).delete()
    occupied = tmp_path / "reports"
    occupied.write_bytes(b"a file where the folder should be")
    monkeypatch.setattr(Report._meta.get_field("file"), "storage", WholeFileStorage(occupied))

    render_reports(assessment_id=assessment_of(example).pk)

    report = Report.objects.get()
    assert (report.state, str(report.file)) == (State.FAILED, "")
    assert "Not a directory" in report.reason or "File exists" in report.reason


class FullDisk(ContentFile[bytes]):
    """Content after whose first block the disk is full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give one block, and fail as a disk does."""
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_former_file_as_it_was(tmp_path: Path) -> None:
    storage = WholeFileStorage(tmp_path, allow_overwrite=True)
    storage.save("1/a.pdf", ContentFile(CONTENT))

    with pytest.raises(OSError, match="No space left"):
        storage.save("1/a.pdf", FullDisk(b""))

    assert {path.name: path.read_bytes() for path in (tmp_path / "1").iterdir()} == {
        "a.pdf": CONTENT
    }


def test_what_a_killed_worker_left_is_used_again_and_deleted_with_the_file(tmp_path: Path) -> None:
    storage = WholeFileStorage(tmp_path, allow_overwrite=True)
    left = tmp_path / f"a.pdf{UNFINISHED}"
    left.write_bytes(b"half of a longer file than the next" * 9)

    assert storage.save("a.pdf", ContentFile(CONTENT)) == "a.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    left.write_bytes(b"half")
    storage.delete("a.pdf")
    assert list(tmp_path.iterdir()) == []
