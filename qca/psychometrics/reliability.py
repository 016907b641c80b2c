"""Internal consistency of a scale: Cronbach's alpha and item statistics."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import ShapeError
from qca.psychometrics.correlations import (
    Missing,
    covariances,
    item_table,
    squared_multiple_correlations,
    standardised,
)
from qca.psychometrics.keying import item_names, leading_axis, negative_items


@dataclass(frozen=True, slots=True)
class Alpha:
    """Internal consistency of one scale.

    Parameters
    ----------
    raw, standardised : float
        Cronbach's alpha from covariances and from correlations, at most 1.
    guttman_six : float
        Guttman's lambda 6, from squared multiple correlations.
    mean_correlation, median_correlation : float
        Between items, [-1, 1].
    negative : tuple of str
        Items that run against the others: columns of a DataFrame, else "item 1" and so on.
    """

    raw: float
    standardised: float
    guttman_six: float
    mean_correlation: float
    median_correlation: float
    negative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatistics:
    """Statistics of the items of one scale, arrays (items,).

    Parameters
    ----------
    n : array of int
        Answers.
    mean, deviation : arrays
        In points.
    total : array
        Correlation with the scale mean over answered items, the item included.
    standardised_total : array
        Correlation with the sum of standardised items.
    corrected_total : array
        The same, with the item's own variance replaced by its squared multiple correlation.
    rest : array
        Corrected item-total correlation: with the sum of the other items, from covariances.
    alpha_without, standardised_alpha_without : arrays
        Alpha of the scale without the item; NaN for a scale of two.
    negative : tuple of str
        Items that run against the others, as in `Alpha`.
    """

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    total: NDArray[np.float64]
    standardised_total: NDArray[np.float64]
    corrected_total: NDArray[np.float64]
    rest: NDArray[np.float64]
    alpha_without: NDArray[np.float64]
    standardised_alpha_without: NDArray[np.float64]
    negative: tuple[str, ...] = ()


def alpha(items: ArrayLike, *, missing: Missing = "pairwise") -> Alpha:
    """Compute Cronbach's alpha of a scale.

    raw = k / (k - 1) (1 - trace(C) / sum(C)); standardised the same with correlations;
    guttman_six = 1 - sum(1 - smc) / sum(R).

    Parameters
    ----------
    items : array (respondents, items)
        In points, reverse-keyed items turned; NaN where missing.
    missing : "pairwise" or "listwise"
        Covariances over whoever answered both items, or over complete respondents only.

    Returns
    -------
    Alpha
        Equal to alpha() of R's psych 2.2.9.

    Warns
    -----
    NegativeItemWarning
        An item loads against the others on the first component; it is named and not turned.

    Raises
    ------
    ShapeError
        There are fewer than two items.
    NoCasesError, OptionError, ConstantSetError
        As in `covariances` and `standardised`.

    Examples
    --------
    >>> round(alpha([[1, 2], [2, 1], [3, 3], [4, 4]]).raw, 4)
    0.8889

    Source: Cronbach (1951), Psychometrika 16; Guttman (1945), Psychometrika 10.
    """
    covariance = covariances(_scale(items, missing))
    axis = leading_axis(standardised(covariance))
    return replace(_alpha_of(covariance), negative=negative_items(axis, item_names(items)))


def item_statistics(items: ArrayLike, *, missing: Missing = "pairwise") -> ItemStatistics:
    """Compute the statistics of every item of a scale.

    Parameters
    ----------
    items, missing
        As in `alpha`.

    Returns
    -------
    ItemStatistics
        Equal to item.stats of alpha() of R's psych 2.2.9 (raw.r, std.r, r.cor, r.drop) and to its
        alpha.drop.

    Warns
    -----
    NegativeItemWarning
        As in `alpha`.

    Raises
    ------
    ShapeError, NoCasesError, OptionError, ConstantSetError
        As in `alpha`.

    Notes
    -----
    A correlation with a sum whose variance is not above zero, as answers missing here and there
    can make it, is NaN.

    Examples
    --------
    >>> item_statistics([[1, 2], [2, 1], [3, 3], [4, 4]]).rest.round(3)
    array([0.8, 0.8])

    Source: Nunnally & Bernstein (1994), Psychometric Theory; Revelle (2022), psych.
    """
    table = _scale(items, missing)
    covariance = covariances(table)
    correlation = standardised(covariance)
    k = len(covariance)
    shared = correlation.copy()
    np.fill_diagonal(shared, squared_multiple_correlations(correlation))
    own = np.diag(covariance)
    with_rest = covariance.sum(axis=0) - own
    rest_variance = covariance.sum() - 2 * covariance.sum(axis=0) + own
    without = [_alpha_of(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k) if k > 2]
    return ItemStatistics(
        n=(~np.isnan(table)).sum(axis=0),
        mean=np.nanmean(table, axis=0),
        deviation=np.sqrt(own),
        total=_correlation_with_mean(table),
        standardised_total=correlation.sum(axis=0) / _root(correlation.sum()),
        corrected_total=shared.sum(axis=0) / _root(shared.sum()),
        rest=with_rest / _root(own * rest_variance),
        alpha_without=np.array([one.raw for one in without] or [np.nan] * k),
        standardised_alpha_without=np.array([o.standardised for o in without] or [np.nan] * k),
        negative=negative_items(leading_axis(correlation), item_names(items)),
    )


def _root(variance: ArrayLike) -> NDArray[np.float64]:
    """Square roots of variances; NaN where there is none, without a warning."""
    values = np.asarray(variance, dtype=np.float64)
    return np.sqrt(np.where(values > 0, values, np.nan))


def scale_means(
    items: ArrayLike, *, share: float = 0.0, asked: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Mean of the items that each respondent answered.

    Parameters
    ----------
    items : array (respondents, items)
        NaN where missing.
    share : float
        Least share of items answered, [0, 1]; NaN below it.
    asked : array (respondents,) or None
        How many of the items each respondent was asked, where it is not all of them.

    Returns
    -------
    array (respondents,)
        NaN also where nothing was answered.

    Raises
    ------
    ShapeError, NoCasesError
        As in `item_table`.
    ShapeError
        There is not a number of items asked for each respondent.

    Examples
    --------
    >>> scale_means([[1, 2], [3, np.nan], [np.nan, np.nan]], share=0.5)
    array([1.5, 3. , nan])
    >>> scale_means([[1, np.nan], [3, np.nan]], share=0.6, asked=[1, 2])
    array([ 1., nan])

    References
    ----------
    R psych scoreItems(totals = FALSE, impute = "none"), with a least share of items.
    """
    table = item_table(items)
    number = np.asarray(table.shape[1] if asked is None else asked, dtype=np.float64)
    if asked is not None and number.shape != (len(table),):
        raise ShapeError(f"expected a number for each of {len(table)} rows, found {number.shape}")
    answered = (~np.isnan(table)).sum(axis=1)
    total = np.nansum(table, axis=1)
    enough = (answered > 0) & (answered >= share * number)
    return np.divide(total, answered, out=np.full(len(table), np.nan), where=enough)


def _scale(items: ArrayLike, missing: Missing) -> NDArray[np.float64]:
    table = item_table(items, missing=missing)
    if table.shape[1] < 2:
        raise ShapeError(f"expected a scale of two items or more, found {table.shape[1]}")
    return table


def _alpha_of(covariance: NDArray[np.float64]) -> Alpha:
    correlation = standardised(covariance)
    k = len(covariance)
    total = correlation.sum()
    smc = squared_multiple_correlations(correlation)
    between = correlation[np.triu_indices(k, 1)]
    return Alpha(
        raw=float((1 - np.trace(covariance) / covariance.sum()) * k / (k - 1)),
        standardised=float((1 - k / total) * k / (k - 1)),
        guttman_six=float(1 - (k - smc.sum()) / total),
        mean_correlation=float(between.mean()),
        median_correlation=float(np.median(between)),
    )


def _correlation_with_mean(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each item's correlation with the mean of the answered items, over who answered it."""
    mean = scale_means(table)
    found = np.empty(table.shape[1])
    for column, answers in enumerate(table.T):
        answered = ~np.isnan(answers)
        found[column] = np.corrcoef(answers[answered], mean[answered])[0, 1]
    return found
