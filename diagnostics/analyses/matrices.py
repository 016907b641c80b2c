"""A plain matrix: a CSV or XLSX file of cases by columns of numbers, its first column the case."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from diagnostics.analyses.decimal_signs import DecimalSigns, number_of, signs_of
from qca.inputs import name_problem
from survey.import_files.headings import hidden_columns
from survey.import_files.problems import (
    FileProblemsError,
    Problem,
    Remark,
    lines_told,
    quoted,
    repeats_remark,
)
from survey.import_files.records import MOST_ABOVE, Reading, Record, Records, is_blank
from survey.import_files.tables import MAX_ROWS, cell_fault, read_records

MOST_COLUMNS: Final = 30
MISSING: Final = frozenset({"", "na", "nan", ".", "#n/a"})  # as R, pandas, SPSS, Excel
MOST_PROBLEMS: Final = 200
CASE_NAMES: Final = frozenset({"", "case", "cases", "id", "name", "unit", "code", "nr", "no"})


@dataclass(frozen=True, slots=True)
class Matrix:
    """The numbers of a file; an empty cell is NaN."""

    frame: pd.DataFrame  # float[case, column], index the case's name
    remarks: tuple[Remark, ...] = ()
    reading: Reading | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the file's order."""
        return tuple(self.frame.columns)

    @property
    def size(self) -> int:
        """Number of cases."""
        return len(self.frame)


def read_matrix(data: bytes, *, file: str, includes_hidden: bool = False) -> Matrix:
    """Return a file's numbers, or raise FileProblemsError with every fault's line and column."""
    records = read_records(
        data, file=file, score=_evenness, most_rows=MAX_ROWS, most_columns=MOST_COLUMNS + 1,
        includes_hidden=includes_hidden,
    )  # fmt: skip
    at = _heading_place(records)
    heading = records.rows[at] if records.rows else Record(0, [])
    headings = heading.cells[: len(_without_blank_end(heading.cells))]
    problems = list(_heading_problems(headings, heading.number, file))
    if problems:
        raise FileProblemsError(problems, records.remarks)
    below = records.rows[at + 1 :]
    named = {name: place for place, name in enumerate(headings, start=1)}
    hidden = hidden_columns(records, named, heading.number)
    remarks = [*records.remarks, *_above(records.rows[:at], file), *hidden]
    if _has_no_case_names(headings, below):
        headings = ["", *headings]
        below = tuple(_numbered(row, place) for place, row in enumerate(below, start=1))
        said = "there is no column of case names, so the cases are numbered"
        remarks.append(Remark(file, heading.number, 0, "", said))
    reader = _RowReader(records, headings, below)
    for row in below:
        reader.read(row)
    if not reader.names and not reader.problems:
        reader.problems.append(
            Problem(file, 0, 0, "", "a heading and at least one case below it", "no cases")
        )
    if reader.problems:
        raise FileProblemsError(sorted(reader.problems)[:MOST_PROBLEMS], remarks)
    frame = pd.DataFrame(
        reader.rows, columns=headings[1:], index=list(reader.names), dtype="float64"
    )
    reading = replace(records.reading, heading_line=heading.number)
    return Matrix(frame, (*remarks, *reader.remarks()), reading)


