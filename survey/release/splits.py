"""Choose the units whose two functions are shown apart."""

from collections.abc import Collection, Iterator, Sequence
from math import log2
from typing import NamedTuple

from survey.release.tree import ROOT, UnitTree


class _Choice(NamedTuple):
    """Splits in a subtree; linked, so that combining two costs nothing."""

    value: float
    unit: int | None = None
    parts: tuple["_Choice", ...] = ()


_NOTHING = _Choice(0.0)


def split_value(n: int) -> float:
    """Return what it is worth to show both functions of a set of n answers."""
    return 1 + log2(1 + n)


def best_splits(
    tree: UnitTree,
    minorities: Sequence[int],
    values: Sequence[float],
    candidates: Collection[int],
    floor: int,
) -> frozenset[int]:
    """Return the most valuable set of units that may be split by function.

    With totals of all pools known, a split of a unit tells the sum over one function of its pools
    that no split descendant has told yet, and no group smaller than the sum of their smaller
    functions (minorities, int[unit]). That sum, the residual, must be 0 or at least the floor.
    Dynamic programming over the tree with the residual as state: O(units * floor^2).
    """
    states = [{min(size, floor): _NOTHING} for size in minorities]
    for unit in range(len(tree) - 1, -1, -1):
        here = states[unit]
        if unit in candidates:
            allowed = [here[residual] for residual in (0, floor) if residual in here]
            if allowed:
                before = max(allowed, key=_value)
                here[0] = _Choice(before.value + values[unit], unit, (before,))
        if unit != ROOT:
            above = tree.parents[unit]
            states[above] = _combined(states[above], here, floor)
    return frozenset(_units(max(states[ROOT].values(), key=_value)))


def _value(choice: _Choice) -> float:
    return choice.value


def _combined(
    left: dict[int, _Choice], right: dict[int, _Choice], floor: int
) -> dict[int, _Choice]:
    states: dict[int, _Choice] = {}
    for one, first in left.items():
        for other, second in right.items():
            residual = min(one + other, floor)
            value = first.value + second.value
            if residual not in states or value > states[residual].value:
                states[residual] = _Choice(value, None, (first, second))
    return states


def _units(choice: _Choice) -> Iterator[int]:
    waiting = [choice]
    while waiting:
        current = waiting.pop()
        if current.unit is not None:
            yield current.unit
        waiting.extend(current.parts)
