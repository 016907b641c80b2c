"""Every smallest set of elements that meets all given sets (minimum hitting sets)."""

import math
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qca.minimisation.covers.effort import Effort
from qca.minimisation.covers.families import bit_flags, elements, independent_parts, smallest_sets
from qca.minimisation.covers.layers import LayeredSearch
from qca.minimisation.covers.prices import programmed_hitting_set, set_prices

# Up to this many elements plain depth-first search is quicker than pricing the sets.
SEARCHED_ELEMENTS = 16
_PRICE_TOLERANCE = 1e-6


class Family(NamedTuple):
    """The smallest hitting sets of some sets.

    Attributes
    ----------
    size : number of elements of each
    least : proven lower bound of the size; less than the size if a limit stopped the proof
    listed : bit sets of elements, at most as many as were asked for
    total : how many there are, equal elements told apart; None if a limit stopped the search
    """

    size: int
    least: int
    listed: list[int]
    total: int | None


def smallest_hitting_sets(sets: Sequence[int], weights: Sequence[int], effort: Effort) -> Family:
    """Find every set of the fewest elements that meets all sets.

    Parameters
    ----------
    sets : bit sets of elements, none empty, none part of another
    weights : for each element, how many equal ones it stands for
    effort : limits; a search they stop returns what it found, at least one set

    Returns
    -------
    Family

    Examples
    --------
    >>> smallest_hitting_sets([0b011, 0b110], [1, 1, 1], Effort(10, 100))
    Family(size=1, least=1, listed=[2], total=1)
    """
    found = _at_most(len(sets), sets, weights, effort)
    if found is None:
        raise AssertionError("one element a set meets all sets")
    return found


def _at_most(
    size: int, sets: Sequence[int], weights: Sequence[int], effort: Effort
) -> Family | None:
    """Solve independent parts apart; None if no hitting set has `size` elements or fewer."""
    parts = sorted(independent_parts(sets), key=len)
    spare = size - sum(_disjoint_count(part) for part in parts)
    found = []
    for part in parts:
        least = _disjoint_count(part)
        family = _of_part(least + spare, part, weights, effort)
        if family is None:
            return None
        spare -= family.least - least
        found.append(family)
    return joined(found, effort.model_limit) if spare >= 0 else None


def joined(parts: Sequence[Family], limit: int) -> Family:
    """Combine the hitting sets of independent parts, listing at most `limit`.

    Examples
    --------
    >>> joined([Family(1, 1, [0b001, 0b010], 2), Family(1, 1, [0b100], 1)], 10)
    Family(size=2, least=2, listed=[5, 6], total=2)
    """
    listed = [0]
    for part in parts:
        listed = list(islice((one | more for one in listed for more in part.listed), limit))
    counted = [part.total for part in parts if part.total is not None]
    return Family(
        sum(part.size for part in parts),
        sum(part.least for part in parts),
        listed,
        math.prod(counted) if len(counted) == len(parts) else None,
    )


def _of_part(size: int, sets: list[int], weights: Sequence[int], effort: Effort) -> Family | None:
    union = reduce(or_, sets)
    if len(sets) == 1 or union.bit_count() <= SEARCHED_ELEMENTS:
        return _searched(size, sets, weights, effort.model_limit)
    return _priced(size, sets, list(elements(union)), weights, effort)


def _searched(most: int, sets: list[int], weights: Sequence[int], limit: int) -> Family | None:
    """Search the hitting sets of few elements, size by size."""
    for size in range(_disjoint_count(sets), most + 1):
        if found := list(_within(sets, size)):
            total = sum(math.prod(weights[place] for place in elements(one)) for one in found)
            return Family(size, size, found[:limit], total)
    return None


def _within(sets: list[int], budget: int) -> Iterator[int]:
    """Yield the hitting sets of `budget` elements, given that none is smaller."""
    if not sets:
        yield 0
    elif budget >= 1 and _disjoint_count(sets) <= budget:
        for element in elements(min(sets, key=int.bit_count)):
            left = [members for members in sets if not members >> element & 1]
            yield from (rest | 1 << element for rest in _within(left, budget - 1))
            sets = [members & ~(1 << element) for members in sets]


def _disjoint_count(sets: list[int]) -> int:
    """Count sets that share no element: each needs an element of its own."""
    chosen = used = 0
    for members in sorted(sets, key=int.bit_count):
        if not members & used:
            used |= members
            chosen += 1
    return chosen


def _priced(
    most: int, sets: list[int], places: list[int], weights: Sequence[int], effort: Effort
) -> Family | None:
    """Search the hitting sets of many elements, from the size that the prices allow upwards."""
    incidence = _incidence(sets, places)
    prices = set_prices(incidence)
    costs = 1 - incidence @ prices
    for size in range(math.ceil(prices.sum() - _PRICE_TOLERANCE), most + 1):
        if effort.stopped:
            return _programmed(incidence, places, size)
        cheap = np.flatnonzero(costs <= size - prices.sum() + _PRICE_TOLERANCE)
        kept = reduce(or_, (1 << places[element] for element in cheap.tolist()))
        left = smallest_sets(members & kept for members in sets)
        if not left[0]:
            continue
        if len(left) < len(sets) or len(independent_parts(left)) > 1:
            family = _at_most(size, left, weights, effort)
            if family is not None:
                return family._replace(least=max(family.least, size))
            continue
        search = LayeredSearch(
            incidence[cheap],
            prices,
            size=size,
            places=np.array(places)[cheap],
            weights=[weights[places[element]] for element in cheap.tolist()],
            effort=effort,
        )
        search.run()
        if found := search.listed(effort.model_limit):
            return Family(size, size, found, None if effort.stopped else search.total)
        if effort.stopped:
            return _programmed(incidence, places, size)
    return None


def _programmed(incidence: NDArray[np.bool_], places: list[int], least: int) -> Family:
    chosen, bound = programmed_hitting_set(incidence)
    found = sum(1 << places[element] for element in chosen)
    return Family(len(chosen), min(len(chosen), max(least, bound)), [found], None)


def _incidence(sets: Sequence[int], places: Sequence[int]) -> NDArray[np.bool_]:
    """Return the bool array elements x sets."""
    return np.ascontiguousarray(bit_flags(sets, places[-1] + 1)[:, places].T)
