"""Whether an organisation's own data support its patterns."""

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
    NOT_SUPPORTED = "not_supported"
    TOO_FEW_DATA = "too_few_data"


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
    """

    consistency: float = 0.80
    pri: float = 0.50
    cases: int = 3
    smallest: int = 50


DEFAULT_SUPPORT_POLICY = SupportPolicy()


@dataclass(frozen=True, slots=True)
class PatternSupport:
    """The test of one pattern as a sufficient condition.

    Parameters
    ----------
    pattern : str
        Name.
    finding : Finding
        The result in a word.
    consistency, pri, coverage : float
        Of sufficiency, [0, 1]; NaN where undefined.
    cases : int
        Respondents with membership above .5 in the pattern.
    respondents : int
        Respondents with known memberships in the pattern and the outcome.
    """

    pattern: str
    finding: Finding
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
    """Test every pattern as a sufficient condition of the outcome.

    Consistency sum(min(x, y)) / sum(x), PRI (sum(min(x, y)) - sum(min(x, y, 1 - y))) /
    (sum(x) - sum(min(x, y, 1 - y))), coverage sum(min(x, y)) / sum(y), for x the membership in
    the pattern and y that in the outcome.

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
    >>> found.finding.value, round(found.consistency, 4), round(found.pri, 4), found.cases
    ('supported', 0.9412, 0.92, 40)

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


def _support(
    name: str, x: NDArray[np.float64], y: NDArray[np.float64], policy: SupportPolicy
) -> PatternSupport:
    fit = sufficiency(x, y) if len(x) else SufficiencyFit(*[float("nan")] * 3)
    cases = int((x > 0.5).sum())
    passed = (
        fit.consistency >= policy.consistency - ROUNDING
        and fit.pri >= policy.pri - ROUNDING
        and cases >= policy.cases
    )
    finding = Finding.SUPPORTED if passed else Finding.NOT_SUPPORTED
    return PatternSupport(
        pattern=name,
        finding=Finding.TOO_FEW_DATA if len(x) < policy.smallest else finding,
        consistency=fit.consistency,
        pri=fit.pri,
        coverage=fit.coverage,
        cases=cases,
        respondents=len(x),
    )
