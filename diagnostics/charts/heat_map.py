"""The heat map: memberships of many units in elements and patterns, on one absolute scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.wording.numbers import membership_text
from qca.patterns.verdicts import DEFAULT_POLICY, Level

LEVEL_CLASSES = {
    Level.NOT_YET: "low",
    Level.MORE_IN_THAN_OUT: "middle",
    Level.WELL_INSIDE: "high",
}


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One membership: its level decides colour and mark, its text is the number."""

    level: str  # "low", "middle", "high", or "" where nothing may be shown
    text: str
    is_leading: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit; `address` is empty for a reader who may not open its page."""

    name: str
    depth: int
    band: str
    note: str
    address: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A table of levels: elements first, then patterns."""

    elements: tuple[str, ...]
    patterns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    codes: tuple[str, ...] = ()  # of the columns, elements first


def heat_cell(membership: float | None, *, is_leading: bool = False) -> HeatCell:
    """Return the cell of one membership.

    >>> heat_cell(0.8)
    HeatCell(level='high', text='.80', is_leading=False)
    >>> heat_cell(None)
    HeatCell(level='', text='', is_leading=False)
    """
    if membership is None:
        return HeatCell("", "")
    level = LEVEL_CLASSES[DEFAULT_POLICY.level(membership)]
    return HeatCell(level, membership_text(membership), is_leading)


def heat_cells(
    codes: Sequence[str], memberships: Mapping[str, float | None], *, leading: str | None = None
) -> tuple[HeatCell, ...]:
    """Return the cells of one unit in the order of the codes."""
    return tuple(
        heat_cell(memberships.get(code), is_leading=code == leading and leading is not None)
        for code in codes
    )
