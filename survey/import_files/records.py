"""A CSV or XLSX file as records of tidy cells, before anybody knows what its columns mean."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.characters import tidy
from survey.import_files.problems import FileProblemsError, Problem, Remark, refusal
from survey.import_files.text import decode
from survey.import_files.writing import as_typed

SEPARATORS: Final = (";", ",", "\t")
MOST_ABOVE: Final = 20  # rows above a heading: a title, a date, who made the file
GUESSED_FROM: Final = 40  # records
# What a spreadsheet writes above a heading so that it knows the file's separator itself.
SEPARATOR_LINE: Final = re.compile(
    r"\s*(?P<line>\"?sep=(?P<sign>[^\"\r\n]?)\"?[;,\t ]*)[\r\n]", re.IGNORECASE
)
# Lines of nothing but separators, spaces and empty quotes at a file's beginning.
BLANK_START: Final = re.compile(r'(?:(?:[;,\t |\u00a0]|"")*(?:\r\n|\r|\n))+')
NOTHING: Final = frozenset(';,\t |"')  # what a row above the heading may say that says nothing
Score = Callable[[Sequence[Sequence[str]]], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What a spreadsheet left in a cell in place of its content."""

    expected: str
    found: str
    is_of_text: bool = False  # a number is none the worse for it


@dataclass(frozen=True, slots=True)
class Record:
    """One row that is not blank: the line on which it begins, and its cells."""

    number: int
    cells: list[str]
    faults: Mapping[int, CellFault] = field(default_factory=dict)  # by column, counted from one


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read, for people to see."""

    file: str
    encoding: str = ""  # empty of a workbook
    separator: str = ""
    sheet: str = ""
    heading_line: int = 1

    def __str__(self) -> str:
        told = {
            "file": self.file,
            "encoding": self.encoding,
            "separator": _("tabs") if self.separator == "\t" else self.separator,
            "sheet": self.sheet,
            "line": self.heading_line,
        }
        if self.encoding:
            return (
                _(
                    "%(file)s: read as %(encoding)s with %(separator)s between cells, "
                    "headings on line %(line)d"
                )
                % told
            )
        return _("%(file)s: sheet %(sheet)s, headings on line %(line)d") % told


@dataclass(frozen=True, slots=True)
class Records:
    """A file's rows, how they were read, and what is told of that."""

    rows: tuple[Record, ...]
    reading: Reading
    remarks: tuple[Remark, ...]
    hidden_columns: tuple[tuple[int, int], ...] = ()  # first and last, counted from one


def text_records(
    data: bytes, *, file: str, score: Score, most_rows: int, is_too_many: str
) -> Records:
    """Return the records of a text file under the separator that scores best."""
    decoded = decode(data, file=file)
    text, marked = marked_separator(decoded.text)
    separator = marked or max(SEPARATORS, key=lambda sign: score(_first_records(text, sign)))
    rows: list[Record] = []
    for record in parsed_records(text, separator, file):
        if len(rows) == most_rows:
            raise refusal(file, is_too_many, _("more"))
        rows.append(record)
    reading = Reading(file, encoding=decoded.encoding, separator=separator)
    return Records(tuple(rows), reading, decoded.remarks)


def marked_separator(text: str) -> tuple[str, str]:
    """Return a text without a line such as sep=; and the separator that it names, "" for none.

    Lines are emptied, not taken away, so that later ones keep their numbers.
    """
    text = _emptied_start(text)
    named = SEPARATOR_LINE.match(text)
    if named is None:
        return text, ""
    return _emptied_start(text[: named.start("line")] + text[named.end("line") :]), named["sign"]


def _emptied_start(text: str) -> str:
    blank = BLANK_START.match(text)
    return text if blank is None else re.sub(r"[^\r\n]", "", blank[0]) + text[blank.end() :]


def is_blank(cells: Sequence[str]) -> bool:
    """Tell whether a row holds nothing but separators, whichever they are, and spaces."""
    return all(set(tidy(cell)) <= NOTHING for cell in cells)


def _first_records(text: str, separator: str) -> list[list[str]]:
    """Return the first records under a separator, as many as can be read under it."""
    found: list[list[str]] = []
    try:
        for cells in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator),
                            4 * GUESSED_FROM):  # fmt: skip
            if not is_blank(cells):
                found.append([tidy(cell) for cell in cells])
            if len(found) == GUESSED_FROM:
                break
    except csv.Error:  # whoever reads the records says so
        pass
    return found


def parsed_records(text: str, separator: str, file: str) -> Iterator[Record]:
    """Yield the line on which each record begins, and its cells; blank records are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            tidied = [tidy(cell) for cell in cells]
            if any(tidied):
                yield Record(begins, [as_typed(cell) for cell in tidied])
            begins = reader.line_num + 1
    except csv.Error as error:
        found = _("a record that cannot be read (%s)") % error
        problem = Problem(file, begins, 0, "", _("cells with closed quotes"), found)
        raise FileProblemsError([problem]) from error
