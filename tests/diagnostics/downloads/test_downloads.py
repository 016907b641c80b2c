"""Files of the whole company: who may have them, and that they are made once."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count

import pytest
from django.core.files.base import ContentFile, File
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.jobs.leases import recover_lost_tasks
from diagnostics.jobs.storage import StagedFile
from diagnostics.models import Download, Report, TaskLease
from diagnostics.reports.services import bundles
from diagnostics.reports.services.files import queue_reports
from survey.errors import SingleAnswersError
from survey.models import CampaignState, LedgerEntry
from tests.diagnostics.askers import somebody
from tests.diagnostics.stored_example import StoredExample, store_example

pytestmark = pytest.mark.django_db
EVERYTHING = {"reports", "figures", "answers"}
READERS = {
    "executive": ({"role": "executive"}, {"reports", "figures"}),
    "analyst": ({"role": "analyst"}, set()),  # single answers are given for research only
    "manager": ({"role": "manager"}, set()),
    "council": ({"role": "council"}, set()),
    "administrator": ({"role": "administrator"}, set()),
    "leader": ({"leads": "oulu"}, set()),
    "leader of the company": ({"leads": "company"}, set()),
    "nobody": ({}, set()),
}


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company with its reports noted."""
    stored = store_example()
    assert stored.assessment is not None
    queue_reports(assessment_id=stored.assessment.pk)
    return stored


def client_of(example: StoredExample, email: str, **rights: str) -> Client:
    client = Client()
    client.force_login(example.person(email, **rights))
    return client


def hr_of(example: StoredExample) -> Client:
    return client_of(example, "hr@example.com", role="executive")


def address(example: StoredExample, name: str, *arguments: str) -> str:
    return reverse(f"diagnostics:download-{name}", args=[example.campaign.pk, *arguments])


def made(example: StoredExample, kind: str = "reports") -> Download:
    assert example.assessment is not None
    return make_download(
        download_id=request_download(assessment=example.assessment, kind=kind, by=somebody()).pk
    )


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_asks_for_and_gets_exactly_the_files_that_are_theirs(
    example: StoredExample, reader: str
) -> None:
    rights, allowed = READERS[reader]
    for kind in EVERYTHING:
        stored = Download(assessment=example.assessment, kind=kind, state=Download.State.DONE)
        stored.file.save(f"{kind}.zip", ContentFile(b"PK"))
    client = client_of(example, "reader@example.com", **rights)
    got = {k for k in EVERYTHING if client.get(address(example, "open", k)).status_code == 200}
    asked = {
        k for k in EVERYTHING if client.post(address(example, "request", k)).status_code == 302
    }
    assert (got, asked) == (allowed, allowed)
    assert client.get(address(example, "list")).status_code == (200 if allowed else 404)


def test_the_analyst_of_a_research_campaign_gets_its_answers_and_nobody_else_does() -> None:
    example = store_example(gives_rows=True)
    stored = Download(
        assessment=example.assessment, kind=Download.Kind.ANSWERS, state=Download.State.DONE
    )
    stored.file.save("answers.zip", ContentFile(b"PK"))
    got = {
        reader: client_of(example, f"reader-{place}@example.com", **rights)
        .get(address(example, "open", "answers"))
        .status_code
        for place, (reader, (rights, _)) in enumerate(READERS.items())
    }
    assert got == {reader: 200 if reader == "analyst" else 404 for reader in READERS}


def test_the_services_refuse_single_answers_where_figures_of_units_are_told(
    example: StoredExample,
) -> None:
    assert example.assessment is not None
    with pytest.raises(SingleAnswersError):
        request_download(assessment=example.assessment, kind=Download.Kind.ANSWERS, by=somebody())
    queued = Download.objects.create(
        assessment=example.assessment, kind=Download.Kind.ANSWERS, requested_at=timezone.now()
    )
    with pytest.raises(SingleAnswersError):
        make_download(download_id=queued.pk, run=queued.run)
    assert not queued.file


def test_nothing_is_to_be_had_before_the_release() -> None:
    example = store_example(state=CampaignState.CLOSED, is_scored=False)
    client = hr_of(example)
    assert client.get(address(example, "list")).status_code == 404
    assert client.post(address(example, "request", "reports")).status_code == 404


def test_asking_by_get_makes_nothing(example: StoredExample) -> None:
    assert hr_of(example).get(address(example, "request", "reports")).status_code == 405
    assert Download.objects.count() == 0


def test_asking_queues_the_making_and_the_page_tells_how_far_it_is(
    example: StoredExample, django_capture_on_commit_callbacks: object
) -> None:
    client = hr_of(example)
    Report.objects.filter(unit__code__in=["oulu", "kemi"]).update(
        state=Report.State.DONE, file="report.pdf"
    )
    page = client.get(address(example, "list")).text
    assert "Make the file" in page
    assert "reports are written" not in page
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page = client.post(address(example, "request", "reports"), follow=True).text
    assert "2 of 7 reports are written." in page
    assert 'hx-trigger="every 2s"' in page
    tasks = DBTaskResult.objects.filter(task_path="diagnostics.tasks.make_download")
    download = Download.objects.get()
    assert [task.args_kwargs["args"] for task in tasks] == [[str(download.pk), str(download.run)]]


def test_the_bundle_holds_every_report_in_order_with_its_own_bytes(example: StoredExample) -> None:
    download = made(example)
    with zipfile.ZipFile(BytesIO(download.file.read())) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == [
            "0000-company-appendix-en.pdf",
            "0000-company-en.pdf",
            "0001-north-en.pdf",
            "0002-oulu-en.pdf",
            "0003-kemi-en.pdf",
            "0006-umea-en.pdf",
            "0007-turku-en.pdf",
        ]
        for report in Report.objects.all():
            name = str(report.file).rpartition("/")[2]
            assert bundle.read(name) == report.file.read()


