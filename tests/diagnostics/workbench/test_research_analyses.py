"""Analyses of single answers that were asked for research: run by the worker, naming nobody."""

import io
import json
import zipfile
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.analyses.answers import scores_frame
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import DemonstrationGuide, seed_demonstration
from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.exports.analyses import analysis_files
from diagnostics.models import (
    Analysis,
    AnalysisCases,
    AnalysisCheck,
    Download,
    Report,
    UnitAssessment,
)
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.scoring.scales import Scales
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.selectors.appendix import appendix_of, exported_whole
from diagnostics.workbench.selectors.cases import cases_of
from diagnostics.workbench.services.analyses import is_reproduced, run_queued_analysis
from diagnostics.workbench.services.checks import request_check, run_check
from survey.models import Leadership, Membership, Organisation, ReleasedSet, Response, Role, User
from survey.services.retention.deletion import delete_answers
from tests.diagnostics.askers import somebody
from tests.diagnostics.workbench.campaign_forms import analyst_of, fill

# One worker makes the scene that all of these share, not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("research analyses")]


@pytest.fixture(scope="module")
def guide(django_db_setup: None, django_db_blocker: object) -> Iterator[DemonstrationGuide]:
    """Return the demonstration of research, set up once; the tables are emptied at the end."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None, is_research=True)
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def analyst(guide: DemonstrationGuide) -> Client:
    """Return a client of the demonstration's analyst."""
    return analyst_of(guide.released)


def test_the_form_offers_the_anchors_and_expectations_of_the_campaign(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released)

    sets = {rule["column"]: rule for rule in analysis.recipe["content"]["conditions"]}
    assert {column: rule["expectation"] for column, rule in sets.items()} == {
        "TF": "1", "AD": "1", "AG": "1", "RB": "1", "CF": "-",
    }  # fmt: skip
    assert {tuple(rule["anchors"]) for rule in sets.values()} == {(2.0, 4.1, 6.0)}
    assert analysis.recipe["content"]["outcome"]["column"] == "DSO"


def test_an_analysis_waits_until_the_worker_has_run_it(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released)
    address = reverse("diagnostics:analysis-detail", args=[analysis.pk])
    download = reverse("diagnostics:analysis-download", args=[analysis.pk])
    waiting = analyst.get(address).content
    assert b"Waiting for the worker." in waiting
    assert b"The page shows the result by itself." in waiting
    assert analyst.get(download).status_code == 404

    run_queued_analysis(analysis_id=analysis.pk)
    run_queued_analysis(analysis_id=analysis.pk)

    analysis.refresh_from_db()
    result = result_of(analysis)
    assert analysis.state == Analysis.State.DONE
    assert result.left_out is not None
    assert result.cases + len(result.left_out) == Response.objects.filter(
        campaign=guide.released
    ).count()  # fmt: skip
    assert is_reproduced(analysis=analysis)


