"""Input that cannot be analysed raises a named error that says expected and found."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from qca import errors
from qca.calibration import (
    calibrate_bell,
    calibrate_by_frequencies,
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    calibrate_linear,
    find_thresholds,
    percentile_anchors,
)
from qca.errors import QcaError
from qca.necessary_conditions.search import find_combinations
from qca.sets.expressions import evaluate
from qca.sets.fit import necessity, sufficiency, sufficiency_of_terms
from qca.sets.memberships import fuzzy_and, fuzzy_not
from qca.truth_tables.printing import sorted_rows
from qca.truth_tables.truth_table import truth_table

DATA = pd.DataFrame({"A": [0.2, 0.9, 0.6], "B": [0.1, 0.3, 0.8], "Y": [0.4, 0.7, 0.9]})


def with_column(**columns: list[float]) -> pd.DataFrame:
    return DATA.assign(**columns)


def many(conditions: int) -> pd.DataFrame:
    names = [f"C{i}" for i in range(conditions)]
    return pd.DataFrame(0.4, index=range(3), columns=names).assign(Y=[0.1, 0.2, 0.3])


TRUTH_TABLE: list[tuple[Callable[[], object], type[QcaError], str]] = [
    (
        lambda: truth_table(with_column(A=[0.2, np.nan, 0.6]), outcome="Y"),
        errors.MissingDataError,
        "expected a membership of A for every case, found 1 NaN",
    ),
    (
        lambda: truth_table(DATA.assign(B=["low", "high", "low"]), outcome="Y"),
        errors.NotNumericError,
        "expected numbers in A, B, found: could not convert string to float: 'low'",
    ),
    (
        lambda: truth_table(with_column(Y=[0.2, np.nan, 0.6]), outcome="Y"),
        errors.MissingDataError,
        "expected a membership of Y for every case, found 1 NaN",
    ),
    (
        lambda: truth_table(with_column(B=[0.2, 1.5, 0.6]), outcome="Y"),
        errors.MembershipRangeError,
        "expected memberships of B in [0, 1], found 1.5 in case 2",
    ),
    (
        lambda: truth_table(with_column(B=[0.2, 0.5, -3]), outcome="Y"),
        errors.MembershipRangeError,
        "expected memberships of B in [0, 1], found -3 in case 3",
    ),
    (
        lambda: truth_table(DATA.iloc[:0], outcome="Y"),
        errors.NoCasesError,
        "expected at least one case for A, found none",
    ),
    (
        lambda: truth_table(with_column(Y=[0.4, 0.4, 0.4]), outcome="~Y"),
        errors.ConstantSetError,
        "expected an outcome that varies, found ~Y = 0.6 in every case",
    ),
    (
        lambda: truth_table(many(21), outcome="Y"),
        errors.TooManyConditionsError,
        "expected 1 to 20 conditions, found 21",
    ),
    (
        lambda: truth_table(DATA[["Y"]], outcome="Y"),
        errors.TooManyConditionsError,
        "expected 1 to 20 conditions, found 0",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", conditions=["A", "B", "A"]),
        errors.DuplicateNameError,
        "expected every condition once, found ['A'] more than once",
    ),
    (
        lambda: truth_table(DATA[["A", "B", "B", "Y"]], outcome="Y", conditions=["A", "B"]),
        errors.DuplicateNameError,
        "expected every column once, found ['B'] more than once",
    ),
    (
        lambda: truth_table(DATA.set_axis(["p", "q", "p"]), outcome="Y"),
        errors.DuplicateNameError,
        "expected every case once, found 'p' more than once",
    ),
    (
        lambda: truth_table(DATA, outcome="Z"),
        errors.UnknownNameError,
        "expected names among the columns A, B, Y, found ['Z']",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", conditions=["A", "Y"]),
        errors.UnknownNameError,
        "expected conditions other than Y, found ['Y']",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", inclusion_cut=1.2),
        errors.CutError,
        "expected inclusion and PRI cuts in [0, 1], found 1.2",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", inclusion_cut=(0.5, 0.8)),
        errors.CutError,
        "expected the second inclusion cut not above the first, found 0.5 and 0.8",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", inclusion_cut=(0.9, 0.8, 0.7)),
        errors.CutError,
        "expected one or two inclusion cuts, found 3",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", frequency_cut=-1),
        errors.CutError,
        "expected a whole frequency cut from 0, found -1",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", frequency_cut=9),
        errors.NoRowError,
        "expected a row with 9 cases or more, found at most 1",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", half="up"),  # type: ignore[arg-type]
        errors.OptionError,
        "expected half to be one of ('none', 'add', 'subtract'), found 'up'",
    ),
    (
        lambda: truth_table(DATA, outcome="Y", excluded=[4]),
        errors.UnknownNameError,
        "expected row codes from 0 to 3, found [4]",
    ),
    (
        lambda: sorted_rows(truth_table(DATA, outcome="Y"), ["incl"]),
        errors.UnknownNameError,
        "expected columns among A, B, output, n, consistency, pri, cases, deviant, found ['incl']",
    ),
]

CALIBRATION: list[tuple[Callable[[], object], type[QcaError], str]] = [
    (
        lambda: calibrate_direct([1, 2], [4, 2, 6]),
        errors.AnchorError,
        (
            "expected full non-membership, crossover and full membership in strictly rising or"
            " falling order, found 4, 2, 6"
        ),
    ),
    (
        lambda: calibrate_direct([1, 2], [2, 6]),
        errors.AnchorError,
        "expected 3 finite anchors, found [2, 6]",
    ),
    (
        lambda: calibrate_direct([1, np.nan], [2, 4, 6]),
        errors.MissingDataError,
        "expected a finite score for every case, found 1 without",
    ),
    (
        lambda: calibrate_direct(["often"], [2, 4, 6]),
        errors.NotNumericError,
        "expected numbers for scores, found: could not convert string to float: 'often'",
    ),
    (
        lambda: calibrate_direct([], [2, 4, 6]),
        errors.NoCasesError,
        "expected at least one score, found none",
    ),
    (
        lambda: calibrate_direct([[1.0]], [2, 4, 6]),
        errors.ShapeError,
        "expected scores in one dimension, found shape (1, 1)",
    ),
    (
        lambda: calibrate_direct([1], [2, 4, 6], idm=0.5),
        errors.OptionError,
        "expected idm between .5 and 1, found 0.5",
    ),
    (
        lambda: calibrate_linear([1], [2, 4, 6], below=0),
        errors.OptionError,
        "expected below and above greater than 0, found 0, 1",
    ),
    (
        lambda: calibrate_bell([1], [1, 2, 3, 6, 5, 7]),
        errors.AnchorError,
        (
            "expected out < crossover < in <= in < crossover < out (bell) or"
            " in < crossover < out <= out < crossover < in (valley), found 1, 2, 3, 6, 5, 7"
        ),
    ),
    (
        lambda: calibrate_crisp([1, 7], [8]),
        errors.AnchorError,
        "expected thresholds within the scores, 1 to 7, found [8]",
    ),
    (
        lambda: calibrate_indirect([-1, 7], [3]),
        errors.OptionError,
        "expected scores from 0, found -1",
    ),
    (
        lambda: calibrate_by_frequencies([1, 1]),
        errors.AnchorError,
        "expected a score above the lowest, 1, found at most 1",
    ),
    (
        lambda: find_thresholds([1, 1, 2], count=2),
        errors.OptionError,
        "expected 1 to 1 thresholds for 2 distinct scores, found 2",
    ),
    (
        lambda: percentile_anchors([4, 4, 4]),
        errors.AnchorError,
        "expected different scores at the percentiles [5, 50, 95], found 4, 4, 4",
    ),
    (
        lambda: percentile_anchors([4, 5], (5, 50, 105)),
        errors.AnchorError,
        "expected percentiles in [0, 100], found [105]",
    ),
]

FIT: list[tuple[Callable[[], object], type[QcaError], str]] = [
    (
        lambda: sufficiency([0.1, 0.2], [0.3]),
        errors.ShapeError,
        "expected the same number of cases, found 2 and 1",
    ),
    (
        lambda: necessity([0.1, 1.2], [0.3, 0.4]),
        errors.MembershipRangeError,
        "expected memberships of the condition in [0, 1], found 1.2 in case 2",
    ),
    (
        lambda: sufficiency_of_terms(np.zeros((2, 1)), np.zeros(3)),
        errors.ShapeError,
        "expected the same number of cases, found 2 and 3",
    ),
    (
        lambda: fuzzy_and([0.1], [0.2, 0.3]),
        errors.ShapeError,
        "expected sets of one shape, found [(1,), (2,)]",
    ),
    (
        lambda: fuzzy_not([np.nan]),
        errors.MissingDataError,
        "expected a membership of the set for every case, found 1 NaN",
    ),
    (
        lambda: evaluate("A*Z", DATA),
        errors.UnknownNameError,
        "expected names among the columns A, B, Y, found ['Z']",
    ),
    (
        lambda: find_combinations(DATA, outcome="Y", consistency_cut=2),
        errors.CutError,
        "expected cuts in [0, 1], found 2",
    ),
    (
        lambda: find_combinations(DATA, outcome="Y", depth=3),
        errors.OptionError,
        "expected a depth from 1 to 2, found 3",
    ),
    (
        lambda: find_combinations(DATA, outcome="Y", relation="both"),  # type: ignore[arg-type]
        errors.OptionError,
        "expected one of ('necessity', 'sufficiency'), found 'both'",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), [*TRUTH_TABLE, *CALIBRATION, *FIT])
def test_bad_input_raises_a_named_error_with_expected_and_found(
    call: Callable[[], object], error: type[QcaError], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert (type(caught.value), str(caught.value)) == (error, message)
