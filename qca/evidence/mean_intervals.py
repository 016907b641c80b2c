"""Intervals of means of few people: Student's t, and the bootstrap of studentised means."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from qca.bootstrap import DRAWS, respondent_counts
from qca.errors import OptionError, ShapeError
from qca.inputs import as_numbers


def t_intervals(
    answers: ArrayLike, *, constructs: Sequence[Sequence[int]], level: float = 0.95
) -> NDArray[np.float64]:
    """Interval of a unit's construct scores by Student's t.

    score -+ t(n - 1) s / sqrt(n), with s the standard deviation of what each respondent adds to
    the score. Of a respondent who answered everything this is the personal mean over the items;
    where an item was left open, it counts as answered with the item's mean, and the item's other
    answers weigh n / n_item. n is the number of respondents with any answer to the construct.
    With n = 10, 20, 40 normal answers it covers what it says; percentiles of the bootstrap cover
    .90 at n = 10.

    Parameters
    ----------
    answers : array_like (respondents, items)
        In points, reverse-keyed items turned; NaN where missing.
    constructs : sequence of sequences of int
        Columns of each construct.
    level : float
        In (0, 1).

    Returns
    -------
    array (constructs, 2)
        Lower and upper bound around the score of `construct_scores`, in points, not cut off at the
        ends of the scale; NaN with fewer than two respondents.

    Raises
    ------
    OptionError
        The level is not in (0, 1).
    ShapeError, NotNumericError
        The answers are no table of numbers, or a construct has no column in it.

    Examples
    --------
    >>> t_intervals([[4.0], [5.0], [6.0]], constructs=[[0]]).round(3)
    array([[2.516, 7.484]])

    Source: Student (1908), The probable error of a mean, Biometrika 6, 1-25; linearisation of means
    with missing answers as in Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling,
    chapter 5.
    """
    table = _table(answers, constructs, level)
    bounds = np.full((len(constructs), 2), np.nan)
    for place, columns in enumerate(constructs):
        parts = _parts(table[:, list(columns)])
        if len(parts) > 1:
            reach = stdtrit(len(parts) - 1, (1 + level) / 2) * _error(parts[np.newaxis])[0]
            bounds[place] = parts.mean() - reach, parts.mean() + reach
    return bounds


def studentised_intervals(
    answers: ArrayLike,
    *,
    constructs: Sequence[Sequence[int]],
    seed: np.random.SeedSequence | int,
    draws: int = DRAWS,
    level: float = 0.95,
) -> NDArray[np.float64]:
    """Interval of a unit's construct scores by the bootstrap of studentised means.

    score - e q(upper), score - e q(lower), with e the standard error of `t_intervals` and q the
    quantiles of (drawn score - score) / drawn standard error over draws of the respondents with
    replacement. Unlike Student's t it follows the skew of the answers. Draws in which all answers
    are equal have no standard error and are left out.

    Parameters
    ----------
    answers, constructs, level
        As in `t_intervals`.
    seed : SeedSequence or int
        From `qca.unit_seed`, or a number from 0.
    draws : int
        At least 1.

    Returns
    -------
    array (constructs, 2)
        As `t_intervals`; NaN also where all respondents answered alike.

    Raises
    ------
    OptionError
        The level is not in (0, 1), or there is no draw.
    ShapeError, NotNumericError
        As in `t_intervals`.

    Examples
    --------
    >>> skewed = [[1.0], [1.0], [1.5], [2.0], [2.5], [7.0]]
    >>> (low, high), = studentised_intervals(skewed, constructs=[[0]], seed=1, draws=500)
    >>> bool(high - 2.5 > 2.5 - low)
    True

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 12.5.
    """
    table = _table(answers, constructs, level)
    if draws < 1:
        raise OptionError(f"expected at least one draw, found {draws}")
    generator = np.random.Generator(np.random.PCG64(seed))
    bounds = np.full((len(constructs), 2), np.nan)
    for place, columns in enumerate(constructs):
        parts = _parts(table[:, list(columns)])
        if len(parts) < 2 or not _error(parts[np.newaxis])[0] > 0:
            continue
        counts = respondent_counts(generator, draws, len(parts))
        means = counts @ parts / len(parts)
        squares = np.maximum(counts @ parts**2 / len(parts) - means**2, 0)
        errors = np.sqrt(squares / (len(parts) - 1))
        varied = errors > 1e-9 * errors.max()
        ratios = (means[varied] - parts.mean()) / errors[varied]
        tails = np.quantile(ratios, [(1 + level) / 2, (1 - level) / 2])
        bounds[place] = parts.mean() - tails * _error(parts[np.newaxis])[0]
    return bounds


def _table(
    answers: ArrayLike, constructs: Sequence[Sequence[int]], level: float
) -> NDArray[np.float64]:
    if not 0 < level < 1:
        raise OptionError(f"expected a level in (0, 1), found {level}")
    table = as_numbers(answers, "answers")
    if table.ndim != 2:
        raise ShapeError(f"expected a table of respondents by items, found shape {table.shape}")
    for columns in constructs:
        if not len(columns) or not all(0 <= column < table.shape[1] for column in columns):
            raise ShapeError(f"expected columns within 0-{table.shape[1] - 1}, found {columns}")
    return table


def _parts(items: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each respondent adds to the score: their mean is the score, their spread its error."""
    known = ~np.isnan(items)
    items, known = items[:, known.any(axis=0)], known[:, known.any(axis=0)]
    items, known = items[known.any(axis=1)], known[known.any(axis=1)]
    if not items.size:
        return np.empty(0)
    means = np.nanmean(items, axis=0)
    weights = len(items) / known.sum(axis=0)
    return np.asarray((means + np.where(known, items - means, 0) * weights).mean(axis=1))


def _error(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard error of the mean of each row."""
    return np.asarray(parts.std(axis=1, ddof=1) / np.sqrt(parts.shape[1]))
