"""Operations and sales of a unit side by side: what is compared, and in what words."""

import numpy as np
import pytest

from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.alignment import functions_compared
from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.results import (
    AlignmentResult,
    AssessmentResult,
    ElementDifference,
    FunctionResult,
    Interval,
    UnitResult,
)
from diagnostics.scoring.sets import SetFigures
from survey.release.tables import Plan, SetInfo, SetKind, set_key
from tests.diagnostics.example_results import (
    ANCHORS,
    METHOD,
    NO_FORESIGHT,
    RESPONSIVE,
    SETTING,
    example_assessment,
    example_diagnosis,
    example_units,
    source,
)

LENS = Lens(METHOD, ANCHORS, {}, np.full(6, np.nan))
NONE = float("nan")


def figures(plan: Plan, function: str, scores: list[float], n: int, reach: float) -> SetFigures:
    """Return figures whose intervals go so far to both sides of the scores."""
    key = set_key(plan, SetKind.UNIT, "x", function)
    info = SetInfo(key, SetKind.UNIT, plan, "x", function, n, ())
    told, nobody = (n,) * 6, np.empty((0, 6))
    return SetFigures(info, np.array(scores), told, told, None, nobody, np.full(6, reach))


def test_elements_come_from_the_plan_that_tells_them() -> None:
    general = tuple(
        figures(Plan.GENERAL, function, [4.0, 4.5, 5.0, NONE, 5.5, 4.0], 24, 4.8)
        for function in ("operations", "sales")
    )
    sensitive = tuple(
        figures(Plan.SENSITIVE, function, [NONE, NONE, NONE, 3.5, NONE, NONE], 22, 3.5)
        for function in ("operations", "sales")
    )

    whole = functions_compared({Plan.GENERAL: general, Plan.SENSITIVE: sensitive}, LENS)
    alone = functions_compared({Plan.GENERAL: (), Plan.SENSITIVE: sensitive}, LENS)

    assert whole is not None
    assert [entry.construct for entry in whole.differences] == ["TF", "AD", "AG", "RB", "CF"]
    assert [entry.operations for entry in whole.differences] == [4.0, 4.5, 5.0, 3.5, 5.5]
    assert whole.overlap == pytest.approx(1.0)
    assert alone is None  # one row is no comparison


def test_no_interval_tells_where_beyond_the_ends_a_score_lies() -> None:
    pair = (
        figures(Plan.GENERAL, "operations", [6.5, 5.0, 5.0, NONE, 5.0, 5.0], 24, 6.9),
        figures(Plan.GENERAL, "sales", [4.6, 4.6, 4.6, NONE, 4.6, 4.6], 24, 4.6),
    )

    found = functions_compared({Plan.GENERAL: pair, Plan.SENSITIVE: ()}, LENS)

    assert found is not None
    assert found.differences[0].interval is None
    for entry in found.differences[1:]:
        assert entry.interval is not None
        assert entry.interval.low <= entry.difference <= entry.interval.high
    assert found.overlap is None


def test_no_interval_rests_on_fewer_than_ten_answers() -> None:
    few = figures(Plan.GENERAL, "sales", [4.6, 4.6, 4.6, NONE, 4.6, 4.6], 9, 4.6)
    many = figures(Plan.GENERAL, "operations", [5.0, 5.0, 5.0, NONE, 5.0, 5.0], 24, 5.0)

    found = functions_compared({Plan.GENERAL: (many, few), Plan.SENSITIVE: ()}, LENS)

    assert found is not None
    assert {entry.interval for entry in found.differences} == {None}
    assert np.isnan(few.intervals).all()
    assert not np.isnan(many.intervals[:3]).any()


def _assessment() -> AssessmentResult:
    differences = (
        ElementDifference("TF", 6.5, 4.6, 1.9, None),
        ElementDifference("AD", 1.5, 4.6, -3.1, None),
        ElementDifference("AG", 6.5, 6.5, 0.0, None),
        ElementDifference("CF", 4.9, 4.6, 0.3, Interval(-0.1, 0.7)),
    )
    operations = example_diagnosis(NO_FORESIGHT, of=source("North", 24))
    sales = example_diagnosis(RESPONSIVE, of=source("North", 12))
    north = UnitResult(
        "north",
        "Region North",
        "company",
        None,
        example_diagnosis(RESPONSIVE, of=source("North", 36)),
        (
            FunctionResult("operations", None, operations),
            FunctionResult("sales", None, sales),
        ),
        AlignmentResult(differences, 0.8),
    )
    return example_assessment((example_units()[0], north))


def test_scores_at_the_ends_give_a_limit_of_the_difference_or_none() -> None:
    table = unit_reading(_assessment(), "north", setting=SETTING, language="en").alignment

    assert table is not None
    assert [(row.operations, row.sales, row.difference, row.interval) for row in table.rows] == [
        ("≥ 6.5", "4.6", "≥ +1.9", ""),
        ("≤ 1.5", "4.6", "≤ −3.1", ""),
        ("≥ 6.5", "≥ 6.5", "", ""),
        ("4.9", "4.6", "+0.3", "−0.1 to +0.7"),
    ]


def test_each_function_keeps_the_verdict_that_is_given_of_it() -> None:
    table = unit_reading(_assessment(), "north", setting=SETTING, language="en").alignment

    assert table is not None
    assert table.sentence == (
        "Operations and sales side by side, in scale points. Service operations (20–49 answers): "
        "Technology foresight first. Service sales (10–19 answers): Responsive: more in than out. "
        "Their memberships in the elements overlap by .80, where 1 is the same in every element. "
        "An interval needs ten answers in both functions that may be told apart one by one, and "
        "scores within 1.5 and 6.5."
    )
