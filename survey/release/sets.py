"""Decide which sets of answers are published, before any figure is computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.release.labels import labelled_pools
from survey.release.pooling import Pooling, pool_again, pool_answers
from survey.release.splits import best_splits, split_value
from survey.release.tables import (
    FUNCTIONS,
    Plan,
    PoolInfo,
    SetInfo,
    SetKind,
    pool_key,
    set_key,
)
from survey.release.tree import NOWHERE, ROOT, UnitTree


@dataclass(frozen=True)
class ReleasePlan:
    """Both pooling passes over int64[unit, function] of counted answers by planned people.

    Nobody who was added after the launch has a part in it, so that invented people move no line.
    leaders_at_root: leaders of units are among the root's own answers. What comes together there is
    then no result of small teams and is published within the company's figures only.
    """

    tree: UnitTree
    sizes: NDArray[np.int64]
    floor: int
    sensitive_floor: int
    leaders_at_root: bool = False

    @cached_property
    def general(self) -> Pooling:
        """Answers pooled under the lower floor."""
        return pool_answers(self.tree, self.sizes, self.floor)

    @cached_property
    def sensitive(self) -> Pooling:
        """Whole pools pooled again under the higher floor."""
        return pool_again(self.general, self.sensitive_floor)

    @cached_property
    def own_groups(self) -> NDArray[np.int64]:
        """int64[pool]: each pool by itself, NOWHERE for a unit that owns none."""
        position = np.arange(len(self.tree))
        return np.where(self.general.holder == position, position, NOWHERE)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """int64[pool]: the group of the second pass that holds a pool, else NOWHERE."""
        return np.where(self.own_groups == NOWHERE, NOWHERE, self.sensitive.holder)

    @cached_property
    def splits(self) -> dict[Plan, frozenset[int]]:
        """The units of each plan whose functions are told apart."""
        return {
            Plan.GENERAL: chosen_splits(self.general, self.floor),
            Plan.SENSITIVE: chosen_splits(self.sensitive, self.sensitive_floor),
        }

    @cached_property
    def labelled(self) -> NDArray[np.bool_]:
        """bool[pool]: whether the rows of a pool tell the function."""
        return labelled_pools(self.general, self.splits[Plan.GENERAL], self.floor)

    @cached_property
    def homes(self) -> NDArray[np.int64]:
        """int64[unit, function]: the pool that added answers join, NOWHERE where there is none.

        The nearest one that has planned answers of their function: all that can be told of it is
        safe without them, and they stand in it beside others of their kind.
        """
        position = np.arange(len(self.tree))[:, None]
        homes = np.where(self.general.pool_sizes > 0, position, NOWHERE)
        for level in self.tree.levels[1:]:
            above = homes[self.tree.parent_array[level]]
            homes[level] = np.where(homes[level] == NOWHERE, above, homes[level])
        return homes

    def pools(self) -> tuple[PoolInfo, ...]:
        """Return all pools of the first pass, in the tree's order."""
        brings = self.sizes.sum(axis=1) > 0
        units_in = np.bincount(
            self.general.holder[brings & (self.general.holder != NOWHERE)],
            minlength=len(self.tree),
        )
        return tuple(
            PoolInfo(
                key=pool_key(self.tree.keys[owner]),
                owner=self.tree.keys[owner],
                n=int(self.general.pool_sizes[owner].sum()),
                merges_units=bool(units_in[owner] > 1),
            )
            for owner in self.general.owners
        )

    def sets(self) -> tuple[SetInfo, ...]:
        """Return all published sets of both plans, in the tree's order."""
        return (*self._sets_of(Plan.GENERAL), *self._sets_of(Plan.SENSITIVE))

    def _sets_of(self, plan: Plan) -> Iterator[SetInfo]:
        pooling = self.general if plan is Plan.GENERAL else self.sensitive
        by_unit, by_group = self._pools_of(pooling)
        for unit in np.flatnonzero(pooling.published).tolist():
            key, sizes = self.tree.keys[unit], pooling.unit_sizes[unit].tolist()
            kinds = [(SetKind.UNIT, "", sum(sizes), by_unit[unit])]
            if unit in self.splits[plan]:
                kinds += [
                    (SetKind.UNIT, function, n, by_unit[unit])
                    for function, n in zip(FUNCTIONS, sizes, strict=True)
                ]
            holds_leaders = unit == ROOT and self.leaders_at_root
            is_pool = pooling.holder[unit] == unit and pooling.pools_inside[unit] >= 2
            if is_pool and not holds_leaders:
                own = int(pooling.pool_sizes[unit].sum())
                kinds.append((SetKind.POOL, "", own, by_group[unit]))
            for kind, function, n, pools in kinds:
                yield SetInfo(
                    set_key(plan, kind, key, function), kind, plan, key, function, n, tuple(pools)
                )

    def _pools_of(self, pooling: Pooling) -> tuple[list[list[str]], list[list[str]]]:
        """Return the keys of the pools behind each unit's set and behind each group."""
        by_unit: list[list[str]] = [[] for _ in self.tree.keys]
        by_group: list[list[str]] = [[] for _ in self.tree.keys]
        for owner in self.general.owners.tolist():
            group = int(pooling.holder[owner])
            if group == NOWHERE:
                continue
            key = pool_key(self.tree.keys[owner])
            by_group[group].append(key)
            while group != NOWHERE:
                by_unit[group].append(key)
                group = self.tree.parents[group]
        return by_unit, by_group


def chosen_splits(pooling: Pooling, floor: int) -> frozenset[int]:
    """Return the published units with both functions that are best split."""
    both = pooling.unit_sizes.min(axis=1) > 0
    return best_splits(
        pooling.tree,
        pooling.pool_sizes.min(axis=1).tolist(),
        [split_value(n) for n in pooling.unit_sizes.sum(axis=1).tolist()],
        set(np.flatnonzero(pooling.published & both).tolist()),
        floor,
    )


def counted_sizes(
    tree: UnitTree, units: NDArray[np.int64], functions: pd.Series
) -> NDArray[np.int64]:
    """Return int64[unit, function] of answers; units is int64[answer]."""
    sizes = np.zeros((len(tree), len(FUNCTIONS)), dtype=np.int64)
    np.add.at(sizes, (units, function_places(functions)), 1)
    return sizes


def function_places(functions: pd.Series) -> NDArray[np.int64]:
    """Return int64[answer]: where the function of each answer stands among the functions."""
    return functions.map(FUNCTIONS.index).to_numpy(dtype=np.int64)
