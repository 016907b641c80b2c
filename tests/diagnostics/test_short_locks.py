"""Nobody waits for a lock while a file is read or written, or something is computed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.models import Download
from survey.models import Upload
from survey.services.setup.uploads import choose_hidden_rows, confirm_upload
from tests.diagnostics.answered_campaign import answered_campaign
from tests.diagnostics.askers import somebody
from tests.diagnostics.test_forms_twice import FORMS
from tests.faults.points import place_of

pytestmark = pytest.mark.django_db(transaction=True)
LONG = (
    "diagnostics.jobs.storage.StagedFile.write",
    "diagnostics.jobs.work_files._is_as_written",
    "diagnostics.results.services.assessments.result_digest",
    "diagnostics.workbench.services.analyses.analyse",
    "diagnostics.workbench.services.analyses.read_matrix",
    "survey.services.setup.instruments.read_told_content",
    "survey.services.setup.uploads.check_files",
)


def hand_in(view: str) -> None:
    post = FORMS[view]()
    client = Client()
    client.force_login(post.by)
    assert post.send(client, post.fields(client)).status_code == 302


def confirm() -> None:
    hand_in("choose_files")
    choose_hidden_rows(upload=Upload.objects.get(), includes=True)
    confirm_upload(upload=Upload.objects.get())


def download() -> None:
    scene = answered_campaign(seed=9)  # opened, scored, and its answers downloaded once
    Path(Download.objects.get().file.path).unlink()
    asked = request_download(assessment=scene.assessment, kind=Download.Kind.ANSWERS, by=somebody())
    make_download(download_id=asked.pk)
    request_download(assessment=scene.assessment, kind=Download.Kind.ANSWERS, by=somebody())


ACTS: dict[str, tuple[Callable[[], None], set[str]]] = {
    "a matrix": (lambda: hand_in("upload_matrix"), {"read_matrix"}),
    "an example": (lambda: hand_in("take_example"), {"read_matrix"}),
    "an analysis": (lambda: hand_in("create_analysis"), {"read_matrix", "analyse"}),
    "other cuts": (lambda: hand_in("try_cuts"), {"read_matrix", "analyse"}),
    "a questionnaire": (lambda: hand_in("import_file"), {"read_told_content"}),
    "files of people": (confirm, {"check_files"}),
    "a download": (download, {"write", "_is_as_written", "result_digest"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_takes_long_is_done_before_the_lock(
    act: str, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    done, under_lock = set[str](), set[str]()

    def watch(path: str) -> None:
        place, name = place_of(path)
        function = getattr(place, name)

        def watched(*arguments: object, **options: object) -> object:
            done.add(name)
            if connection.in_atomic_block:
                under_lock.add(name)
            return function(*arguments, **options)

        monkeypatch.setattr(place, name, watched)

    for path in LONG:
        watch(path)
    perform, expected = ACTS[act]
    perform()

    assert (done, under_lock) == (expected, set())
