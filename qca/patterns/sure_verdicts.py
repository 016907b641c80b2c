"""The verdict on a unit from draws of its true scores, as sure as it says."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.drawn_scores import required_draws
from qca.patterns.judging import shared_elements
from qca.patterns.leximin import keys_in_draws, leading_patterns
from qca.patterns.named_patterns import Pattern, pattern_signs
from qca.patterns.sureness import DEFAULT_SURENESS, Sureness, SurenessPolicy
from qca.patterns.verdicts import DEFAULT_POLICY, ROUNDING, VerdictKind, VerdictPolicy


@dataclass(frozen=True, slots=True)
class Possibility:
    """One thing that may be so of a unit; possibilities leave each other out.

    Parameters
    ----------
    kind : VerdictKind
        CLEAR for "a pattern leads", ELEMENT_FIRST, or NONE_YET.
    name : str or None
        The pattern, or the element; None with NONE_YET.
    share : float
        Of draws in which it is so, [0, 1].
    """

    kind: VerdictKind
    name: str | None
    share: float


@dataclass(frozen=True, slots=True)
class SureVerdict:
    """What is said of a unit, and in which share of the draws it is so.

    Parameters
    ----------
    kind : VerdictKind
        With a pattern CLEAR (plain), LEANING (probably) or NOT_CLEAR (the open form).
    sureness : Sureness
        Of the statement, of whatever kind.
    share : float
        Of draws in which the same statement holds, [0, 1]; with NOT_CLEAR that of the likeliest
        possibility.
    patterns : tuple of str
        That the statement names, likeliest first: one that leads, those between which the unit is,
        or those that the open form leaves; with NONE_YET the nearest one.
    nearest : str
        The pattern that leads most often, whether or not the unit is inside.
    element : str or None
        With ELEMENT_FIRST only.
    possibilities : tuple of Possibility
        All that happened in any draw, likeliest first; their shares add up to 1.
    """

    kind: VerdictKind
    sureness: Sureness
    share: float
    patterns: tuple[str, ...]
    nearest: str
    element: str | None
    possibilities: tuple[Possibility, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Each draw's leading pattern, first element (-1 for none), being inside, and rivals as near.

    Arrays (draws,); `near` is (draws, patterns), True for the leading one and those within the gap.
    """

    leading: NDArray[np.int64]
    first: NDArray[np.int64]
    inside: NDArray[np.bool_]
    near: NDArray[np.bool_]


