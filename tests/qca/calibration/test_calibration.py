"""Calibration: anchors keep their memberships, order is kept, published figures are met."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from qca.calibration import (
    FS_QCA_IDM,
    at_crossover,
    calibrate_bell,
    calibrate_by_frequencies,
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    calibrate_linear,
    find_thresholds,
    percentile_anchors,
)
from qca.errors import ConvergenceError

anchors = st.lists(
    st.integers(-500, 500).map(lambda step: step / 10), min_size=3, max_size=3, unique=True
).map(sorted)
scores = st.lists(st.floats(-60, 60), min_size=1, max_size=20)


@given(anchors)
def test_the_anchors_get_05_50_and_95(points: list[float]) -> None:
    np.testing.assert_allclose(calibrate_direct(points, points), [0.05, 0.5, 0.95], atol=1e-12)
    np.testing.assert_allclose(
        calibrate_direct(points, points[::-1]), [0.95, 0.5, 0.05], atol=1e-12
    )


@given(anchors, scores)
def test_falling_anchors_give_the_negation(points: list[float], raw: list[float]) -> None:
    for calibrate in (calibrate_direct, calibrate_linear):
        upward, downward = calibrate(raw, points), calibrate(raw, points[::-1])
        np.testing.assert_allclose(downward, 1 - upward, atol=1e-12)


@given(anchors, scores)
def test_memberships_rise_with_the_scores_and_stay_in_range(
    points: list[float], raw: list[float]
) -> None:
    ordered = sorted(raw)
    for calibrate in (calibrate_direct, calibrate_linear):
        memberships = calibrate(ordered, points)
        assert (np.diff(memberships) >= 0).all()
        assert ((memberships >= 0) & (memberships <= 1)).all()


@given(anchors, scores)
def test_the_direct_method_is_its_formula(points: list[float], raw: list[float]) -> None:
    low, middle, high = points
    expected = []
    for score in raw:
        span = (high - middle) if score >= middle else (middle - low)
        odds = min(max(math.log(19) * (score - middle) / span, -700), 700)
        value = 1 / (1 + math.exp(-odds))
        expected.append(0 if value < 1e-4 else 1 if value > 0.9999 else value)
    np.testing.assert_allclose(calibrate_direct(raw, points), expected, atol=1e-12)


def test_the_fs_qca_constant_scales_log_odds_to_three() -> None:
    found = calibrate_direct([2, 6], [2, 4, 6], idm=FS_QCA_IDM)
    np.testing.assert_allclose(np.log(found / (1 - found)), [-3, 3], atol=1e-9)


def test_per_capita_income_is_calibrated_as_published() -> None:
    """Ragin (2008), table 5.2: income in dollars, anchors 2,500 - 5,000 - 20,000, log-odds of 3."""
    income = [40110, 34400, 25200, 20060, 17090, 15320, 13680, 11290, 10940, 9800, 7470]
    expected = [1.00, 1.00, 0.98, 0.95, 0.92, 0.89, 0.85, 0.78, 0.77, 0.72, 0.62]
    found = calibrate_direct(income, [2500, 5000, 20000], idm=FS_QCA_IDM)
    np.testing.assert_array_equal(found.round(2), expected)


def test_linear_calibration_bends_with_its_exponents() -> None:
    raw = [2, 3, 4, 5, 6]
    np.testing.assert_allclose(
        calibrate_linear(raw, [2, 4, 6], below=2, above=0.5),
        [0, 0.125, 0.5, 1 - math.sqrt(0.5) / 2, 1],
    )


def test_cumulative_calibration_counts_cases_between_the_anchors() -> None:
    found = calibrate_linear([1, 3, 4, 5, 5.5, 7], [2, 4, 6], cumulative=True)
    np.testing.assert_allclose(found, [0, 0.25, 0.5, 0.75, 1, 1])


def test_bell_and_valley_are_negations_of_each_other() -> None:
    raw = np.linspace(0, 8, 33)
    bell = calibrate_bell(raw, [1, 2, 3, 5, 6, 7], below=2, above=3)
    valley = calibrate_bell(raw, [3, 2, 1, 7, 6, 5], below=3, above=2)
    np.testing.assert_allclose(bell + valley, np.ones(33), atol=1e-12)
    np.testing.assert_allclose(bell, bell[::-1], atol=1e-12)


def test_crisp_calibration_counts_thresholds_reached() -> None:
    assert calibrate_crisp([1, 2, 3, 4, 5], [4, 2]).tolist() == [0, 1, 1, 2, 2]


def test_frequencies_start_at_the_bottom_of_the_scale() -> None:
    np.testing.assert_allclose(calibrate_by_frequencies([0, 0, 1, 3], lowest=0), [0, 0, 0.5, 1])


def test_indirect_calibration_follows_the_groups() -> None:
    raw = np.arange(1, 60, 2.0)
    memberships = calibrate_indirect(raw, [20, 40])
    assert (memberships[raw < 15] < 0.4).all()
    assert (memberships[raw > 45] > 0.6).all()
    np.testing.assert_array_equal(memberships, np.round(memberships, 6))


def test_groups_that_are_fitted_exactly_keep_their_qualitative_memberships() -> None:
    raw = [1, 1, 2, 3, 4, 4, 5]
    np.testing.assert_array_equal(calibrate_indirect(raw, [2.5]), [0, 0, 0, 1, 1, 1, 1])
    np.testing.assert_allclose(
        calibrate_indirect([2, 4, 6, 8], [3, 5, 7]), [0, 0.333, 0.667, 1], atol=1e-3
    )


def test_a_regression_that_swings_for_ever_is_an_error() -> None:
    raw = np.random.default_rng(3).lognormal(3, 1, 30).round(1)
    with pytest.raises(ConvergenceError, match=r"^expected the regression to settle in 25 iter"):
        calibrate_indirect(raw, np.quantile(raw, [0.3, 0.5, 0.7]).tolist())


@given(
    st.lists(st.integers(0, 400), min_size=4, max_size=25, unique=True),
    st.integers(1, 3),
)
def test_thresholds_lie_between_the_clusters_of_complete_linkage(
    steps: list[int], count: int
) -> None:
    raw = np.sort(np.array(steps) ** 1.5)
    tree = linkage(raw[:, None], method="complete")
    clusters = fcluster(tree, count + 1, criterion="maxclust")
    gaps = np.flatnonzero(np.diff(clusters))
    if len(np.unique(tree[:, 2])) == len(tree) and len(gaps) == count:
        np.testing.assert_allclose(
            find_thresholds(raw, count=count), (raw[gaps] + raw[gaps + 1]) / 2
        )


def test_percentile_anchors_interpolate() -> None:
    assert percentile_anchors(range(1, 102)) == (6.0, 51.0, 96.0)


def test_cases_at_the_crossover_are_named() -> None:
    raw = pd.Series([2.0, 4.0, 6.0, 4.0], index=["p", "q", "r", "s"])
    memberships = pd.Series(calibrate_direct(raw, [2, 4, 6]), index=raw.index)
    assert at_crossover(memberships) == ("q", "s")
