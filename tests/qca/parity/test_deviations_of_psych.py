"""Why figures of psych 2.2.9 and lavaan 0.6-14 are not compared: each reason shown true.

The figures of R stand here as it printed them for the matrices and answers beside them.
"""

import numpy as np
import pandas as pd
import pytest

from qca.errors import OptionError, ShapeError
from qca.psychometrics import alpha, confirmatory_factors, item_statistics, omega
from qca.psychometrics.omega import minimum_residual_loadings, principal_axis_round
from tests.qca.parity.plug_ins.psychometrics import AT_BOUND, MINRES

# Scales in which one item correlates with the others more than these do among themselves.
HEYWOOD_OF_FOUR = np.array(
    [[1, 0.7, 0.65, 0.6], [0.7, 1, 0.35, 0.3], [0.65, 0.35, 1, 0.25], [0.6, 0.3, 0.25, 1]]
)
HEYWOOD_OF_THREE = np.array([[1, 0.7, 0.7], [0.7, 1, 0.4], [0.7, 0.4, 1]])
PAIR = pd.DataFrame({"a": [1, 2, 3, 4, 5, 6, 7, 2, 5, 4], "b": [2, 1, 4, 3, 6, 5, 7, 3, 3, 5]})


@pytest.mark.parametrize(
    ("correlation", "of_psych"),
    [
        (
            HEYWOOD_OF_FOUR,
            [1.034828871102702, 0.644413513147213, 0.583423600026062, 0.524189738973301],
        ),
        (HEYWOOD_OF_THREE, [1.01689126899405, 0.658718057432157, 0.65871805742738]),
    ],
)
def test_psych_stops_at_a_bound_before_the_loadings_settle(
    correlation: np.ndarray, of_psych: list[float]
) -> None:
    ours = minimum_residual_loadings(correlation)

    assert ours.max() >= AT_BOUND
    assert np.abs(ours - of_psych).max() < 0.01
    assert np.abs(principal_axis_round(correlation, ours) - ours).max() < 1e-12
    further = principal_axis_round(correlation, np.array(of_psych))
    assert np.abs(further - of_psych).max() > 10 * MINRES


def test_where_psych_settles_at_a_bound_ours_is_the_same() -> None:
    correlation = np.array(
        [
            [1, 0.72, 0.7, 0.6, 0.5],
            [0.72, 1, 0.45, 0.4, 0.3],
            [0.7, 0.45, 1, 0.35, 0.3],
            [0.6, 0.4, 0.35, 1, 0.25],
            [0.5, 0.3, 0.3, 0.25, 1],
        ]
    )
    of_psych = [
        1.02079086660857, 0.693228926020223, 0.662141818109082, 0.568674675002882,
        0.463655206906758,
    ]  # fmt: skip

    assert minimum_residual_loadings(correlation) == pytest.approx(of_psych, abs=MINRES)


def test_two_items_have_as_many_factors_as_one_likes() -> None:
    # lavaan, degrees of freedom -1: with the factor's variance at 1, and with the first loading.
    by_variance = np.array([1.617, 1.602]), 1.0, np.array([0.676, 0.524])
    by_loading = np.array([1.0, 1.199]), 2.160, np.array([1.130, -0.015])

    for loadings, variance, unique in (by_variance, by_loading):
        implied = np.outer(loadings, loadings) * variance + np.diag(unique)
        assert implied == pytest.approx(PAIR.cov(ddof=0).to_numpy(), abs=3e-3)
    with pytest.raises(ShapeError, match="three items or more"):
        omega(PAIR)
    with pytest.raises(OptionError, match="at most 3 parameters, found 4"):
        confirmatory_factors(PAIR, {"pair": ["a", "b"]})


def test_what_psych_calls_the_alpha_of_the_item_left_of_two_is_none() -> None:
    raw_of_psych = [0.838187702265372, 0.787234042553192]
    covariance, correlation = PAIR.cov().to_numpy(), PAIR.corr().to_numpy()[0, 1]

    left = item_statistics(PAIR)

    assert raw_of_psych == pytest.approx(covariance[0, 1] / np.diag(covariance)[::-1])
    assert correlation == pytest.approx(0.812311450905833)  # its standardised one, for both
    assert np.isnan(left.alpha_without).all()
    assert np.isnan(left.standardised_alpha_without).all()
    assert (alpha(PAIR).raw, alpha(PAIR).standardised) == pytest.approx(
        (0.896193771626298, 0.896436923686403)
    )
