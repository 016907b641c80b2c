"""The calibration chart: a column's histogram with the curve that turns it into memberships."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from diagnostics.charts.sheet import LEFT, RIGHT, WIDTH
from diagnostics.wording.numbers import short
from qca.calibration import IDM, calibrate_direct

TOP: Final = 10.0
BOTTOM: Final = 130.0
HEIGHT: Final = 156.0
STEPS: Final = 60  # points of the curve


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """The cases of one bin."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """Where an anchor lies."""

    x: float
    label: str
    text_anchor: str


@dataclass(frozen=True, slots=True)
class HistogramChart:
    """Geometry of the whole chart."""

    bars: tuple[HistogramBar, ...]
    curve: str  # points of a polyline; empty without anchors
    anchors: tuple[AnchorLine, ...]
    width: float = WIDTH
    height: float = HEIGHT
    top: float = TOP
    bottom: float = BOTTOM
    left: float = LEFT
    right: float = RIGHT

    @property
    def middle(self) -> float:
        """Where a membership of .5 lies."""
        return (self.top + self.bottom) / 2

    @property
    def label_y(self) -> float:
        """Baseline of the labels below."""
        return self.bottom + 18


def histogram_chart(
    counts: Sequence[int],
    *,
    lowest: float,
    highest: float,
    anchors: Sequence[float] = (),
    idm: float = IDM,
    is_curved: bool = True,
) -> HistogramChart:
    """Lay out a histogram over a range, marked at the anchors or at both ends and the middle.

    The curve of the direct method is drawn unless the anchors belong to another one.

    >>> chart = histogram_chart([1, 2], lowest=0, highest=1)
    >>> [(bar.x, bar.width, bar.y, bar.height) for bar in chart.bars]
    [(8.0, 152.0, 70.0, 60.0), (160.0, 152.0, 10.0, 120.0)]
    >>> [(line.x, line.label) for line in chart.anchors]
    [(8.0, '0'), (160.0, '0.5'), (312.0, '1')]
    """
    step = (RIGHT - LEFT) / len(counts)
    tallest = max(*counts, 1)
    bars = []
    for place, count in enumerate(counts):
        height = (BOTTOM - TOP) * count / tallest
        bars.append(
            HistogramBar(
                round(LEFT + step * place, 1), round(BOTTOM - height, 1),
                round(step, 1), round(height, 1),
            )
        )  # fmt: skip
    marks = sorted(anchors) if anchors else (lowest, (lowest + highest) / 2, highest)
    lines = tuple(_line(mark, lowest, highest) for mark in marks)
    curve = _curve(lowest, highest, anchors, idm) if anchors and is_curved else ""
    return HistogramChart(tuple(bars), curve, lines)


def _line(value: float, lowest: float, highest: float) -> AnchorLine:
    x = _across(value, lowest, highest)
    margin = 24  # a label centred nearer to the edge would be cut off
    side = "start" if x < LEFT + margin else "end" if x > RIGHT - margin else "middle"
    return AnchorLine(x, short(value, 4), side)


def _curve(lowest: float, highest: float, anchors: Sequence[float], idm: float) -> str:
    scores = [lowest + (highest - lowest) * at / STEPS for at in range(STEPS + 1)]
    memberships = calibrate_direct(scores, anchors, idm=idm)
    return " ".join(
        f"{_across(score, lowest, highest)},{round(BOTTOM - (BOTTOM - TOP) * membership, 1)}"
        for score, membership in zip(scores, memberships.tolist(), strict=True)
    )


def _across(value: float, lowest: float, highest: float) -> float:
    span = highest - lowest
    share = 0.5 if math.isclose(span, 0) else (value - lowest) / span
    return round(LEFT + (RIGHT - LEFT) * share, 1)
