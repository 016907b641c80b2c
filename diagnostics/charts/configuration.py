"""The configuration chart: what each pattern asks of each element, and where the unit stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diagnostics.charts.palette import PatternStyle, pattern_style
from diagnostics.wording.numbers import membership_text, shown_membership
from qca.patterns.named_patterns import Pattern

# All lengths are in units of the view box, which is 320 wide so that text of 14 stays readable on
# the smallest phone.
NARROWEST: Final = 320.0
NAME_SIZE: Final = 14.0
LETTER_WIDTH: Final = 7.4  # of that size, bold, in a long name
UNIT_COLUMN: Final = 64.0
PATTERN_COLUMN: Final = 72.0
HEADER: Final = 48.0
ROW: Final = 46.0
TOTALS: Final = 62.0  # memberships in the patterns, below the elements
SYMBOL_LINE: Final = 31.0  # below the top of a row
BAR: Final = 52.0
CORE_RADIUS: Final = 9.0
PERIPHERAL_RADIUS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A filled circle for present, a crossed one for absent; large for core."""

    x: float
    y: float
    radius: float
    is_present: bool
    arm: float  # half the length of the cross's strokes along each axis


@dataclass(frozen=True, slots=True)
class Bar:
    """A membership between 0 and 1 as a bar with a tick at .5."""

    x: float
    y: float
    width: float
    filled: float
    tick: float
    text: str

    @property
    def label_y(self) -> float:
        """Baseline of the number above the bar."""
        return self.y - 5

    @property
    def tick_top(self) -> float:
        """Where the tick begins, above the bar."""
        return self.y - 2

    @property
    def tick_bottom(self) -> float:
        """Where the tick ends, below the bar."""
        return self.y + 9


@dataclass(frozen=True, slots=True)
class Column:
    """One pattern."""

    name: str
    x: float
    left: float
    width: float
    style: PatternStyle
    is_leading: bool
    symbols: tuple[Symbol, ...]
    bar: Bar | None

    @property
    def name_size(self) -> float:
        """Size of the name's letters: smaller where it would reach into the next column."""
        widest = self.width / LETTER_WIDTH
        return round(NAME_SIZE * min(widest / max(len(self.name), 1), 1), 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One element."""

    name: str
    top: float
    baseline: float
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class ConfigurationChart:
    """Geometry of the whole chart."""

    width: float
    height: float
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    totals_top: float
    totals_baseline: float


def configuration_chart(
    *,
    patterns: Sequence[Pattern],
    pattern_names: Mapping[str, str],
    element_names: Mapping[str, str],
    element_memberships: Mapping[str, float | None],
    pattern_memberships: Mapping[str, float | None],
    leading: str | None,
) -> ConfigurationChart:
    """Lay the chart out: a row an element, a column a pattern, memberships at their ends."""
    area = max(NARROWEST - UNIT_COLUMN, PATTERN_COLUMN * len(patterns))
    width = area + UNIT_COLUMN
    column_width = area / len(patterns)
    tops = [HEADER + ROW * place for place in range(len(element_names))]
    totals_top = HEADER + ROW * len(tops)
    rows = tuple(
        Row(name, top, top + 17, _bar(width - BAR, top + 26, element_memberships.get(code)))
        for (code, name), top in zip(element_names.items(), tops, strict=True)
    )
    columns = tuple(
        Column(
            name=pattern_names[pattern.name],
            x=round(column_width * (place + 0.5), 1),
            left=round(column_width * place, 1),
            width=round(column_width, 1),
            style=pattern_style(place),
            is_leading=pattern.name == leading,
            symbols=_symbols(pattern, column_width * (place + 0.5), list(element_names), tops),
            bar=_bar(
                column_width * (place + 0.5) - BAR / 2,
                totals_top + 44,
                pattern_memberships.get(pattern.name),
            ),
        )
        for place, pattern in enumerate(patterns)
    )
    height = totals_top + (TOTALS if pattern_memberships else 1)
    return ConfigurationChart(width, height, rows, columns, totals_top, totals_top + 17)


def _symbols(
    pattern: Pattern, x: float, elements: Sequence[str], tops: Sequence[float]
) -> tuple[Symbol, ...]:
    found = []
    for code, top in zip(elements, tops, strict=True):
        if code in pattern.required:
            radius = CORE_RADIUS if code in pattern.core else PERIPHERAL_RADIUS
            arm = round(radius * 0.62, 1)
            y = top + SYMBOL_LINE
            found.append(Symbol(round(x, 1), y, radius, pattern.required[code], arm))
    return tuple(found)


def _bar(x: float, y: float, membership: float | None) -> Bar | None:
    if membership is None:
        return None
    return Bar(
        x=round(x, 1),
        y=y,
        width=BAR,
        # As printed: a finer width in the markup would tell how many answered.
        filled=round(BAR * shown_membership(membership), 1),
        tick=round(x + BAR / 2, 1),
        text=membership_text(membership),
    )
