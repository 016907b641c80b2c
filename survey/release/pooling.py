"""Bring answers together bottom-up until no group is smaller than the floor."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey.release.tree import NOWHERE, UnitTree


def holders(tree: UnitTree, weights: NDArray[np.int64], floor: int) -> NDArray[np.int64]:
    """Return which unit's pool holds what each unit brings, NOWHERE where it is left over.

    Every unit carries its own weight and what its children left uncounted; at the floor they form
    a pool owned by that unit and the carry is empty again. The weights' first axis runs over
    units; each further column is pooled by itself.

    >>> tree = UnitTree(("c", "n", "t"), (-1, 0, 1), ("Company", "North", "Team"))
    >>> holders(tree, np.array([5, 2, 4]), 5)
    array([0, 1, 1])
    """
    carry = weights.copy()
    holder = np.full(weights.shape, NOWHERE, dtype=np.int64)
    for level in reversed(tree.levels):
        is_pool = carry[level] >= floor
        own = level.reshape(-1, *[1] * (weights.ndim - 1))
        holder[level] = np.where(is_pool, own, NOWHERE)
        if level[0]:
            left = np.where(is_pool, 0, carry[level])
            np.add.at(carry, tree.parent_array[level], left)
    for level in tree.levels[1:]:
        above = holder[tree.parent_array[level]]
        holder[level] = np.where(holder[level] == NOWHERE, above, holder[level])
    return holder


@dataclass(frozen=True)
class Pooling:
    """Groups of whole atoms (one per unit) under one floor.

    sizes: int64[unit, function], what each unit brings; holder: int64[unit].
    """

    tree: UnitTree
    sizes: NDArray[np.int64]
    holder: NDArray[np.int64]

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The units that own a pool, in the tree's order."""
        return np.flatnonzero(self.holder == np.arange(len(self.tree)))

    @cached_property
    def pool_sizes(self) -> NDArray[np.int64]:
        """int64[unit, function]: the size of the pool that a unit owns, else 0."""
        sizes = np.zeros_like(self.sizes)
        held = self.holder != NOWHERE
        np.add.at(sizes, self.holder[held], self.sizes[held])
        return sizes

    @cached_property
    def unit_sizes(self) -> NDArray[np.int64]:
        """int64[unit, function]: the size of all pools in a unit's subtree."""
        return self.tree.subtree_sums(self.pool_sizes)

    @cached_property
    def pools_inside(self) -> NDArray[np.int64]:
        """int64[unit]: how many pools lie in a unit's subtree."""
        own = np.zeros(len(self.tree), dtype=np.int64)
        own[self.owners] = 1
        return self.tree.subtree_sums(own)

    @cached_property
    def published(self) -> NDArray[np.bool_]:
        """bool[unit]: a unit with one pool only is published where that pool is its own."""
        owns = self.holder == np.arange(len(self.tree))
        return owns | (self.pools_inside >= 2)


def pool_answers(tree: UnitTree, sizes: NDArray[np.int64], floor: int) -> Pooling:
    """Pool each unit's own answers, given as int64[unit, function]."""
    return Pooling(tree, sizes, holders(tree, sizes.sum(axis=1), floor))


def pool_again(pooling: Pooling, floor: int) -> Pooling:
    """Pool whole pools, never persons, under a higher floor."""
    return pool_answers(pooling.tree, pooling.pool_sizes, floor)
