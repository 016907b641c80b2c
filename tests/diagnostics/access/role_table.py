"""The table of roles as docs/privacy.md prints it."""

from dataclasses import dataclass
from itertools import dropwhile, takewhile
from typing import Final

from tests.places import ROOT

YES, NO, INSTEAD = "yes", "–", "without an administrator"
# The columns, and who of the scene stands for each.
COLUMNS: Final = {
    "manager": "manager",
    "HR, executive": "executive",
    "analyst": "analyst",
    "council": "council",
    "administrator": "administrator",
    "leads the unit": "leader",
    "leads one above": "leader above",
    "leads one below": "leader below",
    "leads another": "leader elsewhere",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One right: what each column's people get, and why."""

    words: str
    cells: dict[str, str]  # by person of the scene
    why: str


def printed_table() -> tuple[Line, ...]:
    """Return the lines below the heading, in their order."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8").splitlines()
    after = dropwhile(lambda line: not line.startswith("| Who may |"), text)
    heading, _, *lines = takewhile(lambda line: line.startswith("|"), after)
    assert _cells(heading) == ["Who may", *COLUMNS, "Why"]
    return tuple(_line(_cells(line)) for line in lines)


def _line(cells: list[str]) -> Line:
    words, *given, why = cells
    return Line(words, dict(zip(COLUMNS.values(), given, strict=True)), why)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
