"""No combination of published figures tells about a group below its floor."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pytest

from survey.errors import ReleaseError
from survey.release.audit import exposes
from survey.release.columns import check_sets, refuse
from survey.release.pooling import Pooling
from survey.release.sets import ReleasePlan
from survey.release.tables import FUNCTIONS, Plan
from survey.release.tree import UnitTree
from tests.survey.release.differencing import exposed_group
from tests.survey.release.published_sums import people_behind, people_of_pools
from tests.survey.release.release_scenes import (
    TABULATED,
    answers_of,
    random_answers,
    random_tree,
    released,
    tree_of,
)

ORGANISATIONS = 40


def organisations(missing: float) -> Iterator[tuple[UnitTree, pd.DataFrame]]:
    """Yield random organisations of 5 to 30 units."""
    for seed in range(ORGANISATIONS):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(5, 31)), random)
        yield tree, random_answers(tree, random, missing=missing)


@pytest.mark.parametrize("missing", [0.0, 0.12])
def test_no_published_figure_singles_out_a_small_group(missing: float) -> None:
    for tree, answers in organisations(missing):
        tables, _ = released(answers, tree)
        pools = people_of_pools(tables, answers)
        for item in ("TF1", "RB1"):
            sums = people_behind(tables, answers, pools, item)
            floor = 10 if item == "RB1" else 5
            assert exposed_group(sums, len(answers), floor) == 0
            cells = tables.cells[tables.cells["item"] == item].set_index("set")
            spread = {key: sums[key] for key in cells.index[cells["distribution"].notna()]}
            assert exposed_group(spread, len(answers), 10) == 0


@pytest.mark.parametrize("missing", [0.0, 0.12])
def test_every_figure_is_that_of_the_answers_behind_it(missing: float) -> None:
    for tree, answers in islice(organisations(missing), 8):
        tables, _ = released(answers, tree)
        pools = people_of_pools(tables, answers)
        for item in TABULATED:
            behind = people_behind(tables, answers, pools, item)
            for key, cell in tables.cells[tables.cells["item"] == item].set_index("set").iterrows():
                values = answers[item].iloc[sorted(behind[str(key)])]
                assert cell["n"] == len(values)
                assert cell["mean"] == pytest.approx(min(max(float(values.mean()), 1.5), 6.5))
                if cell["distribution"] is not None:
                    counts = [int((values == point).sum()) for point in range(1, 8)]
                    assert list(cell["distribution"]) == counts


def test_a_threshold_alone_exposes_nearly_every_organisation() -> None:
    exposed = 0
    for tree, answers in organisations(0.0):
        sums: dict[str, set[int]] = defaultdict(set)
        for person, (unit, function) in enumerate(
            zip(answers["unit"], answers["function"], strict=True)
        ):
            for key in tree.path_to_root(unit):
                sums[key].add(person)
                sums[f"{key}/{function}"].add(person)
        naive = {key: group for key, group in sums.items() if len(group) >= 5}
        exposed += exposed_group(naive, len(answers), 5) > 0

    assert exposed >= 0.95 * ORGANISATIONS


def test_rows_with_function_and_the_published_totals_single_out_nobody() -> None:
    for tree, answers in organisations(0.0):
        tables, rows = released(answers, tree)
        pools = people_of_pools(tables, answers)
        sums: dict[str, set[int]] = {}
        for info in tables.sets:
            if info.plan is Plan.GENERAL:
                told = pools.isin(info.pools)
                if info.function:
                    told &= answers["function"] == info.function
                sums[info.key] = set(np.flatnonzero(told).tolist())
        for pool, labelled in rows.groupby("pool")["function"].first().items():
            sums[str(pool)] = set(np.flatnonzero(pools == pool).tolist())
            if labelled:
                told = (pools == pool) & (answers["function"] == FUNCTIONS[0])
                sums[f"{pool}/{FUNCTIONS[0]}"] = set(np.flatnonzero(told).tolist())
        assert exposed_group(sums, len(answers), 5) == 0


def test_the_audit_agrees_with_the_attacker_on_random_sums() -> None:
    verdicts = set()
    for seed in range(400):
        random = np.random.default_rng(seed)
        weights = {cell: int(random.integers(1, 7)) for cell in range(int(random.integers(3, 9)))}
        number = int(random.integers(1, 8))
        sums = {
            str(row): {cell for cell in weights if random.random() < 0.5} for row in range(number)
        }
        first = dict(zip(weights, np.cumsum([0, *weights.values()]).tolist(), strict=False))
        people = {
            key: {first[cell] + i for cell in cells for i in range(weights[cell])}
            for key, cells in sums.items()
        }
        for floor in (5, 10):
            found = exposed_group(people, sum(weights.values()), floor) > 0
            assert exposes(sums, weights, floor) is found
            verdicts.add((floor, found))

    assert verdicts == {(5, True), (5, False), (10, True), (10, False)}


def test_a_release_that_would_expose_a_group_is_refused() -> None:
    sums = {"company": [(0, 0), (1, 0)], "team": [(0, 0)]}

    with pytest.raises(ReleaseError, match="at least 5 answers"):
        refuse("TF1", sums, {(0, 0): 7, (1, 0): 4}, 5)


def test_a_split_added_to_a_finished_plan_is_found_by_the_audit_of_the_sets() -> None:
    tree = tree_of(-1, 0, 0)
    plan = ReleasePlan(tree, np.array([[0, 0], [7, 3], [20, 7]]), 5, 10)
    floors = {Plan.GENERAL: 5, Plan.SENSITIVE: 10}
    unit = next(info for info in plan.sets() if info.key == "general/unit/u1")
    split = replace(unit, key="general/unit/u1/sales", function="sales", n=3)

    check_sets(tree, plan.sets(), plan.general.pool_sizes, plan.labelled, floors)
    with pytest.raises(ReleaseError, match="Release of the general sets"):
        check_sets(tree, (*plan.sets(), split), plan.general.pool_sizes, plan.labelled, floors)


def test_a_plan_that_exposes_a_group_never_becomes_a_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def same_pools(pooling: Pooling, _floor: int) -> Pooling:
        return pooling

    random = np.random.default_rng(1)
    tree = tree_of(-1, 0, 0)
    answers = answers_of(("u1", 7, 0), ("u2", 20, 0), random=random)
    released(answers, tree)
    monkeypatch.setattr("survey.release.sets.pool_again", same_pools)

    with pytest.raises(ReleaseError, match="Nothing was released"):
        released(answers, tree)
