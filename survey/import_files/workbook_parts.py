"""The parts of an XLSX workbook: unpacked within limits that no bomb passes, and what they mark.

A workbook is a ZIP of XML files. All of it is unpacked and parsed once with counters running
before openpyxl, which has no limits, sees any of it. The same pass notes what openpyxl does not
tell when it reads row by row: hidden rows and columns, merged cells, formulas without a result.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from survey.import_files.problems import refusal

MAX_UNPACKED: Final = 20 * 1024 * 1024  # bytes
MAX_PARTS: Final = 500  # files in the ZIP
MAX_CONTENT: Final = 400_000  # XML elements of sheets and texts; 20,000 people need 340,000
MAX_BLANK: Final = 150_000  # cells without a value, which formatting leaves behind
MAX_AROUND: Final = 20_000  # XML elements of everything else, styles for example
ROWS_AROUND: Final = 50  # above the heading, and between the records
CHUNK: Final = 64 * 1024  # bytes
CONTENT_PARTS: Final = ("xl/worksheets/", "xl/sharedStrings")
YES: Final = frozenset({"1", "true"})
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # a password
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet's XML says beside its values; rows and columns count from one."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    merged: list[str] = field(default_factory=list)  # ranges such as B2:B4
    unsolved: set[tuple[int, int]] = field(default_factory=set)  # formulas without a result


def measured_parts(
    data: bytes, *, file: str, most_rows: int, most_columns: int
) -> Mapping[str, Marks]:
    """Unpack and parse every part; return each one's marks, or raise beyond a limit."""
    meter = _Meter(file, most_rows, most_columns)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_PARTS:
                raise refusal(file, _("an XLSX workbook"), _("an archive of too many files"))
            for part in archive.infolist():
                with archive.open(part) as stream:
                    meter.measure(part.filename, iter(lambda: stream.read(CHUNK), b""))
    except UNREADABLE as error:
        raise refusal(file, _("an XLSX workbook"), _("a damaged or locked file")) from error
    return meter.marks


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
        self.marks: dict[str, Marks] = {}

    def measure(self, name: str, chunks: Iterator[bytes]) -> None:
        """Count one part, chunk by chunk."""
        parser = expat.ParserCreate()
        self.row = 0
        if name.startswith(CONTENT_PARTS):
            marker = _Marker(parser, self.marks.setdefault(name, Marks()))

            def begin(tag: str, attributes: dict[str, str]) -> None:
                short = tag.rpartition(":")[2]  # some programs give every tag a prefix
                self._count_content(short, attributes)
                marker.begin(short, attributes, self.row)

            parser.StartElementHandler = begin
            parser.EndElementHandler = marker.end
        else:
            parser.StartElementHandler = self._count_around
        parser.StartDoctypeDeclHandler = self._refuse_doctype
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
        if self.row > self.most_rows + ROWS_AROUND:
            raise refusal(self.file, _("at most %d rows") % self.most_rows, _("more"))
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


class _Marker:
    """Notes what a sheet marks, tag by tag."""

    def __init__(self, parser: expat.XMLParserType, marks: Marks) -> None:
        self.parser, self.marks = parser, marks
        self.place = (0, 0)  # of the present cell
        self.has_text = False
        self.awaits_result = False  # whether it is a formula whose result was not met yet

    def begin(self, tag: str, attributes: Mapping[str, str], row: int) -> None:
        """Take an opening tag."""
        if tag == "c":
            column = self.place[1] + 1 if self.place[0] == row else 1
            reference = attributes.get("r", "")
            self.place = (row, _column(reference) or column)
            self.has_text = attributes.get("t") == "str"  # which may be empty
        elif tag == "f":
            self.awaits_result = not self.has_text
        elif tag == "v" and self.awaits_result:
            self.parser.CharacterDataHandler = self._result
        elif tag == "row" and (attributes.get("hidden") in YES or attributes.get("ht") == "0"):
            self.marks.hidden_rows.add(row)
        elif tag == "col" and (attributes.get("hidden") in YES or attributes.get("width") == "0"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.marks.hidden_columns.append((int(first[:9]), int(last[:9])))
        elif tag == "mergeCell":
            self.marks.merged.append(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        """Take a closing tag."""
        if self.awaits_result:
            short = tag.rpartition(":")[2]
            if short == "v":
                self.parser.CharacterDataHandler = None
            elif short == "c":
                self.marks.unsolved.add(self.place)
                self.awaits_result = False

    def _result(self, text: str) -> None:
        if text.strip():
            self.awaits_result = False
            self.parser.CharacterDataHandler = None


def _column(reference: str) -> int:
    """Return the column of a reference such as AB12, 0 for what is none."""
    column = 0
    for sign in reference.rstrip("0123456789").upper():
        if not "A" <= sign <= "Z" or column > 20_000:  # a sheet has 16,384
            return 0
        column = 26 * column + ord(sign) - ord("A") + 1
    return column


def merged_ranges(marks: Marks) -> Iterator[tuple[int, int, int, int]]:
    """Yield first row, first column, last row and last column of each merged cell."""
    for reference in marks.merged:
        try:
            first_column, first_row, last_column, last_row = range_boundaries(reference)
        except (ValueError, TypeError):
            continue
        if None not in (first_row, first_column, last_row, last_column):
            yield first_row, first_column, last_row, last_column
