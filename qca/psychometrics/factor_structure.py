"""What a model of factors says about the means and covariances of items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.errors import ConvergenceError
from qca.messages import digits
from qca.psychometrics.pattern_likelihood import Moments

SMALLEST_ROOT = 1e-8  # of the correlations; an item that is the sum of others has rounding, 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class FactorStructure:
    """A model in which every item belongs to one factor.

    mean = intercepts + L factor_means, covariance = L F L' + diag(uniquenesses), with L the
    loadings laid out by factor and F the covariance of factors.

    Parameters
    ----------
    factor_of_item : array (items,) of int
        Factor of each item.
    loadings, uniquenesses, intercepts : arrays (items,)
        In points, squared points, points.
    factor_covariance : array (factors, factors)
        Of the factors; correlations where their variances are fixed at 1.
    factor_means : array (factors,)
        Of the factors; 0 where the intercepts are free.
    """

    factor_of_item: NDArray[np.int64]
    loadings: NDArray[np.float64]
    uniquenesses: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    factor_covariance: NDArray[np.float64]
    factor_means: NDArray[np.float64]

    @property
    def moments(self) -> Moments:
        """Means and covariances of the items that the model implies."""
        of_item = self.factor_of_item
        common = np.outer(self.loadings, self.loadings)
        common *= self.factor_covariance[np.ix_(of_item, of_item)]
        mean = self.intercepts + self.loadings * self.factor_means[of_item]
        return Moments(mean, common + np.diag(self.uniquenesses))

    @property
    def vector(self) -> NDArray[np.float64]:
        """All numbers: loadings, uniquenesses, intercepts, factor means, factor covariances.

        Of the covariances the lower triangle, row by row with the diagonal.
        """
        below = np.tril_indices(len(self.factor_means))
        return np.concatenate(
            [
                self.loadings,
                self.uniquenesses,
                self.intercepts,
                self.factor_means,
                self.factor_covariance[below],
            ]
        )

    def moved(self, vector: NDArray[np.float64]) -> "FactorStructure":
        """The model with other numbers, in the order of `vector`."""
        p, factors = len(self.loadings), len(self.factor_means)
        loadings, unique, intercepts, means, below = np.split(
            vector, [p, 2 * p, 3 * p, 3 * p + factors]
        )
        covariance = np.empty((factors, factors))
        covariance[np.tril_indices(factors)] = below
        covariance.T[np.tril_indices(factors)] = below
        return FactorStructure(self.factor_of_item, loadings, unique, intercepts, covariance, means)

    def places(self, *, free_means: bool, free_variances: bool) -> NDArray[np.bool_]:
        """Which numbers of `vector` may be estimated: factor means and variances only if said."""
        p, factors = len(self.loadings), len(self.factor_means)
        rows, columns = np.tril_indices(factors)
        covariances = (rows != columns) | free_variances
        return np.concatenate([np.ones(3 * p, bool), np.full(factors, free_means), covariances])

    def turned(self, signs: NDArray[np.float64]) -> "FactorStructure":
        """The same model with some factors pointing the other way, array (factors,) of 1 and -1."""
        return FactorStructure(
            factor_of_item=self.factor_of_item,
            loadings=self.loadings * signs[self.factor_of_item],
            uniquenesses=self.uniquenesses,
            intercepts=self.intercepts,
            factor_covariance=self.factor_covariance * np.outer(signs, signs),
            factor_means=self.factor_means * signs,
        )

    def derivatives(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Derivatives of means and covariances by `vector`: (numbers, p), (numbers, p, p)."""
        p, factors = len(self.loadings), len(self.factor_means)
        of_item, items = self.factor_of_item, np.arange(p)
        spread = self.loadings * (of_item == np.arange(factors)[:, np.newaxis])
        of_mean = np.zeros((len(self.vector), p))
        of_covariance = np.zeros((len(self.vector), p, p))
        of_mean[items, items] = self.factor_means[of_item]
        of_mean[2 * p + items, items] = 1
        of_mean[3 * p : 3 * p + factors] = spread
        between = self.factor_covariance[np.ix_(of_item, of_item)] * self.loadings
        of_covariance[items, items, :] += between
        of_covariance[items, :, items] += between
        of_covariance[p + items, items, items] = 1
        for place, (one, other) in enumerate(zip(*np.tril_indices(factors), strict=True)):
            product = np.outer(spread[one], spread[other])
            of_covariance[3 * p + factors + place] = (
                product if one == other else product + product.T
            )
        return of_mean, of_covariance


def starting_structure(moments: Moments, factor_of_item: NDArray[np.int64]) -> FactorStructure:
    """Start where each scale's first component points and half of every variance is common.

    Raises
    ------
    ConvergenceError
        Some items are sums of others, so that no model has a likelihood to be held against.

    Examples
    --------
    >>> r = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    >>> starting_structure(Moments(np.zeros(3), r), np.zeros(3, dtype=int)).loadings.round(3)
    array([0.707, 0.707, 0.707])
    """
    deviations = np.sqrt(np.diag(moments.covariance))
    correlation = moments.covariance / np.outer(deviations, deviations)
    smallest = float(np.linalg.eigvalsh(correlation)[0])
    if not smallest > SMALLEST_ROOT:
        raise ConvergenceError(
            "expected items that are not sums of others, found a smallest eigenvalue of"
            f" {digits(smallest)}"
        )
    factors = int(factor_of_item.max()) + 1
    signs = np.ones(len(deviations))
    for factor in range(factors):
        items = np.flatnonzero(factor_of_item == factor)
        component = np.linalg.eigh(correlation[np.ix_(items, items)])[1][:, -1]
        signs[items] = np.where(component * component[0] < 0, -1, 1)
    weights = signs[:, np.newaxis] * np.eye(factors)[factor_of_item]
    composite = weights.T @ correlation @ weights
    scale = np.sqrt(np.diag(composite))
    return FactorStructure(
        factor_of_item=factor_of_item,
        loadings=signs * deviations * np.sqrt(0.5),
        uniquenesses=deviations**2 / 2,
        intercepts=moments.mean,
        factor_covariance=composite / np.outer(scale, scale),
        factor_means=np.zeros(factors),
    )


def oriented(structure: FactorStructure) -> FactorStructure:
    """Turn factors so that the first item of each loads positively, as with a marker item.

    Examples
    --------
    >>> start = starting_structure(Moments(np.zeros(2), np.eye(2) + 1), np.zeros(2, dtype=int))
    >>> oriented(start.moved(-start.vector)).loadings
    array([1., 1.])
    """
    owner = structure.factor_of_item
    first = [int(np.flatnonzero(owner == factor)[0]) for factor in range(int(owner.max()) + 1)]
    signs = np.where(structure.loadings[first] < 0, -1.0, 1.0)
    return structure.turned(signs)
