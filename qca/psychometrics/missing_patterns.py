"""Answers grouped by which items are missing, and moments that maximise their likelihood."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qca.errors import ConvergenceError, OptionError
from qca.psychometrics.pattern_likelihood import (
    MissingPattern,
    Moments,
    StackedPatterns,
    likelihood_slopes,
    stacked_patterns,
)

__all__ = [
    "MissingPattern",
    "Moments",
    "independent_moments",
    "minus_two_log_likelihood",
    "missing_patterns",
    "saturated_moments",
]

_ROUNDS = 20_000
MOST_PATTERNS = 5_000  # 28 items: about a minute, and 100 MB


def missing_patterns(table: NDArray[np.float64]) -> tuple[MissingPattern, ...]:
    """Group respondents by the items they answered; empty answer sheets are left out.

    Parameters
    ----------
    table : array (respondents, items)
        NaN where missing.

    Raises
    ------
    OptionError
        There are more patterns than can be worked on.

    Examples
    --------
    >>> [(p.items.tolist(), p.n) for p in missing_patterns(np.array([[1, 2], [3, np.nan], [5, 6]]))]
    [([0], 1), ([0, 1], 2)]
    """
    kinds, group, sizes = np.unique(
        ~np.isnan(table), axis=0, return_inverse=True, return_counts=True
    )
    if len(kinds) > MOST_PATTERNS:
        raise OptionError(
            f"expected at most {MOST_PATTERNS} patterns of missing answers, found {len(kinds)}"
        )
    members = np.split(np.argsort(group.reshape(-1), kind="stable"), np.cumsum(sizes)[:-1])
    found = []
    for answered, respondents in zip(kinds, members, strict=True):
        items = np.flatnonzero(answered)
        if items.size:
            rows = table[np.ix_(respondents, items)]
            deviations = rows - rows.mean(axis=0)
            covariance = deviations.T @ deviations / len(rows)
            found.append(MissingPattern(items, len(rows), rows.mean(axis=0), covariance))
    return tuple(found)


def minus_two_log_likelihood(patterns: Sequence[MissingPattern], moments: Moments) -> float:
    """-2 ln L of a normal distribution; infinite where the covariance is not positive definite.

    Sum over patterns of n (p ln 2 pi + ln |S| + tr(S^-1 (C + d d'))), with S the covariance of the
    items answered, C that of the answers and d the difference of means.

    Examples
    --------
    >>> answers = missing_patterns(np.array([[-1.0], [1.0]]))
    >>> round(minus_two_log_likelihood(answers, Moments(np.zeros(1), np.eye(1))), 4)
    5.6758
    """
    return likelihood_slopes(stacked_patterns(patterns, len(moments.mean)), moments).value


def saturated_moments(patterns: Sequence[MissingPattern], item_count: int) -> Moments:
    """Maximum likelihood means and covariances without any model, by EM.

    One round moves the mean by S m / N and the covariance by S G S / N, less the square of the
    former, where m and G are the slopes of the likelihood.

    Parameters
    ----------
    patterns : sequence of MissingPattern
        With complete answers the result is theirs at once.
    item_count : int
        All items.

    Raises
    ------
    ConvergenceError
        EM does not settle, as where two items were never answered together.

    Examples
    --------
    >>> saturated_moments(missing_patterns(np.array([[1.0, 2.0], [3.0, 6.0]])), 2).covariance
    array([[1., 2.],
           [2., 4.]])

    Source: Little & Rubin (2019), Statistical Analysis with Missing Data, chapter 11.
    """
    if len(patterns) == 1 and len(patterns[0].items) == item_count:
        return Moments(patterns[0].mean, patterns[0].covariance)
    stack = stacked_patterns(patterns, item_count)
    moments = independent_moments(patterns, item_count)
    for _ in range(_ROUNDS):
        after = _em_step(stack, moments)
        change = max(
            np.abs(after.covariance - moments.covariance).max(),
            np.abs(after.mean - moments.mean).max(),
        )
        moments = after
        if not np.isfinite(change):
            break
        if change < 1e-12 * max(1.0, np.abs(moments.covariance).max()):
            return moments
    raise ConvergenceError(f"expected settled moments in {_ROUNDS} rounds, found change {change}")


def independent_moments(patterns: Sequence[MissingPattern], item_count: int) -> Moments:
    """Maximum likelihood means and variances where items are taken for unrelated.

    Examples
    --------
    >>> independent_moments(missing_patterns(np.array([[1.0, 2.0], [3.0, np.nan]])), 2).mean
    array([2., 2.])
    """
    count, total = np.zeros(item_count), np.zeros(item_count)
    for pattern in patterns:
        count[pattern.items] += pattern.n
        total[pattern.items] += pattern.n * pattern.mean
    mean = total / count
    squares = np.zeros(item_count)
    for pattern in patterns:
        deviation = pattern.mean - mean[pattern.items]
        squares[pattern.items] += pattern.n * (np.diag(pattern.covariance) + deviation**2)
    return Moments(mean, np.diag(squares / count))


def _em_step(stack: StackedPatterns, moments: Moments) -> Moments:
    """One round: expected sums given the moments, then moments given the sums."""
    slopes, total = likelihood_slopes(stack, moments), stack.n.sum()
    shift = moments.covariance @ slopes.of_mean / total
    change = moments.covariance @ slopes.of_covariance @ moments.covariance / total
    covariance = moments.covariance + change - np.outer(shift, shift)
    return Moments(moments.mean + shift, (covariance + covariance.T) / 2)
