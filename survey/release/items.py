"""Pool every item by its valid answers: whole pools merge upwards where one is too small.

Answers by people who were added after the launch decide nothing here. They join what is decided.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.release.pooling import holders
from survey.release.splits import best_splits, split_value
from survey.release.tables import FUNCTIONS, SetKind
from survey.release.tree import NOWHERE, UnitTree

# Pools are named by the unit that owns them, so arrays over pools run over all units.


def tally(
    tree: UnitTree,
    answers: pd.DataFrame,
    pools: NDArray[np.int64],
    codes: Sequence[str],
    points: int,
) -> NDArray[np.int64]:
    """Count answers as int64[pool, function, item, point]; pools is int64[answer]."""
    shape = (len(tree), len(FUNCTIONS), len(codes), points)
    values = answers[list(codes)].to_numpy(dtype=float)
    rows, items = np.nonzero(~np.isnan(values) & (pools != NOWHERE)[:, None])
    sales = (answers["function"] == FUNCTIONS[1]).to_numpy(dtype=np.int64)
    point = values[rows, items].astype(np.int64) - 1
    cells = np.ravel_multi_index((pools[rows], sales[rows], items, point), shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def item_parts(tree: UnitTree, counts: NDArray[np.int64], floor: int) -> NDArray[np.int64]:
    """Return int64[pool, item]: the unit at which each pool's answers to an item come together."""
    return holders(tree, counts.sum(axis=(1, 3)), floor)


def coarse_parts(
    tree: UnitTree, counts: NDArray[np.int64], groups: NDArray[np.int64], floor: int
) -> NDArray[np.int64]:
    """Return the same for groups of whole pools, int64[pool] naming each pool's group."""
    valid = counts.sum(axis=(1, 3))
    grouped = np.zeros_like(valid)
    held = groups != NOWHERE
    np.add.at(grouped, groups[held], valid[held])
    parts = holders(tree, grouped, floor)[groups]
    parts[~held] = NOWHERE
    return parts


