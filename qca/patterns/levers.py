"""What a unit gains where an element or a pair of elements rises by half a point."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import OptionError, ShapeError, UnknownNameError
from qca.patterns.leximin import leading_patterns, leximin_keys, rank_patterns
from qca.patterns.named_patterns import (
    Pattern,
    pattern_memberships,
    pattern_signs,
    required_memberships,
)

STEP = 0.5  # points of the scale


@dataclass(frozen=True, slots=True)
class Lever:
    """One way to raise the best membership.

    Parameters
    ----------
    elements : tuple of str
        One element, or a pair.
    gain : float
        Rise of the best membership, [0, 1]; below 0 where a pattern requires absence.
    points : float
        Points of the scale it takes, summed over the elements.
    pattern : str
        The leading pattern afterwards.
    membership : float
        The best membership afterwards, [0, 1].
    """

    elements: tuple[str, ...]
    gain: float
    points: float
    pattern: str
    membership: float


def lever_candidates(
    patterns: Sequence[Pattern], elements: Sequence[str], never_raise: Collection[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """List the elements, then the pairs, that may be raised.

    Parameters
    ----------
    patterns, elements
        As in `pattern_signs`. An element that no pattern requires is no lever.
    never_raise : collection of str
        Elements that must not be recommended.

    Raises
    ------
    UnknownNameError
        `never_raise` names something that is no element.
    PatternError, DuplicateNameError
        As in `pattern_signs`.

    Examples
    --------
    >>> lever_candidates([Pattern("bold", {"A": True, "B": True, "C": True})], "ABCD", {"C"})
    (('A',), ('B',), ('A', 'B'))
    """
    strangers = sorted(set(never_raise) - set(elements))
    if strangers:
        raise UnknownNameError(f"expected elements among {list(elements)}, found {strangers}")
    needed = np.flatnonzero(pattern_signs(patterns, elements).any(axis=0)).tolist()
    single = [elements[position] for position in needed if elements[position] not in never_raise]
    return (*((name,) for name in single), *combinations(single, 2))


def lever_gains(
    scores: ArrayLike,
    *,
    candidates: Sequence[Sequence[str]],
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    step: float = STEP,
    ceiling: float | None = None,
) -> NDArray[np.float64]:
    """Rise of the best membership for every unit and every candidate.

    Parameters
    ----------
    scores : array (..., elements)
        Construct scores in points.
    candidates : sequence of sequences of str
        From `lever_candidates`.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    step : float
        Points by which each element of a candidate rises, > 0.
    ceiling : float, optional
        Highest point of the scale; nothing rises above it.

    Returns
    -------
    array (..., candidates)
        NaN where no pattern's memberships are known.

    Raises
    ------
    OptionError
        The step is not positive.
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `calibrate_scores` and `pattern_signs`.

    Examples
    --------
    >>> lever_gains([[4.1, 6.0]], candidates=[["A"], ["B"]],
    ...             patterns=[Pattern("bold", {"A": True, "B": True})], elements="AB",
    ...             anchors=[Anchors(2.1, 4.1, 6.1)] * 2).round(3)
    array([[0.176, 0.   ]])
    """
    points = np.asarray(scores, dtype=np.float64)
    before = calibrate_scores(points, anchors)
    raised = _raised(points, candidates, elements, step, ceiling)
    best = [
        np.fmax.reduce(pattern_memberships(m, patterns=patterns, elements=elements), axis=-1)
        for m in (before, calibrate_scores(raised, anchors))
    ]
    return np.asarray(best[1] - best[0][..., np.newaxis])


def levers(
    scores: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    never_raise: Collection[str] = (),
    step: float = STEP,
    ceiling: float | None = None,
) -> tuple[Lever, ...]:
    """Rank what one unit could raise: by gain, then by points, then in the order of elements.

    Parameters
    ----------
    scores : array (elements,)
        Construct scores of one unit, in points.
    patterns, elements, anchors, step, ceiling
        As in `lever_gains`.
    never_raise : collection of str
        Elements that must not be recommended; patterns that require them stay in play.

    Returns
    -------
    tuple of Lever
        Every candidate, those without gain included; empty where no membership is known.

    Raises
    ------
    ShapeError
        The scores are not one row.
    OptionError, PatternError, DuplicateNameError, UnknownNameError
        As in `lever_candidates` and `lever_gains`.

    Examples
    --------
    >>> for lever in levers([4.1, 4.6], patterns=[Pattern("bold", {"A": True, "B": True})],
    ...                     elements="AB", anchors=[Anchors(2.1, 4.1, 6.1)] * 2):
    ...     print(lever.elements, round(lever.gain, 3), lever.points)
    ('A',) 0.176 0.5
    ('A', 'B') 0.176 1.0
    ('B',) 0.0 0.5

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    points = np.asarray(scores, dtype=np.float64)
    if points.ndim != 1:
        raise ShapeError(f"expected the scores of one unit, found shape {points.shape}")
    candidates = lever_candidates(patterns, elements, never_raise)
    raised = _raised(points, candidates, elements, step, ceiling)
    scored = calibrate_scores(np.vstack([points, raised]), anchors)
    required = required_memberships(scored, pattern_signs(patterns, elements))
    leading = leading_patterns(leximin_keys(required)).tolist()
    if leading[0] < 0:
        return ()
    best = [float(one[pattern].min()) for one, pattern in zip(required, leading, strict=True)]
    cost = (raised - points).sum(axis=-1, where=~np.isnan(points)).tolist()
    found = [
        Lever(names, best[row] - best[0], cost[row - 1], patterns[leading[row]].name, best[row])
        for row, names in enumerate(candidates, start=1)
    ]
    # Rounding, lest equal gains be told apart by the last bit and the dearer one come first.
    return tuple(sorted(found, key=lambda lever: (-round(lever.gain, 9), round(lever.points, 9))))


def best_without(
    memberships: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    without: Collection[str],
) -> str | None:
    """Name the best pattern that does not require certain elements to be present.

    Parameters
    ----------
    memberships : array (elements,)
        Of one unit.
    patterns, elements
        As in `pattern_signs`.
    without : collection of str
        Elements that the pattern must do without.

    Returns
    -------
    str or None
        None where every pattern requires one of them.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `rank_patterns`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True})]
    >>> best_without([0.9, 0.9], patterns=pair, elements="AB", without={"B"})
    'calm'

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    order = rank_patterns(memberships, patterns=patterns, elements=elements)
    if order.ndim != 1:
        raise ShapeError(f"expected the memberships of one unit, found {np.shape(memberships)}")
    for position in order.tolist():
        required = patterns[position].required
        if not any(required.get(name, False) for name in without):
            return patterns[position].name
    return None


def _raised(
    points: NDArray[np.float64],
    candidates: Sequence[Sequence[str]],
    elements: Sequence[str],
    step: float,
    ceiling: float | None,
) -> NDArray[np.float64]:
    """Scores (..., candidates, elements) after each candidate's rise."""
    if not step > 0:
        raise OptionError(f"expected a positive step, found {step}")
    steps = np.array([[step * (name in names) for name in elements] for names in candidates])
    raised = points[..., np.newaxis, :] + steps.reshape(len(candidates), len(elements))
    if ceiling is None:
        return np.asarray(raised)
    # A score already above the ceiling stays where it is.
    return np.asarray(np.minimum(raised, np.maximum(points[..., np.newaxis, :], ceiling)))
