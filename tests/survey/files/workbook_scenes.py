"""Workbooks as spreadsheets really save them."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl


def workbook(*rows: tuple[object, ...], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook of one sheet, changed by whatever a test needs."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
