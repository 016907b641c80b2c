"""A CSV or XLSX file as lines of named cells, whatever its encoding and its separator."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files import workbooks
from survey.import_files.problems import FileProblemsError, Problem, quoted, refusal
from survey.import_files.writing import FORMULA_STARTS

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 50
SEPARATORS: Final = (";", ",", "\t")
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_WORKBOOK_MAGIC: Final = b"\xd0\xcf\x11\xe0"  # xls, and any workbook with a password


@dataclass(frozen=True, slots=True)
class Line:
    """One record: the file's line on which it begins, and its cells by heading."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's records; columns give the place of each known heading, counted from one."""

    file: str
    columns: dict[str, int]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    def problem(self, line: Line, heading: str, expected: str, found: str) -> Problem:
        """Return a problem with one cell of this table."""
        column = self.columns.get(heading, 0)
        return Problem(self.file, line.number, column, heading, expected, found)


def read_table(
    data: bytes,
    *,
    file: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    most_rows: int = MAX_ROWS,
    most_bytes: int = MAX_BYTES,
) -> Table:
    """Return the file's lines, or raise FileProblemsError where it has no usable shape."""
    known = (*required, *optional)
    records = _records(data, file, known, most_rows, most_bytes)
    number, headings = next(records, (0, []))
    columns = _columns(headings, number, file, required, known)
    problems: list[Problem] = []
    lines = tuple(_lines(records, columns, len(headings), file, problems))
    if not lines and not problems:
        raise refusal(file, _("a heading and at least one row below it"), _("no rows"))
    return Table(file, columns, lines, tuple(problems))


def _records(
    data: bytes, file: str, known: Sequence[str], most_rows: int, most_bytes: int
) -> Iterator[tuple[int, list[str]]]:
    """Return the records of either kind of file, as many as are allowed."""
    if len(data) > most_bytes:
        found = _("%d bytes") % len(data)
        raise refusal(file, _("at most %d bytes") % most_bytes, found)
    if data.startswith(workbooks.MAGIC):
        return workbooks.read_records(
            data, file=file, most_rows=most_rows + 1, most_columns=MAX_COLUMNS
        )
    text = decode(data, file=file)
    return _text_records(text, _separator(text, known), file, most_rows)


def decode(data: bytes, *, file: str) -> str:
    """Return the text of UTF-8 (with or without mark), UTF-16 or Windows-1252 bytes."""
    if data.startswith(OLD_WORKBOOK_MAGIC):
        expected = _("a CSV or XLSX file")
        raise refusal(file, expected, _("a workbook of the old kind or with a password"))
    failed_at = 0  # the farthest that any encoding came, so most likely the one that was meant
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failed_at = max(failed_at, error.start)
            continue
        if "\x00" in text:
            raise refusal(file, _("text"), _("a binary file"))
        if not text.strip():
            raise refusal(file, _("a heading and at least one row below it"), _("an empty file"))
        return text
    line = data[:failed_at].count(b"\n") + 1
    raise FileProblemsError(
        [
            Problem(
                file, line, 0, "",
                _("text in UTF-8, UTF-16 or Windows-1252"),
                _("the byte 0x%02X, which none of them has here") % data[failed_at],
            )
        ]
    )  # fmt: skip


def _encodings(data: bytes) -> Sequence[str]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return (encoding,)
    # Western text in UTF-16 without a mark has a zero in every other byte.
    if data[:200:2].count(0) > len(data[:200:2]) / 2:
        return ("utf-16-be",)
    if data[1:200:2].count(0) > len(data[1:200:2]) / 2:
        return ("utf-16-le",)
    return ("utf-8", "cp1252")


def heading_key(heading: str) -> str:
    """Return a heading as columns are looked up.

    >>> heading_key(" Leader e-mail "), heading_key("E-Mail"), heading_key("Code")
    ('leader_email', 'email', 'code')
    """
    key = heading.strip().casefold().replace("e-mail", "email")
    return "_".join(key.replace("-", " ").replace("_", " ").split())


def _separator(text: str, known: Sequence[str]) -> str:
    """Return the separator under which the heading has the most known columns."""
    first_line = text.lstrip("\r\n").splitlines()[0]

    def matches(separator: str) -> int:
        try:
            cells = next(csv.reader([first_line], delimiter=separator))
        except csv.Error:  # a heading too long to be one; whoever reads the records says so
            return 0
        return sum(heading_key(cell) in known for cell in cells)

    return max(SEPARATORS, key=matches)


def _text_records(
    text: str, separator: str, file: str, most_rows: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins, and its cells; blank records are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    count = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > most_rows + 1:
                    raise refusal(file, _("at most %d rows") % most_rows, _("more"))
                yield begins, [_as_typed(cell.strip()) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        found = _("a record that cannot be read (%s)") % error
        problem = Problem(file, begins, 0, "", _("cells with closed quotes"), found)
        raise FileProblemsError([problem]) from error


def _as_typed(cell: str) -> str:
    """Return a cell without the apostrophe that our own export puts before a formula's sign."""
    is_marked = cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS)
    return cell[1:] if is_marked else cell


def _columns(
    headings: Sequence[str], number: int, file: str, required: Sequence[str], known: Sequence[str]
) -> dict[str, int]:
    if len(headings) > MAX_COLUMNS:
        raise refusal(file, _("at most %d columns") % MAX_COLUMNS, str(len(headings)))
    columns: dict[str, int] = {}
    problems = []
    for place, heading in enumerate(headings, start=1):
        key = heading_key(heading)
        if not key:
            continue
        if key not in known:
            expected = _("one of the headings %s") % ", ".join(known)
            problems.append(Problem(file, number, place, "", expected, quoted(heading)))
        elif key in columns:
            expected = _("every heading once")
            problems.append(
                Problem(file, number, place, key, expected, _("%s again") % quoted(heading))
            )
        else:
            columns[key] = place
    for key in required:
        if key not in columns:
            found = ", ".join(quoted(heading) for heading in headings if heading) or _("nothing")
            problems.append(Problem(file, number, 0, "", _("a column %s") % quoted(key), found))
    if problems:
        raise FileProblemsError(sorted(problems))
    return columns


def _lines(
    records: Iterator[tuple[int, list[str]]],
    columns: dict[str, int],
    width: int,
    file: str,
    problems: list[Problem],
) -> Iterator[Line]:
    places = set(columns.values())
    for number, cells in records:
        stray = [place for place, cell in enumerate(cells, start=1) if cell and place not in places]
        if stray:
            expected = _("cells below the %d headings only") % width
            found = quoted(cells[stray[0] - 1])
            problems.append(Problem(file, number, stray[0], "", expected, found))
        yield Line(
            number,
            {
                key: cells[place - 1] if place <= len(cells) else ""
                for key, place in columns.items()
            },
        )
