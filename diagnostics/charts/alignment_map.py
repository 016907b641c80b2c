"""The map of alignment: how far apart operations and sales of each area are, on one scale."""

from dataclasses import dataclass
from typing import Final

NOTABLE: Final = 0.5  # scale points: as much as a lever is reckoned to bring
FAR: Final = 1.0  # scale points: one step of the answer scale


@dataclass(frozen=True, slots=True)
class AlignmentCell:
    """One difference: its size decides colour and mark, its sign the arrow."""

    level: str  # "low", "middle", "high", or "" where nothing may be shown
    text: str
    interval: str = ""
    higher: str = ""  # "operations", "sales", or "" for neither
    is_clear: bool = False  # the interval leaves no difference out


@dataclass(frozen=True, slots=True)
class AlignmentMapRow:
    """One area, with the sizes of both functions."""

    name: str
    sizes: str
    cells: tuple[AlignmentCell, ...]
    overlap: str
    ahead: str  # whether the same pattern is ahead in both functions


@dataclass(frozen=True, slots=True)
class AlignmentMap:
    """A table of differences, a column an element."""

    elements: tuple[str, ...]
    rows: tuple[AlignmentMapRow, ...]


NO_CELL: Final = AlignmentCell("", "")


def alignment_cell(
    difference: float, *, text: str, interval: str = "", is_clear: bool = False
) -> AlignmentCell:
    """Return the cell of a difference of operations less sales, by what is printed of it.

    >>> alignment_cell(-0.46, text="−0.5")
    AlignmentCell(level='middle', text='−0.5', interval='', higher='sales', is_clear=False)
    """
    shown = round(difference, 1)
    size = abs(shown)
    level = "high" if size >= FAR else "middle" if size >= NOTABLE else "low"
    higher = "operations" if shown > 0 else "sales" if shown < 0 else ""
    return AlignmentCell(level, text, interval, higher, is_clear)
