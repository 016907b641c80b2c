"""Bootstrap of construct scores within units."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.bootstrap import (
    bootstrap_units,
    construct_scores,
    percentile_interval,
    unit_bootstrap,
    unit_seed,
)
from qca.errors import OptionError, ShapeError

CONSTRUCTS = [[0, 1], [2]]
answer = st.one_of(st.integers(1, 7).map(float), st.just(math.nan))


def scored_by_hand(rows: np.ndarray) -> list[float]:
    """Mean of item means, item by item."""
    scores = []
    for columns in CONSTRUCTS:
        answered = [rows[~np.isnan(rows[:, c]), c] for c in columns]
        means = [column.mean() for column in answered if column.size]
        scores.append(float(np.mean(means)) if means else math.nan)
    return scores


@given(arrays(np.float64, (4, 3), elements=answer))
def test_score_is_the_mean_of_item_means(rows: np.ndarray) -> None:
    assert construct_scores(rows, CONSTRUCTS) == pytest.approx(scored_by_hand(rows), nan_ok=True)


@given(arrays(np.float64, (5, 3), elements=answer), st.integers(0, 2**32))
def test_every_draw_is_the_score_of_respondents_drawn(rows: np.ndarray, seed: int) -> None:
    found = unit_bootstrap(rows, constructs=CONSTRUCTS, seed=seed, draws=7)

    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = generator.integers(0, 5, size=(7, 5), dtype=np.int32)
    expected = np.array([scored_by_hand(rows[people]) for people in drawn])
    assert found == pytest.approx(expected, nan_ok=True)


def test_spread_of_draws_is_that_of_the_mean() -> None:
    rows = np.random.default_rng(1).integers(1, 8, size=(40, 1)).astype(float)

    found = unit_bootstrap(rows, constructs=[[0]], seed=2, draws=20_000)

    assert found.mean() == pytest.approx(rows.mean(), abs=0.01)
    assert found.std() == pytest.approx(rows.std() / math.sqrt(40), rel=0.02)


def test_unit_is_drawn_alike_whatever_other_units_there_are() -> None:
    rng = np.random.default_rng(3)
    units = {name: rng.integers(1, 8, (12, 3)).astype(float) for name in ("a", "b", "c")}

    together = dict(bootstrap_units(units, constructs=CONSTRUCTS, seed=9, draws=50))
    alone = dict(bootstrap_units({"b": units["b"]}, constructs=CONSTRUCTS, seed=9, draws=50))

    assert (together["b"] == alone["b"]).all()


def test_seed_of_a_unit_depends_on_the_run_and_the_name() -> None:
    streams = {
        tuple(unit_seed(seed, name).generate_state(4))
        for seed in (1, 2)
        for name in ("north", "south")
    }

    assert len(streams) == 4


def test_large_units_are_drawn_in_blocks_of_the_same_draws_shape() -> None:
    rows = np.full((3000, 1), 4.0)

    found = unit_bootstrap(rows, constructs=[[0]], seed=1, draws=1000)

    assert found.shape == (1000, 1)
    assert (found == 4.0).all()


def test_interval_leaves_missing_draws_out() -> None:
    draws = np.array([[1.0, math.nan], [2.0, math.nan], [3.0, math.nan], [math.nan, math.nan]])

    found = percentile_interval(draws, level=0.5)

    assert found[0].tolist() == [1.5, 2.5]
    assert np.isnan(found[1]).all()


def test_intervals_of_columns_with_and_without_gaps_are_those_of_each_alone() -> None:
    draws = np.random.default_rng(3).normal(size=(200, 4))
    draws[::7, 2], draws[:, 3] = math.nan, math.nan

    together = percentile_interval(draws)

    alone = [np.nanpercentile(draws[:, column], [2.5, 97.5]) for column in range(3)]
    np.testing.assert_allclose(together[:3], alone, rtol=1e-12)
    assert np.isnan(together[3]).all()


def test_a_draw_of_nobody_who_answered_an_item_rests_on_the_other_items() -> None:
    rows = np.array([[2.0, math.nan], [4.0, 6.0], [3.0, math.nan]])

    found = unit_bootstrap(rows, constructs=[[0, 1], [1]], seed=3, draws=30)

    generator = np.random.Generator(np.random.PCG64(3))
    drawn = generator.integers(0, 3, size=(30, 3), dtype=np.int32)
    for scores, people in zip(found, drawn, strict=True):
        one_by_one = construct_scores(rows[people], [[0, 1], [1]])
        np.testing.assert_array_equal(scores, one_by_one)


def test_wrong_input_is_named() -> None:
    with pytest.raises(ShapeError, match="table of respondents"):
        construct_scores([1.0], [[0]])
    with pytest.raises(ShapeError, match="columns within 0-0"):
        construct_scores([[1.0]], [[1]])
    with pytest.raises(ShapeError, match="found none"):
        unit_bootstrap(np.empty((0, 1)), constructs=[[0]], seed=1)
    with pytest.raises(OptionError, match="at least one draw"):
        unit_bootstrap([[1.0]], constructs=[[0]], seed=1, draws=0)
    with pytest.raises(OptionError, match="level"):
        percentile_interval([[1.0]], level=1)
    with pytest.raises(OptionError, match="seed >= 0"):
        unit_seed(-1, "north")


def test_blocks_of_draws_continue_one_stream() -> None:
    rows = np.random.default_rng(5).integers(1, 8, (300, 23)).astype(float)

    found = unit_bootstrap(rows, constructs=[range(23)], seed=6, draws=100)

    generator = np.random.Generator(np.random.PCG64(6))
    drawn = generator.integers(0, 300, size=(100, 300), dtype=np.int32)
    assert found[:, 0] == pytest.approx(rows[drawn].mean(axis=(1, 2)))
