"""The element profile: a unit's scores with their intervals, against the company's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from diagnostics.charts.sheet import LEFT, RIGHT, WIDTH
from diagnostics.wording.numbers import short
from survey.policy import MEAN_HIGH, MEAN_LOW

ROW: Final = 50.0
TRACK: Final = 31.0  # below the top of a row
LOWEST: Final = 1.0
HIGHEST: Final = 7.0


@dataclass(frozen=True, slots=True)
class ProfileValue:
    """What the chart shows of one element; a score that may not be shown is None."""

    name: str
    score: float | None
    low: float | None = None
    high: float | None = None
    company: float | None = None
    text: str = ""  # the score in words or digits, "shown from ten answers on" where it is hidden


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """Geometry of one element's row."""

    name: str
    text: str
    baseline: float
    y: float
    point: float | None
    low: float | None
    high: float | None
    company: float | None

    @property
    def text_baseline(self) -> float:
        """Beside the name; words instead of a score are longer and stand where its track would."""
        return self.baseline if self.point is not None else self.y + 4

    @property
    def mark_top(self) -> float:
        """Where the company's mark begins, above the track."""
        return self.y - 9

    @property
    def mark_bottom(self) -> float:
        """Where the company's mark ends, below the track."""
        return self.y + 9


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled line across all rows."""

    x: float
    label: str
    anchor: str
    is_crossover: bool


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """Geometry of the whole chart."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    rows: tuple[ProfileRow, ...]
    ticks: tuple[Tick, ...]

    @property
    def label_y(self) -> float:
        """Baseline of the tick labels."""
        return self.bottom + 16


def position(score: float) -> float:
    """Return where a score lies on the 7-point scale, in units of the view box.

    Drawn is what is printed, to the tenth and within the ends that may be shown: a
    finer place in the markup would fit a single number of answers only.

    >>> position(4.0), position(6.9) == position(6.5), position(4.64) == position(4.6)
    (160.0, True, True)
    """
    shown = min(max(round(score, 1), MEAN_LOW), MEAN_HIGH)
    return _place(shown)


def profile_chart(values: Sequence[ProfileValue], *, crossover: float | None) -> ProfileChart:
    """Lay the chart out: a row an element, its name above its track."""
    rows = tuple(
        ProfileRow(
            name=value.name,
            text=value.text,
            baseline=ROW * place + 17,
            y=ROW * place + TRACK,
            point=_optional(value.score),
            low=_optional(value.low),
            high=_optional(value.high),
            company=_optional(value.company),
        )
        for place, value in enumerate(values)
    )
    bottom = ROW * len(rows)
    return ProfileChart(WIDTH, bottom + 24, LEFT, RIGHT, bottom, rows, _ticks(crossover))


def _ticks(crossover: float | None) -> tuple[Tick, ...]:
    """The ends of the scale, and where half in is half out if that is one place for all."""
    ends = (
        Tick(_place(LOWEST), "1", "start", is_crossover=False),
        Tick(_place(HIGHEST), "7", "end", is_crossover=False),
    )
    if crossover is None:
        return ends
    half = Tick(_place(crossover), short(crossover), "middle", is_crossover=True)
    return ends[0], half, ends[1]


def _optional(score: float | None) -> float | None:
    return None if score is None else position(score)


def _place(score: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * (score - LOWEST) / (HIGHEST - LOWEST), 1)
