"""Units in the order of their tree."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from survey.models import Unit


def walk_tree(units: Iterable[Unit]) -> Iterator[Unit]:
    """Yield the units that hang together from the top, each below its parent, by name."""
    children: dict[UUID | None, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: unit.name):
        children.setdefault(unit.parent_id, []).append(unit)
    stack = children.get(None, [])[::-1]
    while stack:
        unit = stack.pop()
        yield unit
        stack.extend(reversed(children.get(unit.id, ())))
