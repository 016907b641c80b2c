"""Answers grouped by which items are missing, and the normal likelihood over the groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.errors import ConvergenceError

_ROUNDS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class MissingPattern:
    """Respondents who answered the same items.

    Parameters
    ----------
    items : array of int
        Items answered.
    n : int
        Respondents.
    mean, covariance : arrays (items,), (items, items)
        Of their answers; the covariance divides by n.
    """

    items: NDArray[np.int64]
    n: int
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Means and covariances of all items.

    Parameters
    ----------
    mean : array (items,)
        In points.
    covariance : array (items, items)
        Maximum likelihood: divides by n.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def missing_patterns(table: NDArray[np.float64]) -> tuple[MissingPattern, ...]:
    """Group respondents by the items they answered; empty answer sheets are left out.

    Parameters
    ----------
    table : array (respondents, items)
        NaN where missing.

    Examples
    --------
    >>> [(p.items.tolist(), p.n) for p in missing_patterns(np.array([[1, 2], [3, np.nan], [5, 6]]))]
    [([0], 1), ([0, 1], 2)]
    """
    kinds, group = np.unique(~np.isnan(table), axis=0, return_inverse=True)
    group = group.reshape(-1)
    found = []
    for place, answered in enumerate(kinds):
        items = np.flatnonzero(answered)
        if items.size:
            rows = table[group == place][:, items]
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
    total = 0.0
    for pattern in patterns:
        sigma = moments.covariance[np.ix_(pattern.items, pattern.items)]
        try:
            factor = np.linalg.cholesky(sigma)
        except np.linalg.LinAlgError:
            return np.inf
        difference = pattern.mean - moments.mean[pattern.items]
        spread = np.linalg.solve(sigma, pattern.covariance + np.outer(difference, difference))
        log_determinant = 2 * np.log(np.diag(factor)).sum()
        constant = len(sigma) * np.log(2 * np.pi)
        total += pattern.n * (constant + log_determinant + np.trace(spread))
    return float(total)


def saturated_moments(patterns: Sequence[MissingPattern], item_count: int) -> Moments:
    """Maximum likelihood means and covariances without any model, by EM.

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
    moments = independent_moments(patterns, item_count)
    for _ in range(_ROUNDS):
        after = _em_step(patterns, moments)
        change = max(
            np.abs(after.covariance - moments.covariance).max(),
            np.abs(after.mean - moments.mean).max(),
        )
        moments = after
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


def _em_step(patterns: Sequence[MissingPattern], moments: Moments) -> Moments:
    """One round: expected sums given the moments, then moments given the sums."""
    mean, covariance = moments.mean, moments.covariance
    first, second = np.zeros_like(mean), np.zeros_like(covariance)
    for pattern in patterns:
        # Regression of all items on those answered; the identity for the answered ones.
        slopes = np.linalg.solve(
            covariance[np.ix_(pattern.items, pattern.items)], covariance[pattern.items]
        ).T
        expected = mean + slopes @ (pattern.mean - mean[pattern.items])
        unexplained = covariance - slopes @ covariance[pattern.items]
        spread = slopes @ pattern.covariance @ slopes.T
        first += pattern.n * expected
        second += pattern.n * (unexplained + spread + np.outer(expected, expected))
    total = sum(pattern.n for pattern in patterns)
    centre = first / total
    return Moments(centre, second / total - np.outer(centre, centre))
