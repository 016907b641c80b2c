"""What scoring says of a unit and of the company; pages and reports read nothing else.

Figures are functions of released aggregates. Sizes are bands, never numbers, save for the counts
of the whole company. None stands for what may not be shown or cannot be computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from diagnostics.scoring.method import Method
from qca.patterns.support import BetweenUnits, Finding
from qca.patterns.sureness import Sureness
from qca.patterns.verdicts import Level, VerdictKind
from survey.policy import MEAN_HIGH, MEAN_LOW

METHOD_VERSION: Final = 2  # by which results are made today; docs/method.md tells what each asks


class Relation(StrEnum):
    """How the set that figures come from relates to the unit whose page shows them."""

    OWN = "own"
    ONE_CHILD = "one_child"  # the only part of the unit that may be published
    WIDER = "wider"  # holds the unit's answers and others


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval: of a pooled estimate by its draws, of own answers alone by Student's t."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Source:
    """The released set that figures come from."""

    set_key: str
    unit: str  # key of the unit that owns the set
    unit_name: str
    relation: Relation
    is_pool: bool  # small teams together, not a unit as a whole
    band: str  # such as "10-19"

    @property
    def is_own(self) -> bool:
        """Whether the figures are the unit's own."""
        return self.relation is Relation.OWN


@dataclass(frozen=True, slots=True)
class ConstructScore:
    """One construct of one set of answers.

    By version 1 of the method the score is the mean of the set's own answers. A mean at an end of
    what is shown has no interval, not in results that were stored earlier either: how wide it is
    would tell whether all agree, and where beyond the end they are.
    """

    construct: str
    score: float  # scale points, reverse items turned; the pooled estimate
    interval: Interval | None
    membership: float | None  # none where no verdict may rest on it
    membership_interval: Interval | None
    level: Level | None
    level_share: float | None  # of draws in which that level is the right word; not in version 1
    company: float | None  # the whole company's score
    band: str  # of the valid answers to its least answered item
    own: float | None  # mean of the set's own answers; none where fewer than ten
    own_interval: Interval | None  # none at an end

    def __post_init__(self) -> None:
        """Forget what a mean at an end would tell."""
        if self.own is not None and not MEAN_LOW < self.own < MEAN_HIGH:
            object.__setattr__(self, "own_interval", None)


@dataclass(frozen=True, slots=True)
class PatternScore:
    """One pattern of one set of answers."""

    pattern: str
    membership: float
    core_membership: float
    level: Level
    level_share: float | None  # of draws in which that level is the right word; not in version 1
    distance: float  # scale points to membership .67 in all that it requires
    share_inside: float | None  # of the answering persons, cut to .10-.90


@dataclass(frozen=True, slots=True)
class PossibilityResult:
    """One thing that may be so of a set of answers; possibilities leave each other out."""

    kind: VerdictKind  # CLEAR for "a pattern leads", ELEMENT_FIRST, or NONE_YET
    name: str | None  # the pattern, or the element
    share: float  # of draws, to two decimals


@dataclass(frozen=True, slots=True)
class VerdictResult:
    """What is said of one set of answers; `qca.patterns.sure_verdicts` states the rules.

    Version 1 of the method, whose rules `qca.patterns.verdicts` states, has a gap and a stability
    instead of sureness, share and possibilities.
    """

    kind: VerdictKind
    leading: str | None  # the likeliest pattern; for "none yet" the nearest
    second: str | None
    membership: float | None
    level: Level | None
    element: str | None  # the element that comes first, with "element first" only
    is_borderline: bool
    turning_points: tuple[str, ...]  # such as "crossover +0.1" or "other lens"
    also: tuple[str, ...] = ()  # further patterns that the statement names
    sureness: Sureness | None = None
    share: float | None = None  # of draws in which the same statement holds
    possibilities: tuple[PossibilityResult, ...] = ()  # likeliest first
    gap: float | None = None  # first differing coordinate of the two best; none with one pattern
    stability: float | None = None  # share of redraws of answers with the same leader


@dataclass(frozen=True, slots=True)
class LowestResult:
    """An element, and how often it is the lowest one that the leading pattern requires."""

    element: str
    share: float  # of draws


