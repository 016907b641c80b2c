"""Covers of a prime implicant chart: against brute force, and their stated limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qca.errors import OptionError
from qca.minimisation.covers.chart_covers import (
    Covers,
    essential_implicants,
    irredundant_covers,
    minimal_covers,
    undominated,
)
from qca.minimisation.covers.effort import Effort
from qca.minimisation.covers.minimum import smallest_hitting_sets
from qca.minimisation.covers.prices import programmed_hitting_set, set_prices
from qca.minimisation.covers.search import irredundant_hitting_sets
from tests.qca import brute_force

charts = (
    st.tuples(st.integers(1, 9), st.integers(1, 7))
    .flatmap(lambda shape: arrays(np.bool_, shape))
    .filter(lambda chart: bool(chart.any(axis=0).all()))
)


def _sets(chart: NDArray[np.bool_]) -> list[frozenset[int]]:
    return [frozenset(np.flatnonzero(line).tolist()) for line in chart]


def _random_chart(seed: int, *, implicants: int, rows: int, density: float) -> NDArray[np.bool_]:
    """Draw a chart in which implicant i covers row i, so that no row is bare."""
    chart = np.random.default_rng(seed).random((implicants, rows)) < density
    chart[np.arange(rows), np.arange(rows)] = True
    return chart


@given(charts)
def test_all_smallest_covers_are_found_and_no_others(chart: NDArray[np.bool_]) -> None:
    found = minimal_covers(chart)

    assert set(map(frozenset, found.models)) == brute_force.smallest_covers(
        _sets(chart), range(chart.shape[1])
    )
    assert (found.total, found.limit) == (len(found.models), "")


@given(charts)
def test_all_irredundant_covers_are_found_and_no_others(chart: NDArray[np.bool_]) -> None:
    found = irredundant_covers(chart)

    assert set(map(frozenset, found.models)) == brute_force.irredundant_covers(
        _sets(chart), range(chart.shape[1])
    )
    assert len(set(found.models)) == len(found.models) == found.total


@given(charts)
def test_essential_implicants_are_those_of_every_irredundant_cover(
    chart: NDArray[np.bool_],
) -> None:
    covers = brute_force.irredundant_covers(_sets(chart), range(chart.shape[1]))

    assert essential_implicants(chart) == tuple(sorted(frozenset.intersection(*covers)))


@given(charts)
def test_dominated_implicants_cover_a_proper_part_of_another(chart: NDArray[np.bool_]) -> None:
    sets = _sets(chart)

    expected = tuple(i for i, rows in enumerate(sets) if not any(rows < other for other in sets))
    assert undominated(chart) == expected


@pytest.mark.parametrize("seed", range(8))
def test_covers_of_a_large_part_are_those_of_an_exhaustive_search(seed: int) -> None:
    chart = _random_chart(seed, implicants=40, rows=10, density=0.2)

    found = minimal_covers(chart)

    every = irredundant_covers(chart, model_limit=1_000_000)
    fewest = min(map(len, every.models))
    assert every.limit == found.limit == ""
    assert set(found.models) == {model for model in every.models if len(model) == fewest}
    assert found.total == len(found.models)


@pytest.mark.parametrize("seed", range(3))
def test_covers_of_sparse_charts_are_those_of_an_exhaustive_search(seed: int) -> None:
    chart = _random_chart(seed, implicants=26, rows=18, density=0.12)

    found = minimal_covers(chart)

    every = irredundant_covers(chart, model_limit=1_000_000)
    fewest = min(map(len, every.models))
    assert every.limit == found.limit == ""
    assert set(found.models) == {model for model in every.models if len(model) == fewest}


def test_more_covers_are_counted_than_listed() -> None:
    chart = _random_chart(1, implicants=40, rows=10, density=0.2)
    every = minimal_covers(chart)

    few = minimal_covers(chart, model_limit=2)

    assert every.total is not None
    assert every.total > 2
    assert (len(few.models), few.total) == (2, every.total)
    assert set(few.models) < set(every.models)
    assert few.limit == f"2 of {every.total} models listed"


@pytest.mark.parametrize("seed", range(5))
def test_the_integer_programme_agrees_with_the_search(seed: int) -> None:
    chart = _random_chart(seed, implicants=40, rows=10, density=0.2)

    chosen, bound = programmed_hitting_set(chart)

    fewest = len(minimal_covers(chart).models[0])
    assert (len(chosen), bound) == (fewest, fewest)
    assert chart[chosen].any(axis=0).all()


def test_no_implicant_is_worth_more_than_one_in_prices() -> None:
    chart = _random_chart(3, implicants=60, rows=20, density=0.15)

    prices = set_prices(chart)

    assert (prices > 0).all()
    assert (chart @ prices).max() <= 1 + 1e-12
    assert 0 < prices.sum() <= len(minimal_covers(chart).models[0]) + 1e-9


def test_a_search_stopped_before_its_size_is_proven_says_so() -> None:
    chart = _random_chart(0, implicants=300, rows=120, density=0.05)

    found = minimal_covers(chart, step_limit=20)

    assert found.total is None
    assert all(chart[list(model)].any(axis=0).all() for model in found.models)
    assert found.limit.startswith("stopped after 20 steps in one part of the chart")


def test_independent_parts_are_counted_together() -> None:
    triangle = [0b011, 0b110, 0b101]

    found = smallest_hitting_sets(
        [*triangle, *(members << 3 for members in triangle)], [1, 1, 1, 2, 1, 1], Effort(100, 100)
    )

    assert (found.size, found.least, len(found.listed), found.total) == (4, 4, 9, 15)


def test_equal_implicants_stand_in_for_one_another_in_independent_parts() -> None:
    chart = np.zeros((6, 3), dtype=np.bool_)
    chart[[0, 1], 0] = chart[[2, 3, 4], 1] = chart[5, 2] = True

    found = minimal_covers(chart)

    assert found.total == 6
    assert found.models[:2] == ((0, 2, 5), (0, 3, 5))


def test_a_shorter_list_of_models_says_so() -> None:
    chart = np.repeat(np.eye(4, dtype=np.bool_), 5, axis=0)

    found = minimal_covers(chart, model_limit=10)

    assert (len(found.models), found.total) == (10, 625)
    assert found.limit == "10 of 625 models listed"


def test_a_stopped_search_says_so() -> None:
    chart = np.random.default_rng(1).random((24, 16)) < 0.3
    chart[0] |= ~chart.any(axis=0)

    found = irredundant_covers(chart, step_limit=50)

    assert found.total is None
    assert found.limit == "stopped after 50 steps in one part of the chart"


def test_a_search_stopped_before_its_first_model_says_so() -> None:
    chart = np.eye(6, dtype=np.bool_)

    found = irredundant_covers(np.vstack([chart, ~chart]), step_limit=1)

    assert found == Covers((), None, "stopped after 1 steps in one part of the chart")


@pytest.mark.parametrize("limit", [1, 7, 1_000_000])
def test_a_list_cut_at_any_limit_holds_different_minimal_models(limit: int) -> None:
    chart = np.repeat(_random_chart(2, implicants=40, rows=12, density=0.2), 2, axis=0)

    found = minimal_covers(chart, model_limit=limit)

    assert found.total is not None
    assert found.total > 7
    assert len(set(found.models)) == len(found.models) == min(limit, found.total)
    assert list(found.models) == sorted(found.models)
    assert len({len(model) for model in found.models}) == 1
    assert all(chart[list(model)].any(axis=0).all() for model in found.models)


def test_a_search_stops_at_the_limit_of_models() -> None:
    effort = Effort(2, 100)

    found = irredundant_hitting_sets([0b0011, 0b1100, 0b0110], [1, 1, 1, 1], effort)

    assert (len(found.listed), found.total) == (2, None)
    assert effort.stopped == "stopped after 2 models in one part of the chart"


def test_a_row_that_nothing_covers_is_named() -> None:
    with pytest.raises(OptionError, match=r"no implicant for rows \[1\]"):
        minimal_covers(np.array([[True, False]]))


def test_limits_start_at_one() -> None:
    with pytest.raises(OptionError, match="limits of 1 or more, found 0"):
        minimal_covers(np.array([[True]]), model_limit=0)