class _RowReader:
    """Gathers cases and faults line by line."""

    def __init__(self, records: Records, headings: Sequence[str], rows: Sequence[Record]) -> None:
        self.file = records.reading.file
        self.is_workbook = not records.reading.encoding
        self.headings = headings
        numbers = (cell for row in rows for cell in row.cells[1:])
        self.signs = signs_of(numbers, separator=records.reading.separator)
        self.names: dict[str, int] = {}  # case -> line
        self.rows: list[list[float]] = []
        self.repeats: list[int] = []  # lines that say what an earlier one says
        self.problems: list[Problem] = []

    def read(self, row: Record) -> None:
        """Take one record."""
        cells = _without_blank_end(row.cells)
        if self.is_workbook or len(row.cells) > len(self.headings) >= len(cells):
            # A workbook's rows end with the last cell that holds something.
            cells = [*cells, *[""] * (len(self.headings) - len(cells))]
        else:
            cells = row.cells
        if len(cells) != len(self.headings):
            expected = f"{len(self.headings)} cells, as in the heading"
            self._add(row.number, 0, expected, f"{len(cells)}")
            return
        faults = len(self.problems)
        name = self._name(row, cells[0])
        values = [self._value(row, at, cell) for at, cell in enumerate(cells[1:], 2)]
        if name in self.names:
            first = self.rows[list(self.names).index(name)]
            if faults == len(self.problems) and _are_same(first, values):
                self.repeats.append(row.number)
                return
            found = f"{quoted(name)} again, first on line {self.names[name]}"
            self.problems.insert(faults, self._problem(row.number, 1, "every case once", found))
        self.names.setdefault(name, row.number)
        self.rows.append(values)

    def remarks(self) -> Iterator[Remark]:
        """Yield what is told of a file that could be read."""
        if self.signs.example:
            said = f"decimal commas are read as points: {self.signs.example}"
            yield Remark(self.file, 0, 0, "", said)
        if self.repeats:
            yield repeats_remark(self.file, self.repeats)

    def _name(self, row: Record, name: str) -> str:
        fault = cell_fault(name, row.faults.get(1))
        if fault:
            self._add(row.number, 1, fault.expected, fault.found)
        elif not name:
            self._add(row.number, 1, "a name of the case", "nothing")
        return name

    def _value(self, row: Record, place: int, cell: str) -> float:
        fault = row.faults.get(place)
        if cell.casefold() in MISSING and (fault is None or cell):
            return math.nan
        value = number_of(cell, self.signs)
        if fault is not None and not fault.is_of_text:
            self._add(row.number, place, fault.expected, fault.found)
        elif value is None:
            self._add(row.number, place, self.signs.expected, quoted(cell))
        return math.nan if value is None else value

    def _add(self, number: int, place: int, expected: str, found: str) -> None:
        self.problems.append(self._problem(number, place, expected, found))

    def _problem(self, number: int, place: int, expected: str, found: str) -> Problem:
        heading = self.headings[place - 1] if place else ""
        return Problem(self.file, number, place, heading, expected, found)


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Score a separator: under the right one most rows have as many cells, and several."""
    if not rows:
        return (0, 0)
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return (count, width) if width > 1 else (0, width)


def _heading_place(records: Records) -> int:
    """Return the first row of three cells or more; what stands above is a title."""
    for at, row in enumerate(records.rows[: MOST_ABOVE + 1]):
        if len(_without_blank_end(row.cells)) > 2 and sum(map(bool, row.cells)) > 1:
            return at
    return 0


def _without_blank_end(cells: Sequence[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return list(cells[:end])


def _above(rows: Sequence[Record], file: str) -> Iterator[Remark]:
    texts = [row for row in rows if not is_blank(row.cells)]
    if texts:
        said = f"{lines_told(row.number for row in texts)} above the headings left out"
        yield Remark(file, 0, 0, "", said)


def _has_no_case_names(headings: Sequence[str], rows: Sequence[Record]) -> bool:
    """Tell whether the first column holds memberships, as in the matrix of our own export."""
    if headings[0].casefold() in CASE_NAMES or name_problem(headings[0]):
        return False
    first = [number_of(row.cells[0], DecimalSigns()) for row in rows if row.cells]
    values = [value for value in first if value is not None]
    if not values or len(values) < len(first):
        return False
    return all(0 <= value <= 1 for value in values) and (
        len(values) > 2 or any(value % 1 for value in values)
    )


def _numbered(row: Record, place: int) -> Record:
    faults = {column + 1: fault for column, fault in row.faults.items()}
    return Record(row.number, [str(place), *row.cells], faults)


def _are_same(first: Sequence[float], second: Sequence[float]) -> bool:
    return all(
        a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(first, second, strict=True)
    )


def _heading_problems(headings: Sequence[str], number: int, file: str) -> Iterator[Problem]:
    if not 3 <= len(headings) <= MOST_COLUMNS + 1:
        expected = f"a column of case names, then 2 to {MOST_COLUMNS} columns of numbers"
        found = f"{len(headings)} columns" if len(headings) != 1 else "1 column"
        yield Problem(file, number, 0, "", expected, found)
        return
    first: dict[str, str] = {}  # without case -> as it is written
    for place, heading in enumerate(headings[1:], 2):
        if name_problem(heading):
            expected = "a name of letters, digits and underscores that begins with a letter"
            yield Problem(file, number, place, "", expected, quoted(heading))
        elif heading in headings[1 : place - 1]:
            found = f"{quoted(heading)} again"
            yield Problem(file, number, place, heading, "every heading once", found)
        elif other := first.get(heading.casefold()):
            expected = "headings that differ by more than case"
            found = f"{quoted(heading)} beside {quoted(other)}"
            yield Problem(file, number, place, heading, expected, found)
        first.setdefault(heading.casefold(), heading)
