"""What a release publishes: sets of whole pools and the figures about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import pandas as pd

from survey.instrument.content import FUNCTIONS as FUNCTIONS
from survey.release.tree import UnitTree


class SetKind(StrEnum):
    """Whether a set stands for a unit or for the small teams that came together in one."""

    UNIT = "unit"
    POOL = "pool"


class Plan(StrEnum):
    """Which floor a set is made for."""

    GENERAL = "general"
    SENSITIVE = "sensitive"


class Relation(StrEnum):
    """How a set that stands in for a unit relates to it."""

    OWN = "own"
    ONE_CHILD = "one child"  # the only part of the unit that may be published
    WIDER = "wider"  # contains the unit's answers and others


@dataclass(frozen=True, slots=True)
class PoolInfo:
    """Answers that are never told apart by unit again; n is exact and never shown.

    Like every n of a release it counts people who were invited at the launch, and nobody else.
    """

    key: str
    owner: str  # key of the unit at which they came together
    n: int
    merges_units: bool


@dataclass(frozen=True, slots=True)
class SetInfo:
    """A published set of answers; n is exact and shown as a band."""

    key: str
    kind: SetKind
    plan: Plan
    unit: str  # key of the unit that owns it
    function: str  # "" for both functions together
    n: int
    pools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenSet:
    """The set that a unit's page shows."""

    info: SetInfo
    relation: Relation

    @property
    def is_own(self) -> bool:
        """Tell whether the figures are the unit's own."""
        return self.relation is Relation.OWN


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people answered, company-wide, by function."""

    answers: Mapping[str, int]  # counted answers
    excluded: Mapping[str, Mapping[str, int]]  # rule -> function -> answers
    invited: Mapping[str, int] = field(default_factory=dict)  # empty without invitations


def pool_key(owner: str) -> str:
    """Return the key of the pool that a unit owns; a unit owns one at most."""
    return f"pool/{owner}"


def set_key(plan: Plan, kind: SetKind, unit: str, function: str = "") -> str:
    """Return a set's key.

    >>> set_key(Plan.GENERAL, SetKind.UNIT, "north", "sales")
    'general/unit/north/sales'
    """
    return "/".join(filter(None, (plan, kind, unit, function)))


@dataclass(frozen=True)
class ReleasedTables:
    """One frozen release.

    cells: DataFrame[set, item, n, mean, distribution]: one row a set and item; n is the number of
    valid answers by people invited at the launch; mean in scale points as answered (reverse items
    not yet turned), limited to 1.5 to 6.5; distribution a tuple of the counts of 1 to 7, or None.
    Mean and distribution are about those who were added later as well.
    """

    tree: UnitTree
    pools: tuple[PoolInfo, ...]
    sets: tuple[SetInfo, ...]
    cells: pd.DataFrame
    counts: Counts
    dropped_items: tuple[str, ...]

    @cached_property
    def pool_owner(self) -> dict[str, str]:
        """The key of the unit that owns each pool."""
        return {pool.key: pool.owner for pool in self.pools}

    @cached_property
    def set_by_key(self) -> dict[str, SetInfo]:
        """Every published set by its key."""
        return {info.key: info for info in self.sets}

    @cached_property
    def _cells_by_set(self) -> dict[str, pd.DataFrame]:
        return {
            str(key): group.drop(columns="set").set_index("item")
            for key, group in self.cells.groupby("set", sort=False)
        }

    def cells_of(self, key: str) -> pd.DataFrame:
        """Return DataFrame[n, mean, distribution] of one set, indexed by item."""
        if key in self._cells_by_set:
            return self._cells_by_set[key]
        return self.cells.head(0).drop(columns="set").set_index("item")

    def unit_set(self, unit: str, plan: Plan = Plan.GENERAL, function: str = "") -> SetInfo | None:
        """Return a unit's own set, or None where the plan does not publish it."""
        return self.set_by_key.get(set_key(plan, SetKind.UNIT, unit, function))

    def profile_set(self, unit: str) -> ChosenSet | None:
        """Return the set whose general figures a unit's page shows."""
        own = self.unit_set(unit)
        if own is not None:
            return ChosenSet(own, Relation.OWN)
        inside = self._pools_inside(unit)
        if len(inside) == 1:
            child = self.unit_set(self.pool_owner[next(iter(inside))])
            return None if child is None else ChosenSet(child, Relation.ONE_CHILD)
        return self._smallest_around(unit, Plan.GENERAL)

    def verdict_set(self, unit: str) -> ChosenSet | None:
        """Return the set whose pattern, levers and rule-bending a unit's page shows."""
        own = self.unit_set(unit, Plan.SENSITIVE)
        if own is not None:
            return ChosenSet(own, Relation.OWN)
        return self._smallest_around(unit, Plan.SENSITIVE)

    def pool_of(self, unit: str) -> str | None:
        """Return the pool that holds a unit's own answers, None where they are left over."""
        # A pool takes all that reached its owner uncounted, so the nearest owner holds them.
        for key in self.tree.path_to_root(unit):
            if pool_key(key) in self.pool_owner:
                return pool_key(key)
        return None

    def _pools_inside(self, unit: str) -> frozenset[str]:
        return self._pools_by_unit[unit]

    @cached_property
    def _pools_by_unit(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {key: set() for key in self.tree.keys}
        for pool in self.pools:
            for unit in self.tree.path_to_root(pool.owner):
                found[unit].add(pool.key)
        return {unit: frozenset(pools) for unit, pools in found.items()}

    def _smallest_around(self, unit: str, plan: Plan) -> ChosenSet | None:
        candidates = [info for info in self.sets if info.plan is plan and not info.function]
        covered = frozenset(pool for info in candidates for pool in info.pools)
        wanted = self._pools_inside(unit) & covered
        if not wanted:
            wanted = frozenset(filter(None, [self.pool_of(unit)])) & covered
        around = [info for info in candidates if wanted and wanted <= set(info.pools)]
        smallest = min(around, key=lambda info: (info.n, info.key), default=None)
        if smallest is None:
            return None
        # Everything that may be told of a unit can lie in one part of it, which is no wider group.
        is_inside = unit in list(self.tree.path_to_root(smallest.unit))[1:]
        return ChosenSet(smallest, Relation.ONE_CHILD if is_inside else Relation.WIDER)
