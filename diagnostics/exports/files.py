"""Export tables as XLSX, CSV and SPSS files; the same tables give the same bytes."""

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import pandas as pd
import pyreadstat
import xlsxwriter

from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable, plain
from survey.import_files.writing import FORMULA_STARTS, harmless

FORMULA_SIGNS: Final = FORMULA_STARTS
TEXT_WIDTH: Final = 32  # of a spreadsheet's column, in characters
NUMBER_WIDTH: Final = 12
# Where an SPSS file notes when it was made: a date of nine and a time of eight characters.
SAV_DATE: Final = slice(92, 109)
# English whatever the locale.
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def csv_file(table: ExportTable) -> bytes:
    """Return UTF-8 with a byte-order mark, so that spreadsheets read it right; codes as numbers."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(tables: Sequence[ExportTable], *, title: str, day: date) -> bytes:
    """Return a workbook with a sheet a table: typed cells, labels beside codes, frozen header."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties(
            {"title": plain(title), "created": datetime(day.year, day.month, day.day)}  # noqa: DTZ001 - a day
        )
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                is_text = column.kind in (ColumnKind.TEXT, ColumnKind.CODE)
                sheet.set_column(place, place, TEXT_WIDTH if is_text else NUMBER_WIDTH)
                sheet.write_string(0, place, plain(column.name), bold)
            for number, row in enumerate(table.rows, start=1):
                for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                    _write_cell(sheet, number, place, _labelled(column, cell))
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    return content.getvalue()


def sav_file(table: ExportTable, *, day: date) -> bytes:
    """Return an SPSS file with variable labels and value labels."""
    frame = pd.DataFrame(
        {
            column.name: [row[place] for row in table.rows]
            if column.kind is ColumnKind.TEXT
            else pd.Series([row[place] for row in table.rows], dtype="float64")
            for place, column in enumerate(table.columns)
        }
    )
    # A file without a name, which a killed process cannot leave behind: it may hold answers.
    with tempfile.TemporaryFile() as unnamed:
        pyreadstat.write_sav(
            frame,
            f"/dev/fd/{unnamed.fileno()}",
            file_label=plain(table.title)[:64],
            column_labels=[column.label for column in table.columns],
            variable_value_labels=_value_labels(table),
        )
        unnamed.seek(0)
        content = bytearray(unnamed.read())
    stamp = f"{day.day:02d} {MONTHS[day.month - 1]} {day.year % 100:02d}00:00:00"
    content[SAV_DATE] = stamp.encode("ascii")
    return bytes(content)


def _value_labels(table: ExportTable) -> dict[str, dict[int | float, str]]:
    return {
        column.name: {int(code): label for code, label in column.values.items()}
        for column in table.columns
        if column.values
    }


def _csv_cell(cell: Cell) -> Cell:
    return harmless(plain(cell)) if isinstance(cell, str) else cell


def _labelled(column: ExportColumn, cell: Cell) -> Cell:
    return column.values.get(cell, cell) if isinstance(cell, int) and column.values else cell


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, plain(cell))
    elif cell is not None:
        sheet.write_number(row, place, cell)
