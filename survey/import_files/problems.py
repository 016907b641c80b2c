"""What is wrong with a file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from survey.errors import InputError


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
        parts = [self.file]
        if self.line:
            parts.append(_("line %d") % self.line)
        if self.column:
            heading = f" ({self.heading})" if self.heading else ""
            parts.append(_("column %d") % self.column + heading)
        return ", ".join(parts)

    def __str__(self) -> str:
        return _("%(place)s: expected %(expected)s, found %(found)s.") % {
            "place": self.place,
            "expected": self.expected,
            "found": self.found,
        }


class FileProblemsError(InputError):
    """A file cannot be imported; carries every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


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
