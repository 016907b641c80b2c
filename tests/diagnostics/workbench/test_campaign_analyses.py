"""Analyses of a campaign that tells figures of units: tables of the whole company, and no case."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from scipy.optimize import LinearConstraint, milp

from diagnostics.analyses.computing import table_of
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult
from diagnostics.analyses.sets import sets_of
from diagnostics.analyses.telling import UntoldError
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import DemonstrationGuide, seed_demonstration
from diagnostics.documents import ANALYSIS_RESULT, ANCHORS, SCALE_STUDY
from diagnostics.exports.analyses import analysis_files
from diagnostics.measurement.services import run_study
from diagnostics.models import (
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Assessment,
    Download,
    Report,
    ScaleStudy,
)
from diagnostics.reports.services.files import note_reports
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.selectors.appendix import exported_whole
from diagnostics.workbench.selectors.cases import cases_of
from diagnostics.workbench.selectors.cuts import cuts_page
from diagnostics.workbench.services.analyses import (
    is_reproduced,
    queue_analysis,
    run_queued_analysis,
)
from diagnostics.workbench.services.checks import request_check, run_check
from diagnostics.workbench.services.files import make_file, request_file
from survey.instrument.content import FUNCTIONS
from survey.models import Campaign, Response, User
from tests.diagnostics.workbench.campaign_forms import analyst_of, fill
from tests.proofs.planted_rows import planted_rows

# One worker makes the scene that all of these share, not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("campaign analyses")]
MOST = {0: 4, 5: 9, 10: 19, 20: 49}  # people that each can stand for
BANDS = frozenset({5, 10, 20, 50})  # the lower ends of what is told of a size


@pytest.fixture(scope="module")
def guide(django_db_setup: None, django_db_blocker: object) -> Iterator[DemonstrationGuide]:
    """Return the demonstration, set up once; the tables are emptied when the module is through."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None, with_earlier=False)
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def analyst(guide: DemonstrationGuide) -> Client:
    """Return a client of the demonstration's analyst."""
    return analyst_of(guide.released)


def tried(analysis: Analysis) -> Analysis:
    run_queued_analysis(analysis_id=analysis.pk)
    analysis.refresh_from_db()
    return analysis


def run(analysis: Analysis) -> Analysis:
    tried(analysis)
    assert analysis.state == Analysis.State.DONE, analysis.reason
    return analysis


def told_functions(campaign: Campaign) -> int:
    return Response.objects.filter(campaign=campaign).exclude(function="").count()


def test_a_result_counts_in_bands_and_names_nobody_and_comes_out_the_same_again(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released, "operations"))

    result = ANALYSIS_RESULT.read(analysis.result)  # as it is stored, not as it is shown

    assert {row.n for row in result.rows} <= BANDS
    assert {(row.cases, row.deviant) for row in result.rows} == {((), ())}
    assert (result.left_out, result.undecided) == (None, None)
    assert {one.counts for one in result.sets} == {()}
    assert result.solutions
    assert is_reproduced(analysis=analysis)


def test_every_figure_has_three_decimals_at_most(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released))
    for kind in AnalysisCheck.Kind.values[:3]:
        user = User.objects.get(email="ann@example.com")
        check = request_check(analysis=analysis, kind=kind, by=user)
        run_check(check_id=check.pk, run=check.run)

    documents = [analysis.result, *AnalysisCheck.objects.values_list("result", flat=True)]

    figures = [number for document in documents for number in floats_in(document)]
    assert len(figures) > 100
    assert [number for number in figures if round(number, 3) != number] == []


