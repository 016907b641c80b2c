"""Consistency and PRI of many truth table rows at once, in blocks of cases that fit the cache."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Doubles of one work array: 131,072 fill 1 MiB. Measured at k = 5: larger blocks leave the cache of
# smaller machines, smaller ones cost calls.
BLOCK_CELLS = 131_072


@dataclass(frozen=True, slots=True, eq=False)
class RowSums:
    """Sums over cases, one entry a row: of x, of min(x, y), and of min(x, y, 1 - y)."""

    size: NDArray[np.float64]
    overlap: NDArray[np.float64]
    shared: NDArray[np.float64]

    @property
    def consistency(self) -> NDArray[np.float64]:
        """overlap / size; NaN for 0/0."""
        return _ratio(self.overlap, self.size)

    @property
    def pri(self) -> NDArray[np.float64]:
        """(overlap - shared) / (size - shared); NaN for 0/0."""
        return _ratio(self.overlap - self.shared, self.size - self.shared)


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """How the rows of one more condition grow out of the rows before it.

    The first `absent` rows take 1 - x, the others x; `parents` are places in the level before.
    """

    absent: int
    parents: NDArray[np.intp]
    doubles: bool


def row_sums(
    memberships: NDArray[np.float64], outcome: NDArray[np.float64], codes: NDArray[np.int64]
) -> RowSums:
    """Sum the memberships of the given rows and their overlap with the outcome.

    Rows share their prefixes: conditions are taken from the last to the first, and each level
    is one minimum of the level before with x or 1 - x, so all 2**k rows cost 2**(k+1) minima a
    case and not k * 2**k. Memory beside the input is one block, whatever the number of cases.

    Parameters
    ----------
    memberships : ndarray of float, shape (cases, conditions), in [0, 1]
    outcome : ndarray of float, shape (cases,), in [0, 1]
    codes : ndarray of int, shape (rows,)
        Ascending row codes; the first condition is the most significant bit.

    Returns
    -------
    RowSums
        Arrays of shape (rows,).

    Examples
    --------
    >>> sums = row_sums(np.array([[0.75], [0.25]]), np.array([0.5, 0.25]), np.array([0, 1]))
    >>> sums.size, sums.overlap, sums.consistency
    (array([1., 1.]), array([0.5 , 0.75]), array([0.5 , 0.75]))
    """
    levels = _levels(codes, memberships.shape[1])
    totals = np.zeros((3, len(codes)))
    step = max(64, BLOCK_CELLS // max(len(codes), 1))
    for start in range(0, len(outcome), step):
        block = slice(start, start + step)
        rows = _row_memberships(memberships[block].T, levels)
        y = outcome[block]
        totals[0] += rows.sum(axis=1)
        np.minimum(rows, y, out=rows)
        totals[1] += rows.sum(axis=1)
        np.minimum(rows, 1 - y, out=rows)
        totals[2] += rows.sum(axis=1)
    return RowSums(*totals)


def row_sums_in_order(
    memberships: NDArray[np.float64], outcome: NDArray[np.float64], codes: NDArray[np.int64]
) -> RowSums:
    """The same sums, added case after case as R does, which is slower.

    Ties with a cut-off are decided by the last bit, which depends on the order of adding.

    Examples
    --------
    >>> row_sums_in_order(np.array([[0.1], [0.2], [0.3]]), np.ones(3), np.array([1])).size
    array([0.6])
    """
    levels = _levels(codes, memberships.shape[1])
    x = _row_memberships(memberships.T, levels)
    both = np.minimum(x, outcome)
    parts = (x, both, np.minimum(both, 1 - outcome))
    return RowSums(*(summed_in_order(part) for part in parts))


def summed_in_order(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the last axis, one value after the other.

    Examples
    --------
    >>> float(summed_in_order(np.array([0.1, 0.2, 0.3])))
    0.6000000000000001
    """
    return np.add.accumulate(values, axis=-1)[..., -1]


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    result = np.full(len(denominator), np.nan)
    return np.divide(numerator, denominator, out=result, where=denominator != 0)


def _levels(codes: NDArray[np.int64], k: int) -> list[_Level]:
    levels = []
    before = np.zeros(1, dtype=np.int64)
    for bit in range(k):
        suffixes = np.unique(codes & ((2 << bit) - 1))
        absent = int(np.searchsorted(suffixes, 1 << bit))
        parents = np.searchsorted(before, suffixes & ((1 << bit) - 1))
        levels.append(_Level(absent, parents, len(suffixes) == 2 * len(before)))
        before = suffixes
    return levels


def _row_memberships(conditions: NDArray[np.float64], levels: list[_Level]) -> NDArray[np.float64]:
    """Memberships, rows x cases, from an array of conditions x cases."""
    rows = np.ones((1, conditions.shape[1]))
    for present, level in zip(conditions[::-1], levels, strict=True):
        grown = np.empty((len(level.parents), conditions.shape[1]))
        below = rows if level.doubles else rows[level.parents[: level.absent]]
        above = rows if level.doubles else rows[level.parents[level.absent :]]
        np.minimum(below, 1 - present, out=grown[: level.absent])
        np.minimum(above, present, out=grown[level.absent :])
        rows = grown
    return rows
