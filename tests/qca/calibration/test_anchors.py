"""Calibration of construct scores."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca.calibration.anchors import Anchors, anchor_shifts, calibrate_scores, scores_at
from qca.calibration.direct import calibrate_direct
from qca.errors import AnchorError, MembershipRangeError, ShapeError


def test_anchors_get_exactly_their_memberships() -> None:
    memberships = calibrate_scores([[2.0], [4.1], [6.0]], [Anchors(2, 4.1, 6)])

    assert memberships.ravel() == pytest.approx([0.05, 0.5, 0.95], abs=1e-15)


def test_words_of_the_method_lie_at_the_stated_scores() -> None:
    found = [scores_at(m, [Anchors(2, 4.1, 6)])[0] for m in (0.5, 0.67, 0.8, 0.95)]

    assert np.round(found, 2).tolist() == [4.1, 4.56, 4.99, 6.0]


def test_falling_anchors_mirror_rising_ones() -> None:
    scores = np.linspace(1, 7, 25)[:, np.newaxis]

    falling = calibrate_scores(scores, [Anchors(6, 4.1, 2)])

    assert falling == pytest.approx(1 - calibrate_scores(scores, [Anchors(2, 4.1, 6)]))


@given(
    st.floats(1, 3),
    st.floats(0.1, 2),
    st.floats(0.1, 2),
    st.floats(0.01, 0.99),
    st.booleans(),
)
def test_score_at_a_membership_calibrates_to_it(
    low: float, below: float, above: float, membership: float, falling: bool
) -> None:
    three = (low, low + below, low + below + above)
    anchors = [Anchors(*(three[::-1] if falling else three))]

    found = calibrate_scores(scores_at(membership, anchors), anchors)

    assert found[0] == pytest.approx(membership, abs=1e-12)


def test_formula_is_the_published_one() -> None:
    found = calibrate_scores([[5.0]], [Anchors(2, 4.1, 6)])[0, 0]

    log_odds = math.log(0.95 / 0.05) * (5.0 - 4.1) / (6 - 4.1)
    assert found == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-15)


def test_missing_score_stays_missing() -> None:
    assert np.isnan(calibrate_scores([math.nan], [Anchors(2, 4, 6)])).all()


def test_shifts_move_one_anchor_of_all_elements_or_of_one() -> None:
    pair = [Anchors(2, 4, 6), Anchors(1, 2, 3)]

    together = [(name, where, moved) for name, where, moved in anchor_shifts(pair, by=0.5)]
    apart = list(anchor_shifts(pair, by=0.5, together=False))

    assert len(together) == 6
    assert together[3] == ("crossover +0.5", None, [Anchors(2, 4.5, 6), Anchors(1, 2.5, 3)])
    assert len(apart) == 12
    assert apart[9] == ("crossover +0.5", 1, [Anchors(2, 4, 6), Anchors(1, 2.5, 3)])


def test_shift_past_another_anchor_is_left_out() -> None:
    names = [name for name, _, _ in anchor_shifts([Anchors(2, 2.05, 6)], by=0.1)]

    assert names == ["full_out -0.1", "crossover +0.1", "full_in -0.1", "full_in +0.1"]


def test_wrong_input_is_named() -> None:
    with pytest.raises(AnchorError, match="found \\(2, 6, 4\\)"):
        Anchors(2, 6, 4)
    with pytest.raises(AnchorError, match="idm"):
        Anchors(2, 4, 6, idm=0.5)
    with pytest.raises(ShapeError, match="expected 2 scores"):
        calibrate_scores([1.0], [Anchors(2, 4, 6)] * 2)
    with pytest.raises(MembershipRangeError, match=r"found 1\.0"):
        scores_at(1.0, [Anchors(2, 4, 6)])


def test_scores_of_units_are_calibrated_like_those_of_respondents() -> None:
    scores = np.linspace(1, 7, 61)

    for three in ((2, 4.1, 6), (6, 4.1, 2), (3, 4, 7)):
        found = calibrate_scores(scores[:, np.newaxis], [Anchors(*three)])

        assert found[:, 0] == pytest.approx(calibrate_direct(scores, three), abs=1e-12)
