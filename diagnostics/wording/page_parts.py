"""The parts that pages and reports are made of; templates read nothing else."""

from dataclasses import dataclass

from diagnostics.charts.configuration import ConfigurationChart
from diagnostics.charts.heat_map import HeatMap
from diagnostics.charts.profile import ProfileChart
from diagnostics.charts.trend import TrendChart


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of the method and data box."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One element in the table beside the profile chart."""

    name: str
    score: str
    interval: str
    company: str
    membership: str
    level: str


@dataclass(frozen=True, slots=True)
class ProfileFigure:
    """The profile chart with its words and its table."""

    chart: ProfileChart
    title: str
    description: str
    caption: str
    rows: tuple[ScoreRow, ...]
    with_company: bool


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One element in the table beside the configuration chart: a cell a pattern, then the unit."""

    name: str
    conditions: tuple[str, ...]
    membership: str


@dataclass(frozen=True, slots=True)
class ConfigurationFigure:
    """The configuration chart with its words and its table."""

    chart: ConfigurationChart
    title: str
    description: str
    caption: str
    patterns: tuple[str, ...]
    rows: tuple[ConditionRow, ...]
    totals: tuple[str, ...]
    unit_label: str
    totals_label: str


@dataclass(frozen=True, slots=True)
class SuggestionGroup:
    """What people of one function may try; the label is empty where there is one group only."""

    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeverReading:
    """One thing to raise: what it brings and how it may be done."""

    title: str
    claim: str
    groups: tuple[SuggestionGroup, ...]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One element in both functions of an area."""

    name: str
    operations: str
    sales: str
    difference: str
    interval: str


@dataclass(frozen=True, slots=True)
class AlignmentTable:
    """Operations and sales of one area side by side."""

    sentence: str
    rows: tuple[DifferenceRow, ...]


@dataclass(frozen=True, slots=True)
class StandingReading:
    """Where a unit stands among the company's units: a line an element."""

    sentences: tuple[str, ...]
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One element, or one pattern, in this wave and in the one before."""

    name: str
    before: str
    now: str
    change: str
    interval: str
    words: str


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave of the chart over waves: what its number stands for, and the verdict then."""

    number: int
    name: str
    day: str
    verdict: str
    band: str


@dataclass(frozen=True, slots=True)
class WaveScoresRow:
    """One element in the table beside the chart over waves: a cell a wave."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendFigure:
    """The chart over waves with its words and its tables."""

    chart: TrendChart
    title: str
    description: str
    caption: str
    waves: tuple[WaveRow, ...]
    rows: tuple[WaveScoresRow, ...]


@dataclass(frozen=True, slots=True)
class TrendReading:
    """What changed since the wave before, or why nothing can be said of it."""

    since: str  # name and day of the wave before
    sentences: tuple[str, ...]
    rows: tuple[TrendRow, ...]
    caption: str
    pattern_rows: tuple[TrendRow, ...]
    pattern_caption: str
    figure: TrendFigure | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose result this is, where its answers come from, and by which versions."""

    organisation: str
    campaign: str
    created_on: str  # ISO date of the assessment
    is_demonstration: bool
    data_origin: str  # such as "survey campaign, closed on 2026-11-20", or a file's name
    instrument: str  # title and version
    instrument_origin: str  # default, custom or derived
    software_version: str
    release_digest: str
    result_digest: str
    paper: str = "A4"  # or Letter
    assessment: int = 1  # number of the scoring on the same release


@dataclass(frozen=True, slots=True)
class UnitReading:
    """Everything a page or report says about one unit."""

    setting: Setting
    language: str
    unit: str
    band: str
    is_small: bool  # so few answers that comparisons carry a caution
    headline: str
    explanation: tuple[str, ...]
    cautions: tuple[str, ...]
    profile: ProfileFigure | None
    configuration: ConfigurationFigure | None
    alignment: AlignmentTable | None
    bottleneck: tuple[str, ...]
    advice_is_doubtful: bool  # greyed out: the company's own answers do not support its pattern
    levers: tuple[LeverReading, ...]
    notes: tuple[str, ...]
    questions: tuple[str, ...]
    limits: tuple[str, ...]
    method: tuple[Fact, ...]
    standing: StandingReading | None = None
    trend: TrendReading | None = None


@dataclass(frozen=True, slots=True)
class PatternTestLine:
    """One question, answered for each pattern, or once for all of them together."""

    question: str
    cells: tuple[str, ...]
    is_shared: bool


@dataclass(frozen=True, slots=True)
class PatternTestTable:
    """What the organisation's own data say about the patterns of one function."""

    function: str
    patterns: tuple[str, ...]
    lines: tuple[PatternTestLine, ...]


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """How many people were asked and answered."""

    name: str
    invited: str
    answered: str
    excluded: str


@dataclass(frozen=True, slots=True)
class CompanyReading:
    """Everything a page or report says about the whole company."""

    setting: Setting
    language: str
    band: str
    headline: str
    explanation: tuple[str, ...]
    warnings: tuple[str, ...]
    profile: ProfileFigure | None
    configuration: ConfigurationFigure | None
    heat_map: HeatMap
    heat_map_caption: str
    pattern_test: tuple[PatternTestTable, ...]
    pattern_test_words: tuple[str, ...]
    participation: tuple[ParticipationRow, ...]
    limits: tuple[str, ...]
    method: tuple[Fact, ...]
    trend: TrendReading | None = None
