"""Draws of units' true scores, from what all units say about each."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.bootstrap import DRAWS
from qca.errors import OptionError
from qca.pooling.pooled_units import PooledUnits, Way


class PooledDraws:
    """Draws of what is common to all units, and from them those of one unit after the other.

    Each draw takes a way of taking scores apart and, in each of its directions, a share of variance
    between units and a mean of the company, by their probabilities. A unit's place follows: with
    variance v and mean m, k = v / (v + 1 / size), normal around m + k (score - m) with variance
    k / size. So draws know that neither v nor m is known. What is common is drawn once, so that the
    draws of all units belong together.

    Parameters
    ----------
    pooled : PooledUnits
    seed : SeedSequence or int
        Of the run, from 0.
    draws : int
        At least 1.

    Raises
    ------
    OptionError
        There is no draw, or the seed is negative.

    Examples
    --------
    >>> from qca.pooling.pooled_units import pool_units
    >>> pooled = pool_units([[4.0], [4.2], [4.4]], sizes=[10, 10, 10], within=[[1.0]])
    >>> drawn = PooledDraws(pooled, seed=1, draws=1000).unit([4.4], 10, seed=2)
    >>> drawn.shape, bool(abs(drawn.mean() - pooled.mean([4.4], 10)[0]) < 0.05)
    ((1000, 1), True)

    References
    ----------
    Gelman & Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models,
    chapter 18, on draws of what is not known.
    """

    def __init__(
        self, pooled: PooledUnits, *, seed: np.random.SeedSequence | int, draws: int = DRAWS
    ) -> None:
        if draws < 1 or (isinstance(seed, int) and seed < 0):
            raise OptionError(f"expected a draw and a seed from 0, found {draws} and {seed}")
        self.pooled, self.count = pooled, draws
        generator = np.random.Generator(np.random.PCG64(seed))
        chances = np.array([way.probability for way in pooled.ways])
        counts = generator.multinomial(draws, chances / chances.sum()).tolist()
        ends = np.cumsum(counts).tolist()
        self._blocks = [
            (way, slice(end - count, end))
            for way, count, end in zip(pooled.ways, counts, ends, strict=True)
            if count
        ]
        drawn = [_common(way, rows, pooled.variances, generator) for way, rows in self._blocks]
        self._variances = np.concatenate([variances for variances, _ in drawn])
        self._means = np.concatenate([means for _, means in drawn])
        self._kept: dict[float, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    @cached_property
    def company(self) -> NDArray[np.float64]:
        """The company's mean in each draw, (draws, constructs), in points."""
        return self._together(self._means)

    def unit(
        self, score: ArrayLike, size: float, *, seed: np.random.SeedSequence | int
    ) -> NDArray[np.float64]:
        """Draw one unit's true scores.

        Parameters
        ----------
        score : array (constructs,)
            Mean of the unit's answers, in points.
        size : float
            How many answered, > 0.
        seed : SeedSequence or int
            The unit's own, from `qca.unit_seed`, or a number from 0.

        Returns
        -------
        array (draws, constructs)
            In points, not cut off at the ends of the scale.

        Raises
        ------
        ShapeError, MissingDataError, NotNumericError, OptionError
            The scores are not one unit's, or the size is not positive.

        Examples
        --------
        >>> from qca.pooling.pooled_units import pool_units
        >>> pooled = pool_units([[4.0], [4.2], [4.4]], sizes=[10, 10, 10], within=[[1.0]])
        >>> PooledDraws(pooled, seed=1, draws=3).unit([4.4], 10, seed=1).shape
        (3, 1)
        """
        values = self.pooled.checked(score, size)
        kept, errors = self._by_size(size)
        places = np.random.Generator(np.random.PCG64(seed)).standard_normal(kept.shape)
        places *= errors
        places += (1 - kept) * self._means
        for way, rows in self._blocks:
            places[rows] += kept[rows] * (values @ way.directions.apart)
        return self._together(places)

    def _by_size(self, size: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far scores of so many people are believed, and how far off they may then be."""
        if size not in self._kept:
            kept = self._variances / (self._variances + 1 / size)
            self._kept[size] = kept, np.sqrt(kept / size)
        return self._kept[size]

    def _together(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.empty_like(places)
        for way, rows in self._blocks:
            found[rows] = places[rows] @ way.directions.together
        return found


def _common(
    way: Way, rows: slice, variances: NDArray[np.float64], generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Variances between units and means of the company in one way, each (draws, directions)."""
    shape = rows.stop - rows.start, len(way.weights)
    places = np.empty(shape, dtype=np.int64)
    for column, weights in enumerate(way.weights):
        borders = np.cumsum(weights)[:-1]
        places[:, column] = np.searchsorted(borders, generator.random(shape[0]), side="right")
    means = way.means[np.arange(shape[1]), places]
    means += way.errors[places] * generator.standard_normal(shape)
    return variances[places], means
