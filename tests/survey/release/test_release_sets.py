"""Which sets of answers a release publishes."""

from itertools import combinations

import numpy as np
import pytest

from survey.errors import InputError
from survey.release.labels import labelled_pools
from survey.release.pooling import holders, pool_again, pool_answers
from survey.release.sets import ReleasePlan, chosen_splits
from survey.release.splits import best_splits, split_value
from survey.release.tables import Plan, Relation, SetKind
from survey.release.tree import UnitTree
from tests.survey.release.release_scenes import (
    INSTRUMENT,
    answers_of,
    random_tree,
    released,
    tree_of,
)

REGION = tree_of(-1, 0, 1, 1, 1, 0)  # company u0; region u1 of u2, u3, u4; team u5


def test_a_unit_below_the_floor_is_pooled_with_its_neighbours_in_their_parent() -> None:
    own = np.array([0, 1, 4, 3, 8, 6])

    assert holders(REGION, own, 5).tolist() == [-1, 1, 1, 1, 4, 5]


def test_what_is_left_over_at_the_root_has_no_pool() -> None:
    assert holders(tree_of(-1, 0, 0), np.array([1, 6, 3]), 5).tolist() == [-1, 1, -1]


def test_exactly_the_floor_is_enough_and_one_less_is_not() -> None:
    assert holders(tree_of(-1), np.array([5]), 5).tolist() == [0]
    assert holders(tree_of(-1), np.array([4]), 5).tolist() == [-1]


def test_a_parent_of_one_pool_is_not_published_and_of_two_is() -> None:
    one = pool_answers(tree_of(-1, 0, 1, 1), np.array([[0, 0], [0, 0], [9, 0], [4, 0]]), 5)
    two = pool_answers(tree_of(-1, 0, 1, 1), np.array([[0, 0], [0, 0], [9, 0], [5, 0]]), 5)

    assert one.published.tolist() == [False, False, True, False]
    assert two.published.tolist() == [True, True, True, True]


def test_the_second_plan_pools_whole_pools_and_never_persons() -> None:
    general = pool_answers(REGION, np.array([[0, 0], [2, 0], [6, 0], [3, 0], [7, 1], [5, 0]]), 5)
    again = pool_again(general, 10)

    assert general.holder.tolist() == [-1, 1, 2, 1, 4, 5]
    # 6, 5 and 8 come together in the region; the 5 of u5 stay below 10 and are left over.
    assert again.holder[[1, 2, 4, 5]].tolist() == [1, 1, 1, -1]
    assert again.pool_sizes.sum(axis=1).tolist() == [0, 19, 0, 0, 0, 0]


def test_sets_pools_and_their_sizes_of_a_small_organisation() -> None:
    random = np.random.default_rng(1)
    answers = answers_of(
        ("u1", 2, 0), ("u2", 6, 6), ("u3", 3, 0), ("u4", 8, 0), ("u5", 10, 2), random=random
    )

    tables, _ = released(answers, REGION)

    assert [(p.key, p.owner, p.n, p.merges_units) for p in tables.pools] == [
        ("pool/u1", "u1", 5, True),
        ("pool/u2", "u2", 12, False),
        ("pool/u4", "u4", 8, False),
        ("pool/u5", "u5", 12, False),
    ]
    assert {(info.key, info.n, info.pools) for info in tables.sets} == {
        ("general/unit/u0", 37, ("pool/u1", "pool/u2", "pool/u4", "pool/u5")),
        ("general/unit/u1", 25, ("pool/u1", "pool/u2", "pool/u4")),
        ("general/unit/u1/operations", 19, ("pool/u1", "pool/u2", "pool/u4")),
        ("general/unit/u1/sales", 6, ("pool/u1", "pool/u2", "pool/u4")),
        ("general/pool/u1", 5, ("pool/u1",)),
        ("general/unit/u2", 12, ("pool/u2",)),
        ("general/unit/u2/operations", 6, ("pool/u2",)),
        ("general/unit/u2/sales", 6, ("pool/u2",)),
        ("general/unit/u4", 8, ("pool/u4",)),
        ("general/unit/u5", 12, ("pool/u5",)),
        ("sensitive/unit/u0", 37, ("pool/u1", "pool/u2", "pool/u4", "pool/u5")),
        ("sensitive/unit/u1", 25, ("pool/u1", "pool/u2", "pool/u4")),
        ("sensitive/pool/u1", 13, ("pool/u1", "pool/u4")),
        ("sensitive/unit/u2", 12, ("pool/u2",)),
        ("sensitive/unit/u5", 12, ("pool/u5",)),
    }


