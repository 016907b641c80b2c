"""Analyses of the workbench: matrices read with every fault, recipes run, results frozen."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from diagnostics.analyses.computing import analyse
from diagnostics.analyses.matrices import read_matrix
from diagnostics.analyses.recipes import Calibration, Recipe, RowExclusion, SetRule
from diagnostics.analyses.results import (
    AnalysisResult,
    analysis_digest,
)
from diagnostics.analyses.sets import sets_of
from diagnostics.charts.histogram import histogram_chart
from diagnostics.charts.scatter import ScatterPoint, scatter_chart
from diagnostics.workbench.forms.filled_recipes import initial_of
from diagnostics.workbench.forms.recipes import RecipeForm
from diagnostics.workbench.wording.recipes import ComparedRow, compared_recipes
from qca.calibration import (
    calibrate_by_frequencies,
    calibrate_direct,
    calibrate_indirect,
    percentile_anchors,
)
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import truth_table
from survey.documents.plain_values import from_document, to_document
from survey.import_files.problems import FileProblemsError
from tests.qca.lipset import lipset

CONDITIONS = ("DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE")


def recipe(**changes: object) -> Recipe:
    """Return the published analysis of the democracies: consistency .8, PRI .65."""
    choices: dict[str, object] = {
        "outcome": SetRule("SURVIVED"),
        "is_negated": False,
        "conditions": tuple(SetRule(name, (), "1") for name in CONDITIONS),
        "inclusion_cuts": (0.8,),
        "pri_cut": 0.65,
        "frequency_cut": 1,
    }
    return Recipe(**{**choices, **changes})  # type: ignore[arg-type]


def problems_of(text: str) -> list[str]:
    with pytest.raises(FileProblemsError) as caught:
        read_matrix(text.encode(), file="m.csv")
    return [str(problem) for problem in caught.value.problems]


def test_a_matrix_is_read_whatever_its_separator_with_missing_values() -> None:
    expected = pd.DataFrame({"A": [0.1, np.nan], "Y": [1.0, 0.5]}, index=["p", "q"])

    for separator in (",", ";", "\t"):
        text = "case,A,Y\np,0.1,1\n\nq,NA,.5\n".replace(",", separator)
        pd.testing.assert_frame_equal(read_matrix(text.encode(), file="m.csv").frame, expected)


def test_every_fault_of_a_matrix_is_told_by_line_and_column() -> None:
    number = "expected a number with a decimal point, or nothing"
    again = "expected every case once, found 'p' again, first on line 2"
    assert problems_of('case,A,Y\np,"0,1",high\np,1,0\n,inf,1\nr,1\n') == [
        f"m.csv, line 2, column 2 (A): {number}, found '0,1'.",
        f"m.csv, line 2, column 3 (Y): {number}, found 'high'.",
        f"m.csv, line 3, column 1 (case): {again}.",
        "m.csv, line 4, column 1 (case): expected a name of the case, found nothing.",
        f"m.csv, line 4, column 2 (A): {number}, found 'inf'.",
        "m.csv, line 5: expected 3 cells, as in the heading, found 2.",
    ]


def test_a_workbook_is_read_like_a_text_file_empty_cells_at_the_end_of_a_row_too() -> None:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (["case", "A", "Y"], ["p", 0.1, 1], ["q", 0.25, None], ["r", None, "n/a"]):
        book.active.append(row)
    book.save(target)

    with pytest.raises(FileProblemsError) as caught:
        read_matrix(target.getvalue(), file="m.xlsx")
    book.active["C4"] = "NA"
    book.save(target := io.BytesIO())
    frame = read_matrix(target.getvalue(), file="m.xlsx").frame

    wanted = "expected a number with a decimal point, or nothing, found 'n/a'."
    assert [str(one) for one in caught.value.problems] == [
        f"m.xlsx, line 4, column 3 (Y): {wanted}"
    ]
    expected = pd.DataFrame({"A": [0.1, 0.25, np.nan], "Y": [1.0, np.nan, np.nan]}, list("pqr"))
    pd.testing.assert_frame_equal(frame, expected)


def test_a_workbook_of_too_many_columns_is_refused_before_it_is_unpacked() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append([f"A{place}" for place in range(40)])
    book.save(target)

    with pytest.raises(FileProblemsError, match="expected at most 31 columns, found more"):
        read_matrix(target.getvalue(), file="m.xlsx")


def test_headings_must_be_names_that_expressions_can_hold() -> None:
    wanted = "expected a name of letters, digits and underscores that begins with a letter"
    assert problems_of("case,A*B,Y,Y\np,1,1,1\n") == [
        f"m.csv, line 1, column 2: {wanted}, found 'A*B'.",
        "m.csv, line 1, column 4 (Y): expected every heading once, found 'Y' again.",
    ]
    assert problems_of("case,A,a,Y\np,1,1,1\n") == [
        (
            "m.csv, line 1, column 3 (a): expected headings that differ by more than case,"
            " found 'a' beside 'A'."
        )
    ]
    shape = "expected a column of case names, then 2 to 30 columns of numbers"
    assert problems_of("case,A\np,1\n") == [f"m.csv, line 1: {shape}, found 2 columns."]
    assert problems_of("case,A,Y\n") == [
        "m.csv: expected a heading and at least one case below it, found no cases."
    ]


def test_the_democracies_give_the_published_solutions_and_chart() -> None:
    result = analyse(lipset(), recipe())

    complex_terms = (
        "DEVELOPED*URBAN*LITERATE*INDUSTRIAL*STABLE + DEVELOPED*~URBAN*LITERATE*~INDUSTRIAL*STABLE"
    )
    assert {one.kind: [m.expression for m in one.models] for one in result.solutions} == {
        "conservative": [complex_terms],
        "parsimonious": ["DEVELOPED*~INDUSTRIAL + URBAN*STABLE"],
        "intermediate": ["DEVELOPED*URBAN*LITERATE*STABLE + DEVELOPED*LITERATE*~INDUSTRIAL*STABLE"],
    }
    assert result.chart is not None
    assert [(column.name, column.marks) for column in result.chart.columns] == [
        ("1", "•●• ●"),
        ("2", "● •⊗•"),
    ]


def test_a_row_holds_its_cases_and_those_without_the_outcome() -> None:
    rows = {row.number: row for row in analyse(lipset(), recipe()).rows}

    assert rows[22].cases == ("Finland", "Ireland")
    germany = rows[31]
    assert (germany.bits, germany.output, germany.n) == ("11110", "0", 1)
    assert (germany.cases, germany.deviant) == (("Germany",), ("Germany",))
    assert (germany.consistency, germany.pri) == pytest.approx((0.445, 0.050), abs=0.0005)


def test_necessity_is_told_apart_from_triviality() -> None:
    verdicts = {
        (row.outcome, row.condition): row.verdict for row in analyse(lipset(), recipe()).necessity
    }

    assert len(verdicts) == 20
    assert {key: verdict for key, verdict in verdicts.items() if verdict} == {
        ("SURVIVED", "LITERATE"): "necessary",
        ("SURVIVED", "STABLE"): "necessary",
    }


def test_an_excluded_row_is_coded_0_with_its_reason() -> None:
    result = analyse(lipset(), recipe(excluded=(RowExclusion(22, "too rural"),)))

    row = next(row for row in result.rows if row.number == 22)
    assert (row.output, row.reason) == ("0", "too rural")
    assert [m.expression for m in result.solutions[1].models] == ["URBAN*STABLE"]


def test_cases_with_a_missing_value_are_left_out_by_name() -> None:
    frame = lipset()
    frame.loc["Finland", "URBAN"] = np.nan

    result = analyse(frame, recipe())

    assert (result.cases, result.left_out) == (17, ("Finland",))


def test_a_table_without_positive_rows_says_so() -> None:
    result = analyse(lipset(), recipe(inclusion_cuts=(1.0,)))

    assert (result.solutions, result.chart) == ((), None)
    assert result.problem.startswith("expected a row coded 1 to explain, found ")


def test_calibration_and_its_histogram_use_the_anchors() -> None:
    frame = pd.DataFrame({"A": [1.0, 2.0, 6.0, 7.0], "Y": [0.1, 0.2, 0.8, 0.9]})
    chosen = Recipe(
        outcome=SetRule("Y"), is_negated=False, conditions=(SetRule("A", (2.0, 4.1, 6.0)),),
        inclusion_cuts=(0.8,), pri_cut=0.5, frequency_cut=1,
    )  # fmt: skip

    condition, outcome = analyse(frame, chosen).sets

    assert (condition.lowest, condition.highest, sum(condition.counts)) == (1.0, 7.0, 4)
    assert condition.mean == pytest.approx((0.0132 + 0.05 + 0.95 + 0.9885) / 4, abs=0.001)
    assert (condition.share_above_half, condition.at_half, condition.is_skewed) == (0.5, 0, False)
    assert (outcome.lowest, outcome.highest, outcome.anchors) == (0.0, 1.0, ())


def test_every_way_of_calibration_gives_its_memberships_and_says_its_anchors() -> None:
    scores = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    frame = pd.DataFrame(dict.fromkeys("ABCDY", scores))
    chosen = Recipe(
        outcome=SetRule("Y", (2.0, 4.1, 6.0)), is_negated=False,
        conditions=(
            SetRule("A", (10.0, 50.0, 90.0), "-", Calibration.PERCENTILE),
            SetRule("B", (2.5, 4.5, 6.5), "-", Calibration.INDIRECT),
            SetRule("C", (4.0,), "-", Calibration.CRISP),
            SetRule("D", (), "-", Calibration.FREQUENCY),
        ),
        inclusion_cuts=(0.8,), pri_cut=0.5, frequency_cut=1,
    )  # fmt: skip

    sets = sets_of(frame, chosen)

    expected = {
        "A": calibrate_direct(scores, percentile_anchors(scores, (10, 50, 90))),
        "B": calibrate_indirect(scores, (2.5, 4.5, 6.5)),
        "C": [0, 0, 0, 1, 1, 1, 1],
        "D": calibrate_by_frequencies(scores),
        "Y": calibrate_direct(scores, (2.0, 4.1, 6.0)),
    }
    pd.testing.assert_frame_equal(
        sets.memberships, pd.DataFrame(expected), check_names=False, check_dtype=False
    )
    assert sets.anchors["A"] == (1.6, 4.0, 6.4)
    assert [one.method for one in analyse(frame, chosen).sets][:2] == [
        Calibration.PERCENTILE, Calibration.INDIRECT,
    ]  # fmt: skip


def test_joint_expectations_count_where_they_hold_whole() -> None:
    joined = recipe(joint_expectations=("LITERATE*STABLE",))

    assert joined.expectations == (
        "DEVELOPED + URBAN + LITERATE + INDUSTRIAL + STABLE + LITERATE*STABLE"
    )
    found = analyse(lipset(), joined).solutions[2].models[0].expression
    expected = minimise(
        truth_table(lipset(), outcome="SURVIVED", conditions=CONDITIONS, inclusion_cut=0.8,
                    pri_cut=0.65),
        solution="intermediate", directional_expectations=joined.expectations,
    )  # fmt: skip
    assert found == expected.pairs[0].solution.fit(0).expression


def test_a_result_survives_json_and_a_second_run_gives_the_same_bytes() -> None:
    first, second = analyse(lipset(), recipe()), analyse(lipset(), recipe())

    assert from_document(AnalysisResult, to_document(first)) == first
    assert analysis_digest(first) == analysis_digest(second)
    assert from_document(Recipe, to_document(recipe())) == recipe()


def test_the_form_gives_back_the_recipe_that_it_was_filled_with() -> None:
    columns = ["SURVIVED", *CONDITIONS]
    chosen = recipe(
        is_negated=True,
        inclusion_cuts=(0.9, 0.7),
        conditions=(
            SetRule("URBAN", (0.1, 0.5, 0.9), "0"),
            SetRule("LITERATE", (5.0, 50.0, 95.0), "-", Calibration.PERCENTILE),
            SetRule("INDUSTRIAL", (0.5,), "-", Calibration.CRISP),
            SetRule("STABLE"),
        ),
        joint_expectations=("URBAN*~STABLE",),
        every_expectation=False,
        excluded=(RowExclusion(3, "a reason: with a colon"),),
    )
    initial = {
        key: value for key, value in initial_of(chosen, columns).items() if value is not None
    }

    form = RecipeForm(columns, 18, {**initial, "title": "T"})

    assert form.is_valid(), form.errors
    assert form.recipe() == chosen


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"out-2": "5", "half-2": "4"},
            "half-2",
            "URBAN: expected three anchors that rise or fall",
        ),
        ({"lower_inclusion": "0.95"}, "lower_inclusion", "Expected a cut not above the first."),
        ({"excluded": "12 no colon"}, "excluded", "Expected a row's number, a colon and a reason"),
        ({"excluded": "33: beyond"}, "excluded", "Expected rows from 1 to 32, found 33."),
        ({"excluded": "1: a\n1: b"}, "excluded", "Expected every row once."),
        ({"method-2": "crisp"}, "half-2", "URBAN: expected the crossover and no other anchor."),
        ({"method-2": "frequency", "half-2": "4"}, "half-2", "URBAN: expected no anchors."),
        (
            {"method-2": "percentile", "out-2": "5", "half-2": "50", "full-2": "101"},
            "half-2",
            "URBAN: expected percentiles from 0 to 100.",
        ),
        ({"joint": "URBAN"}, "joint", "Expected two conditions or more in each, found “URBAN”."),
        ({"joint": "URBAN*WEALTH"}, "joint", "Expected conditions of this analysis, found WEALTH."),
        ({"joint": "URBAN*("}, "joint", "Expected products of conditions, found “URBAN*(”"),
    ],
)
def test_the_form_says_what_it_expected(changes: dict[str, str], field: str, message: str) -> None:
    columns = ["SURVIVED", *CONDITIONS]
    filled = {key: v for key, v in initial_of(recipe(), columns).items() if v is not None}

    form = RecipeForm(columns, 18, {**filled, "title": "T", **changes})

    assert message in form.errors[field][0]


def test_a_recipe_needs_a_condition() -> None:
    filled = {"title": "T", "outcome": "Y", "inclusion": "0.8", "pri": "0", "frequency": "1"}

    form = RecipeForm(["A", "Y"], 9, {**filled, "constant": "r"})

    assert form.non_field_errors() == ["Expected 1 to 8 conditions beside the outcome, found 0."]


def test_two_recipes_are_compared_line_by_line() -> None:
    rows = compared_recipes(recipe(), recipe(pri_cut=0.5))

    assert [row for row in rows if row.is_different] == [ComparedRow("PRI cut", "0.65", "0.5")]


def test_cases_on_one_place_are_drawn_once_and_counted_each() -> None:
    chart = scatter_chart([0.0, 0.0, 1.0], [1.0, 1.0, 0.0], ["p", "q", "r"])

    assert chart.points == (
        ScatterPoint(30, 8, "coverage", "p, q"),
        ScatterPoint(312, 290, "consistency", "r"),
    )
    assert chart.counts == {"coverage": 2, "consistency": 1}


def test_the_calibration_curve_passes_its_anchors() -> None:
    chart = histogram_chart([1, 0, 2], lowest=0, highest=6, anchors=(0, 3, 6))
    points = chart.curve.split(" ")

    assert (points[0], points[30], points[60]) == ("8.0,124.0", "160.0,70.0", "312.0,16.0")
    assert [(line.x, line.label) for line in chart.anchors] == [
        (8.0, "0"),
        (160.0, "3"),
        (312.0, "6"),
    ]
