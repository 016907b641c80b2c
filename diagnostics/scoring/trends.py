"""What changed in a unit from one wave to the next, from the frozen results of both."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from diagnostics.scoring.method import Method
from diagnostics.scoring.results import (
    AssessmentResult,
    ConstructScore,
    Diagnosis,
    Interval,
    Profile,
    UnitResult,
    VerdictResult,
)
from qca.patterns.changes import change_interval
from survey.policy import MEAN_HIGH, MEAN_LOW, SENSITIVE_FLOOR, size_band

TOO_SMALL: Final = ("", size_band(SENSITIVE_FLOOR - 1))  # bands that no trend rests on


@dataclass(frozen=True, slots=True)
class ElementTrend:
    """One construct in both waves, in scale points."""

    construct: str
    before: float
    now: float
    change: float | None  # of the scores as they are shown; none where one is a limit only
    interval: Interval | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the change, as it is shown, leaves no change out."""
        if self.interval is None:
            return False
        return round(self.interval.low, 1) > 0 or round(self.interval.high, 1) < 0


@dataclass(frozen=True, slots=True)
class PatternTrend:
    """Membership in one pattern in both waves."""

    pattern: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class UnitTrend:
    """What may be told of a unit's change; verdicts and patterns only by one and the same rule."""

    elements: tuple[ElementTrend, ...]
    patterns: tuple[PatternTrend, ...]
    verdict_before: VerdictResult | None
    verdict_now: VerdictResult | None
    is_same_rule: bool  # patterns and anchors are those of the wave before
    reworded: tuple[str, ...] = ()  # constructs that were asked in other words


def unit_trend(
    before: AssessmentResult,
    now: AssessmentResult,
    *,
    unit_before: str,
    unit_now: str,
    comparable: Collection[str],
) -> UnitTrend | None:
    """Return a unit's trend, None where fewer than ten answered in one of the waves.

    comparable: the constructs that were asked in the same words; nothing else is compared, and no
    verdict that rests on others.
    """
    first, second = before.unit(unit_before), now.unit(unit_now)
    then, today = comparable_scores(first), comparable_scores(second)
    elements = tuple(
        element_trend(then[code], today[code])
        for code in now.method.codes
        if code in then and code in today and code in comparable
    )
    if not elements:
        return None
    same_rule = has_same_rule(before, now)
    diagnoses = (first.own_diagnosis, second.own_diagnosis)
    told = same_rule and all(diagnoses) and has_same_statements(now, comparable)
    return UnitTrend(
        elements=elements,
        patterns=_patterns(*diagnoses, now.method) if told else (),
        verdict_before=diagnoses[0].verdict if told and diagnoses[0] else None,
        verdict_now=diagnoses[1].verdict if told and diagnoses[1] else None,
        is_same_rule=same_rule,
        reworded=tuple(code for code in now.method.codes if code not in comparable),
    )


def comparable_scores(unit: UnitResult | None) -> Mapping[str, ConstructScore]:
    """Return the scores of a unit's own answers that ten people or more gave."""
    if unit is None:
        return {}
    parts: list[Profile | Diagnosis | None] = [unit.profile, unit.diagnosis]
    return {
        score.construct: score
        for part in parts
        if part is not None and part.source.is_own and part.source.band not in TOO_SMALL
        for score in part.scores
        if score.band not in TOO_SMALL
    }


def element_trend(before: ConstructScore, now: ConstructScore) -> ElementTrend:
    """Compare one construct; a score at an end of what is shown has no known distance."""
    is_known = all(MEAN_LOW < entry.score < MEAN_HIGH for entry in (before, now))
    interval = None
    if is_known and before.interval is not None and now.interval is not None:
        interval = Interval(
            *change_interval(
                before.score,
                now.score,
                before_interval=(before.interval.low, before.interval.high),
                now_interval=(now.interval.low, now.interval.high),
            )
        )
    return ElementTrend(
        construct=now.construct,
        before=before.score,
        now=now.score,
        change=round(now.score, 1) - round(before.score, 1) if is_known else None,
        interval=interval,
    )


def has_same_rule(before: AssessmentResult, now: AssessmentResult) -> bool:
    """Whether verdicts of two waves may be held against each other."""
    return _rule(before) == _rule(now)


def has_same_statements(now: AssessmentResult, comparable: Collection[str]) -> bool:
    """Whether everything that patterns ask for was asked in the same words."""
    patterns = now.method.pattern_set.for_function()
    return all(code in comparable for entry in patterns for code in entry.required)


def _patterns(
    before: Diagnosis | None, now: Diagnosis | None, method: Method
) -> tuple[PatternTrend, ...]:
    if before is None or now is None:
        return ()
    then = {entry.pattern: entry.membership for entry in before.patterns}
    today = {entry.pattern: entry.membership for entry in now.patterns}
    return tuple(
        PatternTrend(entry.code, then[entry.code], today[entry.code])
        for entry in method.pattern_set.for_function()
    )


def _rule(result: AssessmentResult) -> tuple[object, ...]:
    """What turns scores into verdicts: the patterns, and the anchors in points."""
    patterns = tuple(
        (entry.code, dict(entry.required), entry.core)
        for entry in result.method.pattern_set.for_function()
    )
    return patterns, {code: tuple(three) for code, three in result.anchors.items()}