def test_a_unit_shows_its_own_set_its_one_child_or_the_smallest_set_around_it() -> None:
    tree = tree_of(-1, 0, 1, 1, 0, 0, 5)  # u1 of u2 (8) and u3 (3); u4 (12); u5 (0) of u6 (3)
    answers = answers_of(
        ("u2", 8, 0), ("u3", 3, 0), ("u4", 12, 0), ("u6", 3, 0), random=np.random.default_rng(1)
    )
    tables, _ = released(answers, tree)

    shown = {key: tables.profile_set(key) for key in tree.keys}

    assert {key: (c.info.key, c.relation) for key, c in shown.items() if c is not None} == {
        "u0": ("general/unit/u0", Relation.OWN),
        "u1": ("general/unit/u2", Relation.ONE_CHILD),
        "u2": ("general/unit/u2", Relation.OWN),
        "u3": ("general/pool/u0", Relation.WIDER),
        "u4": ("general/unit/u4", Relation.OWN),
        "u5": ("general/pool/u0", Relation.WIDER),
        "u6": ("general/pool/u0", Relation.WIDER),
    }
    verdicts = {key: tables.verdict_set(key) for key in tree.keys}
    assert {key: (c.info.key, c.is_own) for key, c in verdicts.items() if c is not None} == {
        "u0": ("sensitive/unit/u0", True),
        "u1": ("sensitive/pool/u0", False),
        "u2": ("sensitive/pool/u0", False),
        "u3": ("sensitive/pool/u0", False),
        "u4": ("sensitive/unit/u4", True),
        "u5": ("sensitive/pool/u0", False),
        "u6": ("sensitive/pool/u0", False),
    }


def test_the_only_part_with_a_pattern_is_a_part_and_no_wider_group() -> None:
    tree = tree_of(-1, 0, 1, 1, 0)  # region u1 of u2 (12) and u3 (3); u4 (20)
    answers = answers_of(
        ("u2", 12, 0), ("u3", 3, 0), ("u4", 20, 0), random=np.random.default_rng(1)
    )
    tables, _ = released(answers, tree)

    for shown in (tables.profile_set("u1"), tables.verdict_set("u1")):
        assert shown is not None
        assert (shown.info.unit, shown.relation) == ("u2", Relation.ONE_CHILD)


def test_a_company_below_the_floor_publishes_nothing() -> None:
    tables, rows = released(
        answers_of(("u1", 4, 0), random=np.random.default_rng(1)), tree_of(-1, 0)
    )

    assert (tables.sets, tables.pools, len(tables.cells), len(rows)) == ((), (), 0, 0)
    assert tables.profile_set("u1") is None
    assert tables.verdict_set("u0") is None


def test_no_answer_at_all_publishes_nothing() -> None:
    empty = answers_of(random=np.random.default_rng(1))

    tables, rows = released(empty, tree_of(-1, 0))

    assert (tables.sets, len(tables.cells), len(rows)) == ((), 0, 0)


def test_every_unit_with_enough_answers_is_published_in_a_thousand_random_trees() -> None:
    for seed in range(1000):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(1, 40)), random)
        sizes = np.stack([random.integers(0, 9, len(tree)), random.integers(0, 4, len(tree))], 1)
        plan = ReleasePlan(tree, sizes, 5, 10)
        own = sizes.sum(axis=1)
        published = {info.unit for info in plan.sets() if info.kind is SetKind.UNIT}
        assert {tree.keys[unit] for unit in np.flatnonzero(own >= 5)} <= published
        assert all(info.n >= 5 for info in plan.sets())
        assert all(info.n >= 10 for info in plan.sets() if info.plan is Plan.SENSITIVE)
        assert sum(pool.n for pool in plan.pools()) > own.sum() - 5


