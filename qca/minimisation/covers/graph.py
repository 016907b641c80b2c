"""Hitting sets of one size as the paths of a graph, counted and listed many at a time."""

from collections import defaultdict
from itertools import count

import numpy as np
from numpy.typing import NDArray

from qca.minimisation.covers.families import bit_sets


class HittingGraph:
    """Partial hitting sets that leave the same are one node, and every step takes an element.

    Node 0 is the empty set. The last steps leave the graph, all from the same depth, so that all
    hitting sets have the same number of elements.

    Examples
    --------
    >>> graph = HittingGraph()
    >>> graph.enter(1, [b"same", b"same"], np.array([0, 0]), np.array([0, 1]))
    (array([0]), array([1]))
    >>> graph.leave(np.array([1, 1]), np.array([2, 3]))
    >>> graph.total([1, 1, 1, 5]), graph.listed(3, np.arange(4))
    (12, [5, 6, 9])
    """

    def __init__(self) -> None:
        fresh = count(1)
        self._names: defaultdict[int, defaultdict[bytes, int]] = defaultdict(
            lambda: defaultdict(fresh.__next__)
        )
        self._depths = [0]
        self._steps = [np.empty((3, 0), dtype=np.int64)]
        self._ends = [np.empty((2, 0), dtype=np.int64)]

    def enter(
        self, depth: int, keys: list[bytes], parents: NDArray[np.int64], elements: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Record the steps to the nodes named by keys; places and numbers of the new nodes."""
        names, known = self._names[depth], len(self._depths)
        numbers = np.array([names[key] for key in keys], dtype=np.int64)
        self._steps.append(np.stack([numbers, parents, elements]))
        found, places = np.unique(numbers, return_index=True)
        new = found >= known
        self._depths += [depth] * int(new.sum())
        return places[new], found[new]

    def leave(self, parents: NDArray[np.int64], elements: NDArray[np.int64]) -> None:
        """Record the steps that complete a hitting set."""
        self._ends.append(np.stack([parents, elements]))

    def total(self, weights: list[int]) -> int:
        """Number of hitting sets, each element standing for as many equal ones as its weight."""
        numbers, parents, elements = np.concatenate(self._steps, axis=1)
        depths, worth = np.array(self._depths), np.array(weights, dtype=object)
        ways = np.zeros(len(depths), dtype=object)  # whole numbers beyond 64 bits
        ways[0] = 1
        order = np.lexsort((numbers, depths[numbers]))
        layers = np.flatnonzero(np.diff(depths[numbers[order]], prepend=0))
        for layer in np.split(order, layers)[1:]:
            nodes, starts = np.unique(numbers[layer], return_index=True)
            each = ways[parents[layer]] * worth[elements[layer]]
            ways[nodes] = np.add.reduceat(each, starts)
        last, taken = np.concatenate(self._ends, axis=1)
        return int((ways[last] * worth[taken]).sum())

    def listed(self, limit: int, places: NDArray[np.int64]) -> list[int]:
        """List hitting sets as bit sets of the places of their elements, at most `limit`."""
        numbers, parents, elements = np.concatenate(self._steps, axis=1)
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], np.arange(len(self._depths) + 1))
        nodes, taken = np.concatenate(self._ends, axis=1)[:, :limit]
        chosen = taken[None]
        while nodes.any():
            ways = np.diff(starts)[nodes]
            paths = np.repeat(np.arange(len(nodes)), ways)[:limit]
            turns = np.arange(len(paths)) - (np.cumsum(ways) - ways)[paths]
            steps = order[starts[nodes[paths]] + turns]
            nodes, chosen = parents[steps], np.vstack([chosen[:, paths], elements[steps]])
        flags = np.zeros((len(nodes), places.max(initial=0) + 1), dtype=np.bool_)
        flags[np.arange(len(nodes)), places[chosen]] = True
        return bit_sets(flags)
