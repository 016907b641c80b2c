"""Rows of text as a CSV or XLSX file that imports again and runs nothing when it is opened."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

import openpyxl
from openpyxl.cell import WriteOnlyCell

from survey.import_files.characters import escaped, tidy

# What spreadsheets take for the beginning of a formula, full-width forms included.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
# A text that begins so itself gets one apostrophe more, so that each comes back as it was.
FORMULA: Final = re.compile(f"'*[{re.escape(''.join(FORMULA_STARTS))}]")
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
    writer.writerows([harmless(printable(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(headings: Sequence[str], rows: Rows) -> bytes:
    """Return an XLSX file of one sheet in which every cell is text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(headings))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=escaped(printable(value)))
            cell.data_type = "s"  # openpyxl takes a leading = for a formula
            cells.append(cell)
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe before it shows it as text."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def as_typed(cell: str) -> str:
    """Return a cell without the apostrophe that harmless() puts before a formula's sign.

    >>> as_typed(harmless("=1")), as_typed(harmless("'=1")), as_typed("'s")
    ('=1', "'=1", "'s")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def printable(cell: str) -> str:
    """Return the cell tidied, without signs that hide what it begins with."""
    signs = (sign if sign.isprintable() else " " * sign.isspace() for sign in tidy(cell))
    return tidy("".join(signs))
