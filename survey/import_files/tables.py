"""A CSV or XLSX file as lines of named cells: one door for whatever tables people bring."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files import workbooks
from survey.import_files.characters import LOST_LETTER
from survey.import_files.headings import (
    MAX_COLUMNS,
    Headings,
    find_headings,
    known_headings,
    repeated_heading,
)
from survey.import_files.problems import (
    FileProblemsError,
    Problem,
    Remark,
    quoted,
    refusal,
    repeats_remark,
)
from survey.import_files.records import (
    MOST_ABOVE,
    CellFault,
    Reading,
    Record,
    Records,
    Score,
    text_records,
)

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 20_000
# What spreadsheets show where a formula fails or a column is too narrow: #N/A, #VÄRDEFEL!, Err:502.
ERROR: Final = re.compile(
    r"(?i:#N/A|#NV)|#GETTING_DATA|#[A-ZÀ-Þ][A-ZÀ-Þ ]*(?:/0)?[!?]|#{4,}|Err:\d{3}"
)


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
    remarks: tuple[Remark, ...] = ()
    reading: Reading = field(default=Reading(""))

    def problem(self, line: Line, heading: str, expected: str, found: str) -> Problem:
        """Return a problem with one cell of this table."""
        column = self.columns.get(heading, 0)
        return Problem(self.file, line.number, column, heading, expected, found)

    def with_problems(self, further: Iterable[Problem]) -> list[Problem]:
        """Return all problems, each cell's first cause only: what a spreadsheet left in it."""
        known = {(problem.line, problem.column) for problem in self.problems}
        new = (one for one in further if not one.column or (one.line, one.column) not in known)
        return sorted([*self.problems, *new])


def read_table(
    data: bytes,
    *,
    file: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    includes_hidden: bool = False,
    most_rows: int = MAX_ROWS,
    most_bytes: int = MAX_BYTES,
) -> Table:
    """Return the file's lines, or raise FileProblemsError where it has no usable shape."""
    known = (*required, *optional)

    def score(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
        """Count the known columns of the best heading under a separator."""
        return (max((known_headings(row, known) for row in rows[: MOST_ABOVE + 1]), default=0),)

    records = read_records(
        data, file=file, score=score, most_rows=most_rows, most_columns=MAX_COLUMNS,
        includes_hidden=includes_hidden, most_bytes=most_bytes,
    )  # fmt: skip
    try:
        headings = find_headings(records, required=required, known=known)
    except FileProblemsError as error:
        raise FileProblemsError(error.problems, records.remarks) from error
    if len(headings.rows) > most_rows:
        raise refusal(file, _("at most %d rows") % most_rows, _("more"))
    return _table(records, headings, file)


def read_records(
    data: bytes,
    *,
    file: str,
    score: Score,
    most_rows: int = MAX_ROWS,
    most_columns: int = MAX_COLUMNS,
    most_bytes: int = MAX_BYTES,
    includes_hidden: bool = False,
) -> Records:
    """Return the records of either kind of file, as many as are allowed."""
    if len(data) > most_bytes:
        found = _("%d bytes") % len(data)
        raise refusal(file, _("at most %d bytes") % most_bytes, found)
    if data.startswith(workbooks.MAGIC):
        return workbooks.workbook_records(
            data, file=file, most_rows=most_rows, most_columns=most_columns,
            includes_hidden=includes_hidden,
        )  # fmt: skip
    return text_records(
        data, file=file, score=score, most_rows=most_rows + MOST_ABOVE + 1,
        is_too_many=_("at most %d rows") % most_rows,
    )  # fmt: skip


def cell_fault(text: str, left: CellFault | None) -> CellFault | None:
    """Return what is wrong with a cell whatever its column: errors, dates, lost letters."""
    if left is not None:
        return left
    if ("#" in text or ":" in text) and ERROR.fullmatch(text):
        return CellFault(_("a value"), _("the error %s") % text)
    if LOST_LETTER in text:
        expected = _("all letters; save the file as UTF-8 where it was made")
        return CellFault(expected, _("%s, in which letters were lost") % quoted(text))
    return None


def without_repeats(table: Table) -> Table:
    """Return a table in which lines that say the same are one, and tell of them."""
    first: dict[tuple[str, ...], int] = {}
    repeats: list[int] = []
    for line in table.lines:
        if first.setdefault(tuple(line.cells.values()), line.number) != line.number:
            repeats.append(line.number)
    if not repeats:
        return table
    left_out = set(repeats)
    return replace(
        table,
        lines=tuple(line for line in table.lines if line.number not in left_out),
        problems=tuple(one for one in table.problems if one.line not in left_out),
        remarks=(*table.remarks, repeats_remark(table.file, repeats)),
    )


def _table(records: Records, headings: Headings, file: str) -> Table:
    problems: list[Problem] = []
    lines = tuple(_lines(headings, file, problems))
    problems += _repeated_columns(headings, file)
    remarks = (*records.remarks, *headings.remarks)
    if not lines and not problems:
        refused = refusal(file, _("a heading and at least one row below it"), _("no rows"))
        raise FileProblemsError(refused.problems, remarks)
    reading = replace(records.reading, heading_line=headings.line)
    return Table(file, headings.columns, lines, tuple(problems), remarks, reading)


def _lines(headings: Headings, file: str, problems: list[Problem]) -> Iterator[Line]:
    places = {*headings.columns.values(), *headings.passed}
    for record in headings.rows:
        cells = record.cells
        stray = [place for place, cell in enumerate(cells, start=1) if cell and place not in places]
        if stray:
            expected = _("cells below the %d headings only") % headings.width
            found = quoted(cells[stray[0] - 1])
            problems.append(Problem(file, record.number, stray[0], "", expected, found))
        for key, place in headings.columns.items():
            fault = cell_fault(_cell(record, place), record.faults.get(place))
            if fault:
                problems.append(
                    Problem(file, record.number, place, key, fault.expected, fault.found)
                )
        yield Line(
            record.number, {key: _cell(record, place) for key, place in headings.columns.items()}
        )


def _repeated_columns(headings: Headings, file: str) -> Iterator[Problem]:
    """Yield a problem for each second column of one name that does not say the same."""
    for key, first, again in headings.repeated:
        if any(_cell(row, first) != _cell(row, again) for row in headings.rows):
            yield repeated_heading(file, headings.line, key, again, key)


def _cell(record: Record, place: int) -> str:
    return record.cells[place - 1] if place <= len(record.cells) else ""
