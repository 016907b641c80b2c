"""Rows of text as a CSV or XLSX file that imports again and runs nothing when it is opened."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import openpyxl
from openpyxl.cell import WriteOnlyCell

# What spreadsheets take for the beginning of a formula, full-width forms included.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
CSV_TYPE: Final = "text/csv; charset=utf-8"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Iterable[Sequence[str]]


def as_csv(headings: Sequence[str], rows: Rows) -> bytes:
    """Return UTF-8 with a mark, without which spreadsheets misread letters beyond ASCII.

    >>> as_csv(["name"], [["Åsa"], ["=1+1"]]).decode("utf-8-sig").split()
    ['name', 'Åsa', "'=1+1"]
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(headings: Sequence[str], rows: Rows) -> bytes:
    """Return an XLSX file of one sheet in which every cell is text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(headings))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_printable(value))
            cell.data_type = "s"  # openpyxl takes a leading = for a formula
            cells.append(cell)
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _harmless(cell: str) -> str:
    text = _printable(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _printable(cell: str) -> str:
    """Return the cell without signs that hide what it begins with."""
    return "".join(character for character in cell if character.isprintable()).strip()
