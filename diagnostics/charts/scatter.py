"""The XY plot: membership in a condition against membership in the outcome, by kind of case."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from diagnostics.charts.sheet import RIGHT

SIZE: Final = 320.0
LEFT: Final = 30.0
TOP: Final = 8.0
BOTTOM: Final = 290.0


@dataclass(frozen=True, slots=True)
class ScatterPoint:
    """Where one or more cases lie; the kind chooses the shape."""

    x: float
    y: float
    kind: str
    title: str  # names of the cases


@dataclass(frozen=True, slots=True)
class ScatterChart:
    """Geometry of the plot and the count of each kind of case."""

    points: tuple[ScatterPoint, ...]
    counts: dict[str, int]
    size: float = SIZE
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM

    @property
    def middle_x(self) -> float:
        """Where a membership of .5 in the condition lies."""
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        """Where a membership of .5 in the outcome lies."""
        return (self.top + self.bottom) / 2


def kind_of(condition: float, outcome: float) -> str:
    """Name a case for a claim of sufficiency (Schneider & Rohlfing 2013).

    >>> [kind_of(*case) for case in [(0.7, 0.8), (0.9, 0.7), (0.7, 0.2), (0.2, 0.9), (0.1, 0.3)]]
    ['typical', 'above', 'consistency', 'coverage', 'irrelevant']
    """
    if condition > 0.5:
        if outcome > 0.5:
            return "typical" if condition <= outcome else "above"
        return "consistency"
    return "coverage" if outcome > 0.5 else "irrelevant"


def scatter_chart(
    condition: Sequence[float], outcome: Sequence[float], names: Sequence[str]
) -> ScatterChart:
    """Lay cases out; those that fall on one place and are of one kind are drawn once."""
    places: dict[tuple[float, float, str], list[str]] = {}
    counts: Counter[str] = Counter()
    for x, y, name in zip(condition, outcome, names, strict=True):
        kind = kind_of(x, y)
        counts[kind] += 1
        across = round(LEFT + (RIGHT - LEFT) * x)
        down = round(BOTTOM - (BOTTOM - TOP) * y)
        places.setdefault((across, down, kind), []).append(name)
    points = tuple(ScatterPoint(*place, _listed(found)) for place, found in places.items())
    return ScatterChart(points, dict(counts))


def _listed(names: Sequence[str], most: int = 6) -> str:
    text = ", ".join(names[:most])
    return f"{text} + {len(names) - most}" if len(names) > most else text
