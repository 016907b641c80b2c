"""What a unit lacks for a pattern: the distance in points of the scale and the bottleneck."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.anchors import Anchors, calibrate_scores, scores_at
from qca.errors import PatternError, ShapeError
from qca.messages import all_digits
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships

TARGET_MEMBERSHIP = 0.67  # membership at which a required element counts as reached


def distances(
    scores: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    target: float = TARGET_MEMBERSHIP,
) -> NDArray[np.float64]:
    """Sum the points by which each required element falls short of a membership.

    Parameters
    ----------
    scores : array (..., elements)
        In points of the scale.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    target : float
        Required membership that counts as reached, in (0, 1); an absent element reaches it where
        its membership is 1 - target or less.

    Returns
    -------
    array (..., patterns)
        Points, 0 where the pattern is reached; NaN where a required score is NaN.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError, MembershipRangeError
        As in `calibrate_scores`, `pattern_signs` and `scores_at`.

    Examples
    --------
    >>> steady = Pattern("steady", {"A": True, "B": True})
    >>> distances([[4.0, 3.0]], patterns=[steady], elements="AB",
    ...           anchors=[Anchors(2, 4, 6)] * 2).round(3)
    array([[1.962]])

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    points = np.asarray(scores, dtype=np.float64)
    calibrate_scores(points, anchors)
    signs = pattern_signs(patterns, elements)
    needed = scores_at(target, anchors), scores_at(1 - target, anchors)
    rising = np.array([1.0 if a.full_in > a.full_out else -1.0 for a in anchors])
    total = np.zeros((*points.shape[:-1], len(patterns)))
    for pattern, element in zip(*np.nonzero(signs), strict=True):
        goal = needed[0 if signs[pattern, element] > 0 else 1][element]
        direction = signs[pattern, element] * rising[element]
        total[..., pattern] += np.maximum(direction * (goal - points[..., element]), 0)
    return total


def bottlenecks(
    memberships: ArrayLike,
    *,
    pattern: Pattern,
    elements: Sequence[str],
    intervals: ArrayLike | None = None,
) -> tuple[str, ...]:
    """Name what holds one unit back: the lowest element that the pattern requires.

    The next lowest is named too where the intervals of both overlap or one is unknown, since the
    data cannot tell which is lower.

    Parameters
    ----------
    memberships : array (elements,)
        Of one unit.
    pattern : Pattern
        Usually the leading one.
    elements : sequence of str
        Names of the columns.
    intervals : array (elements, 2), optional
        Lower and upper bound of each membership; NaN where unknown.

    Returns
    -------
    tuple of str
        One or two elements, lowest first; ties in the order of the elements.

    Raises
    ------
    ShapeError
        The memberships are not one row, or the intervals do not belong to them.
    PatternError
        A required membership is NaN.
    UnknownNameError
        A pattern requires an element that is no column.

    Examples
    --------
    >>> steady = Pattern("steady", {"A": True, "B": True})
    >>> bottlenecks([0.4, 0.6], pattern=steady, elements="AB", intervals=[[0.3, 0.5], [0.5, 0.7]])
    ('A', 'B')

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    values = np.asarray(memberships, dtype=np.float64)
    signs = pattern_signs([pattern], elements)
    if values.ndim != 1:
        raise ShapeError(f"expected the memberships of one unit, found {values.shape}")
    required = required_memberships(values, signs)[0]
    positions = np.flatnonzero(signs[0])
    if np.isnan(required[positions]).any():
        raise PatternError(
            f"expected known memberships in {pattern.expression}, found [{all_digits(values)}]"
        )
    lowest, *others = positions[np.argsort(required[positions], kind="stable")]
    if intervals is None or not others:
        return (elements[lowest],)
    bounds = np.asarray(intervals, dtype=np.float64)
    if bounds.shape != (len(elements), 2):
        raise ShapeError(f"expected intervals ({len(elements)}, 2), found {bounds.shape}")
    upper_of_lowest = _flipped(bounds[lowest], signs[0, lowest])[1]
    lower_of_next = _flipped(bounds[others[0]], signs[0, others[0]])[0]
    overlap = not upper_of_lowest < lower_of_next  # unknown bounds cannot tell them apart either
    return (elements[lowest], elements[others[0]]) if overlap else (elements[lowest],)


def _flipped(bounds: NDArray[np.float64], sign: int) -> NDArray[np.float64]:
    return bounds if sign > 0 else 1 - bounds[::-1]


def compensations(
    memberships: ArrayLike,
    *,
    leading: int,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    inside: float = 0.5,
) -> dict[str, tuple[str, ...]]:
    """Tell which elements a unit lacks without harm, and which ones it leans on instead.

    An element is lacked where its membership is below `inside`, the leading pattern does without
    it and another pattern requires it. What the unit leans on is what the leading pattern requires
    and that other pattern does not, where the unit has it. Pattern sets that offer no such
    exchange give nothing.

    Parameters
    ----------
    memberships : array (elements,)
        Of one unit.
    leading : int
        Position of the leading pattern.
    patterns, elements
        As in `pattern_signs`.
    inside : float
        Membership from which an element is had.

    Returns
    -------
    dict of str to tuple of str
        Lacked element -> elements leaned on, both in the order of `elements`.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `required_memberships` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True, "C": True})]
    >>> compensations([0.9, 0.8, 0.2], leading=0, patterns=pair, elements="ABC")
    {'C': ('B',)}

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    signs = pattern_signs(patterns, elements)
    values = np.asarray(memberships, dtype=np.float64)
    required = required_memberships(values, signs)[leading]
    had = (signs[leading] != 0) & (required >= inside)
    found = {}
    for lacked in np.flatnonzero((values < inside) & (signs[leading] == 0)).tolist():
        others = signs[signs[:, lacked] > 0]
        leaned_on = had & (others != signs[leading]).any(axis=0)
        if leaned_on.any():
            names = tuple(elements[place] for place in np.flatnonzero(leaned_on).tolist())
            found[elements[lacked]] = names
    return found
