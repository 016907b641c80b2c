"""Whether a verdict hangs on a small change of the calibration."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from qca.calibration.anchors import Anchors, anchor_shifts
from qca.errors import OptionError
from qca.patterns.judging import Judging
from qca.patterns.named_patterns import Pattern
from qca.patterns.verdicts import DEFAULT_POLICY, Verdict, VerdictKind, VerdictPolicy

ANCHOR_STEP = 0.1  # points of the scale


def judge_with_borderline(
    scores: ArrayLike,
    draws: ArrayLike | None = None,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    other_lens: Sequence[Anchors] | None = None,
    released: bool = True,
    never_first: Collection[str] = (),
    policy: VerdictPolicy = DEFAULT_POLICY,
    anchor_step: float = ANCHOR_STEP,
    together: bool = True,
) -> Verdict:
    """Give the verdict and say whether another calibration would turn it.

    Each of the three anchors is moved up and down; scores and draws stay the same. Through the
    other lens the unit is scored as well, and only which pattern leads is compared: how far inside
    a unit is means something else when it is measured against the company, so whole verdicts
    differ nearly always.

    Parameters
    ----------
    scores, draws, patterns, elements, anchors, released, never_first, policy
        As in `judge`.
    other_lens : sequence of Anchors, optional
        The anchors of the other calibration, such as the company-relative one.
    anchor_step : float
        Points of the scale, > 0.
    together : bool
        True moves an anchor for all elements at once, since all follow one rule. False moves it
        for one element at a time; that turns the verdict of about half of all units, too many for
        the word to say anything.

    Returns
    -------
    Verdict
        With `borderline` and `turning_points` set.

    Raises
    ------
    OptionError
        The step is not positive.
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `judge`.

    Examples
    --------
    >>> verdict = judge_with_borderline([4.13], patterns=[Pattern("bold", {"A": True})],
    ...                                 elements=["A"], anchors=[Anchors(2, 4.1, 6)])
    >>> verdict.borderline, verdict.turning_points
    (True, ('crossover +0.1',))

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    if not anchor_step > 0:
        raise OptionError(f"expected a positive anchor step, found {anchor_step}")
    judging = Judging(patterns, elements, released, never_first, policy)
    judged = partial(judging.verdict, scores)
    verdict = judged(draws, anchors=anchors)
    if verdict.kind is VerdictKind.PROFILE_ONLY:
        return verdict
    turning = []
    needed = set(np.flatnonzero(judging.signs.any(axis=0)).tolist())
    for name, changed in _calibrations(needed, elements, anchors, anchor_step, together):
        # Draws cost most and matter only where both verdicts come down to stability.
        quick = judged(anchors=changed)
        by_stability = verdict.kind in _BY_STABILITY and quick.kind in _BY_STABILITY
        other = judged(draws, anchors=changed) if by_stability else quick
        if not verdict.says_the_same(other):
            turning.append(name)
    if other_lens is not None and not verdict.names(judged(anchors=other_lens).leading):
        turning.append("other lens")
    return replace(verdict, borderline=bool(turning), turning_points=tuple(turning))


_BY_STABILITY = frozenset({VerdictKind.CLEAR, VerdictKind.LEANING, VerdictKind.NOT_CLEAR})


def _calibrations(
    needed: set[int],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    step: float,
    together: bool,
) -> Iterator[tuple[str, Sequence[Anchors]]]:
    """Every calibration to try, each with a name; elements that no pattern requires are left."""
    for name, position, changed in anchor_shifts(anchors, by=step, together=together):
        if position is None:
            yield name, changed
        elif position in needed:
            yield f"{elements[position]} {name}", changed
