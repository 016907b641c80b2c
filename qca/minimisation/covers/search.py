"""Exhaustive search for the irredundant sets that meet all given sets (minimal transversals)."""

import math
from collections.abc import Sequence

from qca.minimisation.covers.effort import Effort
from qca.minimisation.covers.families import elements, incidences
from qca.minimisation.covers.minimum import Family


def irredundant_hitting_sets(sets: Sequence[int], weights: Sequence[int], effort: Effort) -> Family:
    """List every set that meets all sets and of which no proper part does.

    Parameters
    ----------
    sets : bit sets of elements, none empty
    weights : for each element, how many equal ones it stands for
    effort : limits; a search they stop returns what it found

    Returns
    -------
    Family
        Its size is that of the smallest set listed, not proven if a limit stopped the search.

    Examples
    --------
    >>> irredundant_hitting_sets([0b011, 0b110], [1, 1, 1], Effort(10, 100)).listed
    [2, 5]
    """
    found = sorted(_IrredundantSearch(sets, effort).run(), key=int.bit_count)
    size = min(map(int.bit_count, found), default=0)
    total = sum(math.prod(weights[place] for place in elements(one)) for one in found)
    return Family(size, size, found, None if effort.stopped else total)


class _IrredundantSearch:
    """Murakami and Uno's search: every chosen element keeps a set that it alone meets."""

    def __init__(self, sets: Sequence[int], effort: Effort) -> None:
        self.sets = sets
        self.effort = effort
        self.meets = incidences(sets)
        self.found: list[int] = []

    def run(self) -> list[int]:
        everything = (1 << len(self.sets)) - 1
        self._grow(0, (), everything, sum(1 << element for element in self.meets))
        return self.found

    def _grow(
        self, chosen: int, critical: tuple[int, ...], open_places: int, candidates: int
    ) -> None:
        if not self.effort.allows(len(self.found), open_places.bit_count() + 1):
            return
        if not open_places:
            self.found.append(chosen)
            return
        open_sets = (self.sets[place] & candidates for place in elements(open_places))
        branch = min(open_sets, key=int.bit_count)
        candidates &= ~branch
        for element in elements(branch):
            met = self.meets[element]
            still = tuple(places & ~met for places in critical)
            if all(still):
                own = (*still, open_places & met)
                self._grow(chosen | 1 << element, own, open_places & ~met, candidates)
            candidates |= 1 << element
