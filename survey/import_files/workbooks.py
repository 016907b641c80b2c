"""One sheet of an XLSX workbook as records of text: the first that is not hidden."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.import_files.characters import tidy, unescaped
from survey.import_files.problems import Remark, lines_told, quoted, refusal
from survey.import_files.records import CellFault, Reading, Record, Records
from survey.import_files.workbook_parts import Marks, measured_parts, merged_ranges

MAGIC: Final = b"PK\x03\x04"
MAX_MERGED: Final = 20_000  # merged cells of a sheet
DIGITS: Final = 15  # of a number that a spreadsheet keeps
# What openpyxl raises for a ZIP that is no workbook is not documented; these were seen.
NO_WORKBOOK: Final = (KeyError, IndexError, ValueError, TypeError, AttributeError, OSError)
# A format of zeros, perhaps with letters of its own around them: 0000, "N-"000.
LITERAL: Final = r'(?:"[^"]*"|\\.|[-/ ()])*'
ZEROS: Final = re.compile(rf"(?P<before>{LITERAL})(?P<zeros>0+)(?P<after>{LITERAL})(?:;.*)?")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet, what its XML marks, and what was met while it was read."""

    sheet: Any
    marks: Marks
    others: tuple[str, ...]  # names of sheets that hold something and are not read
    down: dict[tuple[int, int], int] = field(default_factory=dict)  # top cell -> last row
    across: dict[tuple[int, int], str] = field(default_factory=dict)  # first cell -> range
    hidden: list[int] = field(default_factory=list)  # rows that hold something
    filled: list[tuple[int, int, int]] = field(default_factory=list)  # column, first, last row


def workbook_records(
    data: bytes, *, file: str, most_rows: int, most_columns: int, includes_hidden: bool
) -> Records:
    """Return each row that is not blank; hidden ones only where they are asked for."""
    parts = measured_parts(data, file=file, most_rows=most_rows, most_columns=most_columns)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheet = _first_sheet(book, parts, file)
        rows = tuple(_rows(sheet, most_columns + 1, includes_hidden=includes_hidden))
    except NO_WORKBOOK as error:
        raise refusal(file, _("an XLSX workbook"), _("a file that is none")) from error
    reading = Reading(file, sheet=str(sheet.sheet.title))
    remarks = tuple(_remarks(sheet, file, includes_hidden=includes_hidden))
    return Records(rows, reading, remarks, tuple(sheet.marks.hidden_columns))


def _first_sheet(book: Any, parts: Mapping[str, Marks], file: str) -> _Sheet:  # noqa: ANN401 - openpyxl has no types
    sheets = book.worksheets
    chosen = next((one for one in sheets if one.sheet_state == "visible"), sheets[0])
    for sheet in sheets:
        sheet.reset_dimensions()  # what a file says of its own size need not be true
    others = tuple(str(one.title) for one in sheets if one is not chosen and _holds_something(one))
    # The part behind a sheet has no public name in openpyxl.
    marks = parts.get(chosen._worksheet_path.lstrip("/")) or Marks()
    if len(marks.merged) > MAX_MERGED:
        found = _("a workbook of too many parts")
        raise refusal(file, _("a sheet of cells and little else"), found)
    found_sheet = _Sheet(chosen, marks, others)
    for top, left, bottom, right in merged_ranges(marks):
        if left == right and bottom > top:
            found_sheet.down[top, left] = bottom
        elif right > left:
            found_sheet.across[top, left] = f"{top}:{left}–{bottom}:{right}"
    return found_sheet


def _holds_something(sheet: Any) -> bool:  # noqa: ANN401
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def _rows(sheet: _Sheet, most_columns: int, *, includes_hidden: bool) -> Iterator[Record]:
    carried: dict[int, tuple[int, int, str]] = {}  # column -> first row, last row, text
    for number, row in enumerate(sheet.sheet.iter_rows(max_col=most_columns), start=1):
        cells: list[str] = []
        faults: dict[int, CellFault] = {}
        for column, cell in enumerate(row, start=1):
            text, fault = _read(cell)
            fault = _fault_of_place(sheet, number, column, text) or fault
            cells.append(text)
            if fault:
                faults[column] = fault
        _fill_merged(sheet, number, cells, carried)
        while cells and not cells[-1] and len(cells) not in faults:
            cells.pop()
        if not any(cells) and not faults:
            continue
        if number in sheet.marks.hidden_rows:
            sheet.hidden.append(number)
            if not includes_hidden:
                continue
        yield Record(number, cells, faults)