def floats_in(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from floats_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from floats_in(one)


def test_all_analyses_of_a_function_rest_on_the_same_people_whatever_they_use(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    everything = run(fill(analyst, guide.released, "sales"))
    fewer = run(fill(analyst, guide.released, "sales", **{"use-0": ""}))

    assert recipe_of(fewer).names != recipe_of(everything).names
    assert result_of(fewer).cases == result_of(everything).cases
    scores = [
        cases_of(one)[["AD", "AG", "RB", "CF", "DSO"]].sort_values(
            ["AD", "AG", "RB", "CF", "DSO"], ignore_index=True
        ).to_numpy().tolist()
        for one in (everything, fewer)
    ]  # fmt: skip
    assert scores[0] == scores[1]


def test_all_are_those_whose_function_is_told_so_that_no_difference_is_about_the_others(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    campaign = guide.released
    # A team in which nobody's line of work is told.
    pool = Response.objects.filter(campaign=campaign).exclude(function="").first()
    assert pool is not None
    Response.objects.filter(campaign=campaign, pool=pool.pool).update(function="")

    sizes = {
        function: result_of(run(fill(analyst, campaign, function))).cases
        for function in ("", "operations", "sales")
    }

    everybody = [len(cases_of(one)) for one in Analysis.objects.order_by("number")]
    assert everybody[0] == everybody[1] + everybody[2] <= told_functions(campaign)
    assert sizes == {
        function: number // 10 * 10
        for function, number in zip(("", *FUNCTIONS), everybody, strict=True)
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"half-0": "4.2"},
        {"out-1": "2.1", "half-1": "4.1", "full-1": "6"},
        {"method-0": "crisp", "half-0": "4"},
        {"constant": "fsqca"},
    ],
    ids=["crossover", "full out", "method", "constant"],
)
def test_whatever_is_sent_sets_are_calibrated_as_the_campaign_s(
    analyst: Client, guide: DemonstrationGuide, changes: dict[str, str]
) -> None:
    analysis = fill(analyst, guide.released, "sales", **changes)

    as_offered = fill(analyst, guide.released, "sales")
    assert recipe_of(analysis) == recipe_of(as_offered)


@pytest.mark.parametrize(
    "other",
    [
        lambda recipe: replace(recipe, frequency_cut=7),
        lambda recipe: replace(recipe, idm=0.9526),
        lambda recipe: replace(recipe, outcome=replace(recipe.outcome, anchors=(2.0, 4.0, 6.0))),
    ],
    ids=["cut between two bands", "constant", "anchors"],
)
def test_the_service_refuses_a_recipe_that_would_find_people_out_by_trying(
    analyst: Client, guide: DemonstrationGuide, other: object
) -> None:
    recipe = recipe_of(fill(analyst, guide.released, "sales"))
    changed: Recipe = other(recipe)  # type: ignore[operator]

    with pytest.raises(UntoldError, match=r"expected .*, found "):
        queue_analysis(
            campaign=guide.released, function="sales", title="T", recipe=changed,
            by=User.objects.get(email="ann@example.com"),
        )  # fmt: skip


def test_tables_of_all_conditions_together_pin_no_small_number_of_people(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    """Tables of fewer conditions are sums of rows: exact ones would tell the rows that are not."""
    whole = run(fill(analyst, guide.released, "operations"))
    places = range(len(recipe_of(whole).names))
    tables = {tuple(places): result_of(whole)}
    for left_out in [*combinations(places, 1), *combinations(places, 2)]:
        changes = {f"use-{place}": "" for place in left_out}
        fewer = tried(fill(analyst, guide.released, "operations", **changes))
        if fewer.state != Analysis.State.DONE:
            assert fewer.result is None  # a table without a negative row is told to nobody
            continue
        kept = tuple(place for place in places if place not in left_out)
        tables[kept] = result_of(fewer)
    rows = exact_rows(whole)
    small = [code for code, n in enumerate(rows) if 0 < n < 5]
    assert len(small) > 3

    ranges = [possible_sizes(tables, code) for code in small]

    assert all(low <= rows[code] <= high for code, (low, high) in zip(small, ranges, strict=True))
    assert [one for one in ranges if one[0] == one[1]] == []


def exact_rows(analysis: Analysis) -> list[int]:
    """Return how many cases each row of an analysis really has, by its code."""
    recipe = recipe_of(analysis)
    memberships = sets_of(cases_of(analysis), recipe).memberships
    return table_of(memberships, recipe).n.tolist()


def possible_sizes(tables: Mapping[tuple[int, ...], AnalysisResult], code: int) -> tuple[int, int]:
    """Return the fewest and most people that a row can have by everything that tables tell."""
    k = max(map(len, tables))
    bits = [f"{row:0{k}b}" for row in range(2**k)]
    sums: list[list[bool]] = []
    least: list[float] = []
    most: list[float] = []
    for kept, table in tables.items():
        told = {row.bits: row.n or 0 for row in table.rows}
        for part in map("".join, product("01", repeat=len(kept))):
            lower = told.get(part, 0)
            sums.append([part == "".join(row[place] for place in kept) for row in bits])
            least.append(lower)
            most.append(MOST.get(lower, np.inf))
    whole = tables[max(tables, key=len)]
    for place, one in enumerate(whole.sets[:k]):
        assert one.share_above_half is not None
        sums.append([row[place] == "1" for row in bits])
        # Whoever is at .5 in another condition is in no row; nobody is, or it is not told.
        is_whole = all(other.at_half == 0 for other in whole.sets[:k])
        least.append((one.share_above_half - 0.005) * whole.cases - 1 if is_whole else 0)
        most.append((one.share_above_half + 0.005) * (whole.cases + 9) + 1)
    constraint = LinearConstraint(np.array(sums, dtype=float), least, most)
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * np.eye(2**k)[code],
            constraints=constraint,
            integrality=np.ones(2**k, dtype=np.int64),
        )
        assert found.fun is not None
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def test_no_answer_and_no_score_of_anybody_is_on_a_page_or_in_a_file(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released))
    planted = planted_rows(guide.released)
    assert planted.scores
    user = User.objects.get(email="ann@example.com")
    kinds = (*AnalysisCheck.Kind.values,)
    for kind in kinds:
        check = request_check(analysis=analysis, kind=kind, by=user)
        run_check(check_id=check.pk, run=check.run)
    file = request_file(analysis=analysis, kind=AnalysisFile.Kind.BUNDLE, language="en", by=user)
    make_file(file_id=file.pk, run=file.run)
    file.refresh_from_db()
    names = ("analysis-detail", "analysis-cuts", "check-list", "analysis-download",
             "analysis-copy", "pattern-derive")  # fmt: skip
    contents = {
        name: analyst.get(reverse(f"diagnostics:{name}", args=[analysis.pk])).content
        for name in names
    }
    contents["bundle"] = file.file.read()

    assert planted.found_in(contents) == (0, 0)
    page = analyst.get(reverse("diagnostics:analysis-detail", args=[analysis.pk]))
    assert page.context["page"].scatter is None
    assert b"Nobody reads single answers of this campaign" in page.content


