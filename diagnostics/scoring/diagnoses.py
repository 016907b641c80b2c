"""Scores, verdict, bottleneck and levers of one set of answers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.anchors import AnchorNumbers
from diagnostics.scoring.method import Method, anchor_list
from diagnostics.scoring.results import (
    ConstructScore,
    Diagnosis,
    Interval,
    LeverResult,
    PatternScore,
    Source,
    VerdictResult,
)
from diagnostics.scoring.sets import SetFigures
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.borderline import judge_with_borderline
from qca.patterns.judging import judge
from qca.patterns.levers import Lever, best_without, levers
from qca.patterns.leximin import rank_patterns
from qca.patterns.named_patterns import Pattern, pattern_memberships, pattern_signs
from qca.patterns.shortfalls import bottlenecks, compensations, distances
from qca.patterns.verdicts import DEFAULT_POLICY, Verdict

SMALLEST_GAIN: Final = 0.005  # membership; less is printed as nothing
LEVERS_KEPT: Final = 5
SHARE_STEP: Final = 0.1  # shares of persons are told in tenths, from one to nine


@dataclass(frozen=True)
class Lens:
    """Anchors of a release, those of the other lens, and the company's scores to compare with."""

    method: Method
    anchors: AnchorNumbers
    other_anchors: AnchorNumbers
    company: NDArray[np.float64]  # float[construct]

    @cached_property
    def of_elements(self) -> list[Anchors]:
        """Anchors of the elements."""
        return anchor_list(self.anchors, self.method.elements)

    @cached_property
    def other_of_elements(self) -> list[Anchors] | None:
        """Those of the other lens, None where there is none."""
        return anchor_list(self.other_anchors, self.method.elements) if self.other_anchors else None


def construct_scores(
    figures: SetFigures, lens: Lens, *, with_memberships: bool
) -> tuple[ConstructScore, ...]:
    """Return the scores of every construct that has one; memberships where a verdict may be."""
    anchors = anchor_list(lens.anchors, lens.method.codes)
    memberships = calibrate_scores(figures.scores, anchors)
    bounds = np.sort(calibrate_scores(figures.intervals.T, anchors).T, axis=1)
    found = []
    for place, code in enumerate(lens.method.codes):
        if np.isnan(figures.scores[place]):
            continue
        membership = float(memberships[place])
        is_told = with_memberships and figures.answered[place] >= lens.method.sensitive_floor
        found.append(
            ConstructScore(
                construct=code,
                score=float(figures.scores[place]),
                interval=_interval(figures.intervals[place]),
                membership=membership if is_told else None,
                membership_interval=_interval(bounds[place]) if is_told else None,
                level=DEFAULT_POLICY.level(membership) if is_told else None,
                company=_known(float(lens.company[place])),
                band=figures.band(place),
            )
        )
    return tuple(found)


def diagnose(
    figures: SetFigures, source: Source, lens: Lens, *, function: str = ""
) -> Diagnosis | None:
    """Return the diagnosis of one set, None unless enough answered every element of the patterns.

    With one of them unknown the patterns that do without it would lead by default; one that fewer
    than ten answered carries no pattern, as in a set of fewer than ten.
    """
    method, elements = lens.method, lens.method.elements
    patterns = method.pattern_set.qca_patterns(function)
    scores = figures.scores[: len(elements)]
    needed = pattern_signs(patterns, elements).any(axis=0)
    answered = np.array(figures.answered[: len(elements)])
    if np.isnan(scores[needed]).any() or (answered[needed] < method.sensitive_floor).any():
        return None
    verdict = _judge(figures, patterns, lens)
    memberships = calibrate_scores(scores, lens.of_elements)
    leading = next(place for place, one in enumerate(patterns) if one.name == verdict.leading)
    return Diagnosis(
        source=source,
        verdict=_verdict(verdict),
        other_lens=_judge_by_other_lens(figures, patterns, lens),
        scores=construct_scores(figures, lens, with_memberships=True),
        patterns=_pattern_scores(figures, patterns, lens),
        bottlenecks=_bottlenecks(figures, memberships, patterns[leading], lens),
        levers=worthwhile_levers(scores, patterns, lens),
        compensations=compensations(
            memberships, leading=leading, patterns=patterns, elements=elements
        ),
        pattern_without_bending=best_without(
            memberships, patterns=patterns, elements=elements, without=method.never_raised
        ),
    )