def beside_planned(added: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the added answers to an item where planned ones of the same pool and function are.

    Both int64[pool, function, item, point]. By themselves they would be a group that a figure or a
    difference is about, and all but one of them may be a manager's own.
    """
    return np.where(counts.sum(axis=3, keepdims=True) > 0, added, 0)


@dataclass(frozen=True)
class ItemCover:
    """What may be told of each item about the units and the groups of one plan.

    counts: int64[pool, function, item, point] of planned answers; added: the same of those that
    join them; parts: int64[pool, item]; groups: int64[pool].
    A part counts for a unit whose set holds all of it, and for a group that is all of it.
    """

    tree: UnitTree
    counts: NDArray[np.int64]
    added: NDArray[np.int64]
    parts: NDArray[np.int64]
    groups: NDArray[np.int64]

    @cached_property
    def _valid(self) -> NDArray[np.int64]:
        return self.counts.sum(axis=(1, 3))

    @cached_property
    def _extremes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first and the last group (in the tree's order) in each part, int64[part, item]."""
        first = np.full(self.parts.shape, len(self.tree), dtype=np.int64)
        last = np.full(self.parts.shape, NOWHERE, dtype=np.int64)
        pool, item = np.nonzero((self._valid > 0) & (self.parts != NOWHERE))
        where = (self.parts[pool, item], item)
        np.minimum.at(first, where, self.groups[pool])
        np.maximum.at(last, where, self.groups[pool])
        return first, last

    @cached_property
    def anchors(self) -> NDArray[np.int64]:
        """int64[pool, item]: the lowest unit whose set holds the whole part of a pool's answers."""
        # The groups of a part lie below its owner or on the way from it to the root, and parents
        # come before children: the first in order is the highest.
        pool_parts, item = self.parts, np.arange(self.parts.shape[1])
        anchors = np.minimum(pool_parts, self._extremes[0][pool_parts, item])
        return np.where((pool_parts == NOWHERE) | (self._valid == 0), NOWHERE, anchors)

    @cached_property
    def inside(self) -> NDArray[np.int64]:
        """int64[pool, item]: the one group that is all of a pool's part, else NOWHERE."""
        first, last = self._extremes
        item = np.arange(self.parts.shape[1])
        alone = np.where(first == last, first, NOWHERE)[self.parts, item]
        return np.where(self.anchors == NOWHERE, NOWHERE, alone)

    def _placed(self, counts: NDArray[np.int64], where: NDArray[np.int64]) -> NDArray[np.int64]:
        placed = np.zeros_like(counts)
        for item in range(self.parts.shape[1]):
            held = np.flatnonzero(where[:, item] != NOWHERE)
            np.add.at(placed[:, :, item], where[held, item], counts[held, :, item])
        return placed

    def _parts_placed(self, where: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count each part once at the place of its pools."""
        number = np.zeros_like(self.parts)
        pool, item = np.nonzero(where != NOWHERE)
        owners = np.unique(np.stack([self.parts[pool, item], item, where[pool, item]]), axis=1)
        np.add.at(number, (owners[2], owners[1]), 1)
        return number

    def sums_at(self, where: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[unit, item]: valid answers of the pools that int64[pool, item] puts at a unit."""
        total = np.zeros_like(self._valid)
        pool, item = np.nonzero(where != NOWHERE)
        np.add.at(total, (where[pool, item], item), self._valid[pool, item])
        return total

    @cached_property
    def _group_valid(self) -> NDArray[np.int64]:
        return self.sums_at(np.broadcast_to(self.groups[:, None], self._valid.shape))

    @cached_property
    def unit_counts(self) -> NDArray[np.int64]:
        """int64[unit, function, item, point] of all parts that a unit's set holds."""
        return self.tree.subtree_sums(self._placed(self.counts, self.anchors))

    @cached_property
    def unit_added(self) -> NDArray[np.int64]:
        """The same of added answers."""
        return self.tree.subtree_sums(self._placed(self.added, self.anchors))

    @cached_property
    def group_counts(self) -> NDArray[np.int64]:
        """int64[group, function, item, point] of all parts inside one group."""
        return self._placed(self.counts, self.inside)

    @cached_property
    def group_added(self) -> NDArray[np.int64]:
        """The same of added answers."""
        return self._placed(self.added, self.inside)

    @cached_property
    def unit_shown(self) -> NDArray[np.bool_]:
        """bool[unit, item]: two parts or more, or all there is."""
        return _shown(
            self.unit_counts,
            self.tree.subtree_sums(self._parts_placed(self.anchors)),
            self.tree.subtree_sums(self._group_valid),
        )

    @cached_property
    def group_shown(self) -> NDArray[np.bool_]:
        """bool[group, item], likewise."""
        return _shown(self.group_counts, self._parts_placed(self.inside), self._group_valid)

    @cached_property
    def minorities(self) -> NDArray[np.int64]:
        """int64[unit, item]: the smaller function in the part that comes together at a unit."""
        return self._placed(self.counts, self.parts).sum(axis=3).min(axis=1)


def item_splits(cover: ItemCover, split_units: Collection[int], floor: int) -> NDArray[np.bool_]:
    """Return bool[unit, item]: where an item's functions may be told apart, among split units."""
    chosen = np.zeros(cover.parts.shape, dtype=np.bool_)
    values = [split_value(n) for n in cover.unit_counts.sum(axis=(1, 2, 3)).tolist()]
    for item in range(cover.parts.shape[1]):
        shown = set(np.flatnonzero(cover.unit_shown[:, item]).tolist()) & set(split_units)
        minorities = cover.minorities[:, item].tolist()
        chosen[list(best_splits(cover.tree, minorities, values, shown, floor)), item] = True
    return chosen


def covers_same(one: ItemCover, other: ItemCover, kind: SetKind) -> NDArray[np.bool_]:
    """Return bool[unit, item]: whether two covers tell about the very same answers."""
    tree = one.tree
    if kind is SetKind.UNIT:
        # Both anchors lie on the way from the pool to the root: a set that holds the higher
        # anchor, which comes first in order, holds both.
        shared = one.sums_at(np.minimum(one.anchors, other.anchors))
        return (tree.subtree_sums(shared) == tree.subtree_sums(one.sums_at(one.anchors))) & (
            tree.subtree_sums(shared) == tree.subtree_sums(other.sums_at(other.anchors))
        )
    agreed = np.where(one.inside == other.inside, one.inside, NOWHERE)
    shared = one.sums_at(agreed)
    return (shared == one.sums_at(one.inside)) & (shared == other.sums_at(other.inside))


def _shown(
    counts: NDArray[np.int64], parts: NDArray[np.int64], total: NDArray[np.int64]
) -> NDArray[np.bool_]:
    told = counts.sum(axis=(1, 3))
    return (told > 0) & ((parts >= 2) | (told == total))
