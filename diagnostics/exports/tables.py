"""A table to be exported: typed columns with labels, and rows without markup or formulas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext

Cell = str | int | float | None
# C0 and C1 control characters but tab and line feed, lone surrogates, and text-direction marks.
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"  # one of the column's labelled values
    COUNT = "whole number"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One variable."""

    name: str  # letters, digits and underscores; statistics programs take no other
    label: str
    kind: ColumnKind
    values: Mapping[int, str] = field(default_factory=dict)  # coded value -> what it stands for


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows of cells, in the order of the columns; None is missing."""

    name: str
    title: str
    columns: tuple[ExportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Refuse two columns of one name: SPSS knows no case, and a CSV file could mean either."""
        names = [column.name.casefold() for column in self.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(
                f"Table {self.name}: expected every column once, found {', '.join(repeated)} again."
            )


def plain(text: str) -> str:
    """Return a text on one line and without characters that files cannot hold or hide text.

    >>> plain("North" + chr(0) + chr(10) + "Sea ")
    'North Sea'
    """
    return " ".join(CONTROL.sub("", text).split())


def codebook(tables: tuple[ExportTable, ...]) -> ExportTable:
    """Return a table that explains every variable of the others, in the active language."""
    kinds = {
        ColumnKind.TEXT: gettext("text"),
        ColumnKind.CODE: gettext("code"),
        ColumnKind.COUNT: gettext("whole number"),
        ColumnKind.NUMBER: gettext("number"),
    }
    columns = (
        ExportColumn("table", gettext("Table"), ColumnKind.TEXT),
        ExportColumn("variable", gettext("Variable"), ColumnKind.TEXT),
        ExportColumn("label", gettext("What it is"), ColumnKind.TEXT),
        ExportColumn("kind", gettext("What its cells hold"), ColumnKind.TEXT),
        ExportColumn("values", gettext("Coded values"), ColumnKind.TEXT),
    )
    rows = tuple(
        (table.name, column.name, column.label, kinds[column.kind], _values(column))
        for table in tables
        for column in table.columns
    )
    return ExportTable("codebook", gettext("What every variable is"), columns, rows)


def _values(column: ExportColumn) -> str:
    return "; ".join(f"{code} = {label}" for code, label in column.values.items())
