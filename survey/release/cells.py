"""Turn what may be told of each item into the figures of the published sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.policy import MEAN_HIGH, MEAN_LOW, SHARE_HIGH
from survey.release.items import ItemCover, covers_same
from survey.release.tables import FUNCTIONS, Plan, SetInfo, SetKind
from survey.release.tree import UnitTree


@dataclass(frozen=True)
class Figures:
    """Counts behind the cells of one kind of set, int64[unit, item, point], and what is shown.

    counts: of planned answers; added: of those that join them. shown: bool[unit, item], whether
    there is a cell; spread: whether it has a distribution.
    """

    counts: NDArray[np.int64]
    added: NDArray[np.int64]
    shown: NDArray[np.bool_]
    spread: NDArray[np.bool_]


@dataclass(frozen=True)
class Covers:
    """What may be told of the items, and where their functions may be told apart.

    general and general_in_sensitive rest on the lower floor, for the general sets and for the
    sensitive ones; sensitive rests on the higher floor. split_*: bool[unit, item].
    """

    general: ItemCover
    general_in_sensitive: ItemCover
    sensitive: ItemCover
    split_general: NDArray[np.bool_]
    split_sensitive: NDArray[np.bool_]
    is_sensitive: NDArray[np.bool_]  # bool[item]

    def figures(self, plan: Plan, kind: SetKind, function: str) -> Figures:
        """Return the figures of all sets of one plan, kind and function."""
        if plan is Plan.GENERAL:
            return self._general(kind, function)
        return self._sensitive(kind, function)

    def _general(self, kind: SetKind, function: str) -> Figures:
        counts, added, shown = _told(self.general, kind, function)
        shown = shown & ~self.is_sensitive
        if function:
            shown = shown & self.split_general
        return Figures(counts, added, shown, np.zeros_like(shown))

    def _sensitive(self, kind: SetKind, function: str) -> Figures:
        coarse, coarse_added, coarse_shown = _told(self.sensitive, kind, function)
        fine, fine_added, fine_shown = _told(self.general_in_sensitive, kind, function)
        if function:
            coarse_shown = coarse_shown & self.split_sensitive
            # A general item's split is told once: two splits of overlapping sets would differ by
            # the smaller functions of the pools that only one of them has.
            once = covers_same(self.general, self.general_in_sensitive, SetKind.UNIT)
            fine_shown = fine_shown & once & self.split_general
        shown = np.where(self.is_sensitive, coarse_shown, fine_shown)
        # A distribution tells its mean, so it must be about the answers behind the mean.
        same = covers_same(self.general_in_sensitive, self.sensitive, kind)
        return Figures(
            counts=np.where(self.is_sensitive[:, None], coarse, fine),
            added=np.where(self.is_sensitive[:, None], coarse_added, fine_added),
            shown=shown,
            spread=shown & coarse_shown & (same | self.is_sensitive),
        )


def _told(
    cover: ItemCover, kind: SetKind, function: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    is_unit = kind is SetKind.UNIT
    counts = _of(function, cover.unit_counts if is_unit else cover.group_counts)
    added = _of(function, cover.unit_added if is_unit else cover.group_added)
    shown = cover.unit_shown if is_unit else cover.group_shown
    return counts, added, shown & counts.any(axis=2)


def _of(function: str, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return counts[:, FUNCTIONS.index(function)] if function else counts.sum(axis=1)


def tabulate(
    tree: UnitTree, sets: Sequence[SetInfo], items: Sequence[str], covers: Covers
) -> pd.DataFrame:
    """Return DataFrame[set, item, n, mean, distribution] of all published sets."""
    figures: dict[tuple[Plan, SetKind, str], Figures] = {}
    rows: list[tuple[str, str, int, float, tuple[int, ...] | None]] = []
    for info in sets:
        of_kind = (info.plan, info.kind, info.function)
        if of_kind not in figures:
            figures[of_kind] = covers.figures(*of_kind)
        found, unit = figures[of_kind], tree.position[info.unit]
        for item in np.flatnonzero(found.shown[unit]).tolist():
            planned, added = found.counts[unit, item], found.added[unit, item]
            whole = (planned + added).tolist()
            # Whoever knows the added answers can take them away, so neither may be homogeneous.
            can_spread = not is_homogeneous(whole) and not is_homogeneous(planned.tolist())
            spread = tuple(whole) if found.spread[unit, item] and can_spread else None
            rows.append((info.key, items[item], int(planned.sum()), _mean(planned, added), spread))
    return cell_frame(rows)


def cell_frame(
    rows: Sequence[tuple[str, str, int, float, tuple[int, ...] | None]],
) -> pd.DataFrame:
    """Return DataFrame[set, item, n, mean, distribution] with the same types always."""
    types = {"set": "str", "item": "str", "n": "int64", "mean": "float64", "distribution": "object"}
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=kind)
            for (name, kind), values in zip(types.items(), columns, strict=True)
        }
    )


def _mean(planned: NDArray[np.int64], added: NDArray[np.int64]) -> float:
    """Return the mean, never closer to an end of the scale than it may be shown.

    The planned answers come into it so limited too: added ones at the other end of the scale would
    else lift the limit, and who knows them would take them away again.
    """
    points, n, more = np.arange(1, len(planned) + 1), int(planned.sum()), int(added.sum())
    mean = _limited(float(planned @ points) / n)
    return mean if not more else _limited((mean * n + float(added @ points)) / (n + more))


def _limited(mean: float) -> float:
    return min(max(mean, MEAN_LOW), MEAN_HIGH)


def is_homogeneous(counts: Sequence[int]) -> bool:
    """Tell whether a distribution would say of nearly everybody what they answered.

    >>> is_homogeneous([0, 0, 0, 11, 1, 0, 0]), is_homogeneous([0, 0, 0, 9, 1, 0, 0])
    (True, False)
    """
    return max(counts) > SHARE_HIGH * sum(counts)
