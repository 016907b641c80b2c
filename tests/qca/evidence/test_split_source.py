"""Association over pools with elements and outcome told by different people."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import spearmanr

from qca.errors import MissingDataError, NotNumericError, OptionError, ShapeError
from qca.evidence.split_sources import SplitSource, split_source
from tests.qca.evidence.worlds import World, lowest, style_only, unrelated

Making = Callable[[np.random.Generator, int, int], World]


def told_apart(world: World, seed: int = 1, *, halves: int = 40, draws: int = 199) -> SplitSource:
    return split_source(
        world.elements, world.outcome, pools=world.pools,
        membership=lowest, seed=seed, halves=halves, draws=draws,
    )  # fmt: skip


def alike(pool_values: np.ndarray, people: int = 4) -> World:
    """Pools whose people all answer the same, so that halves do."""
    rows = np.repeat(pool_values, people, axis=0)
    labels = np.repeat(np.arange(len(pool_values)), people).tolist()
    return World(rows[:, :-1], rows[:, -1], labels)


def test_where_people_of_a_pool_agree_it_is_the_rank_correlation_of_pools() -> None:
    values = np.random.default_rng(1).random((20, 3))
    found = told_apart(alike(values))
    expected = spearmanr(values[:, :2].min(axis=1), values[:, 2]).statistic

    assert found.association == pytest.approx(expected)
    # The variance of a rank correlation over all permutations is 1 / (pools - 1).
    assert found.deviation == pytest.approx(1 / math.sqrt(19))


def test_a_perfect_association_has_the_smallest_p_and_its_reverse_the_largest() -> None:
    rising = np.linspace(0, 1, 16)
    up = told_apart(alike(np.column_stack([rising, rising])))
    down = told_apart(alike(np.column_stack([rising, -rising])))

    assert (up.association, up.p) == (pytest.approx(1), 1 / 200)
    assert (down.association, down.p) == (pytest.approx(-1), 1)


def test_the_attainable_is_one_where_people_of_a_pool_agree_and_little_where_pools_do_not() -> None:
    values = np.random.default_rng(1).random((20, 3))
    noise = np.random.default_rng(2).random((160, 3))
    unlike = World(noise[:, :2], noise[:, 2], [place % 20 for place in range(160)])

    assert told_apart(alike(values)).attainable == pytest.approx(1)
    assert told_apart(unlike).attainable < 0.3


def test_one_persons_habit_of_answering_is_never_on_both_sides() -> None:
    world = style_only(np.random.default_rng(2), pools=40, people=10)
    memberships = lowest(world.elements)

    assert np.corrcoef(memberships, world.outcome)[0, 1] > 0.5
    assert abs(told_apart(world).association) < 3 / math.sqrt(39)


@pytest.mark.parametrize("make", [unrelated, style_only])
def test_p_is_uniform_where_pools_are_unrelated(
    make: Making,
) -> None:
    generator = np.random.default_rng(5)
    ps = np.array([told_apart(make(generator, 20, 8), seed, halves=10).p for seed in range(200)])

    assert [float((ps <= level).mean()) for level in (0.05, 0.25, 0.5)] == pytest.approx(
        [0.05, 0.25, 0.5], abs=0.11
    )


def test_fewer_than_sixteen_pools_cannot_be_told() -> None:
    few = told_apart(unrelated(np.random.default_rng(3), 15, 8))
    enough = told_apart(unrelated(np.random.default_rng(3), 16, 8))

    assert (few.pools, few.people, few.can_be_told, math.isnan(few.p)) == (15, 120, False, True)
    assert (enough.pools, enough.can_be_told) == (16, True)


def test_pools_that_do_not_vary_cannot_be_told() -> None:
    found = told_apart(alike(np.column_stack([np.full(20, 0.5), np.arange(20.0)])))

    assert (found.pools, found.can_be_told, math.isnan(found.association)) == (20, False, True)


def test_nobody_at_all_cannot_be_told() -> None:
    found = split_source(np.empty((0, 2)), [], pools=[], membership=lowest, seed=1)

    assert (found.pools, found.people, found.can_be_told) == (0, 0, False)


def test_people_without_a_score_and_pools_of_three_are_left_out() -> None:
    world = unrelated(np.random.default_rng(4), 18, 6)
    elements = world.elements.copy()
    elements[:3, 0] = np.nan  # leaves the first pool three people
    elements[6, 1] = np.nan
    found = told_apart(World(elements, world.outcome, world.pools))

    assert (found.pools, found.people) == (17, 17 * 6 - 1)


def test_the_order_of_people_and_the_names_of_pools_change_no_count() -> None:
    world = unrelated(np.random.default_rng(9), 20, 7)
    order = np.random.default_rng(1).permutation(len(world.outcome))
    mixed = World(
        world.elements[order], world.outcome[order], [f"p{world.pools[i]}" for i in order]
    )
    first, second = told_apart(world, halves=400), told_apart(mixed, halves=400)

    assert (first.pools, first.people) == (second.pools, second.people)
    assert first.association == pytest.approx(second.association, abs=0.1)


def test_bad_input_is_named() -> None:
    world = unrelated(np.random.default_rng(4), 16, 4)
    with pytest.raises(ShapeError, match=r"found shapes \(64, 2\), \(64,\) and 1 pools"):
        told_apart(World(world.elements, world.outcome, ["a"]))
    with pytest.raises(MissingDataError, match="expected a pool for every person, found none for"):
        told_apart(World(world.elements, world.outcome, [None, *world.pools[1:]]))
    with pytest.raises(OptionError, match="found 0, 199 and 1"):
        told_apart(world, halves=0)
    with pytest.raises(ShapeError, match="expected a membership for each of 16 pools"):
        split_source(
            world.elements, world.outcome, pools=world.pools, seed=1, membership=lambda m: m[0]
        )
    with pytest.raises(NotNumericError):
        split_source([["often"]], [1], pools=["a"], membership=lowest, seed=1)