def sure_verdict(
    draws: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    never_first: Collection[str] = (),
    policy: VerdictPolicy = DEFAULT_POLICY,
    sureness: SurenessPolicy = DEFAULT_SURENESS,
) -> SureVerdict:
    """Give the verdict on a unit from draws of its true scores.

    In every draw one of these is so: an element comes first (the best membership is below
    `policy.inside`, and its lowest element is one that every pattern requires present), none yet
    (below it otherwise), or one pattern leads. The likeliest is said, as surely as its share
    allows. Where "between" patterns may be said more surely (two or more are inside and their first
    differing coordinates less than `policy.gap` apart), that is said. Below `sureness.probably` the
    open form names the possibilities that add up to `sureness.named`.

    Parameters
    ----------
    draws : array (draws, elements)
        Of the unit's true scores, in points, such as `PooledDraws` gives.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    never_first : collection of str
        Elements that are never what comes first, such as those that nobody is told to raise.
    policy : VerdictPolicy
        `inside` and `gap`.
    sureness : SurenessPolicy

    Returns
    -------
    SureVerdict

    Raises
    ------
    MissingDataError
        There is no draw, or a score that a pattern requires is NaN.
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `calibrate_scores` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True, "C": True})]
    >>> found = sure_verdict([[5.5, 5.2, 3.0]] * 8 + [[5.5, 3.0, 5.2]] * 2, patterns=pair,
    ...                      elements="ABC", anchors=[Anchors(2, 4.1, 6)] * 3)
    >>> found.kind.value, found.sureness.value, found.patterns, found.share
    ('leaning', 'probably', ('bold',), 0.8)
    >>> [(one.name, one.share) for one in found.possibilities]
    [('bold', 0.8), ('calm', 0.2)]

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    signs = pattern_signs(patterns, elements)
    shared = set(shared_elements(patterns, elements)) - set(never_first)
    columns = [place for place, name in enumerate(elements) if name in shared]
    drawn = _drawn(_memberships(draws, signs, anchors), signs, columns, policy)
    possibilities = _possibilities(drawn, patterns, elements)
    likeliest, between = possibilities[0], _between(drawn, patterns)
    led = np.bincount(drawn.leading, minlength=len(patterns))
    nearest = patterns[int(led.argmax())].name
    said = sureness.word(likeliest.share)
    if between is not None and between.share > likeliest.share:
        surer = sureness.word(between.share)
        if surer is not said:
            kind, share, named = VerdictKind.BETWEEN, between.share, between.patterns
            return SureVerdict(kind, surer, share, named, nearest, None, possibilities)
    if said is Sureness.OPEN:
        return _open(possibilities, nearest, sureness)
    return _said(likeliest, said, nearest, possibilities)


@dataclass(frozen=True, slots=True)
class _Between:
    patterns: tuple[str, ...]
    share: float


def _memberships(
    draws: ArrayLike, signs: NDArray[np.int8], anchors: Sequence[Anchors]
) -> NDArray[np.float64]:
    values, needed = required_draws(draws, signs), signs.any(axis=0)
    memberships = np.full(values.shape, np.nan)
    places = np.flatnonzero(needed).tolist()
    memberships[:, needed] = calibrate_scores(values[:, needed], [anchors[at] for at in places])
    return memberships


def _drawn(
    memberships: NDArray[np.float64],
    signs: NDArray[np.int8],
    shared: Sequence[int],
    policy: VerdictPolicy,
) -> _Drawn:
    keys = keys_in_draws(memberships, signs)
    leading = leading_patterns(keys.T)
    every = np.arange(len(leading))
    best = keys[:, leading, every]
    inside = best[0] >= policy.inside - ROUNDING
    first = np.full(len(leading), -1)
    for column in reversed(shared):
        is_lowest = memberships[:, column] <= best[0] + ROUNDING
        first[~inside & is_lowest] = column
    near = keys[0] >= policy.inside - ROUNDING
    near &= _gaps(keys, best) < policy.gap - ROUNDING
    near[leading, every] = True
    return _Drawn(leading, first, inside, near.T)


def _gaps(keys: NDArray[np.float64], best: NDArray[np.float64]) -> NDArray[np.float64]:
    """First differing coordinate of each pattern and the best one, (patterns, draws)."""
    found = np.zeros(keys.shape[1:])
    for place in reversed(range(len(keys))):
        difference = best[place] - keys[place]
        found = np.where(np.abs(difference) > ROUNDING, difference, found)
    return found


def _possibilities(
    drawn: _Drawn, patterns: Sequence[Pattern], elements: Sequence[str]
) -> tuple[Possibility, ...]:
    """Everything that happened, likeliest first; among equals patterns in their order first."""
    count = len(drawn.leading)
    led = np.bincount(drawn.leading[drawn.inside], minlength=len(patterns))
    firsts = Counter(drawn.first[drawn.first >= 0].tolist())
    none = int((~drawn.inside & (drawn.first < 0)).sum())
    found = [
        *(
            Possibility(VerdictKind.CLEAR, pattern.name, int(times) / count)
            for pattern, times in zip(patterns, led, strict=True)
        ),
        *(
            Possibility(VerdictKind.ELEMENT_FIRST, elements[column], times / count)
            for column, times in sorted(firsts.items())
        ),
        Possibility(VerdictKind.NONE_YET, None, none / count),
    ]
    return tuple(sorted((one for one in found if one.share), key=lambda one: -one.share))


def _between(drawn: _Drawn, patterns: Sequence[Pattern]) -> _Between | None:
    """The likeliest group of patterns that cannot be told apart."""
    several = drawn.inside & (drawn.near.sum(axis=1) > 1)
    if not several.any():
        return None
    groups, counts = np.unique(drawn.near[several], axis=0, return_counts=True)
    at = int(counts.argmax())
    members = np.flatnonzero(groups[at]).tolist()
    led = np.bincount(drawn.leading, minlength=len(patterns))
    ordered = sorted(members, key=lambda place: -int(led[place]))
    names = tuple(patterns[place].name for place in ordered)
    return _Between(names, int(counts[at]) / len(drawn.leading))


def _said(
    likeliest: Possibility,
    said: Sureness,
    nearest: str,
    possibilities: tuple[Possibility, ...],
) -> SureVerdict:
    kind, element = likeliest.kind, None
    named: tuple[str, ...] = (likeliest.name or nearest,)
    if kind is VerdictKind.CLEAR:
        kind = VerdictKind.CLEAR if said is Sureness.PLAIN else VerdictKind.LEANING
    if kind is VerdictKind.ELEMENT_FIRST:
        named, element = (), likeliest.name
    return SureVerdict(kind, said, likeliest.share, named, nearest, element, possibilities)


def _open(
    possibilities: tuple[Possibility, ...], nearest: str, sureness: SurenessPolicy
) -> SureVerdict:
    """Name what is left: the likeliest possibilities until they add up to enough."""
    kept, total = [], 0.0
    for one in possibilities:
        kept.append(one)
        total += one.share
        if total >= sureness.named - ROUNDING:
            break
    named = [one.name for one in kept if one.kind is VerdictKind.CLEAR and one.name is not None]
    share = possibilities[0].share
    return SureVerdict(
        VerdictKind.NOT_CLEAR, Sureness.OPEN, share, tuple(named), nearest, None, possibilities
    )
