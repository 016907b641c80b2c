"""Whether an organisation's own data support a pattern: the floors and the rule."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import ShapeError
from qca.patterns.named_patterns import Pattern, pattern_memberships
from qca.patterns.verdicts import ROUNDING
from qca.sets.fit import SufficiencyFit, sufficiency


class Finding(StrEnum):
    """What the data say about a pattern."""

    SUPPORTED = "supported"
    AMONG_PERSONS = "among_persons"  # units are too few or too alike to tell
    PLAIN_SUM = "plain_sum"  # goes with the outcome, but a sum of the elements says as much
    NOT_SHOWN = "not_shown"
    TOO_FEW_ANSWERS = "too_few_answers"


class BetweenUnits(StrEnum):
    """What people of the same unit say, those of the elements being others than of the outcome."""

    SHOWN = "shown"
    OPEN = "open"  # neither shown nor refuted
    REFUTED = "refuted"
    TOO_FEW_POOLS = "too_few_pools"


@dataclass(frozen=True, slots=True)
class SupportPolicy:
    """Thresholds of the pattern test.

    Parameters
    ----------
    consistency, pri : float
        Lowest that support a pattern, [0, 1].
    cases : int
        Fewest cases with membership above .5.
    smallest : int
        Fewest respondents to test anything.
    chance : float
        Largest p, after Holm's correction, of beating chance.
    between : float
        Largest p of the association between units.
    refuted : float
        Share of the attainable association; one that surely lies below it refutes.
    sure : float
        Of that, in standard deviations: 1.645 is one side of 95 %.
    contest : float
        Level of the interval in which a plain sum wins, if all of it lies below 0.
    pools : int
        Fewest pools behind a pattern of which nothing is said.
    """

    consistency: float = 0.80
    pri: float = 0.50
    cases: int = 3
    smallest: int = 50
    chance: float = 0.05
    between: float = 0.05
    refuted: float = 0.5
    sure: float = 1.645
    contest: float = 0.80
    pools: int = 3


DEFAULT_SUPPORT_POLICY = SupportPolicy()


@dataclass(frozen=True, slots=True)
class PatternSupport:
    """The fit of one pattern as a sufficient condition.

    Parameters
    ----------
    pattern : str
        Name.
    reaches_floors : bool
        Whether consistency, PRI and cases are what support takes at least.
    consistency, pri, coverage : float
        Of sufficiency, [0, 1]; NaN where undefined.
    cases : int
        Respondents with membership above .5 in the pattern.
    respondents : int
        Respondents with known memberships in the pattern and the outcome.
    """

    pattern: str
    reaches_floors: bool
    consistency: float
    pri: float
    coverage: float
    cases: int
    respondents: int


def pattern_support(
    memberships: ArrayLike,
    outcome: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    policy: SupportPolicy = DEFAULT_SUPPORT_POLICY,
) -> tuple[PatternSupport, ...]:
    """Fit of every pattern as a sufficient condition of the outcome, and the floors of support.

    Consistency sum(min(x, y)) / sum(x), PRI (sum(min(x, y)) - sum(min(x, y, 1 - y))) /
    (sum(x) - sum(min(x, y, 1 - y))), coverage sum(min(x, y)) / sum(y), for x the membership in
    the pattern and y that in the outcome. The floors are necessary, and far from enough: an outcome
    that is high on the whole reaches them with any pattern. See `pattern_evidence`.

    Parameters
    ----------
    memberships : array (respondents, elements)
        In [0, 1]; NaN where unknown.
    outcome : array (respondents,)
        In [0, 1]; NaN where unknown.
    patterns, elements
        As in `pattern_signs`.
    policy : SupportPolicy
        Thresholds.

    Returns
    -------
    tuple of PatternSupport
        One a pattern, in their order.

    Raises
    ------
    ShapeError
        The outcome does not belong to the memberships.
    MembershipRangeError
        A membership is outside [0, 1].
    PatternError, DuplicateNameError, UnknownNameError
        As in `pattern_signs`.

    Examples
    --------
    >>> bold = Pattern("bold", {"A": True})
    >>> found, = pattern_support([[0.9], [0.6], [0.2]] * 20, [0.95, 0.7, 0.1] * 20,
    ...                          patterns=[bold], elements=["A"])
    >>> found.reaches_floors, round(found.consistency, 4), round(found.pri, 4), found.cases
    (True, 0.9412, 0.92, 40)

    Source: Ragin (2008), Redesigning Social Inquiry; Schneider & Wagemann (2012) for PRI.
    """
    x = pattern_memberships(memberships, patterns=patterns, elements=elements)
    y = np.asarray(outcome, dtype=np.float64)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ShapeError(f"expected an outcome for each of {x.shape[:-1]} cases, found {y.shape}")
    known = ~(np.isnan(x) | np.isnan(y)[:, np.newaxis])
    return tuple(
        _support(pattern.name, x[known[:, column], column], y[known[:, column]], policy)
        for column, pattern in enumerate(patterns)
    )


def between_units(
    association: float,
    attainable: float,
    deviation: float,
    p: float,
    *,
    policy: SupportPolicy = DEFAULT_SUPPORT_POLICY,
) -> BetweenUnits:
    """Read the association of a set and the outcome between units, as `split_source` gives it.

    Shown: p <= policy.between. Refuted: p >= 1 - policy.between, which is the contrary shown, or
    association + sure * deviation < refuted * attainable: even a relation half as strong as the
    units' own likeness allows is ruled out. Units that are few or alike attain little, and their
    association varies much, so that nothing is refuted: open. NaN: too few pools.

    Parameters
    ----------
    association, attainable, deviation, p : float
        As in `SplitSource`.
    policy : SupportPolicy

    Returns
    -------
    BetweenUnits

    Examples
    --------
    >>> [between_units(r, 0.6, 0.1, p).value for r, p in [(0.3, 0.001), (0.15, 0.08), (0.0, 0.5)]]
    ['shown', 'open', 'refuted']
    >>> between_units(0.0, 0.6, 0.2, 0.5).value, between_units(*[math.nan] * 4).value
    ('open', 'too_few_pools')

    Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, for a difference
    that is ruled out; its use here is Rutin's own proposal.
    """
    if math.isnan(p):
        return BetweenUnits.TOO_FEW_POOLS
    if p <= policy.between:
        return BetweenUnits.SHOWN
    is_contrary = p >= 1 - policy.between
    is_ruled_out = association + policy.sure * deviation < policy.refuted * attainable
    return BetweenUnits.REFUTED if is_contrary or is_ruled_out else BetweenUnits.OPEN


def finding_of(
    support: PatternSupport,
    *,
    chance: float,
    between: BetweenUnits,
    sum_wins: bool,
    policy: SupportPolicy = DEFAULT_SUPPORT_POLICY,
) -> Finding:
    """Put what was asked about a pattern into a word; the first line that applies.

    1. fewer respondents than policy.smallest: too few answers
    2. a floor is not reached, or chance > policy.chance or NaN: not shown
    3. refuted between units: not shown
    4. the plain sum foretells surely better: plain sum
    5. shown between units: supported
    6. otherwise: among persons

    Parameters
    ----------
    support : PatternSupport
        Fit of the pattern.
    chance : float
        p of the pattern against outcomes dealt out at random, after Holm's correction.
    between : BetweenUnits
        Of the set of all patterns.
    sum_wins : bool
        Whether a plain sum beats the best pattern in foretelling pools left out.
    policy : SupportPolicy

    Returns
    -------
    Finding

    Examples
    --------
    >>> held = PatternSupport("bold", True, 0.9, 0.8, 0.6, 40, 60)
    >>> finding_of(held, chance=0.01, between=BetweenUnits.SHOWN, sum_wins=False).value
    'supported'
    >>> finding_of(held, chance=0.30, between=BetweenUnits.SHOWN, sum_wins=False).value
    'not_shown'

    Source: Rutin's own proposal.
    """
    if support.respondents < policy.smallest:
        return Finding.TOO_FEW_ANSWERS
    beats_chance = support.reaches_floors and chance <= policy.chance
    if not beats_chance or between is BetweenUnits.REFUTED:
        return Finding.NOT_SHOWN
    if sum_wins:
        return Finding.PLAIN_SUM
    return Finding.SUPPORTED if between is BetweenUnits.SHOWN else Finding.AMONG_PERSONS


def _support(
    name: str, x: NDArray[np.float64], y: NDArray[np.float64], policy: SupportPolicy
) -> PatternSupport:
    fit = sufficiency(x, y) if len(x) else SufficiencyFit(*[float("nan")] * 3)
    cases = int((x > 0.5).sum())
    return PatternSupport(
        pattern=name,
        reaches_floors=fit.consistency >= policy.consistency - ROUNDING
        and fit.pri >= policy.pri - ROUNDING
        and cases >= policy.cases,
        consistency=fit.consistency,
        pri=fit.pri,
        coverage=fit.coverage,
        cases=cases,
        respondents=len(x),
    )
