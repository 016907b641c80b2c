"""Whether the patterns hold in the company: five questions, asked of one function at a time.

Told are figures of the whole function only, to two decimals. Those that a threshold decides about
are cut so that the figure and the word agree: .796 is no .80, and a p of .051 no .05.
"""

import math
from typing import Final

from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.method import anchor_list
from diagnostics.scoring.results import PatternTest, SetTest
from diagnostics.scoring.sets import SCORE_DIGITS, ReleasedAnswers
from qca.bootstrap import unit_seed
from qca.patterns.evidence import PatternEvidence, SetEvidence, pattern_evidence

POOLS_TOLD: Final = 10  # behind a pattern; more are told as so many, for all but one would name it
_STEPS: Final = 10**SCORE_DIGITS
_SLACK: Final = 1e-9  # of a step: .29 * 100 is no whole number of them


def hold_patterns(
    released: ReleasedAnswers, lens: Lens, function: str
) -> tuple[tuple[PatternTest, ...], SetTest]:
    """Hold the patterns of one function against the persons whose function the rows tell."""
    method = lens.method
    members = (released.rows["function"] == function).to_numpy()
    found = pattern_evidence(
        released.personal[members],
        pools=[pool or None for pool, is_in in zip(released.pools, members, strict=True) if is_in],
        patterns=method.pattern_set.qca_patterns(function),
        elements=method.elements,
        anchors=anchor_list(lens.anchors, method.codes),
        seed=_seed(method.seed, function),
    )
    floor = method.sensitive_floor
    tests = tuple(_pattern_test(one, function, floor) for one in found.patterns)
    return tests, _set_test(found, function, floor)


def _seed(seed: int, function: str) -> int:
    return int(unit_seed(seed, f"patterns/{function}").generate_state(1)[0])


def _pattern_test(found: PatternEvidence, function: str, floor: int) -> PatternTest:
    """Below the floor no figure: patterns rest on sensitive elements as well."""
    fit = found.support
    is_told = fit.respondents >= floor
    cases = fit.cases if fit.cases >= floor else None
    return PatternTest(
        pattern=fit.pattern,
        function=function,
        finding=found.finding,
        consistency=_down(fit.consistency) if is_told else None,
        pri=_down(fit.pri) if is_told else None,
        coverage=_told(fit.coverage) if is_told else None,
        cases=cases,
        respondents=fit.respondents if is_told else None,
        expected=_told(found.chance.expected) if is_told else None,
        lift=_told(found.chance.lift) if is_told else None,
        p=_up(found.p) if is_told else None,
        between=_told(found.between) if is_told else None,
        within=_told(found.within) if is_told else None,
        pools=None if cases is None else min(found.pools, POOLS_TOLD),
    )


def _set_test(found: SetEvidence, function: str, floor: int) -> SetTest:
    split, contest = found.split, found.contest
    is_told = contest.cases >= floor
    return SetTest(
        function=function,
        between_units=found.between_units,
        pools=split.pools if split.people >= floor else None,
        association=_told(split.association),
        attainable=_told(split.attainable),
        p=_up(split.p),
        pattern_fit=_told(contest.pattern) if is_told else None,
        sum_fit=_told(contest.plain_sum) if is_told else None,
        lead_low=_down(contest.lead_low) if is_told else None,
        lead_high=_down(contest.lead_high) if is_told else None,
    )


def _told(value: float) -> float | None:
    return round(float(value), SCORE_DIGITS) if math.isfinite(value) else None


def _down(value: float) -> float | None:
    return math.floor(value * _STEPS + _SLACK) / _STEPS if math.isfinite(value) else None


def _up(value: float) -> float | None:
    return math.ceil(value * _STEPS - _SLACK) / _STEPS if math.isfinite(value) else None
