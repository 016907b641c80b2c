"""The frozen tree of units over which answers are pooled."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey.errors import InputError

ROOT = 0
NOWHERE = -1  # the parent of the root; the pool of what is never tabulated


@dataclass(frozen=True)
class UnitTree:
    """Units in an order in which every parent comes before its children; the root is the company.

    >>> tree = UnitTree(("c", "n", "t"), (-1, 0, 1), ("Company", "North", "Team"))
    >>> list(tree.path_to_root("t"))
    ['t', 'n', 'c']
    """

    keys: tuple[str, ...]
    parents: tuple[int, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.keys) == len(self.parents) == len(self.names) > 0:
            raise InputError(
                "Units: expected one key, parent and name for each of at least one unit, found "
                f"{len(self.keys)} keys, {len(self.parents)} parents and {len(self.names)} names."
            )
        if len(set(self.keys)) < len(self.keys):
            raise InputError("Units: expected every key once, found a key twice.")
        if self.parents[ROOT] != NOWHERE:
            raise InputError("Units: expected the first unit to be the root, found a parent.")
        for position, parent in enumerate(self.parents[1:], start=1):
            if not 0 <= parent < position:
                raise InputError(
                    f"Units: expected the parent of {self.keys[position]} before it, "
                    f"found position {parent}."
                )

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each unit stands in the order, by key."""
        return {key: position for position, key in enumerate(self.keys)}

    @cached_property
    def levels(self) -> tuple[NDArray[np.int64], ...]:
        """The positions of the units at each number of steps from the root."""
        depth = np.zeros(len(self), dtype=np.int64)
        for unit in range(1, len(self)):
            depth[unit] = depth[self.parents[unit]] + 1
        order = np.argsort(depth, kind="stable")
        return tuple(np.split(order, np.flatnonzero(np.diff(depth[order])) + 1))

    @cached_property
    def parent_array(self) -> NDArray[np.int64]:
        """The position of each unit's parent."""
        return np.array(self.parents, dtype=np.int64)

    def depth_first(self) -> "UnitTree":
        """Return the tree with every unit right below its parent, siblings as they come.

        >>> tree = UnitTree(("c", "n", "s", "t"), (-1, 0, 0, 1), ("Company", "North", "South", "T"))
        >>> tree.depth_first().keys, tree.depth_first().parents
        (('c', 'n', 't', 's'), (-1, 0, 1, 0))
        """
        children: list[list[int]] = [[] for _ in self.keys]
        for unit, parent in enumerate(self.parents[1:], start=1):
            children[parent].append(unit)
        order, waiting = [], [ROOT]
        while waiting:
            unit = waiting.pop()
            order.append(unit)
            waiting.extend(reversed(children[unit]))
        place = {unit: number for number, unit in enumerate(order)}
        return UnitTree(
            tuple(self.keys[unit] for unit in order),
            tuple(place.get(self.parents[unit], NOWHERE) for unit in order),
            tuple(self.names[unit] for unit in order),
        )

    def path_to_root(self, key: str) -> Iterator[str]:
        """Yield a unit's key, its parent's, and so on up to the company's."""
        position = self.position[key]
        while position != NOWHERE:
            yield self.keys[position]
            position = self.parents[position]

    def subtree_sums(self, own: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for every unit (first axis), the sum of own values over its subtree."""
        sums = own.copy()
        for level in reversed(self.levels[1:]):
            np.add.at(sums, self.parent_array[level], sums[level])
        return sums
