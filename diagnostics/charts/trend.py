"""Scores over waves: for each element a track a wave, the newest lowest and filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from diagnostics.charts.profile import HIGHEST, LOWEST, Tick, position
from diagnostics.charts.profile import LEFT as PROFILE_LEFT
from diagnostics.charts.profile import RIGHT as PROFILE_RIGHT
from diagnostics.charts.sheet import WIDTH

LEFT: Final = 22.0  # beside the wave's number
RIGHT: Final = 272.0  # beside the score
NAME: Final = 17.0  # baseline of an element's name
FIRST: Final = 32.0  # track of the oldest wave, below the top of an element
TRACK: Final = 20.0
GAP: Final = 18.0  # below the newest wave
REACH: Final = 9.0  # of the scale's marks above the first track and below the last one


@dataclass(frozen=True, slots=True)
class WaveScore:
    """One element in one wave; a score that may not be shown is None."""

    score: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TrendTrack:
    """Geometry of one element in one wave."""

    number: int  # of the wave, the oldest 1
    y: float
    text: str
    point: float | None
    low: float | None
    high: float | None
    is_newest: bool

    @property
    def baseline(self) -> float:
        """Where the wave's number and the score stand."""
        return self.y + 4


@dataclass(frozen=True, slots=True)
class TrendLines:
    """Geometry of one element."""

    name: str
    baseline: float
    tracks: tuple[TrendTrack, ...]
    path: str  # from the oldest score to the newest; empty where none is next to another

    @property
    def top(self) -> float:
        """Where the marks of the scale begin, below the name."""
        return self.tracks[0].y - REACH

    @property
    def bottom(self) -> float:
        """Where the marks of the scale end, below the newest wave."""
        return self.tracks[-1].y + REACH


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Geometry of the whole chart."""

    width: float
    height: float
    left: float
    right: float
    elements: tuple[TrendLines, ...]
    ticks: tuple[Tick, ...]

    @property
    def label_y(self) -> float:
        """Baseline of the tick labels."""
        return self.height - 6


def trend_chart(
    scores: Sequence[tuple[str, Sequence[WaveScore]]], *, crossover: tuple[float, str] | None
) -> TrendChart:
    """Lay the chart out.

    scores: the name of each element with its scores, the oldest wave's first. crossover: where
    half in is half out, with its label, if that is one place for all elements and waves.
    """
    elements = []
    top = 0.0
    for name, waves in scores:
        elements.append(_lines(name, waves, top))
        top += FIRST + TRACK * (len(waves) - 1) + GAP
    return TrendChart(WIDTH, top + 20, LEFT, RIGHT, tuple(elements), _ticks(crossover))


def _lines(name: str, waves: Sequence[WaveScore], top: float) -> TrendLines:
    tracks = tuple(
        TrendTrack(
            number=place + 1,
            y=top + FIRST + TRACK * place,
            text=wave.text,
            point=_place(wave.score),
            low=_place(wave.low),
            high=_place(wave.high),
            is_newest=place == len(waves) - 1,
        )
        for place, wave in enumerate(waves)
    )
    return TrendLines(name, top + NAME, tracks, _path(tracks))


def _path(tracks: Sequence[TrendTrack]) -> str:
    """Join neighbouring scores; a wave without one leaves nothing to join across."""
    joined = [
        f"M{first.point} {first.y}L{second.point} {second.y}"
        for first, second in pairwise(tracks)
        if first.point is not None and second.point is not None
    ]
    return "".join(joined)


def _ticks(crossover: tuple[float, str] | None) -> tuple[Tick, ...]:
    ends = (
        Tick(LEFT, f"{LOWEST:g}", "start", is_crossover=False),
        Tick(RIGHT, f"{HIGHEST:g}", "end", is_crossover=False),
    )
    if crossover is None:
        return ends
    place, label = crossover
    x = round(LEFT + (RIGHT - LEFT) * (place - LOWEST) / (HIGHEST - LOWEST), 1)
    return ends[0], Tick(x, label, "middle", is_crossover=True), ends[1]


def _place(score: float | None) -> float | None:
    """Where the profile would draw it, to the printed tenth and no finer, on a shorter track."""
    if score is None:
        return None
    share = (position(score) - PROFILE_LEFT) / (PROFILE_RIGHT - PROFILE_LEFT)
    return round(LEFT + (RIGHT - LEFT) * share, 1)
