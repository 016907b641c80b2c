"""What to know of a pattern set before it is used: doubts about it, and what it would change."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.method import NamedPattern
from diagnostics.scoring.results import ConstructScore, UnitResult
from qca.patterns.leximin import leading_patterns, leximin_keys
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships

Membership = Callable[[ConstructScore], float | None]


class Doubt(StrEnum):
    """Why a pattern set may not do what its author wants."""

    SAME = "same"  # two patterns ask for the same
    CONTAINED = "contained"  # the second asks for all of the first and more: it can never lead
    NO_CORE = "no_core"
    ONLY_ABSENCE = "only_absence"
    NONE_WITHOUT_SENSITIVE = "none_without_sensitive"  # each asks for what nobody may raise


@dataclass(frozen=True, slots=True)
class PatternDoubt:
    """A doubt and the codes of the patterns it is about, none where it is about all."""

    doubt: Doubt
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadingPatterns:
    """In how many units each pattern leads, by one method and by another."""

    units: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changed: int  # units with another leading pattern than before


def doubts_about(
    patterns: Sequence[NamedPattern], *, sensitive: Iterable[str]
) -> Iterator[PatternDoubt]:
    """Yield what speaks against a set, for the patterns of one function."""
    for one, other in combinations(patterns, 2):
        first, second = set(one.required.items()), set(other.required.items())
        if first == second:
            yield PatternDoubt(Doubt.SAME, (one.code, other.code))
        elif first < second:
            yield PatternDoubt(Doubt.CONTAINED, (one.code, other.code))
        elif second < first:
            yield PatternDoubt(Doubt.CONTAINED, (other.code, one.code))
    for entry in patterns:
        if not entry.core:
            yield PatternDoubt(Doubt.NO_CORE, (entry.code,))
        if not any(entry.required.values()):
            yield PatternDoubt(Doubt.ONLY_ABSENCE, (entry.code,))
    raised = set(sensitive)
    if patterns and all(
        any(present and element in raised for element, present in entry.required.items())
        for entry in patterns
    ):
        yield PatternDoubt(Doubt.NONE_WITHOUT_SENSITIVE, ())


def leading_counts(
    units: Sequence[UnitResult],
    *,
    before: Sequence[Pattern],
    after: Sequence[Pattern],
    membership_after: Membership | None = None,
) -> LeadingPatterns:
    """Count leading patterns of the units that have a verdict of their own, by both sets.

    As where the company's verdicts are counted, these are the units without sub-units.
    `membership_after` gives another membership of an element than the stored one, where the
    calibration changes as well.
    """
    above = {unit.parent for unit in units}
    lowest = [unit.own_diagnosis for unit in units if unit.unit not in above]
    judged = [diagnosis for diagnosis in lowest if diagnosis is not None]
    scores = [diagnosis.scores for diagnosis in judged]
    old = _leading(scores, before, _stored)
    new = _leading(scores, after, membership_after or _stored)
    return LeadingPatterns(
        units=len(judged),
        before=Counter(name for name in old if name),
        after=Counter(name for name in new if name),
        changed=sum(one != other for one, other in zip(old, new, strict=True)),
    )


def _stored(score: ConstructScore) -> float | None:
    return score.membership


def _leading(
    scores: Sequence[Sequence[ConstructScore]], patterns: Sequence[Pattern], read: Membership
) -> list[str]:
    """Return the name of each unit's leading pattern, "" where none can be told."""
    if not scores or not patterns:
        return [""] * len(scores)
    elements = list(dict.fromkeys(name for pattern in patterns for name in pattern.required))
    table = np.array([_row(unit, elements, read) for unit in scores])
    keys = leximin_keys(required_memberships(table, pattern_signs(patterns, elements)))
    names = [pattern.name for pattern in patterns]
    return [names[place] if place >= 0 else "" for place in leading_patterns(keys)]


def _row(
    unit: Sequence[ConstructScore], elements: Sequence[str], read: Membership
) -> NDArray[np.float64]:
    known = {score.construct: read(score) for score in unit}
    found = [known.get(element) for element in elements]
    return np.array([np.nan if value is None else value for value in found])