@dataclass(frozen=True, slots=True)
class LeverResult:
    """What raising an element, or a pair, brings to the best membership."""

    elements: tuple[str, ...]
    points: float  # scale points summed over the elements; a step is what units differ by
    gain: float  # the mean over draws; in version 1 that of half a point on the scores
    interval: Interval | None = None  # of the gain, 95 %
    best: float | None = None  # share of draws in which it brings most of its size
    positive: float | None = None  # share of draws in which it brings anything
    pattern: str | None = None  # by version 1 only: leads afterwards
    membership: float | None = None  # likewise: best membership afterwards
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Verdict and all that belongs to it, of one set of at least ten answers."""

    source: Source
    verdict: VerdictResult
    other_lens: VerdictResult | None  # by the calibration that was not chosen
    scores: tuple[ConstructScore, ...]  # elements, then the outcome
    patterns: tuple[PatternScore, ...]  # best first
    bottlenecks: tuple[str, ...]  # what surely holds back; by version 1 one or two, lowest first
    levers: tuple[LeverResult, ...]  # those with a gain, best first
    compensations: Mapping[str, tuple[str, ...]]  # lacked element -> leaned on instead
    pattern_without_bending: str | None  # the best one that needs no rule-bending
    lowest: tuple[LowestResult, ...] = ()  # of what the leading pattern requires, likeliest first


@dataclass(frozen=True, slots=True)
class Profile:
    """Construct scores of one set of at least five answers, the sensitive ones left out."""

    source: Source
    scores: tuple[ConstructScore, ...]  # elements, then the outcome


@dataclass(frozen=True, slots=True)
class ElementDifference:
    """Service operations less service sales, in scale points."""

    construct: str
    operations: float
    sales: float
    difference: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """One function within a unit."""

    function: str
    profile: Profile | None
    diagnosis: Diagnosis | None


@dataclass(frozen=True, slots=True)
class AlignmentResult:
    """Operations and sales of one area side by side."""

    differences: tuple[ElementDifference, ...]
    overlap: float | None  # sum(min) / sum(max) of the memberships in the elements


class Third(StrEnum):
    """A part of the company's units when they are put in order."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands on one construct among the units that can be compared."""

    construct: str
    lowest: Third  # of the lower end of the score's interval
    highest: Third  # of its upper end
    units: int  # that are compared, this one among them


@dataclass(frozen=True, slots=True)
class UnitResult:
    """Everything that is known of one unit; both parts None where nothing may be shown."""

    unit: str
    name: str
    parent: str | None
    profile: Profile | None
    diagnosis: Diagnosis | None
    functions: tuple[FunctionResult, ...]
    alignment: AlignmentResult | None
    standings: tuple[Standing, ...] = ()  # among five units or more; not of rule-bending

    @property
    def own_diagnosis(self) -> Diagnosis | None:
        """The diagnosis where it is the unit's own."""
        found = self.diagnosis
        return found if found is not None and found.source.is_own else None


@dataclass(frozen=True, slots=True)
class PatternTest:
    """One pattern held against the organisation's own answers, within one function.

    Figures have two decimals. None are told where fewer than ten persons are tested; version 1 of
    the method has none behind `respondents`.
    """

    pattern: str
    function: str
    finding: Finding
    consistency: float | None
    pri: float | None
    coverage: float | None
    cases: int | None  # above .5; none where fewer than ten
    respondents: int | None  # none where fewer than ten
    expected: float | None  # consistency with the outcomes dealt out at random
    lift: float | None  # consistency - expected
    p: float | None  # of the lift, after Holm's correction
    between: float | None  # consistency of pools, memberships added up
    within: float | None  # mean of pools' own consistencies, ten persons and five pools at least
    pools: int | None  # with cases, ten standing for more; none where fewer than ten cases


@dataclass(frozen=True, slots=True)
class SetTest:
    """All patterns of one function together: the best one's membership against the outcome."""

    function: str
    between_units: BetweenUnits
    pools: int | None  # with people enough to be split
    association: float | None  # over pools, the outcome told by others than the elements
    attainable: float | None  # by pools as much or little alike as these
    p: float | None
    pattern_fit: float | None  # R^2 in pools left out, of the best pattern
    sum_fit: float | None  # of a plain sum of the elements
    lead_low: float | None  # interval of the first less the second
    lead_high: float | None


@dataclass(frozen=True, slots=True)
class ScaleProperties:
    """How one construct's scale behaves over all answers of the company."""

    construct: str
    items: int
    respondents: int
    mean: float  # to one decimal, as the next one
    standard_deviation: float
    alpha: float | None
    icc1: float | None  # share of variance between pools


@dataclass(frozen=True, slots=True)
class Skew:
    """A set that holds under 20 % or over 80 % of the persons, which weakens any pattern test."""

    construct: str
    function: str
    share: float  # with membership above .5, cut to .10-.90


@dataclass(frozen=True, slots=True)
class CompanyResult:
    """What is said of the whole company."""

    root: str  # key of the root unit
    answers: Mapping[str, int]  # function -> counted answers
    excluded: Mapping[str, Mapping[str, int]]  # rule -> function -> answers left out
    invited: Mapping[str, int]  # function -> people; empty without invitations
    dropped_items: tuple[str, ...]
    method_version: int
    pattern_tests: tuple[PatternTest, ...]
    set_tests: tuple[SetTest, ...]  # one a function; version 1 has none
    scales: tuple[ScaleProperties, ...]
    skewed: tuple[Skew, ...]
    dominating_pattern: str | None  # leads in more than 70 % of the units in `verdicts`
    dominating_by_other_lens: str | None
    verdicts: Mapping[str, int]  # kind -> units without sub-units that have one of their own


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """One scoring of one release, whole."""

    method: Method
    anchors: Mapping[str, tuple[float, ...]]  # construct -> full out, crossover, full in; points
    other_anchors: Mapping[str, tuple[float, ...]]  # by the calibration that was not chosen
    company: CompanyResult
    units: tuple[UnitResult, ...]  # parents before children, the company's root first

    def unit(self, key: str) -> UnitResult:
        """Return one unit's result by its key."""
        return next(unit for unit in self.units if unit.unit == key)
