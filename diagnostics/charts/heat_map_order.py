"""A heat map in another order, and only the units that somebody looks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from diagnostics.charts.heat_map import HeatMap, HeatRow

BY_NAME: Final = "name"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the units can be ordered by."""

    name: str
    is_pattern: bool
    order: str  # what asks for the next order of this column
    sorted: str  # "ascending", "descending" or "" as aria-sort says it


@dataclass(frozen=True, slots=True)
class OrderedHeatMap:
    """A heat map as somebody asked for it."""

    heat_map: HeatMap
    unit: Heading
    columns: tuple[Heading, ...]
    order: str  # "" for the tree's
    text: str
    left_out: int  # units that do not have the text in name or verdict


def ordered(heat_map: HeatMap, *, order: str = "", text: str = "") -> OrderedHeatMap:
    """Return the units that have the text, by a column: highest first, with "-" lowest first.

    order: a column's code, "name", or anything else for the order of the tree. Units without
    figures come last either way; equal ones keep the tree's order.
    """
    column, is_reversed = order.removeprefix("-"), order.startswith("-")
    known = column == BY_NAME or column in heat_map.codes
    rows = [row for row in heat_map.rows if _has(row, text)]
    if known:
        rows = [replace(row, depth=0) for row in _sorted(rows, heat_map.codes, column, is_reversed)]
    chosen = order if known else ""
    names = (*heat_map.elements, *heat_map.patterns)
    return OrderedHeatMap(
        heat_map=replace(heat_map, rows=tuple(rows)),
        unit=_heading("", BY_NAME, chosen, is_pattern=False),
        columns=tuple(
            _heading(name, code, chosen, is_pattern=place >= len(heat_map.elements))
            for place, (name, code) in enumerate(zip(names, heat_map.codes, strict=True))
        ),
        order=chosen,
        text=text,
        left_out=len(heat_map.rows) - len(rows),
    )


def _has(row: HeatRow, text: str) -> bool:
    wanted = text.strip().casefold()
    return wanted in row.name.casefold() or wanted in row.note.casefold()


def _sorted(
    rows: Sequence[HeatRow], codes: Sequence[str], column: str, is_reversed: bool
) -> list[HeatRow]:
    if column == BY_NAME:
        return sorted(rows, key=lambda row: row.name.casefold(), reverse=is_reversed)
    place = codes.index(column)
    # A membership's text sorts as its number does: all have two decimals.
    filled = [row for row in rows if row.cells[place].text]
    found = sorted(filled, key=lambda row: row.cells[place].text, reverse=not is_reversed)
    return found + [row for row in rows if not row.cells[place].text]


def _heading(name: str, code: str, chosen: str, *, is_pattern: bool) -> Heading:
    """A second click on a column turns its order round."""
    first, second = ("ascending", "descending") if code == BY_NAME else ("descending", "ascending")
    if chosen == code:
        return Heading(name, is_pattern, f"-{code}", first)
    return Heading(name, is_pattern, code, second if chosen == f"-{code}" else "")
