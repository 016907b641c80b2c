"""What is wrong with a file and where, and what is told of one that can be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.errors import InputError

TOLD_LINES: Final = 12  # numbers in a sentence; the rest are counted


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault; line and column count from one, as a spreadsheet shows them, zero is the file."""

    file: str
    line: int
    column: int
    heading: str
    expected: str
    found: str

    @property
    def place(self) -> str:
        """Where to look, in words.

        >>> Problem("units.csv", 3, 2, "name", "a name", "nothing").place
        'units.csv, line 3, column 2 (name)'
        """
        return _place(self.file, self.line, self.column, self.heading)

    def __str__(self) -> str:
        return _("%(place)s: expected %(expected)s, found %(found)s.") % {
            "place": self.place,
            "expected": self.expected,
            "found": self.found,
        }


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What a reader did with a file that its owner should know; no fault."""

    file: str
    line: int
    column: int
    heading: str
    said: str
    is_of_hidden_rows: bool = False  # which may be read or left out

    @property
    def place(self) -> str:
        """Where to look, in words."""
        return _place(self.file, self.line, self.column, self.heading)

    def __str__(self) -> str:
        return _("%(place)s: %(said)s.") % {"place": self.place, "said": self.said}


class FileProblemsError(InputError):
    """A file cannot be imported; carries every problem that was found, and what else was told."""

    def __init__(self, problems: Sequence[Problem], remarks: Sequence[Remark] = ()) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
        self.remarks = tuple(remarks)


def refusal(file: str, expected: str, found: str) -> FileProblemsError:
    """Return the error of a file that is unusable as a whole."""
    return FileProblemsError([Problem(file, 0, 0, "", expected, found)])


def quoted(value: str, *, limit: int = 60) -> str:
    """Return a cell's text as messages show it: on one line, and not the whole of a long one.

    >>> quoted(""), quoted("North"), quoted("x" * 99, limit=5)
    ('nothing', "'North'", "'xxxxx…'")
    """
    if not value:
        return _("nothing")
    return repr(value if len(value) <= limit else f"{value[:limit]}…")


def again_as_on(value: str, line: int) -> str:
    """Return what is said of a value that an earlier line has as well."""
    return _("%(value)s again, as on line %(line)d") % {"value": quoted(value), "line": line}


def lines_told(numbers: Iterable[int]) -> str:
    """Return the lines a sentence is about, runs shortened and not more than a reader wants.

    >>> lines_told([4, 2, 3, 9])
    'lines 2–4, 9'
    """
    ordered = sorted(set(numbers))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{first}–{last}" if last > first else f"{first}" for first, last in runs]
    told = ", ".join(shown[:TOLD_LINES]) + (", …" if len(shown) > TOLD_LINES else "")
    return ngettext("line %(lines)s", "lines %(lines)s", len(ordered)) % {"lines": told}


def repeats_remark(file: str, lines: Sequence[int]) -> Remark:
    """Return what is told of lines that say the same as an earlier one."""
    said = _("counted once, since an earlier line says the same: %s") % lines_told(lines)
    return Remark(file, 0, 0, "", said)


def _place(file: str, line: int, column: int, heading: str) -> str:
    parts = [file]
    if line:
        parts.append(_("line %d") % line)
    if column:
        parts.append(_("column %d") % column + (f" ({heading})" if heading else ""))
    return ", ".join(parts)
