"""What is told of answers that nobody reads one by one, tried on a small made-up matrix."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from diagnostics.analyses.check_results import KindCount, RangeResult, RobustnessResult
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.recipes import Recipe, RowExclusion, SetRule
from diagnostics.analyses.telling import (
    UntoldError,
    require_told,
    told_cases,
    told_check,
    told_result,
    told_rows,
)

ANCHORS = dict.fromkeys(("A", "B", "Y"), (2.0, 4.1, 6.0))
RECIPE = Recipe(
    outcome=SetRule("Y", ANCHORS["Y"]),
    is_negated=False,
    conditions=(SetRule("A", ANCHORS["A"], "1"), SetRule("B", ANCHORS["B"])),
    inclusion_cuts=(0.7,),
    pri_cut=0.4,
    frequency_cut=5,
)
# Of the rows of A and B: three people, seven, twelve, and forty.
PLACES = (("1", 3), ("2", 7), ("3", 12), ("4", 40))


def matrix() -> pd.DataFrame:
    random = np.random.default_rng(4)
    high, low = (lambda n: random.uniform(4.5, 6.5, n)), (lambda n: random.uniform(1.5, 3.7, n))
    parts = [
        np.column_stack([a(n), b(n), random.uniform(1, 7, n)])
        for (_, n), (a, b) in zip(
            PLACES, ((low, low), (low, high), (high, low), (high, high)), strict=True
        )
    ]
    return pd.DataFrame(np.concatenate(parts), columns=["A", "B", "Y"])


def test_rows_are_counted_in_bands_and_small_ones_are_not_listed() -> None:
    result = analyse(matrix(), RECIPE)
    assert {(str(row.number), row.n) for row in result.rows} == set(PLACES)

    told = told_result(result)

    assert {(str(row.number), row.n) for row in told.rows} == {("2", 5), ("3", 10), ("4", 20)}
    assert {(row.cases, row.deviant) for row in told.rows} == {((), ())}
    assert {(one.counts, one.lowest, one.highest) for one in told.sets} == {((), None, None)}
    assert (told.left_out, told.undecided, told.cases) == (None, None, 60)
    exact = [one.share_above_half for one in result.sets]
    assert exact[0] == 52 / 62
    assert [one.share_above_half for one in told.sets] == [round(share or 0, 2) for share in exact]
    assert told_result(told) == told


def test_every_figure_is_rounded_and_solutions_stay() -> None:
    result = analyse(matrix(), RECIPE)

    told = told_result(result)

    assert told.solutions
    model, exact = told.solutions[0].models[0], result.solutions[0].models[0]
    assert model.expression == exact.expression
    assert exact.consistency is not None
    assert model.consistency == round(exact.consistency, 3) != exact.consistency


def test_a_row_that_a_person_excluded_stands_without_its_number() -> None:
    recipe = replace(RECIPE, excluded=(RowExclusion(1, "cannot be"),))

    (row,) = [one for one in told_result(analyse(matrix(), recipe)).rows if one.reason]

    assert (row.number, row.n, row.consistency, row.output) == (1, None, None, "0")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(RECIPE, frequency_cut=7), "frequency cut of 5, 10, 20, 50"),
        (replace(RECIPE, idm=0.9526), "calibration constant"),
        (replace(RECIPE, outcome=SetRule("Y", (2.0, 4.2, 6.0))), "Y calibrated as the campaign"),
        (replace(RECIPE, outcome=SetRule("Y")), "Y calibrated as the campaign"),
        (replace(RECIPE, outcome=SetRule("X", (2.0, 4.1, 6.0))), "X calibrated as the campaign"),
    ],
    ids=["cut", "constant", "anchors", "no anchors", "another column"],
)
def test_what_would_find_people_out_by_trying_is_refused(changed: Recipe, words: str) -> None:
    require_told(RECIPE, ANCHORS)
    for cut in (10, 20, 50):
        require_told(replace(RECIPE, frequency_cut=cut, inclusion_cuts=(0.85, 0.6)), ANCHORS)

    with pytest.raises(UntoldError, match=words):
        require_told(changed, ANCHORS)


def test_all_are_those_whose_function_is_told_or_everybody() -> None:
    rows = pd.DataFrame({"function": ["sales", "", "operations", ""], "A1": [1, 2, 3, 4]})

    assert told_rows(rows)["A1"].tolist() == [1, 3]
    assert told_rows(rows.assign(function=""))["A1"].tolist() == [1, 2, 3, 4]


def test_whoever_left_a_construct_out_counts_in_no_analysis() -> None:
    scores = pd.DataFrame({"A": [1.0, np.nan, 3.0], "B": [1.0, 2.0, np.nan]})

    assert told_cases(scores)["A"].tolist() == [1.0]


def test_a_check_tells_no_number_of_cases_and_no_range_that_ends_at_one() -> None:
    ranges = tuple(
        RangeResult(name, 5, 3.123456, 9, changes_below=True, changes_above=True)
        for name in ("inclusion", "frequency", "A crossover")
    )
    check = RobustnessResult(
        expression="A*B", ranges=ranges, tests=(), consistency=0.98765, coverage=0.5,
        coincidence_smallest=None, coincidence_largest=0.1, typical_share=0.5, deviant_share=0.5,
        kinds=(KindCount("uncovered", 3), KindCount("irrelevant", 30)),
    )  # fmt: skip

    told = told_check(check)

    assert [one.parameter for one in told.ranges] == ["inclusion", "A crossover"]
    assert {one.lower for one in told.ranges} == {3.123}
    assert {one.cases for one in told.kinds} == {None}
    assert told.consistency == 0.988