def test_a_bundle_asked_for_before_the_reports_are_noted_is_whole() -> None:
    example = store_example()
    with zipfile.ZipFile(made(example).file) as bundle:
        assert len(bundle.namelist()) == 7


def test_a_second_run_gives_the_same_bytes_even_after_a_kill_and_makes_nothing_twice(
    example: StoredExample,
) -> None:
    first = made(example)
    content = first.file.read()
    again = make_download(download_id=first.pk)
    assert (str(again.file), again.digest) == (str(first.file), first.digest)
    first.file.storage.delete(str(first.file))
    for report in Report.objects.all():
        report.file.storage.delete(str(report.file))

    with pytest.raises(KeyboardInterrupt), ending_with_the_fourth_file():
        made(example)
    written = times_of_reports()
    assert len(written) == 3
    # A killed worker leaves the file as asked for; its task is taken over.
    Download.objects.update(state=Download.State.QUEUED, started_at=None)
    third = made(example)
    assert third.file.read() == content
    assert third.digest == first.digest
    assert written.items() <= times_of_reports().items()


@contextmanager
def ending_with_the_fourth_file() -> Iterator[None]:
    """Let the process end when it comes to write one file more."""
    numbers = count(1)
    write = StagedFile.write

    def write_three(staged: StagedFile, content: File) -> None:
        if next(numbers) > 3:
            raise KeyboardInterrupt
        write(staged, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StagedFile, "write", write_three)
        yield


def times_of_reports() -> dict[str, datetime]:
    """Return when each report that is there was written."""
    files = [report.file for report in Report.objects.exclude(file="")]
    return {
        str(file): file.storage.get_modified_time(str(file))
        for file in files
        if file.storage.exists(str(file))
    }


def test_a_making_that_breaks_off_is_marked_and_may_be_asked_for_again(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert example.assessment is not None
    with monkeypatch.context() as broken:
        broken.setattr(bundles.shutil, "copyfileobj", _full_disk)
        with pytest.raises(OSError, match="No space left"):
            made(example)
    assert Download.objects.get().state == Download.State.FAILED
    page = hr_of(example).get(address(example, "list")).text
    assert "It could not be made. Try again" in page
    assert made(example).state == Download.State.DONE


def _full_disk(source: object, target: object) -> None:
    raise OSError("No space left on device")


def lose_workers(kind: str, *arguments: object) -> None:
    """Let the queued task of a kind be taken by three workers that vanish."""
    task = DBTaskResult.objects.get(task_path=f"diagnostics.tasks.{kind}")
    assert task.args_kwargs["args"] == [str(argument) for argument in arguments]
    DBTaskResult.objects.filter(pk=task.pk).update(status="RUNNING")
    TaskLease.objects.create(
        task_id=task.pk, attempts=3, expires_at=timezone.now() - timedelta(minutes=1)
    )
    assert recover_lost_tasks() == [task.pk]


def test_a_file_whose_worker_vanished_three_times_may_be_asked_for_again(
    example: StoredExample, django_capture_on_commit_callbacks: object
) -> None:
    client = hr_of(example)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(address(example, "request", "figures"))
    download = Download.objects.get()
    lose_workers("make_download", download.pk, download.run)
    page = client.get(address(example, "list")).text
    assert "It was given up, because the worker stopped every time. Try again" in page
    assert 'hx-trigger="every 2s"' not in page
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page = client.post(address(example, "request", "figures"), follow=True).text
    assert "Waiting for the worker." in page
    assert "the file will be here when you come back" in page


def test_reports_whose_worker_vanished_three_times_are_no_longer_waited_for(
    example: StoredExample,
) -> None:
    assert example.assessment is not None
    DBTaskResult.objects.all().delete()  # what the scoring queued
    queue_reports(assessment_id=example.assessment.pk)
    lose_workers("render_reports", example.assessment.pk)
    assert set(Report.objects.values_list("state", flat=True)) == {Report.State.GIVEN_UP}


def test_the_file_is_sent_block_by_block_under_a_name_that_says_what_it_is(
    example: StoredExample,
) -> None:
    download = made(example)
    answer = hr_of(example).get(address(example, "open", "reports"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="autumn-2026-reports.zip"'
    assert answer.streaming
    blocks = list(answer)
    assert max(len(block) for block in blocks) <= 4096
    assert b"".join(blocks) == download.file.read()


def test_a_report_that_could_not_be_written_is_named(example: StoredExample) -> None:
    made(example)
    Report.objects.filter(unit__code="kemi").update(state=Report.State.FAILED)
    page = hr_of(example).get(address(example, "list")).text
    assert "could not be written and are not in the file: Field service Kemi" in page


def test_only_those_who_may_download_find_the_way_there(example: StoredExample) -> None:
    company = reverse("diagnostics:company-detail", args=[example.campaign.pk])
    assert address(example, "list") in hr_of(example).get(company).text
    leader = client_of(example, "leader@example.com", leads="oulu")
    assert address(example, "list") not in leader.get(company).text


def test_a_file_whose_asker_is_gone_is_nobody_s_in_the_ledger(example: StoredExample) -> None:
    assert example.assessment is not None
    asked = request_download(
        assessment=example.assessment, kind=Download.Kind.FIGURES, by=somebody()
    )
    somebody().delete()

    make_download(download_id=asked.pk)

    made_of = LedgerEntry.objects.filter(action="file made").values_list("who", "account_address")
    assert list(made_of) == [("", "")]
