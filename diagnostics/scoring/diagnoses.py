"""Scores, verdict, bottleneck and levers of one set of answers."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.anchors import AnchorNumbers
from diagnostics.scoring.method import Method, anchor_list
from diagnostics.scoring.pooling import PooledFigures
from diagnostics.scoring.results import (
    ConstructScore,
    Diagnosis,
    Interval,
    LeverResult,
    LowestResult,
    PatternScore,
    PossibilityResult,
    Source,
    VerdictResult,
)
from diagnostics.scoring.sets import SetFigures
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.borderline import judge_with_borderline
from qca.patterns.levers import best_without
from qca.patterns.leximin import rank_patterns
from qca.patterns.named_patterns import Pattern, pattern_memberships, pattern_signs
from qca.patterns.shortfalls import compensations, distances
from qca.patterns.sure_advice import sure_bottlenecks, sure_levers
from qca.patterns.sure_levels import sure_level
from qca.patterns.sure_verdicts import SureVerdict, sure_verdict
from qca.patterns.sureness import DEFAULT_SURENESS
from qca.patterns.verdicts import VerdictKind
from survey.policy import SENSITIVE_FLOOR

SMALLEST_GAIN: Final = 0.005  # membership; less is printed as nothing
LEVERS_KEPT: Final = 6
SHARE_STEP: Final = 0.1  # shares of persons are told in tenths, from one to nine
SHARE_DIGITS: Final = 2  # of shares of draws
SLACK: Final = 1e-9  # of a step: .29 * 100 is no whole number of them
UNTOLD_STEP: Final = 0.5  # of an element that no group tells, and so no pattern may ask for


@dataclass(frozen=True)
class Lens:
    """Anchors of a release, those of the other lens, and the company to compare with."""

    method: Method
    anchors: AnchorNumbers
    other_anchors: AnchorNumbers
    company: NDArray[np.float64]  # float[construct]
    steps: NDArray[np.float64]  # float[construct], what units differ by, as a lever's step

    @cached_property
    def of_elements(self) -> list[Anchors]:
        """Anchors of the elements."""
        return anchor_list(self.anchors, self.method.elements)

    @cached_property
    def other_of_elements(self) -> list[Anchors] | None:
        """Those of the other lens, None where there is none."""
        return anchor_list(self.other_anchors, self.method.elements) if self.other_anchors else None


def construct_scores(
    figures: SetFigures, pooled: PooledFigures, lens: Lens, *, with_memberships: bool
) -> tuple[ConstructScore, ...]:
    """Return the scores of every construct that has one; memberships where a verdict may be."""
    anchors = anchor_list(lens.anchors, lens.method.codes)
    memberships = calibrate_scores(pooled.estimate, anchors)
    bounds = np.sort(calibrate_scores(pooled.intervals.T, anchors).T, axis=1)
    found = []
    for place, code in enumerate(lens.method.codes):
        if np.isnan(figures.scores[place]):
            continue
        answered = figures.answered[place]
        is_told = with_memberships and answered >= lens.method.sensitive_floor
        level = None
        if is_told:
            level = sure_level(calibrate_scores(pooled.draws[:, [place]], [anchors[place]])[:, 0])
        found.append(
            ConstructScore(
                construct=code,
                score=float(pooled.estimate[place]),
                interval=_interval(pooled.intervals[place]),
                membership=float(memberships[place]) if is_told else None,
                membership_interval=_interval(bounds[place]) if is_told else None,
                level=level.level if level else None,
                level_share=_told(level.share) if level else None,
                company=_known(float(lens.company[place])),
                band=figures.band(place),
                own=float(figures.scores[place]) if answered >= SENSITIVE_FLOOR else None,
                own_interval=_interval(figures.intervals[place]),
            )
        )
    return tuple(found)


def diagnose(
    figures: SetFigures, pooled: PooledFigures, source: Source, lens: Lens, *, function: str = ""
) -> Diagnosis | None:
    """Return the diagnosis of one set, None unless enough answered every element of the patterns.

    With one of them unknown the patterns that do without it would lead by default; one that fewer
    than ten answered carries no pattern, as in a set of fewer than ten.
    """
    method, elements = lens.method, lens.method.elements
    patterns = method.pattern_set.qca_patterns(function)
    needed = pattern_signs(patterns, elements).any(axis=0)
    answered = np.array(figures.answered[: len(elements)])
    known = ~np.isnan(figures.scores[: len(elements)])
    if not known[needed].all() or (answered[needed] < method.sensitive_floor).any():
        return None
    estimate, draws = pooled.estimate[: len(elements)], pooled.draws[:, : len(elements)]
    said = _said(draws, patterns, lens.of_elements, lens)
    named = said.patterns or (said.nearest,)
    leading = next(place for place, one in enumerate(patterns) if one.name == named[0])
    memberships = calibrate_scores(estimate, lens.of_elements)
    scored = _pattern_scores(figures, pooled, patterns, lens)
    lowest = _lowest(draws, patterns[leading], lens)
    other = lens.other_of_elements
    return Diagnosis(
        source=source,
        verdict=_verdict(said, scored, _turning_points(estimate, patterns, lens)),
        other_lens=_verdict(_said(draws, patterns, other, lens)) if other is not None else None,
        scores=construct_scores(figures, pooled, lens, with_memberships=True),
        patterns=scored,
        bottlenecks=_bottlenecks(lowest, method.never_raised),
        levers=_levers(draws, patterns, lens),
        compensations=compensations(
            memberships, leading=leading, patterns=patterns, elements=elements
        ),
        pattern_without_bending=best_without(
            memberships, patterns=patterns, elements=elements, without=method.never_raised
        ),
        lowest=lowest,
    )


def _said(
    draws: NDArray[np.float64],
    patterns: Sequence[Pattern],
    anchors: Sequence[Anchors],
    lens: Lens,
) -> SureVerdict:
    return sure_verdict(
        draws,
        patterns=patterns,
        elements=lens.method.elements,
        anchors=anchors,
        never_first=lens.method.never_raised,
    )


def _turning_points(
    estimate: NDArray[np.float64], patterns: Sequence[Pattern], lens: Lens
) -> tuple[str, ...]:
    """Name the small changes of the calibration that give the estimate another verdict."""
    return judge_with_borderline(
        estimate,
        patterns=patterns,
        elements=lens.method.elements,
        anchors=lens.of_elements,
        other_lens=lens.other_of_elements,
        never_first=lens.method.never_raised,
    ).turning_points


def _verdict(
    said: SureVerdict, scored: Sequence[PatternScore] = (), turning_points: tuple[str, ...] = ()
) -> VerdictResult:
    """Put a verdict into what is stored; by the other lens, without levels and borders."""
    named = said.patterns or (said.nearest,)
    if said.kind is VerdictKind.LEANING:
        led = [one.name for one in said.possibilities if one.kind is VerdictKind.CLEAR]
        named = (named[0], *[name for name in led if name and name != named[0]][:1])
    score = next((one for one in scored if one.pattern == named[0]), None)
    return VerdictResult(
        kind=said.kind,
        leading=named[0],
        second=named[1] if len(named) > 1 else None,
        membership=score.membership if score else None,
        level=score.level if score else None,
        element=said.element,
        is_borderline=bool(turning_points),
        turning_points=turning_points,
        also=named[2:],
        sureness=said.sureness,
        share=_told(said.share),
        possibilities=tuple(
            PossibilityResult(one.kind, one.name, _told(one.share)) for one in said.possibilities
        ),
    )


def _pattern_scores(
    figures: SetFigures, pooled: PooledFigures, patterns: Sequence[Pattern], lens: Lens
) -> tuple[PatternScore, ...]:
    elements, anchors = lens.method.elements, lens.of_elements
    estimate = pooled.estimate[: len(elements)]
    memberships = calibrate_scores(estimate, anchors)
    whole = pattern_memberships(memberships, patterns=patterns, elements=elements)
    core = pattern_memberships(memberships, patterns=patterns, elements=elements, core_only=True)
    distance = distances(estimate, patterns=patterns, elements=elements, anchors=anchors)
    drawn = pattern_memberships(
        calibrate_scores(pooled.draws[:, : len(elements)], anchors),
        patterns=patterns,
        elements=elements,
    )
    levels = [sure_level(drawn[:, place]) for place in range(len(patterns))]
    shares = _shares_inside(figures, patterns, lens)
    return tuple(
        PatternScore(
            pattern=patterns[place].name,
            membership=float(whole[place]),
            core_membership=float(core[place]),
            level=levels[place].level,
            level_share=_told(levels[place].share),
            distance=float(distance[place]),
            share_inside=shares[place],
        )
        for place in rank_patterns(memberships, patterns=patterns, elements=elements).tolist()
    )


def _shares_inside(
    figures: SetFigures, patterns: Sequence[Pattern], lens: Lens
) -> list[float | None]:
    """Share of persons whose own membership in each pattern is above .5."""
    elements = lens.method.elements
    personal = calibrate_scores(figures.personal[:, : len(elements)], lens.of_elements)
    inside = pattern_memberships(personal, patterns=patterns, elements=elements)
    known = (~np.isnan(inside)).sum(axis=0)
    added = max(len(inside) - figures.info.n, 0)  # people added later, who count for no floor
    return [
        _banded_share((inside[:, place] > 0.5).sum() / known[place])
        if known[place] - added >= lens.method.sensitive_floor
        else None
        for place in range(len(patterns))
    ]


def _banded_share(share: float) -> float:
    return round(min(max(round(share / SHARE_STEP) * SHARE_STEP, 0.1), 0.9), 1)


def _lowest(draws: NDArray[np.float64], leading: Pattern, lens: Lens) -> tuple[LowestResult, ...]:
    found = sure_bottlenecks(
        draws, pattern=leading, elements=lens.method.elements, anchors=lens.of_elements
    )
    told = [LowestResult(one.element, _told(one.share)) for one in found]
    return tuple(one for one in told if one.share)


def _bottlenecks(lowest: Sequence[LowestResult], never: Collection[str]) -> tuple[str, ...]:
    """Name what surely holds back; rule-bending never does."""
    sure = [one.element for one in lowest if one.share >= DEFAULT_SURENESS.bottleneck]
    return tuple(code for code in sure if code not in never)


def _levers(
    draws: NDArray[np.float64], patterns: Sequence[Pattern], lens: Lens
) -> tuple[LeverResult, ...]:
    """Return the levers that bring something on average, single elements first."""
    steps = lens.steps[: len(lens.method.elements)]
    found = sure_levers(
        draws,
        patterns=patterns,
        elements=lens.method.elements,
        anchors=lens.of_elements,
        steps=np.where(np.isnan(steps), UNTOLD_STEP, steps),
        never_raise=lens.method.never_raised,
        ceiling=float(lens.method.points),
    )
    kept = [lever for lever in found if lever.gain >= SMALLEST_GAIN]
    return tuple(
        LeverResult(
            elements=lever.elements,
            points=lever.points,
            gain=lever.gain,
            interval=Interval(lever.low, lever.high),
            best=_told(lever.best),
            positive=_told(lever.positive),
        )
        for lever in kept[:LEVERS_KEPT]
    )


def _interval(bounds: NDArray[np.float64]) -> Interval | None:
    return None if np.isnan(bounds).any() else Interval(float(bounds[0]), float(bounds[1]))


def _told(share: float) -> float:
    """Cut a share, so that no figure says more than the word beside it."""
    return math.floor(share * 10**SHARE_DIGITS + SLACK) / 10**SHARE_DIGITS


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
