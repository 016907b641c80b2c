"""A heat map in another order, and only the units that somebody looks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from diagnostics.charts.heat_map import HeatMap, HeatRow
from diagnostics.sorting import Column, Heading, sorted_table

BY_NAME: Final = "name"


@dataclass(frozen=True, slots=True)
class OrderedHeatMap:
    """A heat map as somebody asked for it, with headings to order it by."""

    heat_map: HeatMap
    unit: Heading
    elements: tuple[Heading, ...]
    patterns: tuple[Heading, ...]
    order: str  # "" for the tree's
    text: str
    left_out: int  # units that do not have the text in name or verdict


def ordered(heat_map: HeatMap, *, order: str = "", text: str = "") -> OrderedHeatMap:
    """Return the units that have the text, by a column: highest first, with "-" lowest first.

    order: a column's code, "name", or anything else for the order of the tree. Units without
    figures come last either way; equal ones keep the tree's order.
    """
    rows = [row for row in heat_map.rows if _has(row, text)]
    table = sorted_table(rows, _columns(heat_map), order=order)
    headings = [table.headings[code] for code in heat_map.codes]
    shown = [replace(row, depth=0) for row in table.rows] if table.order else table.rows
    elements = len(heat_map.elements)
    return OrderedHeatMap(
        heat_map=replace(heat_map, rows=tuple(shown)),
        unit=table.headings[BY_NAME],
        elements=tuple(headings[:elements]),
        patterns=tuple(headings[elements:]),
        order=table.order,
        text=text,
        left_out=len(heat_map.rows) - len(rows),
    )


def _columns(heat_map: HeatMap) -> dict[str, Column[HeatRow]]:
    names = (*heat_map.elements, *heat_map.patterns)
    figures = {
        code: Column(_figure(place), name)
        for place, (name, code) in enumerate(zip(names, heat_map.codes, strict=True))
    }
    return figures | {BY_NAME: Column(lambda row: row.name.casefold(), is_descending=False)}


def _figure(place: int) -> Callable[[HeatRow], str | None]:
    # A membership's text sorts as its number does: all have two decimals.
    return lambda row: row.cells[place].text or None


def _has(row: HeatRow, text: str) -> bool:
    wanted = text.strip().casefold()
    return wanted in row.name.casefold() or wanted in row.note.casefold()
