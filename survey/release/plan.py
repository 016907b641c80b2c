"""From a table of answers to the one frozen release of a campaign."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import InputError
from survey.instrument.content import ConstructRole, Instrument
from survey.policy import RELEASE_FLOOR, SENSITIVE_FLOOR
from survey.release.answers import checked_answers
from survey.release.cells import Covers, tabulate
from survey.release.columns import ItemAudit, check_joined, check_sets
from survey.release.exclusions import (
    ITEM_ROLES,
    ExclusionRules,
    exclusion_counts,
    exclusion_reasons,
    weak_items,
)
from survey.release.items import (
    ItemCover,
    beside_planned,
    coarse_parts,
    item_parts,
    item_splits,
    tally,
)
from survey.release.rows import sorted_rows
from survey.release.sets import ReleasePlan, counted_sizes, function_places
from survey.release.tables import Plan, ReleasedTables, pool_key
from survey.release.tree import NOWHERE, ROOT, UnitTree


def release(
    answers: pd.DataFrame,
    tree: UnitTree,
    instrument: Instrument,
    *,
    floor: int,
    sensitive_floor: int,
    exclusion_rules: ExclusionRules,
) -> tuple[ReleasedTables, pd.DataFrame]:
    """Return what is published, and the rows behind it without unit.

    answers: DataFrame[unit, function, leads, planned, <items>], points 1 to 7 or missing; without
    the column everybody was planned, which is invited at the launch or by a code of the confirmed
    number. What is published, and of which items, is decided by planned answers alone: whoever
    adds people, and perhaps answers for them, moves no line. The others join what is decided. The
    rows are DataFrame[pool, function, <items>] in an order that tells nothing: sorted by content.
    """
    if floor < RELEASE_FLOOR or sensitive_floor < max(SENSITIVE_FLOOR, floor):
        raise InputError(
            f"Floors: expected at least {RELEASE_FLOOR} and {SENSITIVE_FLOOR}, the second not "
            f"below the first, found {floor} and {sensitive_floor}."
        )
    whole = checked_answers(answers, tree, instrument)
    reasons = exclusion_reasons(whole, instrument, exclusion_rules)
    counted = whole[reasons == ""].reset_index(drop=True)
    planned = counted["planned"].to_numpy()
    dropped = weak_items(counted[planned], instrument, exclusion_rules)
    # A leader's own answer counts in the company only, in no unit's numbers.
    units = np.where(counted["leads"], ROOT, counted["unit"].map(tree.position)).astype(np.int64)
    sizes = counted_sizes(tree, units[planned], counted["function"][planned])
    with_leaders = bool(counted["leads"][planned].any())
    plan = ReleasePlan(tree, sizes, floor, sensitive_floor, leaders_at_root=with_leaders)
    homes = plan.homes[units, function_places(counted["function"])]
    pools = np.where(planned, plan.general.holder[units], homes)
    figures = _Tabulation(plan, counted, pools, instrument, dropped)
    tables = ReleasedTables(
        tree=tree,
        pools=plan.pools(),
        sets=plan.sets(),
        cells=tabulate(tree, plan.sets(), figures.codes, figures.covers),
        counts=exclusion_counts(whole, reasons),
        dropped_items=dropped,
    )
    figures.audit(tables)
    return tables, figures.rows()


@dataclass(frozen=True)
class _Tabulation:
    """Counted answers with the pool of each, int64[answer], and what may be told of them."""

    plan: ReleasePlan
    counted: pd.DataFrame
    pools: NDArray[np.int64]
    instrument: Instrument
    dropped: tuple[str, ...]

    @cached_property
    def codes(self) -> list[str]:
        """The items that are tabulated, in the instrument's order."""
        codes = [item.code for _, item in self.instrument.items(*ITEM_ROLES)]
        return [code for code in codes if code not in self.dropped]

    @cached_property
    def tellable(self) -> pd.DataFrame:
        """Counted answers without those that would tell a function that the rows may not tell.

        Whoever answers an item for one function works in it. Left out of the figures as well:
        these less the rows would tell them.
        """
        told = pd.Series(self.plan.labelled[self.pools] & (self.pools != NOWHERE))
        special = [item.code for _, item in self.instrument.items() if item.function]
        tellable = self.counted.copy()
        for code in special:  # not as keywords: a code may be one that pandas has itself
            tellable[code] = self.counted[code].where(told)
        return tellable

    @cached_property
    def is_sensitive(self) -> NDArray[np.bool_]:
        """bool[item]: whether an item is told under the higher floor only."""
        sensitive = {
            item.code
            for construct, item in self.instrument.items(*ITEM_ROLES)
            if construct.is_sensitive
        }
        return np.array([code in sensitive for code in self.codes], dtype=np.bool_)

    @cached_property
    def planned(self) -> NDArray[np.bool_]:
        """bool[answer]: whether somebody was planned at the launch."""
        return self.counted["planned"].to_numpy()

    def _tally(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        points = self.instrument.scale.points
        answers, pools = self.tellable[chosen], self.pools[chosen]
        return tally(self.plan.tree, answers, pools, self.codes, points)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """int64[pool, function, item, point] of planned answers, which decide."""
        return self._tally(self.planned)

    @cached_property
    def covers(self) -> Covers:
        """What may be told of each item."""
        plan, counts = self.plan, self.counts
        added = beside_planned(self._tally(~self.planned), counts)
        parts = item_parts(plan.tree, counts, plan.floor)
        coarse = coarse_parts(plan.tree, counts, plan.groups, plan.sensitive_floor)
        general = ItemCover(plan.tree, counts, added, parts, plan.own_groups)
        sensitive = ItemCover(plan.tree, counts, added, coarse, plan.groups)
        return Covers(
            general=general,
            general_in_sensitive=ItemCover(plan.tree, counts, added, parts, plan.groups),
            sensitive=sensitive,
            split_general=item_splits(general, plan.splits[Plan.GENERAL], plan.floor),
            split_sensitive=item_splits(
                sensitive, plan.splits[Plan.SENSITIVE], plan.sensitive_floor
            ),
            is_sensitive=self.is_sensitive,
        )

    def audit(self, tables: ReleasedTables) -> None:
        """Raise ReleaseError if anything about to be published singles out a small group."""
        plan = self.plan
        floors = {Plan.GENERAL: plan.floor, Plan.SENSITIVE: plan.sensitive_floor}
        check_sets(plan.tree, tables.sets, plan.general.pool_sizes, plan.labelled, floors)
        held = ~self.planned & (self.pools != NOWHERE)
        joined = counted_sizes(plan.tree, self.pools[held], self.counted["function"][held])
        check_joined(joined, plan.general.pool_sizes)
        ItemAudit(plan.tree, self.covers, plan.floor, plan.sensitive_floor).check(
            tables.sets, self.codes, tables.cells
        )

    def rows(self) -> pd.DataFrame:
        """Return DataFrame[pool, function, <items>] of what is told about the whole company.

        What is left over at the root is in no row, and an item's answers that are left over are
        in no row either: rows less the company's figures would otherwise tell them. So it is with
        answers by people added later that stand beside no planned ones.
        """
        held = self.pools != NOWHERE
        pools = self.pools[held]
        keys = np.array([pool_key(key) for key in self.plan.tree.keys], dtype=object)
        rows = self.counted.loc[held, ["function"]].reset_index(drop=True)
        rows.insert(0, "pool", keys[pools])
        rows["function"] = rows["function"].where(self.plan.labelled[pools], "")
        covers, counted = self.covers, self.tellable
        told = np.where(self.is_sensitive, covers.sensitive.parts, covers.general.parts) != NOWHERE
        markers = [item.code for _, item in self.instrument.items(ConstructRole.MARKER)]
        beside = (self.counts.sum(axis=3) > 0)[pools, function_places(counted["function"][held])]
        values = counted.loc[held, self.codes].reset_index(drop=True)
        values = values.where(told[pools] & (beside | self.planned[held][:, None]))
        extra = counted.loc[held, markers].reset_index(drop=True)
        return sorted_rows(pd.concat([rows, values, extra], axis=1))