def worthwhile_levers(
    scores: NDArray[np.float64], patterns: Sequence[Pattern], lens: Lens
) -> tuple[LeverResult, ...]:
    """Return the levers that bring something; a pair only where it brings more than each alone."""
    found = levers(
        scores,
        patterns=patterns,
        elements=lens.method.elements,
        anchors=lens.of_elements,
        never_raise=lens.method.never_raised,
        ceiling=float(lens.method.points),
    )
    alone = {lever.elements[0]: lever.gain for lever in found if len(lever.elements) == 1}
    kept = [lever for lever in found if _is_worthwhile(lever, alone)]
    return tuple(
        LeverResult(
            elements=lever.elements,
            points=lever.points,
            gain=lever.gain,
            pattern=lever.pattern,
            membership=lever.membership,
            level=DEFAULT_POLICY.level(lever.membership),
        )
        for lever in kept[:LEVERS_KEPT]
    )


def _is_worthwhile(lever: Lever, alone: dict[str, float]) -> bool:
    if len(lever.elements) == 1:
        return lever.gain >= SMALLEST_GAIN
    return lever.gain >= max(alone[name] for name in lever.elements) + SMALLEST_GAIN


def _judge(figures: SetFigures, patterns: Sequence[Pattern], lens: Lens) -> Verdict:
    return judge_with_borderline(
        *_scores_and_draws(figures, lens),
        patterns=patterns,
        elements=lens.method.elements,
        anchors=lens.of_elements,
        other_lens=lens.other_of_elements,
        never_first=lens.method.never_raised,
    )


def _judge_by_other_lens(
    figures: SetFigures, patterns: Sequence[Pattern], lens: Lens
) -> VerdictResult | None:
    """Return the verdict by the other lens, on whose own border nothing is said."""
    anchors = lens.other_of_elements
    if anchors is None:
        return None
    scores, draws = _scores_and_draws(figures, lens)
    return _verdict(
        judge(
            scores,
            draws,
            patterns=patterns,
            elements=lens.method.elements,
            anchors=anchors,
            never_first=lens.method.never_raised,
        )
    )


def _scores_and_draws(
    figures: SetFigures, lens: Lens
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return those of the elements, without the outcome's."""
    count = len(lens.method.elements)
    draws = None if figures.draws is None else figures.draws[:, :count]
    return figures.scores[:count], draws


def _verdict(verdict: Verdict) -> VerdictResult:
    return VerdictResult(
        kind=verdict.kind,
        leading=verdict.leading,
        second=verdict.second,
        membership=_known(verdict.membership),
        level=verdict.level,
        gap=_known(verdict.gap),
        stability=_known(verdict.stability),
        element=verdict.element,
        is_borderline=verdict.borderline,
        turning_points=verdict.turning_points,
        also=verdict.also,
    )


def _pattern_scores(
    figures: SetFigures, patterns: Sequence[Pattern], lens: Lens
) -> tuple[PatternScore, ...]:
    elements, anchors = lens.method.elements, lens.of_elements
    scores = figures.scores[: len(elements)]
    memberships = calibrate_scores(scores, anchors)
    whole = pattern_memberships(memberships, patterns=patterns, elements=elements)
    core = pattern_memberships(memberships, patterns=patterns, elements=elements, core_only=True)
    distance = distances(scores, patterns=patterns, elements=elements, anchors=anchors)
    shares = _shares_inside(figures, patterns, lens)
    return tuple(
        PatternScore(
            pattern=patterns[place].name,
            membership=float(whole[place]),
            core_membership=float(core[place]),
            level=DEFAULT_POLICY.level(float(whole[place])),
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


def _bottlenecks(
    figures: SetFigures, memberships: NDArray[np.float64], leading: Pattern, lens: Lens
) -> tuple[str, ...]:
    anchors, bounds = lens.of_elements, figures.intervals[: len(memberships)]
    intervals = None
    if figures.draws is not None:
        intervals = np.sort(calibrate_scores(bounds.T, anchors).T, axis=1)
    return bottlenecks(
        memberships, pattern=leading, elements=lens.method.elements, intervals=intervals
    )


def _interval(bounds: NDArray[np.float64]) -> Interval | None:
    return None if np.isnan(bounds).any() else Interval(float(bounds[0]), float(bounds[1]))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
