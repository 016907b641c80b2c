"""What the ledger says of a changed tree: each unit that is added, moved, renamed or ended.

Where answers are pooled, and who reads them, depends on what is under what.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from survey.models import Action, Campaign, LedgerEntry, Organisation, Unit
from survey.selectors.units.tree_plans import TreePlan, has_ended
from survey.services.ledger import Doer, new_entry

Units = Mapping[UUID, Unit]  # as they were before


def units_of(organisation: Organisation) -> Units:
    """Return the units as they are stored, by which what becomes of them is told."""
    return {unit.id: unit for unit in organisation.units.select_related("parent")}


def tree_entries(
    organisation: Organisation,
    plan: TreePlan,
    before: Units,
    *,
    on: date,
    by: Doer,
    campaign: Campaign | None,
) -> Iterator[LedgerEntry]:
    """Yield an entry for each kind of change that there is, with a list of all its units.

    One for each unit would hide a campaign's other entries behind hundreds.
    """
    again = [unit for unit in plan.changed if has_ended(before[unit.id], on)]
    changed = [unit for unit in plan.changed if not has_ended(before[unit.id], on)]
    moved = [unit for unit in changed if unit.parent_id != before[unit.id].parent_id]
    renamed = [unit for unit in changed if unit.name != before[unit.id].name]
    told: tuple[tuple[Action, Iterable[Unit], Callable[[Unit], dict[str, Any]]], ...] = (
        (Action.UNITS_ADDED, (*plan.created, *again), _under),
        (Action.UNITS_MOVED, moved, lambda unit: _under(unit) | _formerly(before[unit.id])),
        (Action.UNITS_RENAMED, renamed, lambda unit: {"formerly": before[unit.id].name}),
        (Action.UNITS_ENDED, plan.ended, _formerly),
    )
    for action, units, words in told:
        listed = [{"code": unit.code, "name": unit.name, **words(unit)} for unit in units]
        if listed:
            yield new_entry(
                action, by=by, organisation=organisation, campaign=campaign, detail={"tree": listed}
            )


def _under(unit: Unit) -> dict[str, Any]:
    return {"under": _parent(unit)}


def _formerly(unit: Unit) -> dict[str, Any]:
    return {"formerly_under": _parent(unit)}


def _parent(unit: Unit) -> dict[str, str] | None:
    return {"code": unit.parent.code, "name": unit.parent.name} if unit.parent else None