def test_each_function_is_analysed_on_its_own_answers(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    sizes = {}
    for function in ("operations", "sales"):
        analysis = fill(analyst, guide.released, function)
        run_queued_analysis(analysis_id=analysis.pk)
        analysis.refresh_from_db()
        result = result_of(analysis)
        assert result.left_out is not None
        sizes[function] = result.cases + len(result.left_out)

    responses = Response.objects.filter(campaign=guide.released)
    assert sizes == {name: responses.filter(function=name).count() for name in sizes}


def test_the_file_lists_no_case_and_tells_small_rows_in_words(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released, frequency="1")
    run_queued_analysis(analysis_id=analysis.pk)
    analysis.refresh_from_db()
    rows = result_of(analysis).rows

    download = analyst.get(reverse("diagnostics:analysis-download", args=[analysis.pk]))

    assert min(row.n or 0 for row in rows) < 5
    found = json.loads(download.content)["result"]
    told = [row["n"] for row in found["rows"]]
    assert told == [row.n if row.n >= 5 else "fewer than 5" for row in rows if row.n]
    assert {tuple(row["cases"] + row["deviant"]) for row in found["rows"]} == {()}
    assert {n for one in found["sets"] for n in one["counts"]}.isdisjoint({1, 2, 3, 4})


def test_a_number_of_a_case_is_its_rank_by_the_columns_of_the_analysis_alone(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released, "sales")
    run_queued_analysis(analysis_id=analysis.pk)
    analysis.refresh_from_db()

    cases = cases_of(analysis)

    assert list(cases.columns) == ["TF", "AD", "AG", "RB", "CF", "DSO"]
    assert list(cases.index) == [str(number) for number in range(1, len(cases) + 1)]
    pd.testing.assert_frame_equal(
        cases, cases.sort_values(list(cases.columns), ignore_index=True).set_axis(cases.index)
    )


def test_plots_sliders_and_checks_rest_on_kept_scores_and_end_with_the_answers(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released)
    run_queued_analysis(analysis_id=analysis.pk)
    addresses = {
        name: reverse(f"diagnostics:{name}", args=[analysis.pk])
        for name in ("analysis-detail", "analysis-cuts", "check-list")
    }
    tried = analyst.get(addresses["analysis-cuts"], {
        "inclusion": "0.9", "pri": "0.65", "frequency": "4",
    })  # fmt: skip
    assert tried.context["page"].recipe.inclusion_cuts == (0.9,)
    assert analyst.get(addresses["analysis-detail"]).context["page"].scatter is not None

    delete_answers(campaign=guide.released, now=timezone.now())

    assert not AnalysisCases.objects.exists()
    assert analyst.get(addresses["analysis-detail"]).context["page"].scatter is None
    assert analyst.get(addresses["analysis-cuts"]).status_code == 410
    assert b"The answers are deleted" in analyst.get(addresses["check-list"]).content


def test_cuts_of_a_campaign_are_saved_by_way_of_the_worker(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released)
    run_queued_analysis(analysis_id=analysis.pk)

    answer = analyst.post(
        reverse("diagnostics:analysis-cuts", args=[analysis.pk]),
        {"inclusion": "0.9", "pri": "0.65", "frequency": "4"},
    )

    saved = Analysis.objects.exclude(pk=analysis.pk).get()
    assert answer.headers["Location"] == reverse("diagnostics:analysis-detail", args=[saved.pk])
    assert (saved.state, saved.copied_from_id) == (Analysis.State.QUEUED, analysis.pk)


def test_neither_appendix_nor_zip_of_a_campaign_tells_a_small_number_or_a_case(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = fill(analyst, guide.released, "sales", frequency="1")
    run_queued_analysis(analysis_id=analysis.pk)
    analysis.refresh_from_db()
    user = User.objects.get(email="ann@example.com")
    check = request_check(analysis=analysis, kind=AnalysisCheck.Kind.ROBUSTNESS, by=user)
    run_check(check_id=check.pk, run=check.run)
    told = [row.n if row.n >= 5 else "fewer than 5" for row in result_of(analysis).rows if row.n]

    document = exported_whole(analysis)
    appendix = appendix_of(analysis, language="en")
    files = analysis_files(recipe_of(analysis), document, None)

    tables = {chapter.title: chapter.tables for chapter in appendix.chapters}
    assert [row[3] for row in tables["Truth table"][0].rows] == [str(n) for n in told]
    assert [row["n"] for row in document["result"]["rows"]] == told
    assert {type(one["cases"]) for one in document["checks"][0]["result"]["kinds"]} <= {int, str}
    assert not any(one["cases"] in {1, 2, 3, 4} for one in document["checks"][0]["result"]["kinds"])
    assert "calibrated.csv" not in files
    table = pd.read_csv(io.BytesIO(files["truth-table.csv"]), dtype=str)
    assert list(table["n"]) == [str(n) for n in told]


def test_operations_and_sales_are_compared_by_the_coincidence_of_their_solutions(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    pair = [fill(analyst, guide.released, function) for function in ("operations", "sales")]
    for analysis in pair:
        run_queued_analysis(analysis_id=analysis.pk)

    address = reverse("diagnostics:analysis-compare")
    page = analyst.get(f"{address}?first={pair[0].pk}&second={pair[1].pk}").context["page"]

    assert [analysis for analysis, _ in page.overlaps] == pair
    for place, (analysis, overlap) in enumerate(page.overlaps):
        analysis.refresh_from_db()
        model = result_of(analysis).solutions[-1].models[0]
        own = (overlap.first, overlap.second)[place]
        assert (own.consistency, own.coverage) == pytest.approx((model.consistency, model.coverage))
        assert 0.5 < overlap.coincidence <= 1


def test_a_recipe_that_cannot_be_run_says_why(analyst: Client, guide: DemonstrationGuide) -> None:
    analysis = fill(analyst, guide.released, frequency="100000")

    run_queued_analysis(analysis_id=analysis.pk)

    analysis.refresh_from_db()
    assert analysis.state == Analysis.State.FAILED
    assert analysis.reason.startswith("expected a row with 100000 cases or more")
    page = analyst.get(reverse("diagnostics:analysis-detail", args=[analysis.pk]))
    assert b"It cannot be made:" in page.content


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ANALYST])
def test_other_roles_cannot_analyse_a_campaign(role: str, guide: DemonstrationGuide) -> None:
    user = User.objects.create_user("other@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=guide.released.organisation, user=user, role=role)
    client = Client()
    client.force_login(user)

    address = reverse("diagnostics:campaign-analyse", args=[guide.released.pk])
    assert client.get(address).status_code == 404


def test_an_analysis_has_one_source(guide: DemonstrationGuide) -> None:
    organisation = Organisation.objects.get(pk=guide.released.organisation_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Analysis.objects.create(
            organisation=organisation, number=1, title="T", recipe={}, software_version="0",
            created_at=timezone.now(),
        )  # fmt: skip


def test_cases_are_numbered_by_their_scores_alone() -> None:
    scales = Scales(items={"A": ("A1", "A2")}, reversed_items=frozenset({"A2"}), points=7)
    rows = pd.DataFrame(
        {
            "pool": ["p", "q", "r"],
            "function": ["sales", "", "sales"],
            "A1": [7.0, 1.0, 2.0],
            "A2": [1.0, 7.0, np.nan],
        }
    )

    pd.testing.assert_frame_equal(
        scores_frame(rows, scales, ""),
        pd.DataFrame({"A": [1.0, 7.0, np.nan]}, index=["1", "2", "3"]),
    )
    pd.testing.assert_frame_equal(
        scores_frame(rows, scales, "sales"), pd.DataFrame({"A": [7.0, np.nan]}, index=["1", "2"])
    )


def test_the_analysts_file_has_one_row_a_person_and_no_trace_of_a_unit(
    guide: DemonstrationGuide,
) -> None:
    assessment = current_assessment(guide.released)
    assert assessment is not None
    asked = request_download(assessment=assessment, kind=Download.Kind.ANSWERS, by=somebody())
    download = make_download(download_id=asked.pk)
    with download.file.open("rb") as file, zipfile.ZipFile(file) as files:
        assert "reproduce/expected/operations-truth-table.csv" in files.namelist()
        rows = files.read("answers.csv").decode("utf-8-sig").splitlines()[1:]
        texts = (".csv", ".R", ".txt")
        whole = b"".join(files.read(name) for name in files.namelist() if name.endswith(texts))
    assert len(rows) == Response.objects.filter(campaign=guide.released).count()
    assert {row.split(",")[0] for row in rows} <= {"", "1", "2"}
    units = guide.released.units.exclude(parent=None).values_list("name", "pk")
    for name, key in units:
        assert name.encode() not in whole
        assert str(key).encode() not in whole


def test_nothing_is_told_of_any_unit(guide: DemonstrationGuide) -> None:
    """Rows and figures of one campaign would name the people of small teams."""
    sets = ReleasedSet.objects.filter(release__campaign=guide.released)
    results = UnitAssessment.objects.filter(assessment__campaign=guide.released)

    assert set(sets.values_list("owner__parent", flat=True)) == {None}
    assert {one.function for one in sets} == {"", "operations", "sales"}
    assert set(results.filter(is_own_profile=True).values_list("unit__parent", flat=True)) == {None}
    assert not Report.objects.filter(
        assessment__campaign=guide.released, kind=Report.Kind.UNIT
    ).exists()


def test_a_leader_finds_the_company_and_is_told_that_nothing_is_told_of_the_unit(
    guide: DemonstrationGuide,
) -> None:
    led = Leadership.objects.select_related("user").exclude(unit__parent=None).first()
    assert led is not None
    unit = guide.released.units.get(unit=led.unit_id)
    client = Client()
    client.force_login(led.user)

    page = client.get(reverse("diagnostics:unit-detail", args=[guide.released.pk, unit.pk]))

    assert page.status_code == 200
    assert "tells nothing of units" in page.text
