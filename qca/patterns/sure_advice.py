"""What holds a unit back and what would bring it on, as sure as draws of its true scores tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.bootstrap import percentile_interval
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import OptionError, ShapeError
from qca.patterns.drawn_scores import required_draws
from qca.patterns.levers import lever_candidates
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships

GAINED = 1e-9  # membership; less is rounding


@dataclass(frozen=True, slots=True)
class SureBottleneck:
    """An element, and how often it is the lowest one that a pattern requires.

    Parameters
    ----------
    element : str
    share : float
        Of draws, [0, 1].
    """

    element: str
    share: float


@dataclass(frozen=True, slots=True)
class SureLever:
    """What raising an element, or a pair, brings to the best membership.

    Parameters
    ----------
    elements : tuple of str
        One, or a pair.
    points : float
        Points of the scale that it takes, summed over the elements.
    gain : float
        Rise of the best membership, the mean over draws, [-1, 1].
    low, high : float
        95 % interval of the gain.
    best : float
        Share of draws in which it brings most of all single elements, or of all pairs, [0, 1];
        draws in which several bring the same, or nothing does, count for none of them.
    positive : float
        Share of draws in which it brings anything, [0, 1].
    """

    elements: tuple[str, ...]
    points: float
    gain: float
    low: float
    high: float
    best: float
    positive: float


def sure_bottlenecks(
    draws: ArrayLike,
    *,
    pattern: Pattern,
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    never: Collection[str] = (),
) -> tuple[SureBottleneck, ...]:
    """Tell how often each element that a pattern requires is the lowest of them.

    Parameters
    ----------
    draws : array (draws, elements)
        Of the unit's true scores, in points.
    pattern : Pattern
        Usually the one that leads.
    elements : sequence of str
        Names of the columns.
    anchors : sequence of Anchors
        One an element.
    never : collection of str
        Elements that are never said to hold back, such as those that nobody is told to raise.

    Returns
    -------
    tuple of SureBottleneck
        Most often first, those that never are left out; empty where nothing else is required.

    Raises
    ------
    MissingDataError, ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `sure_levers`.

    Examples
    --------
    >>> steady = Pattern("steady", {"A": True, "B": True})
    >>> sure_bottlenecks([[4.0, 5.0]] * 9 + [[5.0, 4.0]], pattern=steady, elements="AB",
    ...                  anchors=[Anchors(2, 4, 6)] * 2)[0]
    SureBottleneck(element='A', share=0.9)

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    signs = pattern_signs([pattern], elements)
    values = required_draws(draws, signs)
    columns = [at for at in np.flatnonzero(signs[0]).tolist() if elements[at] not in never]
    if not columns:
        return ()
    required = required_memberships(calibrate_scores(values, anchors), signs)[:, 0, columns]
    lowest = np.bincount(required.argmin(axis=1), minlength=len(columns)) / len(values)
    found = [
        SureBottleneck(elements[column], float(share))
        for column, share in zip(columns, lowest, strict=True)
        if share
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def sure_levers(
    draws: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    steps: ArrayLike,
    never_raise: Collection[str] = (),
    ceiling: float | None = None,
) -> tuple[SureLever, ...]:
    """Tell what raising an element, or a pair of them, brings on the average of all draws.

    A lever computed from the estimate alone promises too much: where chance put an element lowest,
    raising it seems to bring what it would not. So each draw is raised, and the gains are averaged.

    Parameters
    ----------
    draws : array (draws, elements)
        Of the unit's true scores, in points.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    steps : array (elements,)
        Points by which each element rises, > 0: what units of the company differ by, so that no
        step is harder to take than another.
    never_raise : collection of str
        Elements that must not be recommended; patterns that require them stay in play.
    ceiling : float, optional
        Highest point of the scale; nothing rises above it.

    Returns
    -------
    tuple of SureLever
        Single elements by their mean gain, then pairs likewise.

    Raises
    ------
    MissingDataError
        There is no draw, or a score that a pattern requires is NaN.
    OptionError
        A step is not positive.
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `calibrate_scores`, `lever_candidates` and `pattern_signs`.

    Examples
    --------
    >>> bold = Pattern("bold", {"A": True, "B": True})
    >>> for one in sure_levers([[4.1, 6.0], [4.1, 5.0]], patterns=[bold], elements="AB",
    ...                        anchors=[Anchors(2.1, 4.1, 6.1)] * 2, steps=[0.5, 0.5]):
    ...     print(one.elements, round(one.gain, 3), one.best)
    ('A',) 0.176 1.0
    ('B',) 0.0 0.0
    ('A', 'B') 0.176 1.0

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    signs = pattern_signs(patterns, elements)
    values, rises = required_draws(draws, signs), _steps(steps, len(elements))
    raised = values + rises
    if ceiling is not None:
        raised = np.maximum(np.minimum(raised, ceiling), values)
    before, after = calibrate_scores(values, anchors), calibrate_scores(raised, anchors)
    best = _best(before, before, (), signs)
    found = []
    candidates = lever_candidates(patterns, elements, never_raise)
    for size in (1, 2):
        names = [one for one in candidates if len(one) == size]
        places = [tuple(elements.index(name) for name in one) for one in names]
        gains = np.array([_best(before, after, at, signs) - best for at in places])
        found += _levers(names, places, gains, rises) if names else []
    return tuple(found)


def _levers(
    names: Sequence[tuple[str, ...]],
    places: Sequence[tuple[int, ...]],
    gains: NDArray[np.float64],
    rises: NDArray[np.float64],
) -> list[SureLever]:
    bounds = percentile_interval(gains.T)
    ordered = np.sort(gains, axis=0)
    next_best = ordered[-2] if len(ordered) > 1 else np.zeros(gains.shape[1])
    leads = (gains == ordered[-1]) & (ordered[-1] > np.maximum(next_best, 0))
    levers = [
        SureLever(
            elements=one,
            points=float(rises[list(at)].sum()),
            gain=float(gains[row].mean()),
            low=float(bounds[row, 0]),
            high=float(bounds[row, 1]),
            best=float(leads[row].mean()),
            positive=float((gains[row] > GAINED).mean()),
        )
        for row, (one, at) in enumerate(zip(names, places, strict=True))
    ]
    return sorted(levers, key=lambda lever: (-lever.gain, lever.points))


def _best(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    raised: Sequence[int],
    signs: NDArray[np.int8],
) -> NDArray[np.float64]:
    """Best membership in each draw with some of the elements raised."""
    columns = [after[:, at] if at in raised else before[:, at] for at in range(before.shape[1])]
    memberships = []
    for row in signs:
        required = [
            columns[at] if row[at] > 0 else 1 - columns[at] for at in np.flatnonzero(row).tolist()
        ]
        memberships.append(np.minimum.reduce(required))
    return np.asarray(np.maximum.reduce(memberships))


def _steps(steps: ArrayLike, count: int) -> NDArray[np.float64]:
    rises = np.asarray(steps, dtype=np.float64)
    if rises.shape != (count,):
        raise ShapeError(f"expected a step for each of {count} elements, found {rises.shape}")
    if not (rises > 0).all():
        raise OptionError(f"expected steps above 0, found {rises.tolist()}")
    return rises
