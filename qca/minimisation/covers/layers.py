"""Every hitting set of one size, found layer by layer on arrays, as paths through a graph."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qca.minimisation.covers.effort import Effort
from qca.minimisation.covers.graph import HittingGraph

# Numbers in the largest array of a step: blocks this small stay in the cache.
_BLOCK = 1 << 20
# Pairs of a set and an element, over all nodes, that count as one step.
_STEP = 1 << 12
# Slacks and gains are sums in single precision, sizes whole numbers: too small to matter.
_TOLERANCE = 1e-3


class _Nodes(NamedTuple):
    """Partial hitting sets that all need `budget` further elements.

    numbers : the name of each node
    unmet : the sets it does not meet yet, shape (nodes, sets)
    allowed : the elements it may still take, shape (nodes, elements)
    branch : the unmet set with the fewest allowed elements
    slack : the budget less what the unmet sets are worth
    """

    budget: int
    numbers: NDArray[np.int64]
    unmet: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    branch: NDArray[np.int64]
    slack: NDArray[np.float32]

    def at(self, places: NDArray[np.int64]) -> "_Nodes":
        _, numbers, unmet, allowed, branch, slack = self
        return _Nodes(
            self.budget,
            numbers[places],
            unmet[places],
            allowed[places],
            branch[places],
            slack[places],
        )


class LayeredSearch:
    """Branches on the set with the fewest elements left, bounded by prices of the unmet sets.

    An element costs what its unmet sets are short of 1. What a node may still spend only falls,
    so an element once too dear stays so. Nodes that leave the same sets and elements are one:
    their graph numbers the hitting sets without listing them.

    Parameters
    ----------
    incidence : bool array of shape (elements, sets)
    of_sets : prices of the sets, see `qca.minimisation.covers.prices.set_prices`
    size : of the hitting sets searched for, given that none is smaller
    places : the place of each element in the sets listed
    weights : how many equal elements each one stands for
    effort : limits; a search they stop keeps what it found
    """

    def __init__(
        self,
        incidence: NDArray[np.bool_],
        of_sets: NDArray[np.float64],
        *,
        size: int,
        places: NDArray[np.int64],
        weights: list[int],
        effort: Effort,
    ) -> None:
        self.incidence = incidence
        self.meets = incidence.astype(np.float32)
        self.of_sets = of_sets.astype(np.float32)
        self.worth = np.ascontiguousarray((self.meets * self.of_sets).T)
        self.size = size
        self.places = places
        self.weights = weights
        self.effort = effort
        self.graph = HittingGraph()

    def run(self) -> None:
        """Find the hitting sets of the size searched for."""
        elements, sets = self.incidence.shape
        whole = np.ones((1, sets), dtype=np.bool_), np.ones((1, elements), dtype=np.bool_)
        self._explore(self._pruned(self.size, np.zeros(1, dtype=np.int64), *whole))

    @property
    def total(self) -> int:
        """Number of hitting sets found, equal elements told apart."""
        return self.graph.total(self.weights)

    def listed(self, limit: int) -> list[int]:
        """List hitting sets found as bit sets of places, at most `limit`."""
        return self.graph.listed(limit, self.places)

    def _explore(self, nodes: _Nodes) -> None:
        """Complete nodes, depth first as soon as there are too many for a block."""
        room = max(1, _BLOCK // len(self.incidence))
        while len(nodes.numbers) <= room:
            if not (len(nodes.numbers) and self.effort.allows(0, 1)):
                return
            nodes = self._children(nodes, room)
        promising = np.argsort(-nodes.slack, kind="stable")
        for start in range(0, len(promising), room):
            self._explore(nodes.at(promising[start : start + room]))

    def _children(self, nodes: _Nodes, room: int) -> _Nodes:
        """Take, for every node, each allowed element of its branching set."""
        options = nodes.allowed & self.incidence[:, nodes.branch].T
        origins, elements = np.nonzero(options)
        unmet = nodes.unmet[origins] & ~self.incidence[elements]
        going = unmet.any(axis=1)
        self.graph.leave(nodes.numbers[origins[~going]], elements[~going])
        places = np.flatnonzero(going & (nodes.budget > 1))
        self.effort.allows(0, len(places) * self.incidence.size // _STEP)
        grown_blocks = []
        for start in range(0, len(places) or 1, room):
            block = places[start : start + room]
            # A later option does without the earlier ones, so that no hitting set comes twice.
            later = np.arange(len(self.incidence)) > elements[block, None]
            allowed = nodes.allowed[origins[block]] & (later | ~options[origins[block]])
            grown = self._pruned(nodes.budget - 1, block, unmet[block], allowed)
            steps = nodes.numbers[origins[grown.numbers]], elements[grown.numbers]
            grown_blocks.append(self._merged(grown, *steps))
        return _Nodes(
            nodes.budget - 1,
            *map(np.concatenate, zip(*(fields[1:] for fields in grown_blocks), strict=True)),
        )

    def _pruned(
        self,
        budget: int,
        numbers: NDArray[np.int64],
        unmet: NDArray[np.bool_],
        allowed: NDArray[np.bool_],
    ) -> _Nodes:
        """Forbid elements that cost more than the slack, then drop nodes without hope."""
        flags = unmet.astype(np.float32)
        slack = budget - flags @ self.of_sets
        # Whatever meets no unmet set gains nothing.
        enough = np.maximum(1 - slack - _TOLERANCE, np.finfo(np.float32).tiny)
        allowed = allowed & (flags @ self.worth >= enough[:, None])
        left = allowed.astype(np.float32) @ self.meets
        np.copyto(left, np.inf, where=~unmet)
        branch = left.argmin(axis=1)
        hopeful = (slack >= -_TOLERANCE) & (left[np.arange(len(left)), branch] > 0)
        return _Nodes(budget, numbers, unmet, allowed, branch, slack).at(np.flatnonzero(hopeful))

    def _merged(
        self, nodes: _Nodes, parents: NDArray[np.int64], elements: NDArray[np.int64]
    ) -> _Nodes:
        """Enter nodes in the graph by the steps to them, and keep those not met before."""
        # Whole octets a node: packing a flat array is many times quicker than line by line.
        spare = np.zeros((len(nodes.numbers), -sum(self.incidence.shape) % 8), dtype=np.bool_)
        flags = np.concatenate([nodes.unmet, nodes.allowed, spare], axis=1)
        octets, width = np.packbits(flags.ravel()).tobytes(), flags.shape[1] // 8
        keys = [octets[start : start + width] for start in range(0, len(octets), width)]
        kept, numbers = self.graph.enter(self.size - nodes.budget, keys, parents, elements)
        return nodes.at(kept)._replace(numbers=numbers)
