"""What a file of units would change in an organisation's tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.import_files.characters import tidy
from survey.import_files.units import UnitRow, code_key
from survey.models import Organisation, Unit


@dataclass(frozen=True, slots=True)
class TreePlan:
    """Units to add, to change and to end; parents come before their children."""

    created: tuple[Unit, ...]
    changed: tuple[Unit, ...]
    ended: tuple[Unit, ...]
    unchanged: tuple[Unit, ...]

    @property
    def kept(self) -> tuple[Unit, ...]:
        """The whole tree as it will be."""
        return (*self.created, *self.changed, *self.unchanged)


def plan_tree(
    *, organisation: Organisation, rows: Sequence[UnitRow], on: date, root_name: str = ""
) -> TreePlan:
    """Return the plan for rows that come parents first; nothing is saved.

    One row at the top is the company itself. Several get a company above them, whose code is
    empty, so that it can never clash with a code in a file.
    """
    known = {code_key(unit.code): unit for unit in organisation.units.select_related("parent")}
    created: list[Unit] = []
    changed: list[Unit] = []
    unchanged: list[Unit] = []
    by_code: dict[str, Unit] = {}
    top = [row for row in rows if not row.parent]
    wanted = [*([] if len(top) == 1 else [_root(known, organisation, root_name)]), *rows]
    for row in wanted:
        unit = known.get(code_key(row.code))
        parent = None if row in top and len(top) == 1 else by_code.get(code_key(row.parent))
        if unit is None:
            unit = Unit(
                organisation=organisation, code=row.code, name=row.name, parent=parent, since=on
            )
            created.append(unit)
        elif _apply(unit, row, parent, on):
            changed.append(unit)
        else:
            unchanged.append(unit)
        by_code[code_key(row.code)] = unit
    ended = [unit for key, unit in known.items() if key not in by_code and not has_ended(unit, on)]
    return TreePlan(tuple(created), tuple(changed), tuple(ended), tuple(unchanged))


def _root(known: dict[str, Unit], organisation: Organisation, root_name: str) -> UnitRow:
    existing = known.get("")
    return UnitRow(code="", name=tidy(root_name or (existing or organisation).name))


def _apply(unit: Unit, row: UnitRow, parent: Unit | None, on: date) -> bool:
    """Bring a unit in line with its row; tell whether that changed anything.

    A name from before names were tidied at the door is the same name, whatever its spaces.
    """
    parent_id = parent.id if parent else None
    if (tidy(unit.name), unit.parent_id) == (row.name, parent_id) and not has_ended(unit, on):
        return False
    unit.name, unit.parent, unit.until = row.name, parent, None
    return True


def has_ended(unit: Unit, on: date) -> bool:
    """Tell whether a unit is of the past on a day."""
    return unit.until is not None and unit.until <= on
