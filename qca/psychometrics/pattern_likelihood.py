"""The normal likelihood of answers with gaps, its slopes and its information.

All patterns are worked on together: what was not answered is an item of variance 1, related to
nothing and adds nothing. So thousands of patterns take matrix products instead of loops.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 512  # patterns; bounds the memory of one product


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


@dataclass(frozen=True, slots=True, eq=False)
class StackedPatterns:
    """Missing patterns as arrays of one size; 0 where an item was not answered.

    Parameters
    ----------
    answered : array (patterns, items) of bool
        Which items were answered.
    n : array (patterns,)
        Respondents.
    mean, covariance : arrays (patterns, items), (patterns, items, items)
        Of their answers.
    """

    answered: NDArray[np.bool_]
    n: NDArray[np.float64]
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodSlopes:
    """The likelihood at some moments, and how it changes with them.

    Parameters
    ----------
    value : float
        -2 ln L; infinite where the covariance is not positive definite.
    of_mean : array (items,)
        Slope of ln L by the means: sum of n W d, W the inverse covariance of the items answered,
        d the difference of means.
    of_covariance : array (items, items)
        Twice the slope of ln L by the covariances: sum of n (W (C + d d') W - W).
    """

    value: float
    of_mean: NDArray[np.float64]
    of_covariance: NDArray[np.float64]


def stacked_patterns(patterns: Sequence[MissingPattern], item_count: int) -> StackedPatterns:
    """Lay patterns out as arrays of one size.

    Examples
    --------
    >>> one = MissingPattern(np.array([1]), 2, np.array([3.0]), np.eye(1))
    >>> stacked_patterns([one], 2).mean
    array([[0., 3.]])
    """
    answered = np.zeros((len(patterns), item_count), dtype=bool)
    mean = np.zeros((len(patterns), item_count))
    covariance = np.zeros((len(patterns), item_count, item_count))
    for place, pattern in enumerate(patterns):
        answered[place, pattern.items] = True
        mean[place, pattern.items] = pattern.mean
        covariance[place][np.ix_(pattern.items, pattern.items)] = pattern.covariance
    sizes = np.array([pattern.n for pattern in patterns], dtype=np.float64)
    return StackedPatterns(answered, sizes, mean, covariance)


def likelihood_slopes(stack: StackedPatterns, moments: Moments) -> LikelihoodSlopes:
    """Compute -2 ln L and the slopes of ln L by means and covariances.

    Examples
    --------
    >>> one = MissingPattern(np.array([0]), 2, np.array([3.0]), np.eye(1))
    >>> found = likelihood_slopes(stacked_patterns([one], 2), Moments(np.zeros(2), np.eye(2)))
    >>> found.of_mean, found.of_covariance.tolist()
    (array([6., 0.]), [[18.0, 0.0], [0.0, 0.0]])

    Source: Arbuckle (1996), in Advanced Structural Equation Modeling, for the casewise likelihood.
    """
    items = len(moments.mean)
    value, of_mean, of_covariance = 0.0, np.zeros(items), np.zeros((items, items))
    for part in _parts(stack):
        padded = _padded_covariances(stack.answered[part], moments.covariance)
        try:
            factors = np.linalg.cholesky(padded)
        except np.linalg.LinAlgError:
            return LikelihoodSlopes(np.inf, of_mean, of_covariance)
        n, inverted = stack.n[part], _inverses(padded, stack.answered[part])
        difference = np.where(stack.answered[part], stack.mean[part] - moments.mean, 0.0)
        pull = (inverted @ difference[..., np.newaxis])[..., 0]
        spread = np.matmul(inverted, stack.covariance[part])
        logs = 2 * np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
        traces = np.trace(spread, axis1=1, axis2=2) + (difference * pull).sum(axis=1)
        constants = stack.answered[part].sum(axis=1) * np.log(2 * np.pi)
        value += float(n @ (constants + logs + traces))
        of_mean += n @ pull
        of_covariance += (pull.T * n) @ pull
        excess = np.matmul(spread, inverted) - inverted
        of_covariance += (n @ excess.reshape(len(n), -1)).reshape(items, items)
    return LikelihoodSlopes(value, of_mean, of_covariance)


def expected_information(
    stack: StackedPatterns,
    moments: Moments,
    of_mean: NDArray[np.float64],
    of_covariance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Expected information of numbers on which means and covariances depend.

    Sum over patterns of n (a' W b + tr(W A W B) / 2) for each two numbers, with a and b the
    derivatives of the means by them, A and B those of the covariances, and W the inverse
    covariance of the items answered.

    Parameters
    ----------
    stack : StackedPatterns
    moments : Moments
        With a positive definite covariance.
    of_mean, of_covariance : arrays (numbers, items), (numbers, items, items)
        Derivatives.

    Returns
    -------
    array (numbers, numbers)

    Examples
    --------
    >>> one = MissingPattern(np.array([0]), 4, np.array([3.0]), np.eye(1))
    >>> stack, at = stacked_patterns([one], 1), Moments(np.zeros(1), 2 * np.eye(1))
    >>> expected_information(stack, at, np.array([[1.0], [0.0]]), np.array([[[0.0]], [[1.0]]]))
    array([[2. , 0. ],
           [0. , 0.5]])
    """
    items = len(moments.mean)
    weight, products = np.zeros((items, items)), np.zeros((items**2, items**2))
    for part in _parts(stack):
        padded = _padded_covariances(stack.answered[part], moments.covariance)
        flat = _inverses(padded, stack.answered[part]).reshape(len(padded), -1)
        weight += (stack.n[part] @ flat).reshape(items, items)
        products += (flat.T * stack.n[part]) @ flat
    # products holds n W_ji W_kl at (ji, kl); tr(W A W B) takes it at (jk, il).
    turned = products.reshape((items,) * 4).transpose(0, 2, 1, 3).reshape(items**2, items**2)
    information: NDArray[np.float64] = of_mean @ weight @ of_mean.T
    bending = np.flatnonzero(of_covariance.any(axis=(1, 2)))  # the others move means only
    flat = of_covariance[bending].reshape(len(bending), -1)
    information[np.ix_(bending, bending)] += flat @ turned @ flat.T / 2
    return information


def _parts(stack: StackedPatterns) -> Iterator[slice]:
    return (slice(first, first + _AT_ONCE) for first in range(0, len(stack.n), _AT_ONCE))


def _padded_covariances(
    answered: NDArray[np.bool_], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Covariance for each pattern, (patterns, items, items); 1 for what was not answered."""
    both = answered[:, :, np.newaxis] & answered[:, np.newaxis, :]
    padded = np.where(both, covariance, 0.0)
    places = np.arange(len(covariance))
    padded[:, places, places] += ~answered
    return padded


def _inverses(padded: NDArray[np.float64], answered: NDArray[np.bool_]) -> NDArray[np.float64]:
    inverted = np.linalg.inv(padded)
    places = np.arange(padded.shape[-1])
    inverted[:, places, places] -= ~answered
    return np.asarray(inverted, dtype=np.float64)
