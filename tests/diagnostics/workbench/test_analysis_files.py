"""The appendix and the ZIP of an analysis: whole, the same again, and silent about single cases."""

import io
import json
import zipfile
from dataclasses import replace

import page
import pandas as pd
import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from pypdf import PdfReader

from diagnostics.analyses.recipes import Calibration, SetRule
from diagnostics.analyses.sets import sets_of
from diagnostics.models import Analysis, AnalysisCheck, AnalysisFile
from diagnostics.workbench.documents import analysis_document
from diagnostics.workbench.selectors.analysis_pages import recipe_of
from diagnostics.workbench.selectors.appendix import appendix_of
from diagnostics.workbench.services.files import make_file, request_file
from survey.models import User
from tests.diagnostics.workbench.test_analysis_checks import analysed, ann, made, scored_cases

pytestmark = pytest.mark.django_db
__all__ = ["ann"]  # the fixture
Kind = AnalysisFile.Kind


def written(analysis: Analysis, kind: str, by: User) -> AnalysisFile:
    file = request_file(analysis=analysis, kind=kind, language="en", by=by)
    make_file(file_id=file.pk, run=file.run)
    file.refresh_from_db()
    return file


def test_the_bundle_holds_recipe_tables_appendix_and_what_repeats_it(ann: User) -> None:
    analysis = analysed(ann, *scored_cases())
    for kind in (AnalysisCheck.Kind.ROBUSTNESS, AnalysisCheck.Kind.HALVES):
        made(analysis, kind, ann)

    file = written(analysis, Kind.BUNDLE, ann)

    with file.file.open("rb") as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as bundle:
        found = {name: bundle.read(name) for name in bundle.namelist()}
    assert set(found) == {
        "README.txt", "appendix.pdf", "calibrated.csv", "necessity.csv", "recipe.json",
        "result.json", "solutions.csv", "truth-table.csv", "reproduce/analysis.R",
        "reproduce/README.txt", "reproduce/cases.csv", "reproduce/common.R",
        "reproduce/expected/counts.csv", "reproduce/expected/necessity.csv",
        "reproduce/expected/solutions.csv", "reproduce/expected/terms.csv",
        "reproduce/expected/truth-table.csv", "reproduce/parameters.R", "reproduce/solutions.R",
        "reproduce/truth_tables.R",
    }  # fmt: skip
    assert json.loads(found["recipe.json"]) == analysis.recipe["content"]
    checks = json.loads(found["result.json"])["checks"]
    assert [one["kind"] for one in checks] == ["halves", "robustness"]
    sets = pd.read_csv(io.BytesIO(found["calibrated.csv"]))
    pd.testing.assert_frame_equal(
        sets, sets_of(scored_cases()[0], recipe_of(analysis)).memberships.reset_index(drop=True)
    )
    assert b'"incl.cut" = c(0.8)' in found["reproduce/parameters.R"]
    text = " ".join(
        one.extract_text() for one in PdfReader(io.BytesIO(found["appendix.pdf"])).pages
    )
    for words in ("Truth table", "Intermediate solution", "RF_cons", "Predictive validity",
                  analysis.digest[:20]):  # fmt: skip
        assert words in text


def test_a_file_is_made_once_and_anew_when_a_check_is_added(ann: User) -> None:
    analysis = analysed(ann, *scored_cases())
    first = written(analysis, Kind.APPENDIX, ann)
    again = request_file(analysis=analysis, kind=Kind.APPENDIX, language="en", by=ann)
    assert (again.state, again.digest) == ("done", first.digest)

    made(analysis, AnalysisCheck.Kind.HALVES, ann)
    client = Client()
    client.force_login(ann)
    files = reverse("diagnostics:analysis-files", args=[analysis.pk])
    assert b"Make it anew with the latest checks" in client.get(files).content
    client.post(reverse("diagnostics:analysis-file-request", args=[analysis.pk, "appendix"]))
    assert AnalysisFile.objects.get().state == "queued"
    second = written(analysis, Kind.APPENDIX, ann)

    assert second.digest != first.digest
    sent = client.get(reverse("diagnostics:analysis-file-open", args=[analysis.pk, "appendix"]))
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert client.get(
        reverse("diagnostics:analysis-file-open", args=[analysis.pk, "bundle"])
    ).status_code == 404  # fmt: skip


def test_what_a_recipe_cannot_say_in_anchors_is_said_in_words(ann: User) -> None:
    scores, recipe = scored_cases()
    rule = SetRule("X1", (10.0, 50.0, 90.0), "1", Calibration.PERCENTILE)
    analysis = analysed(
        ann, scores,
        replace(recipe, conditions=(rule, *recipe.conditions[1:]), joint_expectations=("X2*X3",)),
    )  # fmt: skip

    facts = {fact.label: fact.text for fact in appendix_of(analysis, language="en").recipe}

    assert facts["Anchors"].startswith("X1 at percentiles 10 / 50 / 90; X2 2 / 4.1 / 6")
    assert facts["Directional expectations"] == "X1, X2, X3, X2*X3"


def test_the_appendix_is_in_every_language_and_a_validator_finds_nothing(ann: User) -> None:
    analysis = analysed(ann, *scored_cases())
    for kind in (
        AnalysisCheck.Kind.ROBUSTNESS,
        AnalysisCheck.Kind.HALVES,
        AnalysisCheck.Kind.BOOTSTRAP,
    ):
        made(analysis, kind, ann)

    for language, _ in settings.LANGUAGES:
        with override(language):
            reading = appendix_of(analysis, language=language)
            document = analysis_document(reading)
            heading = gettext("Appendix of a set-theoretic analysis")
        report = page.validate_pdf_bytes(document, profile="ua1")
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
        with pikepdf.open(io.BytesIO(document)) as opened:
            assert str(opened.Root.Lang) == language
        pages = PdfReader(io.BytesIO(document)).pages
        assert heading in pages[0].extract_text()
        assert reading.chart is not None
        with override(language):
            drawn = gettext("%(pair)s, model %(number)s of %(all)s")
        assert drawn % {"pair": "C1P1", "number": 1, "all": 1} in reading.chart.caption
        assert 3 <= len(pages) <= 9
