"""Which answers every published figure adds up: the columns that the audit looks at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import ReleaseError
from survey.release.audit import exposes
from survey.release.cells import Covers
from survey.release.items import ItemCover
from survey.release.tables import FUNCTIONS, Plan, SetInfo, SetKind, pool_key
from survey.release.tree import NOWHERE, UnitTree

Cell = tuple[int, int]  # a pool, by its owner's position, and a function


@dataclass(frozen=True)
class ItemAudit:
    """Check the published figures of every item against both floors."""

    tree: UnitTree
    covers: Covers
    floor: int
    sensitive_floor: int

    def check(self, sets: Sequence[SetInfo], items: Sequence[str], cells: pd.DataFrame) -> None:
        """Raise ReleaseError if any item's means or distributions single out a small group."""
        by_key = {info.key: info for info in sets}
        by_item = {str(item): group for item, group in cells.groupby("item", sort=False)}
        for number, item in enumerate(items):
            if item in by_item:
                self._check_item(number, item, by_item[item], by_key)

    def _check_item(
        self, number: int, item: str, cells: pd.DataFrame, sets: Mapping[str, SetInfo]
    ) -> None:
        sums = self._sums(number, [sets[str(key)] for key in cells["set"]])
        valid = self.covers.general.counts[:, :, number].sum(axis=2)
        weights = {(unit, f): int(valid[unit, f]) for unit, f in np.argwhere(valid >= 0).tolist()}
        for key, n in zip(cells["set"], cells["n"], strict=True):
            behind = sum(weights[cell] for cell in sums[str(key)])
            if behind != n:
                raise ReleaseError(
                    f"Release of {item}: expected every set to add up its own answers, found one "
                    "with another number."
                )
        check_joined(self.covers.general.added[:, :, number].sum(axis=2), valid)
        is_sensitive = bool(self.covers.is_sensitive[number])
        refuse(item, sums, weights, self.sensitive_floor if is_sensitive else self.floor)
        spread = {str(key): sums[str(key)] for key in cells["set"][cells["distribution"].notna()]}
        refuse(f"the distribution of {item}", spread, weights, self.sensitive_floor)

    def _sums(self, number: int, sets: Iterable[SetInfo]) -> dict[str, list[Cell]]:
        is_sensitive = bool(self.covers.is_sensitive[number])
        held: dict[Plan, _Held] = {
            Plan.GENERAL: _Held(self.tree, self.covers.general, number),
            Plan.SENSITIVE: _Held(
                self.tree,
                self.covers.sensitive if is_sensitive else self.covers.general_in_sensitive,
                number,
            ),
        }
        return {
            info.key: cells_of(
                held[info.plan].pools(self.tree.position[info.unit], info.kind), info
            )
            for info in sets
        }


class _Held:
    """The pools behind the figures of one item, by unit and by group."""

    def __init__(self, tree: UnitTree, cover: ItemCover, number: int) -> None:
        self.by_unit: dict[int, list[int]] = defaultdict(list)
        self.by_group: dict[int, list[int]] = defaultdict(list)
        anchors, inside = cover.anchors[:, number], cover.inside[:, number]
        for pool in np.flatnonzero(anchors != NOWHERE).tolist():
            unit = int(anchors[pool])
            while unit != NOWHERE:
                self.by_unit[unit].append(pool)
                unit = tree.parents[unit]
            self.by_group[int(inside[pool])].append(pool)

    def pools(self, unit: int, kind: SetKind) -> list[int]:
        return self.by_unit[unit] if kind is SetKind.UNIT else self.by_group[unit]


def cells_of(pools: Iterable[int], info: SetInfo) -> list[Cell]:
    """Return the pools' cells that belong to a set: one function's or both."""
    functions = [FUNCTIONS.index(info.function)] if info.function else range(len(FUNCTIONS))
    return [(pool, function) for pool in pools for function in functions]


def refuse(
    what: str,
    sums: Mapping[str, Sequence[Cell]],
    weights: Mapping[Cell, int],
    floor: int,
) -> None:
    """Raise ReleaseError if the sums single out fewer answers than the floor."""
    if exposes(sums, weights, floor):
        raise ReleaseError(
            f"Release of {what}: expected every difference of published figures to be about at "
            f"least {floor} answers, found one about fewer. Nothing was released."
        )


def check_joined(added: NDArray[np.int64], planned: NDArray[np.int64]) -> None:
    """Raise ReleaseError if added answers stand where a figure could be about them alone.

    Both int64[..., function, ...] of answers. Sums are weighed by planned answers only, as if all
    others were known to the reader; a sum without any planned answer would weigh nothing.
    """
    if (added.astype(np.bool_) & (planned == 0)).any():
        raise ReleaseError(
            "Release: expected answers by people added later beside those of people invited at the "
            "launch only, found some by themselves. Nothing was released."
        )


def check_sets(
    tree: UnitTree,
    sets: Sequence[SetInfo],
    sizes: NDArray[np.int64],
    labelled: NDArray[np.bool_],
    floors: Mapping[Plan, int],
) -> None:
    """Raise ReleaseError if the sets themselves, or the labelled rows, single out a small group.

    sizes: int64[pool, function]; labelled: bool[pool], whether its rows tell the function.
    """
    owner_of = {pool_key(key): position for key, position in tree.position.items()}
    weights = {(unit, f): int(sizes[unit, f]) for unit, f in np.argwhere(sizes >= 0).tolist()}
    for plan, floor in floors.items():
        sums = {
            info.key: cells_of([owner_of[pool] for pool in info.pools], info)
            for info in sets
            if info.plan is plan
        }
        if plan is Plan.GENERAL:
            for unit in np.flatnonzero(sizes.sum(axis=1)).tolist():
                sums[f"rows/{tree.keys[unit]}"] = [(unit, 0), (unit, 1)]
                if labelled[unit]:
                    sums[f"rows/{tree.keys[unit]}/{FUNCTIONS[0]}"] = [(unit, 0)]
        refuse(f"the {plan} sets", sums, weights, floor)