def _fill_merged(
    sheet: _Sheet, number: int, cells: list[str], carried: dict[int, tuple[int, int, str]]
) -> None:
    """Give each row of a cell merged downwards its content; only the first row holds it."""
    for column, (first, last, text) in list(carried.items()):
        if number > last:
            del carried[column]
            continue
        cells.extend([""] * (column - len(cells)))
        if not cells[column - 1]:
            cells[column - 1] = text
            if number == last:
                sheet.filled.append((column, first, last))
    for column, text in enumerate(cells, start=1):
        if text and (number, column) in sheet.down:
            carried[column] = (number, sheet.down[number, column], text)


def _fault_of_place(sheet: _Sheet, row: int, column: int, text: str) -> CellFault | None:
    if (row, column) in sheet.marks.unsolved:
        return CellFault(
            _("the result of the formula, which a spreadsheet stores when it saves the file"),
            _("a formula without a stored result"),
        )
    if text and (row, column) in sheet.across:
        return CellFault(_("a cell of its own"), _("%s merged across columns") % quoted(text))
    return None


def _read(cell: Any) -> tuple[str, CellFault | None]:  # noqa: ANN401
    """Return a cell as somebody would type it, and what is wrong with it."""
    value = cell.value
    if value is None:
        return "", None
    if isinstance(value, str):
        text = tidy(unescaped(value))
        if cell.data_type == "e":
            return text, CellFault(_("a value"), _("the error %s") % text)
        return text, None
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, (date, datetime, time, timedelta)):
        text = str(value).removesuffix(" 00:00:00")
        expected = _("text or a number, in a column that the spreadsheet takes for no date")
        return text, CellFault(expected, _("the date or time %s") % text)
    return _number(value, cell.number_format)


def _number(value: int | float, number_format: str) -> tuple[str, CellFault | None]:
    """Return a number as its cell shows it where that is a code: 12 as 0000 is 0012."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value), None
    whole = int(value)
    if abs(whole) >= 10**DIGITS:
        found = _("%d, whose last digits a spreadsheet has lost") % whole
        expected = _("at most %d digits, or a cell formatted as text") % DIGITS
        return str(whole), CellFault(expected, found, is_of_text=True)
    shown = ZEROS.fullmatch(number_format or "")
    if shown is None or whole < 0:
        return str(whole), None
    zeros = str(whole).zfill(len(shown["zeros"]))
    return tidy(_literal(shown["before"]) + zeros + _literal(shown["after"])), None


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda match: match[1] or match[2] or "", text)


def _remarks(sheet: _Sheet, file: str, *, includes_hidden: bool) -> Iterator[Remark]:
    if sheet.others:
        said = _("only the sheet %(sheet)s is read, not %(others)s") % {
            "sheet": quoted(str(sheet.sheet.title)),
            "others": ", ".join(map(quoted, sheet.others)),
        }
        yield Remark(file, 0, 0, "", said)
    if sheet.hidden:
        told = {"count": len(sheet.hidden), "lines": lines_told(sheet.hidden)}
        said = _hidden_rows(told, is_read=includes_hidden)
        yield Remark(file, 0, 0, "", said, is_of_hidden_rows=True)
    for column, first, last in sheet.filled:
        said = _("the merged cell counts for each of %s") % lines_told(range(first, last + 1))
        yield Remark(file, 0, column, "", said)


def _hidden_rows(told: dict[str, Any], *, is_read: bool) -> str:
    if is_read:
        return (
            ngettext(
                "%(count)d hidden row is read as well (%(lines)s)",
                "%(count)d hidden rows are read as well (%(lines)s)",
                told["count"],
            )
            % told
        )
    return (
        ngettext(
            "%(count)d hidden row is left out (%(lines)s)",
            "%(count)d hidden rows are left out (%(lines)s)",
            told["count"],
        )
        % told
    )
