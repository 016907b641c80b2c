"""Partial pooling against integrals done by hand, laws, and companies whose truth is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from qca.errors import MissingDataError, NotNumericError, OptionError, QcaError, ShapeError
from qca.pooling.directions import directions_of
from qca.pooling.pooled_draws import PooledDraws
from qca.pooling.pooled_units import HIGHEST_SHARE, RARITY, pool_units

WITHIN = 1.2 * (0.55 * np.eye(5) + 0.45)


def company(
    between: NDArray[np.float64], *, units: int, size: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return true and observed scores of units whose persons vary by WITHIN."""
    generator = np.random.default_rng(seed)
    none = np.zeros(len(between))
    true = 4.7 + generator.multivariate_normal(none, between, units)
    return true, true + generator.multivariate_normal(none, WITHIN / size, units)


def by_integration(scores: list[float], sizes: list[int], unit: int, within: float) -> float:
    """Return a unit's expected true score by adding up over shares and means, densely."""
    means = np.linspace(0, 9, 9_001)
    weights, pulled = [], []
    for share in np.linspace(0, HIGHEST_SHARE, 61).tolist():
        variance = within * share / (1 - share)
        kept = variance / (variance + within / sizes[unit])
        likelihood = np.prod(
            [
                norm.pdf(score, means, np.sqrt(variance + within / size))
                for score, size in zip(scores, sizes, strict=True)
            ],
            axis=0,
        )
        likelihood *= (1 - share) ** RARITY
        weights.append(likelihood.sum())
        pulled.append((likelihood * (means + kept * (scores[unit] - means))).sum())
    return float(np.sum(pulled) / np.sum(weights))


def test_estimate_of_one_construct_equals_the_integral_done_by_hand() -> None:
    scores, sizes = [4.1, 4.9, 5.6, 4.4], [10, 20, 10, 50]
    pooled = pool_units(np.array(scores)[:, np.newaxis], sizes=sizes, within=[[1.44]])
    found = [pooled.mean([scores[at]], sizes[at])[0] for at in range(4)]
    assert found == pytest.approx([by_integration(scores, sizes, at, 1.44) for at in range(4)])


def test_unlinked_constructs_are_pooled_as_if_each_were_alone() -> None:
    within = np.diag([1.0, 2.0])
    scores = np.array([[4.0, 5.0], [4.5, 3.0], [5.5, 4.0]])
    together = pool_units(scores, sizes=[10, 20, 30], within=within)
    alone = [
        pool_units(scores[:, [at]], sizes=[10, 20, 30], within=within[[at]][:, [at]])
        for at in (0, 1)
    ]
    assert together.mean(scores[1], 20) == pytest.approx(
        [alone[at].mean(scores[1, [at]], 20)[0] for at in (0, 1)]
    )


@pytest.mark.parametrize("size", [10, 40])
def test_draws_have_the_mean_that_is_told(size: int) -> None:
    _, scores = company(0.15 * WITHIN, units=24, size=size, seed=1)
    pooled = pool_units(scores, sizes=[size] * 24, within=WITHIN)
    drawn = PooledDraws(pooled, seed=1, draws=20_000).unit(scores[3], size, seed=2)
    error = drawn.std(axis=0) / np.sqrt(2_000)  # draws of a way and share come in lumps
    assert (np.abs(drawn.mean(axis=0) - pooled.mean(scores[3], size)) < 6 * error).all()


def test_a_large_unit_is_believed_as_it_stands() -> None:
    _, scores = company(0.15 * WITHIN, units=24, size=20, seed=2)
    pooled = pool_units(scores, sizes=[20] * 24, within=WITHIN)
    assert pooled.mean(scores[0], 1e6) == pytest.approx(scores[0], abs=0.02)


def test_one_unit_alone_is_believed_as_it_stands() -> None:
    pooled = pool_units([[4.2, 5.1, 3.9]], sizes=[12], within=np.eye(3))
    drawn = PooledDraws(pooled, seed=1, draws=40_000).unit([4.2, 5.1, 3.9], 12, seed=1)
    assert pooled.mean([4.2, 5.1, 3.9], 12) == pytest.approx([4.2, 5.1, 3.9])
    assert drawn.std(axis=0) == pytest.approx(np.full(3, 12**-0.5), rel=0.03)


def test_nothing_changes_with_the_unit_of_measurement_or_where_the_scale_begins() -> None:
    _, scores = company(0.1 * WITHIN, units=16, size=20, seed=3)
    pooled = pool_units(scores, sizes=[20] * 16, within=WITHIN)
    moved = pool_units(10 * scores + 3, sizes=[20] * 16, within=100 * WITHIN)
    assert moved.mean(10 * scores[5] + 3, 20) == pytest.approx(10 * pooled.mean(scores[5], 20) + 3)
    assert moved.shares() == pytest.approx(pooled.shares())
    assert moved.spread() == pytest.approx(10 * pooled.spread())


def test_every_way_leads_back_to_the_scores_and_makes_persons_vary_by_one() -> None:
    ways = directions_of(WITHIN)
    assert len(ways) == 11
    for way in ways:
        assert way.apart.T @ WITHIN @ way.apart == pytest.approx(np.eye(5), abs=1e-9)
        assert way.apart @ way.together == pytest.approx(np.eye(5), abs=1e-9)


