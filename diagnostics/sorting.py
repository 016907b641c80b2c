"""Tables that an address sorts: which column, which way round, and what the headings say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """What a table can be sorted by; rows without a value come last either way."""

    value: Callable[[Row], Any]  # anything that compares with its like; None where there is none
    label: str = ""
    is_descending: bool = True  # highest first, unless the order is turned round


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, which is a link."""

    label: str
    order: str  # what the link asks for: the column, or once it sorts, the column turned round
    sorted: str  # "ascending", "descending" or "" as aria-sort says it


@dataclass(frozen=True, slots=True)
class SortedTable(Generic[Row]):
    """The rows in the order asked for, with a heading for each column."""

    rows: tuple[Row, ...]
    order: str  # "" where no column sorts them
    headings: Mapping[str, Heading]


def sorted_table(
    rows: Sequence[Row], columns: Mapping[str, Column[Row]], *, order: str = "", default: str = ""
) -> SortedTable[Row]:
    """Return the rows by a column: its own way, with "-" before its name the other way round.

    An order that names no column is the default's; "" leaves the rows as they came, and equal
    rows stay so in any order.

    >>> by = {"n": Column(lambda row: row[0], "Cases")}
    >>> sorted_table([(2, "a"), (None, "b"), (3, "c"), (2, "d")], by, order="n").rows
    ((3, 'c'), (2, 'a'), (2, 'd'), (None, 'b'))
    >>> sorted_table([(1, "a"), (2, "b")], by, order="-n").headings
    {'n': Heading(label='Cases', order='n', sorted='ascending')}
    """
    chosen = order if order.removeprefix("-") in columns else default
    name, is_turned = chosen.removeprefix("-"), chosen.startswith("-")
    return SortedTable(
        rows=_by(rows, columns[name], is_turned=is_turned) if name else tuple(rows),
        order=chosen,
        headings={key: _heading(key, column, chosen) for key, column in columns.items()},
    )


def _by(rows: Sequence[Row], column: Column[Row], *, is_turned: bool) -> tuple[Row, ...]:
    filled = [row for row in rows if column.value(row) is not None]
    empty = [row for row in rows if column.value(row) is None]
    return (*sorted(filled, key=column.value, reverse=column.is_descending != is_turned), *empty)


def _heading(name: str, column: Column[Any], chosen: str) -> Heading:
    ways = ("descending", "ascending") if column.is_descending else ("ascending", "descending")
    if chosen == name:
        return Heading(column.label, f"-{name}", ways[0])
    return Heading(column.label, name, ways[1] if chosen == f"-{name}" else "")
