"""What the checks of an analysis found, as frozen values that go to JSON and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RangeResult:
    """Values of one parameter between which the solution stays as it is."""

    parameter: str  # such as inclusion, frequency, "A crossover"
    value: float
    lower: float
    upper: float
    changes_below: bool
    changes_above: bool


@dataclass(frozen=True, slots=True)
class OtherSolution:
    """The solution that another plausible setting gives."""

    parameter: str
    value: float
    expression: str  # empty where there is no solution


@dataclass(frozen=True, slots=True)
class KindCount:
    """Cases of one kind of `qca.robustness.other_solutions.CaseKind`."""

    kind: str
    cases: int | None  # None for few, once the answers are deleted


@dataclass(frozen=True, slots=True)
class RobustnessResult:
    """Sensitivity ranges, and the solution held against all test solutions."""

    expression: str  # of the solution that is tested
    ranges: tuple[RangeResult, ...]
    tests: tuple[OtherSolution, ...]
    consistency: float | None  # RF_cons
    coverage: float | None  # RF_cov
    coincidence_smallest: float | None  # RF_SC_minTS
    coincidence_largest: float | None  # RF_SC_maxTS
    typical_share: float | None  # RCR_typ
    deviant_share: float | None  # RCR_dev
    kinds: tuple[KindCount, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Five quantiles of a figure over draws: 2.5, 25, 50, 75 and 97.5 %."""

    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


@dataclass(frozen=True, slots=True)
class HalvesResult:
    """Models of one half of the cases held against the other, both ways."""

    splits: int
    frequency_cut: int  # in a half
    cut: float  # consistency from which a model counts as holding
    share_holding: float
    share_unsolved: float  # trials whose half gave no model
    consistency: Spread | None  # in the other half
    coverage: Spread | None
    own_consistency: Spread | None  # in the half that made the model


@dataclass(frozen=True, slots=True)
class TermShare:
    """How often a term stands in the solution of a draw."""

    term: str
    share: float
    is_own: bool  # in the solution of all cases


@dataclass(frozen=True, slots=True)
class RowShare:
    """How often a row is coded 1 in a draw."""

    number: int
    share: float


@dataclass(frozen=True, slots=True)
class DrawnFit:
    """The fit of one term of the solution, or of the whole, over draws."""

    term: str  # empty for the whole model
    consistency: Spread | None
    coverage: Spread | None


@dataclass(frozen=True, slots=True)
class BootstrapResult:
    """The solution over draws of the cases with replacement."""

    draws: int
    same: float  # share of draws with exactly the same models
    solved: float  # share of draws with a row coded 1
    terms: tuple[TermShare, ...]
    rows: tuple[RowShare, ...]
    fits: tuple[DrawnFit, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a term is to one named pattern."""

    pattern: str  # code
    coincidence: float | None  # set coincidence in these cases
    shared_core: float


@dataclass(frozen=True, slots=True)
class TermMatching:
    """A configuration of the chart and the named patterns it resembles, the most alike first."""

    name: str  # of the chart's column
    term: str
    proposed: str  # code of the pattern that the best assignment gives it; empty without
    likenesses: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class MatchingResult:
    """The chart's configurations matched with a named set."""

    pattern_set: str  # id of the stored set
    terms: tuple[TermMatching, ...]


CheckResult = RobustnessResult | HalvesResult | BootstrapResult | MatchingResult