def test_cuts_are_tried_where_bands_begin_and_nowhere_else(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released, "sales"))
    address = reverse("diagnostics:analysis-cuts", args=[analysis.pk])

    tried = analyst.get(address, {"inclusion": "0.9", "pri": "0.65", "frequency": "10"})
    refused = analyst.get(address, {"inclusion": "0.9", "pri": "0.65", "frequency": "7"})

    assert {one.row.n for one in tried.context["page"].rows} <= BANDS
    assert tried.context["page"].recipe.frequency_cut == 10
    assert round(tried.context["page"].kept, 1) == tried.context["page"].kept
    assert refused.status_code == 422
    saved = analyst.post(address, {"inclusion": "0.9", "pri": "0.65", "frequency": "10"})
    assert saved.status_code == 302
    assert recipe_of(Analysis.objects.order_by("-number")[0]).inclusion_cuts == (0.9,)


def test_cuts_that_are_tried_are_held_to_the_campaign_s_by_the_selector(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released, "sales"))
    recipe = recipe_of(analysis)

    page = cuts_page(analysis, result_of(analysis), replace(recipe, frequency_cut=7))

    assert page.rows == ()
    assert page.problem.startswith("expected a frequency cut of 5, 10, 20, 50")


def test_anchors_stay_those_of_the_first_scoring(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    """Whoever scores again and again with other anchors would tell the people between two."""
    first = Assessment.objects.get(campaign=guide.released)
    offered = recipe_of(fill(analyst, guide.released, "sales"))
    moved = dict.fromkeys(ANCHORS.read(first.anchors), (2.0, 4.2, 6.0))
    first.pk, first.number, first.anchors = None, 2, ANCHORS.stored(moved)
    first.save(force_insert=True)

    again = recipe_of(fill(analyst, guide.released, "sales"))

    assert again == offered
    assert {rule.anchors for rule in again.sets} == {(2.0, 4.1, 6.0)}


def test_files_tell_sizes_in_bands(analyst: Client, guide: DemonstrationGuide) -> None:
    analysis = run(fill(analyst, guide.released, "sales"))
    user = User.objects.get(email="ann@example.com")
    check = request_check(analysis=analysis, kind=AnalysisCheck.Kind.ROBUSTNESS, by=user)
    run_check(check_id=check.pk, run=check.run)

    document = exported_whole(analysis)
    files = analysis_files(recipe_of(analysis), document, None)
    download = analyst.get(reverse("diagnostics:analysis-download", args=[analysis.pk]))

    bands = {"5-9", "10-19", "20-49", "50+"}
    assert {row["n"] for row in document["result"]["rows"]} <= bands
    assert {row["n"] for row in json.loads(download.content)["result"]["rows"]} <= bands
    table = pd.read_csv(io.BytesIO(files["truth-table.csv"]), dtype=str)
    assert set(table["n"]) <= bands
    (robustness,) = document["checks"]
    assert {one["cases"] for one in robustness["result"]["kinds"]} == {"not told"}
    assert "frequency" not in {one["parameter"] for one in robustness["result"]["ranges"]}
    assert {(document["result"][key]) for key in ("left_out", "undecided")} == {"not told"}


def test_the_file_of_answers_is_nobody_s(analyst: Client, guide: DemonstrationGuide) -> None:
    for name in ("download-request", "download-open"):
        address = reverse(f"diagnostics:{name}", args=[guide.released.pk, Download.Kind.ANSWERS])
        method = analyst.post if name == "download-request" else analyst.get
        assert method(address).status_code == 404


def test_an_analysis_of_an_earlier_version_is_shown_as_far_as_it_is_told_today(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    analysis = run(fill(analyst, guide.released, "sales"))
    result = ANALYSIS_RESULT.read(analysis.result)
    rows = tuple(replace(row, n=7, cases=("1", "2"), deviant=("2",)) for row in result.rows)
    sets = tuple(replace(one, counts=(1, 2, 3), lowest=1.0, highest=7.0) for one in result.sets)
    old = replace(result, rows=rows, sets=sets, left_out=("9",), undecided=("4",))
    Analysis.objects.filter(pk=analysis.pk).update(result=ANALYSIS_RESULT.stored(old))
    analysis.refresh_from_db()

    shown = result_of(analysis)

    assert {(row.n, row.cases, row.deviant) for row in shown.rows} == {(5, (), ())}
    assert {(one.counts, one.lowest) for one in shown.sets} == {((), None)}
    assert (shown.left_out, shown.undecided) == (None, None)


def test_an_open_campaign_and_an_unknown_function_are_no_source(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    still_open = Campaign.objects.exclude(pk=guide.released.pk).get()
    released = reverse("diagnostics:campaign-analyse", args=[guide.released.pk])

    assert analyst.get(f"{released}?function=directors").status_code == 404
    address = reverse("diagnostics:campaign-analyse", args=[still_open.pk])
    assert analyst.get(address).status_code == 404


def test_data_quality_and_scales_are_computed_by_the_worker_and_frozen(
    analyst: Client, guide: DemonstrationGuide
) -> None:
    page = reverse("diagnostics:scale-study", args=[guide.released.pk])
    assert b"Compute scale properties" in analyst.get(page).content
    analyst.post(reverse("diagnostics:scale-study-start", args=[guide.released.pk]))
    analyst.post(reverse("diagnostics:scale-study-cancel", args=[guide.released.pk]))
    assert b"Cancelled. Nothing of it was kept." in analyst.get(page).content
    analyst.post(reverse("diagnostics:scale-study-start", args=[guide.released.pk]))
    study = ScaleStudy.objects.get()
    reports = Report.objects.filter(assessment__campaign=guide.released)
    note_reports(assessment=Assessment.objects.get(campaign=guide.released))
    reports.update(state=Report.State.DONE, file="report.pdf")

    run_study(study_id=study.pk, run=study.run)

    # The appendix is written again with it, nothing else is.
    renewed = reports.filter(state=Report.State.QUEUED, revision=1)
    assert {report.kind for report in renewed} == {Report.Kind.APPENDIX}
    assert not reports.filter(kind=Report.Kind.APPENDIX).exclude(state=Report.State.QUEUED)
    study.refresh_from_db()
    result = SCALE_STUDY.read(study.result)
    answers = Response.objects.filter(campaign=guide.released)
    sizes = [answers.count(), *(answers.filter(function=name).count() for name in FUNCTIONS)]
    # In whole tens, so that nobody's number is what lies between two exact ones.
    assert [(group.function, group.respondents) for group in result.groups] == list(
        zip(("", *FUNCTIONS), [size // 10 * 10 for size in sizes], strict=True)
    )
    everybody = result.groups[0]
    assert [one.construct for one in everybody.scales] == ["TF", "AD", "AG", "RB", "CF", "DSO"]
    assert all(one.alpha is not None and 0.7 < one.alpha < 0.95 for one in everybody.scales)
    assert everybody.fit is not None
    assert result.invariance is not None
    assert {one.construct for one in result.agreement} >= {"TF", "RB"}
    shown = analyst.get(page)
    assert [line.answered for line in shown.context["page"].responses][:1] != [""]
    assert b"Scales: all answers" in shown.content
