"""Levers: what half a point on an element or a pair would bring."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.calibration.anchors import calibrate_scores
from qca.errors import OptionError, ShapeError, UnknownNameError
from qca.patterns.levers import best_without, lever_candidates, lever_gains, levers
from tests.qca.patterns.default_patterns import ABSOLUTE, DEFAULT, ELEMENTS, required_values

UNIT = np.array([5.0, 4.0, 3.0, 4.5, 4.0])


def best(scores: np.ndarray) -> float:
    """Best membership of one unit by brute force."""
    unit = dict(zip(ELEMENTS, calibrate_scores(scores, ABSOLUTE), strict=True))
    return max(required_values(pattern, unit)[0] for pattern in DEFAULT)


def test_candidates_are_elements_then_pairs_without_what_must_not_rise() -> None:
    assert lever_candidates(DEFAULT, ELEMENTS, {"RB"}) == (
        ("TF",),
        ("AD",),
        ("AG",),
        ("TF", "AD"),
        ("TF", "AG"),
        ("AD", "AG"),
    )


@given(arrays(np.float64, (3, 5), elements=st.integers(10, 70).map(lambda n: n / 10)))
def test_gains_equal_scoring_the_raised_unit_again(units: np.ndarray) -> None:
    candidates = lever_candidates(DEFAULT, ELEMENTS)

    found = lever_gains(
        units,
        candidates=candidates,
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        ceiling=7,
    )

    for row, unit in enumerate(units):
        for column, names in enumerate(candidates):
            raised = [
                min(score + 0.5, 7) if name in names else score
                for name, score in zip(ELEMENTS, unit, strict=True)
            ]
            expected = best(np.array(raised)) - best(unit)
            assert found[row, column] == pytest.approx(expected, abs=1e-12)


def test_levers_are_ranked_by_gain_then_points() -> None:
    found = levers(UNIT, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, never_raise={"RB"})

    assert [lever.elements for lever in found] == [
        ("AD",),
        ("TF", "AD"),
        ("AD", "AG"),
        ("TF",),
        ("AG",),
        ("TF", "AG"),
    ]
    assert [lever.points for lever in found] == [0.5, 1.0, 1.0, 0.5, 0.5, 1.0]
    assert found[0].pattern == "assertive"
    assert found[0].membership == pytest.approx(best(UNIT + np.array([0, 0.5, 0, 0, 0])))
    assert found[0].gain == pytest.approx(found[0].membership - best(UNIT))
    assert [lever.gain for lever in found[3:]] == [0.0, 0.0, 0.0]


def test_pair_beats_its_parts_where_both_hold_the_unit_back() -> None:
    even = np.array([6.0, 4.0, 2.0, 4.0, 4.0])

    found = levers(even, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)

    assert found[0].elements == ("AD", "RB")


def test_nothing_rises_above_the_ceiling_and_points_say_so() -> None:
    top = np.array([6.8, 4.0, 2.0, 6.0, 4.0])

    found = levers(top, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, ceiling=7)

    costs = {lever.elements: lever.points for lever in found}
    assert costs[("TF",)] == pytest.approx(0.2)
    assert costs[("AD",)] == 0.5


def test_unit_without_known_scores_has_no_levers() -> None:
    unknown = np.full(5, np.nan)

    assert levers(unknown, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE) == ()


def test_best_pattern_without_rule_bending_is_offered() -> None:
    unit = [0.9, 0.8, 0.2, 0.9, 0.5]

    assert best_without(unit, patterns=DEFAULT, elements=ELEMENTS, without={"RB"}) == "responsive"
    assert best_without(unit, patterns=DEFAULT, elements=ELEMENTS, without={"TF"}) is None


def test_wrong_input_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"found \['XX'\]"):
        lever_candidates(DEFAULT, ELEMENTS, {"XX"})
    with pytest.raises(OptionError, match="positive step"):
        levers(UNIT, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, step=0)
    with pytest.raises(ShapeError, match="one unit"):
        levers([UNIT], patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)


def test_unknown_element_that_the_leading_pattern_does_without_leaves_levers() -> None:
    unit = np.array([5.0, 4.5, np.nan, 4.0, 4.0])

    found = levers(unit, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)

    assert found[0].elements == ("RB",)
    assert found[0].pattern == "assertive"
    assert all(np.isfinite(lever.gain) for lever in found)
