"""Colours and marks of the charts: literal values for paper, classes for the page's dark mode."""

from dataclasses import dataclass
from typing import Final

INK: Final = "#1b1e26"
INK_SOFT: Final = "#4d5361"
LINE: Final = "#d8d5cc"
HIGHLIGHT: Final = "#f2f0ea"


@dataclass(frozen=True, slots=True)
class PatternStyle:
    """How one pattern is told apart: by colour and by the shape of its mark.

    The three colours differ in lightness by at least 15 points (CIE L* 41, 23, 58), so that they
    stay apart in greyscale and for every kind of colour vision; none relies on red against green.
    """

    colour: str
    css_class: str
    mark: str  # points of a polygon within -8..8


STYLES: Final = (
    PatternStyle("#a33e0b", "pattern-1", "0,-7.5 8,6.5 -8,6.5"),
    PatternStyle("#2e2f75", "pattern-2", "-6.5,-6.5 6.5,-6.5 6.5,6.5 -6.5,6.5"),
    PatternStyle("#2b9c93", "pattern-3", "0,-8 8,0 0,8 -8,0"),
)
OTHER_STYLE: Final = PatternStyle(INK_SOFT, "pattern-other", "-8,-3 8,-3 8,3 -8,3")


def pattern_style(position: int) -> PatternStyle:
    """Return the style of the pattern at a position of its set, counted from 0."""
    return STYLES[position] if position < len(STYLES) else OTHER_STYLE
