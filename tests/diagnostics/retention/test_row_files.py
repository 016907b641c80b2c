"""Files made of answers are registered before they are written, and go before the log says so."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection, connections
from django.db.models import ProtectedError
from django.utils import timezone
from pytest_django import Settings

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.jobs.storage import StagedFile
from diagnostics.models import AnalysisCases, Download
from diagnostics.workbench.services.analyses import run_queued_analysis
from survey.errors import AnswersDeletedError
from survey.models import Action, Campaign, Pool, Release, Response, RowFile, Who
from survey.selectors.answer_life import deletion_words
from survey.selectors.releases import released_rows
from survey.services.ledger import note
from survey.services.retention.deletion import delete_old_answers, kept_until
from survey.services.retention.row_files import answers_held, staged_row_file
from tests.diagnostics.answered_campaign import AnsweredCampaign, answered_campaign, files_with
from tests.diagnostics.askers import somebody
from tests.diagnostics.jobs.killed_making import killed_making
from tests.diagnostics.stored_example import store_example

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 60  # seconds
Execute = Callable[..., Any]


@pytest.fixture
def scene(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> AnsweredCampaign:
    settings.KEY_DIR = tmp_path / "keys"
    # Other answers in each test: the tests of a parallel run share the folder of reports.
    return answered_campaign(seed=sum(request.node.name.encode()))


def small_release(wave: int = 1) -> Campaign:
    """Return a released campaign of one answer, with a registered file that holds it."""
    stored = store_example(wave=wave)
    campaign, assessment = stored.campaign, stored.assessment
    assert assessment is not None
    pool = Pool.objects.create(
        release=campaign.release, owner=stored.units["company"], n=5, merges_units=False
    )
    Response.objects.create(campaign=campaign, pool=pool, answers={"TF1": 3})
    download = Download.objects.create(assessment=assessment, kind=Download.Kind.ANSWERS)
    path = f"{campaign.pk}/1/answers.zip"
    with staged_row_file(campaign, path) as staged:
        staged.write(ContentFile(row_of(campaign)))
        with answers_held(campaign):
            Download.objects.filter(pk=download.pk).update(file=path, state=Download.State.DONE)
            staged.put_in_place()
    return campaign


def row_of(campaign: Campaign) -> bytes:
    return f"row of {campaign.pk}".encode()


def end_of(campaign: Campaign) -> datetime:
    campaign.refresh_from_db()
    return kept_until(campaign)


def actions(campaign: Campaign) -> list[str]:
    return [
        entry.action
        for entry in campaign.ledger.filter(
            action__in=[Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
        )
    ]


def says_more_than_is_so(campaign: Campaign) -> bool:
    """Tell whether the log says that answers are deleted while something of them is there."""
    is_left = bool(
        Response.objects.filter(campaign=campaign).exists()
        or RowFile.objects.filter(release=campaign.pk).exists()
        or files_with(row_of(campaign), Path(django_settings.REPORT_DIR, str(campaign.pk)))
    )
    return Action.ANSWERS_DELETED in actions(campaign) and is_left


def test_a_file_is_in_the_register_before_its_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = small_release()
    known: list[list[str]] = []
    write = StagedFile.write

    def look(staged: StagedFile, content: Any) -> None:  # noqa: ANN401
        known.append(list(RowFile.objects.order_by("path").values_list("path", flat=True)))
        write(staged, content)

    monkeypatch.setattr(StagedFile, "write", look)
    with staged_row_file(campaign, f"{campaign.pk}/1/more") as staged:
        staged.write(ContentFile(b"1,2"))

    assert known == [[f"{campaign.pk}/1/answers.zip", f"{campaign.pk}/1/more"]]


def test_a_release_is_not_deleted_before_the_files_made_of_its_answers() -> None:
    campaign = small_release()

    with pytest.raises(ProtectedError):
        Release.objects.filter(pk=campaign.pk).delete()


def test_a_deletion_killed_before_any_statement_never_says_more_than_is_so() -> None:
    lost: list[int] = []
    point = 0
    ended = False
    while not ended:
        point += 1
        campaign = small_release(wave=point)
        end = end_of(campaign)
        ended = not _is_killed_at(point, end)
        if says_more_than_is_so(campaign):
            lost.append(point)
        delete_old_answers(end)
        delete_old_answers(end + timedelta(minutes=1))
        if says_more_than_is_so(campaign) or actions(campaign) != [
            Action.ANSWERS_DELETED,
            Action.ANSWERS_WIPED,
        ]:
            lost.append(point)

    assert lost == []
    assert point > 20
    assert not Response.objects.exists()


def _is_killed_at(point: int, end: datetime) -> bool:
    """Delete what is due, ended before a statement; tell whether it came to that."""
    number = 0

    def count(execute: Execute, *arguments: object) -> object:
        nonlocal number
        number += 1
        if number == point:
            raise KeyboardInterrupt
        return execute(*arguments)

    try:
        with connection.execute_wrapper(count):
            delete_old_answers(end)
    except KeyboardInterrupt:
        return True
    return False


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_storage_that_refuses_is_asked_again_and_the_log_says_nothing_before(
    monkeypatch: pytest.MonkeyPatch, *, is_silent: bool
) -> None:
    locked, other = small_release(), small_release(wave=2)
    end = max(end_of(locked), end_of(other))
    delete = FileSystemStorage.delete

    def refuse(storage: FileSystemStorage, name: str) -> None:
        if not name.startswith(str(locked.pk)):
            delete(storage, name)
        elif not is_silent:
            raise PermissionError(name)

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", refuse)
        delete_old_answers(end)
        delete_old_answers(end)

    assert (actions(locked), actions(other)) == ([], [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED])
    assert RowFile.objects.get().path == f"{locked.pk}/1/answers.zip"
    assert "they are being deleted" in deletion_words(locked)
    assert Response.objects.filter(campaign=locked).exists()
    with pytest.raises(AnswersDeletedError, match="they are being deleted"):
        released_rows(locked)
    with pytest.raises(AnswersDeletedError), staged_row_file(locked, "x") as staged:
        staged.write(ContentFile(b""))

    delete_old_answers(end + timedelta(minutes=1))

    assert actions(locked) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    assert not RowFile.objects.exists()
    assert files_with(row_of(locked)) == []


def test_a_file_being_put_in_place_when_the_deletion_comes_is_waited_for_and_goes_too() -> None:
    campaign = small_release()
    begun, wait = Event(), Event()

    def store() -> None:
        try:
            with staged_row_file(campaign, f"{campaign.pk}/1/late") as staged:
                staged.write(ContentFile(b"late row"))
                with answers_held(campaign):
                    begun.set()
                    wait.wait(1)  # the deletion that has begun meanwhile waits for the lock
                    staged.put_in_place()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        storing = pool.submit(store)
        assert begun.wait(WAIT)
        delete_old_answers(end_of(campaign))
        storing.result(WAIT)

    assert actions(campaign) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    assert not RowFile.objects.exists()
    folder = Path(django_settings.REPORT_DIR, str(campaign.pk))
    assert files_with(b"row", folder) == []


@pytest.mark.parametrize("has_written", [True, False])
def test_a_file_being_written_when_the_deletion_comes_goes_under_the_hand(
    *, has_written: bool
) -> None:
    campaign = small_release()
    folder = Path(django_settings.REPORT_DIR, str(campaign.pk))
    with staged_row_file(campaign, f"{campaign.pk}/1/late") as staged:
        if has_written:
            staged.write(ContentFile(b"late row"))
        delete_old_answers(end_of(campaign))
        if not has_written:
            staged.write(ContentFile(b"late row"))
        # As a worker would leave it that is killed here.
        assert [path for path in folder.rglob("*") if path.is_file()] == []
        with pytest.raises(AnswersDeletedError), answers_held(campaign):
            staged.put_in_place()

    assert actions(campaign) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    assert not RowFile.objects.exists()


@pytest.mark.parametrize("kind", ["download", "analysis"])
def test_a_making_that_has_read_the_answers_before_their_deletion_leaves_nothing(
    scene: AnsweredCampaign, kind: str
) -> None:
    Path(Download.objects.get().file.path).unlink()
    download = request_download(
        assessment=scene.assessment, kind=Download.Kind.ANSWERS, by=somebody()
    )
    waiting = scene.waiting_analysis()
    make: dict[str, Callable[[], object]] = {
        "download": lambda: make_download(download_id=download.pk),
        "analysis": lambda: run_queued_analysis(analysis_id=waiting.pk),
    }

    with ThreadPoolExecutor(1) as pool, _paused_after_reading() as pause:
        making = pool.submit(pause.run, make[kind])
        assert pause.has_read.wait(WAIT)
        delete_old_answers(end_of(scene.campaign))
        pause.deleted.set()
        error = making.exception(WAIT)

    # The analysis is marked with the reason instead.
    assert isinstance(error, AnswersDeletedError) is (kind == "download"), error
    assert actions(scene.campaign) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    assert files_with(scene.row) == []
    assert not RowFile.objects.exists()
    assert not AnalysisCases.objects.exists()
    download.refresh_from_db()
    waiting.refresh_from_db()
    assert (download.state, str(download.file)) == ("failed", "")
    assert (waiting.state, waiting.result) == ("failed", None)


class Pause:
    """Lets a thread go on to what follows its reading of answers once they are deleted."""

    def __init__(self) -> None:
        self.has_read, self.deleted = Event(), Event()
        self._is_reading = False

    def run(self, action: Callable[[], object]) -> None:
        """Run an action on this thread's own connection."""
        try:
            with connection.execute_wrapper(self._wait):
                action()
        finally:
            connections.close_all()

    def _wait(self, execute: Execute, statement: str, *arguments: object) -> object:
        if self._is_reading and not self.has_read.is_set():
            self.has_read.set()
            self.deleted.wait(WAIT)
        self._is_reading = self._is_reading or 'FROM "survey_response"' in statement
        return execute(statement, *arguments)