def every_choice(
    tree: UnitTree, minorities: list[int], values: list[float], candidates: set[int], floor: int
) -> float:
    """Return the value of the best allowed set of splits by trying all of them."""
    best = 0.0
    for number in range(len(candidates) + 1):
        for chosen in combinations(sorted(candidates), number):
            residual = dict.fromkeys(chosen, 0)
            for unit, minority in enumerate(minorities):
                at = unit
                while at != -1 and at not in residual:
                    at = tree.parents[at]
                if at != -1:
                    residual[at] += minority
            if all(r == 0 or r >= floor for r in residual.values()):
                best = max(best, sum(values[unit] for unit in chosen))
    return best


@pytest.mark.parametrize("floor", [5, 10])
def test_splits_are_as_valuable_as_the_best_of_all_choices(floor: int) -> None:
    for seed in range(300):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(1, 9)), random)
        minorities = random.choice([0, 0, 1, 2, 3, 4, 6, 9, 12], size=len(tree)).tolist()
        values = [split_value(int(n)) for n in random.integers(5, 300, size=len(tree))]
        candidates = {unit for unit in range(len(tree)) if random.random() < 0.8}

        chosen = best_splits(tree, minorities, values, candidates, floor)

        found = sum(values[unit] for unit in chosen)
        assert chosen <= candidates
        assert found == pytest.approx(every_choice(tree, minorities, values, candidates, floor))


def test_splits_leave_no_residual_below_the_floor() -> None:
    tree = tree_of(-1, 0, 0)
    sizes = np.array([[0, 0], [7, 3], [20, 7]])
    pooling = pool_answers(tree, sizes, 5)

    # u1 may not be split (3 in sales); split u2 and the company less u2 would tell u1's 3.
    assert chosen_splits(pooling, 5) == {0}
    assert chosen_splits(pool_again(pooling, 10), 10) == {0}


def test_a_unit_of_one_function_is_not_split() -> None:
    pooling = pool_answers(tree_of(-1, 0, 0), np.array([[0, 0], [9, 0], [12, 0]]), 5)

    assert chosen_splits(pooling, 5) == set()


def test_rows_tell_the_function_unless_the_smaller_one_is_below_the_floor() -> None:
    pooling = pool_answers(tree_of(-1, 0, 0, 0), np.array([[0, 0], [9, 4], [9, 5], [9, 0]]), 5)

    assert labelled_pools(pooling, set(), 5).tolist() == [False, False, True, True]


def test_a_split_with_one_small_minority_keeps_a_second_pool_untold() -> None:
    tree = tree_of(-1, 0, 0, 0)
    pooling = pool_answers(tree, np.array([[0, 0], [9, 3], [30, 8], [9, 6]]), 5)

    # Were both u2 and u3 told, the company's split less theirs would tell the 3 of u1.
    assert labelled_pools(pooling, {0}, 5).tolist() == [False, False, True, False]


def test_floors_below_the_ones_in_code_are_refused() -> None:
    from survey.release.exclusions import ExclusionRules
    from survey.release.plan import release

    answers = answers_of(("u0", 20, 0), random=np.random.default_rng(1))
    for floor, sensitive in ((4, 10), (5, 9), (12, 11)):
        with pytest.raises(InputError, match="Floors: expected at least 5 and 10"):
            release(
                answers,
                tree_of(-1),
                INSTRUMENT,
                floor=floor,
                sensitive_floor=sensitive,
                exclusion_rules=ExclusionRules(),
            )


def test_raised_floors_are_kept() -> None:
    plan = ReleasePlan(tree_of(-1, 0, 0), np.array([[0, 0], [7, 0], [9, 0]]), 8, 16)

    assert [(info.key, info.n) for info in plan.sets()] == [
        ("general/unit/u2", 9),
    ]


def test_trees_that_are_none_are_refused() -> None:
    for parents in ((0,), (-1, -1), (-1, 2, 0)):
        with pytest.raises(InputError, match="Units: expected"):
            tree_of(*parents)
    with pytest.raises(InputError, match="every key once"):
        UnitTree(("a", "a"), (-1, 0), ("A", "B"))