WORLDS = {
    "identical units": np.zeros((5, 5)),
    "units alike in share in everything": 0.1 * WITHIN,
    "only whole units' level differs": 0.12 * (0.1 * np.eye(5) + 0.9),
    "only one element differs": 0.01 * np.eye(5) + 0.29 * np.diag([0, 0, 0, 0, 1.0]),
    "elements differ without each other": 0.2 * np.eye(5),
}


@pytest.mark.parametrize("between", WORLDS.values(), ids=list(WORLDS))
def test_intervals_hold_the_truth_whatever_units_differ_in(between: NDArray[np.float64]) -> None:
    held, errors, raw_errors = [], [], []
    for seed in range(12):
        true, scores = company(between, units=24, size=20, seed=seed)
        pooled = pool_units(scores, sizes=[20] * 24, within=WITHIN)
        draws = PooledDraws(pooled, seed=seed, draws=400)
        for unit in range(24):
            drawn = draws.unit(scores[unit], 20, seed=unit)
            low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
            held.append((low <= true[unit]) & (true[unit] <= high))
        estimates = np.array([pooled.mean(score, 20) for score in scores])
        errors.append(((estimates - true) ** 2).mean())
        raw_errors.append(((scores - true) ** 2).mean())
    # Of 1,440 intervals in 12 companies; chance moves the share by a hundredth or less.
    assert 0.90 < np.mean(held) <= 1
    assert np.mean(errors) < 0.95 * np.mean(raw_errors)


def test_identical_units_are_all_but_equal_and_their_share_is_all_but_zero() -> None:
    _, scores = company(np.zeros((5, 5)), units=60, size=20, seed=4)
    pooled = pool_units(scores, sizes=[20] * 60, within=WITHIN)
    estimates = np.array([pooled.mean(score, 20) for score in scores])
    assert pooled.shares().max() < 0.05
    assert estimates.std(axis=0).max() < scores.std(axis=0).min() / 2


def test_share_and_spread_are_found_again_in_a_large_company() -> None:
    _, scores = company(0.25 * WITHIN, units=2000, size=20, seed=5)
    pooled = pool_units(scores, sizes=[20] * 2000, within=WITHIN)
    assert pooled.shares() == pytest.approx(np.full(5, 0.2), abs=0.04)
    assert pooled.spread() == pytest.approx(np.full(5, np.sqrt(0.25 * 1.2)), rel=0.1)


def test_the_same_seeds_give_the_same_draws_and_others_do_not() -> None:
    _, scores = company(0.1 * WITHIN, units=8, size=20, seed=6)
    pooled = pool_units(scores, sizes=[20] * 8, within=WITHIN)
    first, again = (PooledDraws(pooled, seed=1, draws=50) for _ in range(2))
    drawn = first.unit(scores[0], 20, seed=7)
    assert np.array_equal(drawn, again.unit(scores[0], 20, seed=7))
    assert not np.array_equal(drawn, again.unit(scores[0], 20, seed=8))
    assert first.company.shape == (50, 5)


@pytest.mark.parametrize(
    ("scores", "sizes", "within", "error", "message"),
    [
        ([[1.0], [np.nan]], [9, 9], [[1.0]], MissingDataError, "unit 2, construct 1"),
        ([[1.0]], [0], [[1.0]], OptionError, "expected sizes above 0, found 0.0 for unit 1"),
        ([[1.0]], [9, 9], [[1.0]], ShapeError, r"found shapes \(1, 1\) and \(2,\)"),
        (np.empty((0, 1)), [], [[1.0]], ShapeError, "at least one unit"),
        ([[1.0, 2.0]], [9], [[1.0]], ShapeError, "covariance of 2 constructs"),
        ([[1.0, 2.0]], [9], [[1.0, 1.0], [1.0, 1.0]], ShapeError, "follows from the others"),
        ([[1.0, 2.0]], [9], [[1.0, 0.5], [0.1, 1.0]], ShapeError, "symmetric"),
        ([["low"]], [9], [[1.0]], NotNumericError, "the scores"),
    ],
)
def test_scores_that_do_not_fit_are_named(
    scores: object, sizes: object, within: object, error: type[QcaError], message: str
) -> None:
    with pytest.raises(error, match=message):
        pool_units(scores, sizes=sizes, within=within)  # type: ignore[arg-type]


def test_a_unit_that_does_not_fit_is_named() -> None:
    pooled = pool_units([[4.0], [5.0]], sizes=[9, 9], within=[[1.0]])
    for score, size, error in (
        ([4.0, 5.0], 9, ShapeError),
        ([np.nan], 9, MissingDataError),
        ([4.0], 0, OptionError),
    ):
        with pytest.raises(error):
            pooled.mean(score, size)
        with pytest.raises(error):
            PooledDraws(pooled, seed=1, draws=5).unit(score, size, seed=1)
    for seed, draws in ((1, 0), (-1, 5)):
        with pytest.raises(OptionError, match="expected a draw and a seed from 0"):
            PooledDraws(pooled, seed=seed, draws=draws)
