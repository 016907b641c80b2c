"""Decide which pools' answers may keep their function in the rows."""

from collections import defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from survey.release.pooling import Pooling
from survey.release.tree import NOWHERE


def labelled_pools(pooling: Pooling, splits: Collection[int], floor: int) -> NDArray[np.bool_]:
    """Return bool[unit]: whether the pool that a unit owns may tell who works in what.

    A pool whose smaller function is below the floor may not. Among the pools behind one split,
    what stays untold must be nobody or at least the floor, else the split's figures less the
    labelled rows would single it out; then the smallest pool that could be told is not.
    """
    smaller = pooling.pool_sizes.min(axis=1)
    labelled = np.zeros(len(pooling.tree), dtype=np.bool_)
    for group, owners in _by_split(pooling, splits).items():
        tellable = [unit for unit in owners if smaller[unit] == 0 or smaller[unit] >= floor]
        labelled[tellable] = True
        untold = sum(int(smaller[unit]) for unit in owners if not labelled[unit])
        if group != NOWHERE and 0 < untold < floor:
            mixed = (unit for unit in tellable if smaller[unit] > 0)
            labelled[min(mixed, key=lambda unit: pooling.pool_sizes[unit].sum())] = False
    return labelled


def _by_split(pooling: Pooling, splits: Collection[int]) -> dict[int, list[int]]:
    """Return the owners of pools under the nearest split unit at or above each."""
    nearest: list[int] = []
    for unit, parent in enumerate(pooling.tree.parents):
        above = NOWHERE if parent == NOWHERE else nearest[parent]
        nearest.append(unit if unit in splits else above)
    groups: dict[int, list[int]] = defaultdict(list)
    for owner in pooling.owners.tolist():
        groups[nearest[owner]].append(owner)
    return groups