@contextmanager
def _paused_after_reading() -> Iterator[Pause]:
    pause = Pause()
    try:
        yield pause
    finally:
        pause.deleted.set()


def test_a_worker_killed_while_it_stores_leaves_no_answer_that_retention_does_not_find(
    scene: AnsweredCampaign, tmp_path: Path
) -> None:
    Path(Download.objects.get().file.path).unlink()
    RowFile.objects.all().delete()
    download = request_download(
        assessment=scene.assessment, kind=Download.Kind.ANSWERS, by=somebody()
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    assert killed_making(download.pk, temporary) == -9

    assert [path for path in temporary.rglob("*") if path.is_file()] == []
    assert files_with(scene.row) == [f"{scene.campaign.pk}/1/answers.zip"]
    delete_old_answers(end_of(scene.campaign))
    assert files_with(scene.row) == []
    assert actions(scene.campaign) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]


def test_files_of_earlier_versions_go_too_also_where_the_log_had_said_so_already() -> None:
    campaign = small_release()
    folder = Path(django_settings.REPORT_DIR, str(campaign.pk), "1")
    (folder / "answers_Ab3xYz.zip").write_bytes(row_of(campaign))  # of a killed worker
    (folder / "figures.zip").write_bytes(b"released figures")
    RowFile.objects.all().delete()
    Response.objects.all().delete()
    long_ago = timezone.now() - timedelta(days=800)
    Campaign.objects.filter(pk=campaign.pk).update(closed_at=long_ago)
    for action in (Action.ANSWERS_DELETED, Action.ANSWERS_WIPED):
        note(action, by=Who.WORKER, campaign=campaign, now=end_of(campaign))
    import_module("survey.migrations.0006_row_files").end_deleted_answers(apps, None)
    import_module("diagnostics.migrations.0003_row_files").register_row_files(apps, None)
    assert [file.path for file in RowFile.objects.all()] == [f"{campaign.pk}/1/answers.zip"]

    delete_old_answers(timezone.now())
    delete_old_answers(timezone.now())

    assert [path.name for path in folder.iterdir()] == ["figures.zip"]
    told = list(campaign.ledger.values_list("action", flat=True))
    assert told == [
        Action.ANSWERS_DELETED,
        Action.ANSWERS_WIPED,
        Action.FILES_DELETED,
        Action.ANSWERS_WIPED,
    ]


def test_a_refused_wiping_is_tried_again(scene: AnsweredCampaign) -> None:
    run_queued_analysis(analysis_id=scene.waiting_analysis().pk)
    end = end_of(scene.campaign)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0").close()
    with closing(connection.copy()) as reader, reader.cursor() as cursor:
        _read_on(cursor, scene, end)
        delete_old_answers(end)
        assert actions(scene.campaign) == [Action.ANSWERS_DELETED]
        cursor.execute("COMMIT")

    delete_old_answers(end + timedelta(minutes=1))

    assert actions(scene.campaign) == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('diagnostics_analysiscases')")
            assert cursor.fetchone() == (0,)


def _read_on(cursor: Any, scene: AnsweredCampaign, end: datetime) -> None:  # noqa: ANN401
    """Begin to read the database and stay at it, in a way that lets rows be deleted."""
    if connection.vendor == "postgresql":
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM survey_campaign")
        return
    from survey.services.retention.deletion import delete_answers

    delete_answers(campaign=scene.campaign, now=end)  # SQLite deletes nothing while somebody reads
    cursor.execute("BEGIN")
    cursor.execute("SELECT count(*) FROM survey_campaign").fetchone()
