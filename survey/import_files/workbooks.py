"""The first sheet of an XLSX workbook as records of text, within limits that no bomb passes.

A workbook is a ZIP of XML files. All of it is unpacked and parsed once with counters running
before openpyxl, which has no limits, sees any of it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _

from survey.import_files.problems import refusal

MAX_UNPACKED: Final = 20 * 1024 * 1024  # bytes
MAX_PARTS: Final = 500  # files in the ZIP
MAX_CONTENT: Final = 400_000  # XML elements of sheets and texts; 20,000 people need 340,000
MAX_BLANK: Final = 150_000  # cells without a value, which formatting leaves behind
MAX_AROUND: Final = 20_000  # XML elements of everything else, styles for example
CHUNK: Final = 64 * 1024  # bytes
MAGIC: Final = b"PK\x03\x04"
CONTENT_PARTS: Final = ("xl/worksheets/", "xl/sharedStrings")
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # a password
)
# What openpyxl raises for a ZIP that is no workbook is not documented; these were seen.
NO_WORKBOOK: Final = (KeyError, IndexError, ValueError, TypeError, AttributeError, OSError)


def read_records(
    data: bytes, *, file: str, most_rows: int, most_columns: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and cells of each row that is not blank, with one column past the most."""
    _check_parts(data, _Meter(file, most_rows, most_columns))
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        rows = sheet.iter_rows(max_row=most_rows + 1, max_col=most_columns + 1, values_only=True)
        for number, values in enumerate(rows, start=1):
            cells = _without_blank_end([_text(value) for value in values])
            if cells:
                yield number, cells
    except NO_WORKBOOK as error:
        raise refusal(file, _("an XLSX workbook"), _("a file that is none")) from error


def _without_blank_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: object) -> str:
    """Return a cell as somebody would type it: a code stored as the number 12.0 is "12"."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _check_parts(data: bytes, meter: "_Meter") -> None:
    """Unpack and parse every part, counting; raise FileProblemsError beyond a limit."""
    file = meter.file
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_PARTS:
                raise refusal(file, _("an XLSX workbook"), _("an archive of too many files"))
            for part in archive.infolist():
                with archive.open(part) as stream:
                    meter.measure(part.filename, iter(lambda: stream.read(CHUNK), b""))
    except UNREADABLE as error:
        raise refusal(file, _("an XLSX workbook"), _("a damaged or locked file")) from error


class _Meter:
    """Counts what a workbook unpacks to, and refuses it at the first limit it passes."""

    def __init__(self, file: str, most_rows: int, most_columns: int) -> None:
        self.file = file
        self.most_rows = most_rows
        self.most_columns = most_columns
        self.unpacked = 0
        self.content = 0
        self.blank = 0
        self.around = 0
        self.row = 0
        self.values = 0  # in the present row

    def measure(self, name: str, chunks: Iterator[bytes]) -> None:
        """Count one part, chunk by chunk."""
        parser = expat.ParserCreate()
        is_content = name.startswith(CONTENT_PARTS)
        parser.StartElementHandler = self._count_content if is_content else self._count_around
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.row = 0
        is_xml = name.endswith((".xml", ".rels"))
        for chunk in chunks:
            self.unpacked += len(chunk)
            if self.unpacked > MAX_UNPACKED:
                found = _("a file that unpacks to more")
                raise refusal(self.file, _("at most %d bytes unpacked") % MAX_UNPACKED, found)
            if is_xml:
                parser.Parse(chunk)
        if is_xml:
            parser.Parse(b"", True)

    def _count_content(self, name: str, attributes: dict[str, str]) -> None:
        self.content += 1
        if self.content > MAX_CONTENT:
            raise self._too_many_cells()
        if name == "row":
            number = attributes.get("r", "")
            self.row = int(number[:9]) if number.isdecimal() else self.row + 1
            self.values = 0
        elif name == "c":
            self.blank += 1  # until its value is met
            if self.blank > MAX_BLANK:
                raise self._too_many_cells()
        elif name in {"v", "is"}:
            self.blank -= 1
            self._count_value()

    def _count_value(self) -> None:
        """Count a cell that holds something; formatting alone may reach to the sheet's end."""
        self.values += 1
        if self.row > self.most_rows:
            raise refusal(self.file, _("at most %d rows") % (self.most_rows - 1), _("more"))
        if self.values > self.most_columns:
            raise refusal(self.file, _("at most %d columns") % self.most_columns, _("more"))

    def _count_around(self, _name: str, _attributes: dict[str, str]) -> None:
        self.around += 1
        if self.around > MAX_AROUND:
            raise self._too_many_cells()

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise refusal(self.file, _("an XLSX workbook"), _("a file with entities of its own"))

    def _too_many_cells(self) -> Exception:
        expected = _("a sheet of cells and little else")
        return refusal(self.file, expected, _("a workbook of too many parts"))
