"""The units of an organisation with those who lead them and stand in today."""

from dataclasses import dataclass

from django.utils import timezone

from survey.models import Leadership, Organisation, Unit
from survey.selectors.units.trees import walk_tree


@dataclass(frozen=True, slots=True)
class LedUnit:
    """A unit, the names from the top down to it, and its present leaderships, the leader first."""

    unit: Unit
    path: str
    leaderships: tuple[Leadership, ...]


def led_units(organisation: Organisation) -> tuple[LedUnit, ...]:
    """Return the organisation's units of today in the order of the tree."""
    current: dict[object, list[Leadership]] = {}
    for leadership in (
        Leadership.objects.filter(unit__organisation=organisation, until=None)
        .select_related("user")
        .order_by("-kind", "user__name", "user__email")  # "leader" before "deputy"
    ):
        current.setdefault(leadership.unit_id, []).append(leadership)
    paths: dict[object, str] = {}
    rows = []
    for unit in walk_tree(organisation.units.on(timezone.localdate()).select_related("parent")):
        above = paths.get(unit.parent_id, "")
        paths[unit.id] = f"{above} › {unit.name}" if above else unit.name
        rows.append(LedUnit(unit, paths[unit.id], tuple(current.get(unit.id, ()))))
    return tuple(rows)
