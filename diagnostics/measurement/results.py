"""What the scales of a questionnaire are worth, as frozen values that go to JSON and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item in one group of respondents."""

    code: str
    answers: int
    mean: float  # reverse-keyed items turned
    deviation: float
    rest: float | None  # correlation with the sum of the construct's other items
    alpha_without: float | None
    loading: float | None  # in the confirmatory model


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """One construct in one group of respondents."""

    construct: str
    items: tuple[ItemResult, ...]
    mean: float
    deviation: float
    alpha: float | None
    omega: float | None
    reliability: float | None  # composite
    extracted: float | None  # average variance
    inflation: float | None  # full-collinearity VIF


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a confirmatory model reproduces the answers."""

    chi_square: float
    degrees: int
    p: float | None
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float | None  # ends of its interval of 90 %
    rmsea_high: float | None
    srmr: float
    respondents: int  # used
    complete: int  # of them, those who answered every item
    is_full: bool  # by full information, so that incomplete answers count too


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure of one construct or item."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class MarkerResult:
    """What the marker items say about common-method variance."""

    correlations: tuple[NamedFigure, ...]  # of each construct with the marker
    assumed: float  # the smallest of them in size, taken as method variance
    largest_change: float  # of a correlation between constructs once it is partialled out


@dataclass(frozen=True, slots=True)
class GroupScales:
    """All scales in one group of respondents: everybody, or one function."""

    function: str
    respondents: int
    scales: tuple[ScaleFigures, ...]
    distinctness: tuple[tuple[float | None, ...], ...]  # HTMT, in the order of the scales
    fit: Fit | None
    single_factor: float | None  # Harman
    marker: MarkerResult | None
    problems: tuple[str, ...]  # why a figure is missing


@dataclass(frozen=True, slots=True)
class InvarianceResult:
    """Operations and sales in one model with ever more numbers equal."""

    configural: Fit
    metric: Fit
    scalar: Fit


@dataclass(frozen=True, slots=True)
class AgreementResult:
    """Agreement within, and differences between, the pools of one construct."""

    construct: str
    pools: int
    median: float | None  # of rwg(j)
    share: float | None  # of pools with rwg(j) of .70 or more
    icc_single: float | None
    icc_mean: float | None
    f: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class MeasurementResult:
    """Data quality and scale properties of one campaign."""

    missing: tuple[NamedFigure, ...]  # share of respondents without an answer, by item
    dropped: tuple[str, ...]  # items that the frozen rule left out
    groups: tuple[GroupScales, ...]
    invariance: InvarianceResult | None
    invariance_problem: str
    agreement: tuple[AgreementResult, ...]
