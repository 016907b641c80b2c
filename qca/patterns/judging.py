"""Judging a unit by rules and patterns laid out once: `judge`, and many verdicts in a row."""

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import ShapeError
from qca.patterns.leximin import leximin_keys, leximin_order
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships
from qca.patterns.verdicts import (
    DEFAULT_POLICY,
    ROUNDING,
    Verdict,
    VerdictKind,
    VerdictPolicy,
    share_led,
)


def shared_elements(patterns: Sequence[Pattern], elements: Sequence[str]) -> tuple[str, ...]:
    """Name the elements that every pattern requires, and requires alike.

    Raises
    ------
    PatternError, DuplicateNameError, UnknownNameError
        As in `pattern_signs`.

    Examples
    --------
    >>> shared_elements([Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True})],
    ...                 elements="AB")
    ('A',)
    """
    signs = pattern_signs(patterns, elements)
    alike = (signs == signs[0]).all(axis=0) & (signs[0] != 0)
    return tuple(elements[position] for position in np.flatnonzero(alike).tolist())


def judge(
    scores: ArrayLike,
    draws: ArrayLike | None = None,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    released: bool = True,
    never_first: Collection[str] = (),
    policy: VerdictPolicy = DEFAULT_POLICY,
) -> Verdict:
    """Give the verdict on one unit; the first rule that applies decides.

    Profile only: there is no released set to take patterns from. Element first: the bottleneck of
    the leading pattern is an element that every pattern wants present, below `policy.inside`. None
    yet: the leading membership is below `policy.inside`. Between: the first differing coordinate of
    the two best is below `policy.gap`. Otherwise clear, leaning or not clear by stability.

    Parameters
    ----------
    scores : array (elements,)
        Construct scores in points of the scale.
    draws : array (draws, elements), optional
        Bootstrapped construct scores; without them the last rule says "not clear".
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    released : bool
        False where too few answers allow a construct profile only.
    never_first : collection of str
        Elements that are never what comes first, such as those that nobody is told to raise.
    policy : VerdictPolicy
        Thresholds.

    Returns
    -------
    Verdict
        With `borderline` unset; `judge_with_borderline` sets it.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `calibrate_scores` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True, "C": True})]
    >>> verdict = judge([5.5, 5.2, 3.0], [[5.4, 5.0, 3.2]] * 10, patterns=pair, elements="ABC",
    ...                 anchors=[Anchors(2, 4.1, 6)] * 3)
    >>> verdict.kind.value, verdict.leading, round(verdict.membership, 2), verdict.stability
    ('clear', 'bold', 0.85, 1.0)

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    return Judging(patterns, elements, released, never_first, policy).verdict(
        scores, draws, anchors=anchors
    )


class Judging:
    """Rules and patterns laid out once, to judge one unit after the other, or by many anchors.

    Parameters
    ----------
    patterns, elements, released, never_first, policy
        As in `judge`.

    Raises
    ------
    PatternError, DuplicateNameError, UnknownNameError
        As in `pattern_signs`.

    Examples
    --------
    >>> judging = Judging([Pattern("bold", {"A": True})], "A")
    >>> judging.verdict([5.0], anchors=[Anchors(2, 4.1, 6)]).leading
    'bold'
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        elements: Sequence[str],
        released: bool = True,
        never_first: Collection[str] = (),
        policy: VerdictPolicy = DEFAULT_POLICY,
    ) -> None:
        self.patterns, self.elements = patterns, elements
        self.released, self.policy = released, policy
        self.signs = pattern_signs(patterns, elements)
        first = set(shared_elements(patterns, elements)) - set(never_first)
        self._first = [column for column, name in enumerate(elements) if name in first]

    def verdict(
        self,
        scores: ArrayLike,
        draws: ArrayLike | None = None,
        *,
        anchors: Sequence[Anchors],
    ) -> Verdict:
        """Give the verdict of `judge`; parameters, returns and raises are its.

        Examples
        --------
        >>> Judging([Pattern("bold", {"A": True})], "A").verdict(
        ...     [3.0], anchors=[Anchors(2, 4.1, 6)]).kind.value
        'element_first'
        """
        memberships = calibrate_scores(scores, anchors)
        if memberships.ndim != 1:
            raise ShapeError(f"expected the scores of one unit, found shape {memberships.shape}")
        required = required_memberships(memberships, self.signs)
        keys = leximin_keys(required)
        order = leximin_order(keys)
        if not self.released or np.isneginf(keys[order[0], 0]):
            return Verdict(VerdictKind.PROFILE_ONLY)
        best, gap = int(order[0]), _first_difference(keys, order)
        membership = float(required[best].min())
        share = math.nan if draws is None else self._stability(draws, anchors, best)
        held_back = [
            column
            for column in self._first
            if self.signs[best, column] > 0 and required[best, column] <= membership + ROUNDING
        ]
        kind = _kind(membership, gap, share, bool(held_back), self.policy)
        return Verdict(
            kind=kind,
            leading=self.patterns[best].name,
            second=self.patterns[int(order[1])].name if math.isfinite(gap) else None,
            membership=membership,
            level=self.policy.level(membership),
            gap=gap,
            stability=share,
            element=self.elements[held_back[0]] if kind is VerdictKind.ELEMENT_FIRST else None,
            also=self._also(keys, order) if kind is VerdictKind.BETWEEN else (),
        )

    def _also(self, keys: NDArray[np.float64], order: NDArray[np.int64]) -> tuple[str, ...]:
        """Name the patterns after the second that are as near to the best as between allows."""
        return tuple(
            self.patterns[place].name
            for place in order[2:].tolist()
            if _first_difference(keys, np.array([order[0], place])) < self.policy.gap - ROUNDING
        )

    def _stability(self, draws: ArrayLike, anchors: Sequence[Anchors], leading: int) -> float:
        values = np.asarray(draws, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(self.elements):
            raise ShapeError(f"expected draws of {len(self.elements)} scores, found {values.shape}")
        # What no pattern requires need not be calibrated thousands of times.
        needed = np.flatnonzero(self.signs.any(axis=0)).tolist()
        memberships = calibrate_scores(values[:, needed], [anchors[place] for place in needed])
        return share_led(memberships, self.signs[:, needed], leading)


def _first_difference(keys: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    """Difference of the two best patterns where they first differ; 0 where they never do."""
    if len(order) < 2 or np.isneginf(keys[order[1], 0]):
        return math.inf
    differences = keys[order[0]] - keys[order[1]]
    places = np.flatnonzero(np.abs(differences) > ROUNDING)
    return float(differences[places[0]]) if places.size else 0.0


def _kind(
    membership: float, gap: float, share: float, held_back: bool, policy: VerdictPolicy
) -> VerdictKind:
    if membership < policy.inside - ROUNDING:
        return VerdictKind.ELEMENT_FIRST if held_back else VerdictKind.NONE_YET
    if gap < policy.gap - ROUNDING:
        return VerdictKind.BETWEEN
    if share >= policy.clear - ROUNDING:
        return VerdictKind.CLEAR
    return VerdictKind.LEANING if share >= policy.leaning - ROUNDING else VerdictKind.NOT_CLEAR
