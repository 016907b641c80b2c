"""Partial pooling: what many units' scores say about each unit's true score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import MissingDataError, OptionError, ShapeError
from qca.inputs import as_numbers
from qca.pooling.directions import Directions, directions_of

HIGHEST_SHARE = 0.6  # of variance between units, ICC(1); more than .3 is hardly ever reported
SHARES = 61  # of the grid: 0, .01, ... .60
RARITY = 5  # beforehand a share is as likely as (1 - share)^5: half of them below .11


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """What is known in one way of taking scores apart.

    Parameters
    ----------
    directions : Directions
    probability : float
        Of this way, given all units' scores; over all ways 1.
    weights : array (directions, shares)
        Probability of each share of variance between units; over the shares 1.
    means : array (directions, shares)
        The company's mean, given the share.
    errors : array (shares,)
        Its standard error.
    """

    directions: Directions
    probability: float
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    errors: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PooledUnits:
    """What is known of a company's units before one of them is looked at.

    Parameters
    ----------
    ways : tuple of Way
    variances : array (shares,)
        Variance between units of each share of the grid, where persons within units vary by 1:
        share / (1 - share).
    units : int
        How many it rests on.
    """

    ways: tuple[Way, ...]
    variances: NDArray[np.float64]
    units: int

    def mean(self, score: ArrayLike, size: float) -> NDArray[np.float64]:
        """Give the best estimate of a unit's true scores.

        Parameters
        ----------
        score : array (constructs,)
            Mean of the unit's answers, in points.
        size : float
            How many answered, > 0.

        Returns
        -------
        array (constructs,)
            In points: the mean of all draws that `PooledDraws` could take.

        Raises
        ------
        ShapeError, MissingDataError, NotNumericError, OptionError
            The scores are not one unit's, or the size is not positive.

        Examples
        --------
        >>> pooled = pool_units([[4.0], [4.0], [5.0]], sizes=[10, 10, 10], within=[[1.0]])
        >>> bool(4 < pooled.mean([5.0], 10)[0] < 5)
        True
        """
        values = self.checked(score, size)
        total = np.zeros(len(values))
        for way in self.ways:
            apart = values @ way.directions.apart
            kept = self.variances / (self.variances + 1 / size)
            pulled = way.means + kept * (apart[:, np.newaxis] - way.means)
            total += way.probability * (
                (way.weights * pulled).sum(axis=1) @ way.directions.together
            )
        return total

    def shares(self) -> NDArray[np.float64]:
        """Give the share of each construct's variance that lies between units, ICC(1).

        Variance between units over variance between and within, both averaged over what is known.

        Returns
        -------
        array (constructs,)
            In [0, 1).

        Examples
        --------
        >>> alike = pool_units([[4.0], [4.0], [4.0]] * 9, sizes=[40] * 27, within=[[1.0]])
        >>> bool(alike.shares()[0] < 0.02)
        True
        """
        between = self.spread() ** 2
        within = np.zeros(len(between))
        for way in self.ways:
            within += way.probability * (way.directions.together**2).sum(axis=0)
        return np.asarray(between / (between + within))

    def spread(self) -> NDArray[np.float64]:
        """Give the standard deviation of units' true scores, in points.

        The root of the variance between units, averaged over what is known.

        Returns
        -------
        array (constructs,)

        Examples
        --------
        >>> apart = pool_units([[2.0], [4.0], [6.0]], sizes=[40] * 3, within=[[1.0]])
        >>> bool(0.5 < apart.spread()[0] < 1.3)
        True
        """
        total = np.zeros(len(self.ways[0].directions.apart))
        for way in self.ways:
            known = way.weights @ self.variances
            total += way.probability * (known @ way.directions.together**2)
        return np.asarray(np.sqrt(total))

    def checked(self, score: ArrayLike, size: float) -> NDArray[np.float64]:
        """Give a unit's scores as numbers, or say what is wrong with them.

        Raises
        ------
        ShapeError, MissingDataError, NotNumericError, OptionError
            As in `mean`.

        Examples
        --------
        >>> pool_units([[4.0], [4.2]], sizes=[10, 10], within=[[1.0]]).checked([4], 10)
        array([4.])
        """
        values = as_numbers(score, "the scores")
        expected = self.ways[0].directions.apart.shape[:1]
        if values.shape != expected:
            raise ShapeError(f"expected {expected[0]} scores of one unit, found {values.shape}")
        if np.isnan(values).any():
            raise MissingDataError(f"expected a score for every construct, found {values.tolist()}")
        if not size > 0:
            raise OptionError(f"expected a unit of more than 0 people, found {size}")
        return values


def pool_units(scores: ArrayLike, *, sizes: ArrayLike, within: ArrayLike) -> PooledUnits:
    """Learn from all units how far each one's scores are to be believed.

    A unit's scores are its true ones and a person's deviation over the root of its size; true
    scores lie around the company's mean. In each direction of `directions_of`, where persons vary
    by 1, a variance v between units gives every score the variance v + 1 / n and the scores the
    likelihood

        prod N(score; m, v + 1 / n), with m integrated out.

    Beforehand a share s = v / (1 + v) from 0 to .60 is as likely as (1 - s)^5, since shares of .05
    to .20 are usual and .30 is rare, and the ways of taking scores apart are equally likely; both
    get their probabilities from the scores. Putting in one estimate of v
    instead of going through all of them takes it for known: identical units are then told apart,
    and intervals are too short. Linear in units, constructs squared and the grid: 2,000 units of
    six constructs take a second.

    Parameters
    ----------
    scores : array_like (units, constructs)
        Means of the units' answers, in points; at least one unit, nothing missing.
    sizes : array_like (units,)
        How many answered, > 0; a lower bound where only a band may be told.
    within : array_like (constructs, constructs)
        Covariance of personal scores within units.

    Returns
    -------
    PooledUnits
        With one unit nothing is known of the others: it is believed as it stands.

    Raises
    ------
    ShapeError
        Scores, sizes and covariance do not belong together, or the covariance is not positive
        definite.
    MissingDataError
        A score is NaN.
    OptionError
        A size is not positive.
    NotNumericError

    Examples
    --------
    >>> pooled = pool_units([[3.0], [4.0], [5.0]], sizes=[10, 10, 10], within=[[1.0]])
    >>> pooled.mean([5.0], 10).round(1), pooled.mean([5.0], 1000).round(1)
    (array([4.8]), array([5.]))

    Source: Gelman & Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models,
    chapter 12; Rubin (1981), Estimation in parallel randomized experiments, Journal of Educational
    Statistics 6, for the integral over the variance; Bliese (2000), in Klein & Kozlowski (eds.),
    Multilevel Theory, Research, and Methods in Organizations, for usual shares. The ways are
    Rutin's own proposal.
    """
    table, numbers, covariance = _inputs(scores, sizes, within)
    shares = np.linspace(0, HIGHEST_SHARE, SHARES)
    variances = shares / (1 - shares)
    found = [_way(one, table, numbers, variances) for one in directions_of(covariance)]
    evidence = np.array([one for _, one in found])
    probabilities = np.exp(evidence - evidence.max())
    probabilities /= probabilities.sum()
    ways = [
        Way(way.directions, float(probability), way.weights, way.means, way.errors)
        for (way, _), probability in zip(found, probabilities, strict=True)
    ]
    return PooledUnits(tuple(ways), variances, len(table))


def _way(
    directions: Directions,
    scores: NDArray[np.float64],
    sizes: NDArray[np.float64],
    variances: NDArray[np.float64],
) -> tuple[Way, float]:
    """What the units say in one way, and the logarithm of how well it fits them."""
    apart = scores @ directions.apart
    precisions = 1 / (1 / sizes[:, np.newaxis] + variances)
    known = precisions.sum(axis=0)
    means = apart.T @ precisions / known
    # sum(p (x - m)^2) = sum(p x^2) - m^2 sum(p) loses digits where scores lie far from 0.
    centred = apart - apart.mean(axis=0)
    away = means - apart.mean(axis=0)[:, np.newaxis]
    misfit = (centred**2).T @ precisions - away**2 * known
    constant = (np.log(precisions).sum(axis=0) - np.log(known)) / 2
    # 1 - share = 1 / (1 + variance).
    likelihood = constant - misfit / 2 - RARITY * np.log1p(variances)
    highest = likelihood.max(axis=1, keepdims=True)
    weights = np.exp(likelihood - highest)
    evidence = float((highest[:, 0] + np.log(weights.mean(axis=1))).sum())
    weights /= weights.sum(axis=1, keepdims=True)
    return Way(directions, 1.0, weights, means, np.sqrt(1 / known)), evidence


def _inputs(
    scores: ArrayLike, sizes: ArrayLike, within: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    table, numbers = as_numbers(scores, "the scores"), as_numbers(sizes, "the sizes")
    covariance = as_numbers(within, "the covariance")
    if table.ndim != 2 or not table.size or numbers.shape != table.shape[:1]:
        raise ShapeError(
            "expected scores of at least one unit and a size for each,"
            f" found shapes {table.shape} and {numbers.shape}"
        )
    if covariance.shape != (table.shape[1],) * 2:
        raise ShapeError(
            f"expected the covariance of {table.shape[1]} constructs, found {covariance.shape}"
        )
    if np.isnan(table).any():
        unit, construct = np.argwhere(np.isnan(table))[0].tolist()
        raise MissingDataError(
            f"expected every score, found none for unit {unit + 1}, construct {construct + 1}"
        )
    if not (numbers > 0).all():
        place = int((~(numbers > 0)).argmax())
        raise OptionError(f"expected sizes above 0, found {numbers[place]} for unit {place + 1}")
    return table, numbers, covariance
