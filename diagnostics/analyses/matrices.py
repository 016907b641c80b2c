"""A plain matrix: a CSV or XLSX file of cases by columns of numbers, its first column the case."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qca.errors import QcaError
from qca.sets.expressions import parse
from survey.import_files import workbooks
from survey.import_files.problems import FileProblemsError, Problem, quoted
from survey.import_files.tables import MAX_ROWS, SEPARATORS, decode

MOST_COLUMNS: Final = 30
MISSING: Final = frozenset({"", "na", "nan", ".", "#n/a"})  # as R, pandas, SPSS, Excel
MOST_PROBLEMS: Final = 200


@dataclass(frozen=True, slots=True)
class Matrix:
    """The numbers of a file; an empty cell is NaN."""

    frame: pd.DataFrame  # float[case, column], index the case's name

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the file's order."""
        return tuple(self.frame.columns)

    @property
    def size(self) -> int:
        """Number of cases."""
        return len(self.frame)


def read_matrix(data: bytes, *, file: str) -> Matrix:
    """Return a file's numbers, or raise FileProblemsError with every fault's line and column."""
    records = _records(data, file)
    number, headings = next(records, (0, []))
    problems = list(_heading_problems(headings, number, file))
    if problems:
        raise FileProblemsError(problems)
    reader = _RowReader(file, headings, is_workbook=data.startswith(workbooks.MAGIC))
    for number, cells in records:
        reader.read(number, cells)
    if not reader.names and not reader.problems:
        reader.problems.append(
            Problem(file, 0, 0, "", "a heading and at least one case below it", "no cases")
        )
    if reader.problems:
        raise FileProblemsError(sorted(reader.problems)[:MOST_PROBLEMS])
    frame = pd.DataFrame(
        reader.rows, columns=headings[1:], index=list(reader.names), dtype="float64"
    )
    return Matrix(frame)


class _RowReader:
    """Gathers cases and faults line by line."""

    def __init__(self, file: str, headings: Sequence[str], *, is_workbook: bool) -> None:
        self.file = file
        self.is_workbook = is_workbook
        self.headings = headings
        self.names: dict[str, int] = {}  # case -> line
        self.rows: list[list[float]] = []
        self.problems: list[Problem] = []

    def read(self, number: int, cells: Sequence[str]) -> None:
        """Take one record."""
        if self.is_workbook:  # whose rows end with the last cell that holds something
            cells = [*cells, *[""] * (len(self.headings) - len(cells))]
        if len(cells) != len(self.headings):
            expected = f"{len(self.headings)} cells, as in the heading"
            self._add(number, 0, expected, f"{len(cells)}")
            return
        name = cells[0]
        if not name:
            self._add(number, 1, "a name of the case", "nothing")
        elif name in self.names:
            found = f"{quoted(name)} again, first on line {self.names[name]}"
            self._add(number, 1, "every case once", found)
        self.names.setdefault(name, number)
        self.rows.append([self._value(number, at, cell) for at, cell in enumerate(cells[1:], 2)])

    def _value(self, number: int, place: int, cell: str) -> float:
        if cell.casefold() in MISSING:
            return math.nan
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._add(number, place, "a number with a decimal point, or nothing", quoted(cell))
        return value

    def _add(self, number: int, place: int, expected: str, found: str) -> None:
        heading = self.headings[place - 1] if place else ""
        self.problems.append(Problem(self.file, number, place, heading, expected, found))


def _records(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(workbooks.MAGIC):
        return workbooks.read_records(
            data, file=file, most_rows=MAX_ROWS + 1, most_columns=MOST_COLUMNS + 1
        )
    return _text_records(decode(data, file=file), file)


def _text_records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins, and its cells; blank records are passed over."""
    first_line = text.lstrip("\r\n").splitlines()[0]
    separator = max(SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins, count = 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MAX_ROWS + 1:
                    expected = f"at most {MAX_ROWS} cases"
                    raise FileProblemsError([Problem(file, begins, 0, "", expected, "more")])
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        found = f"a record that cannot be read ({error})"
        problem = Problem(file, begins, 0, "", "cells with closed quotes", found)
        raise FileProblemsError([problem]) from error


def _heading_problems(headings: Sequence[str], number: int, file: str) -> Iterator[Problem]:
    if not 3 <= len(headings) <= MOST_COLUMNS + 1:
        expected = f"a column of case names, then 2 to {MOST_COLUMNS} columns of numbers"
        found = f"{len(headings)} columns" if len(headings) != 1 else "1 column"
        yield Problem(file, number, 0, "", expected, found)
        return
    for place, heading in enumerate(headings[1:], 2):
        if not _is_name(heading):
            expected = "a name of letters, digits and underscores that begins with a letter"
            yield Problem(file, number, place, "", expected, quoted(heading))
        elif heading in headings[1 : place - 1]:
            found = f"{quoted(heading)} again"
            yield Problem(file, number, place, heading, "every heading once", found)


def _is_name(heading: str) -> bool:
    """Whether a heading can stand in an expression such as A*~B."""
    try:
        return parse(heading).names == (heading,)
    except QcaError:
        return False
