"""Export files made by the worker from a stored release."""

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import DemonstrationGuide, seed_demonstration
from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.models import Download
from diagnostics.results.selectors.assessments import current_assessment
from tests.diagnostics.askers import somebody

# One worker makes the scene that all of these share, not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("export files")]


@pytest.fixture(scope="module")
def guide(django_db_setup: None, django_db_blocker: object) -> Iterator[DemonstrationGuide]:
    """Return the demonstration, set up once; the tables are emptied when the module is through."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None, with_earlier=False)
        call_command("flush", interactive=False, verbosity=0)


def made(guide: DemonstrationGuide, kind: str) -> Download:
    assessment = current_assessment(guide.released)
    assert assessment is not None
    return make_download(
        download_id=request_download(assessment=assessment, kind=kind, by=somebody()).pk
    )


def table(download: Download, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(download.file.read())) as files:
        text = files.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_figures_come_as_workbook_csv_and_spss_and_again_with_the_same_bytes(
    guide: DemonstrationGuide,
) -> None:
    download = made(guide, Download.Kind.FIGURES)
    content = download.file.read()
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert files.namelist() == [
            "workbook.xlsx",
            "scores.csv",
            "verdicts.csv",
            "pattern_tests.csv",
            "items.csv",
            "background.csv",
            "codebook.csv",
            "scores.sav",
            "verdicts.sav",
            "pattern_tests.sav",
            "items.sav",
            "background.sav",
            "reproduce/README.txt",
            "reproduce/common.R",
            "reproduce/verdicts.R",
            "reproduce/parameters.R",
            "reproduce/expected-verdicts.csv",
        ]
    download.file.storage.delete(str(download.file))
    assert made(guide, Download.Kind.FIGURES).file.read() == content


def test_the_figures_hold_no_row_of_a_person(guide: DemonstrationGuide) -> None:
    scores = table(made(guide, Download.Kind.FIGURES), "scores.csv")
    assert {row["answers"] for row in scores} == {"5-9", "10-19", "20-49", "50+"}
    assert len({(row["unit"], row["function"]) for row in scores}) == len(scores)
