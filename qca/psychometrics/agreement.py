"""Agreement within groups and the share of variance between them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import fdtrc

from qca.errors import NoCasesError, OptionError, ShapeError


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Agreement of the members of every group over the items of one scale.

    Parameters
    ----------
    groups : tuple
        Names, sorted; groups without a complete member are left out.
    sizes : array (groups,) of int
        Complete members.
    james : array (groups,)
        rwg(j), [0, 1]; 0 where the group varies more than chance, NaN for a single member.
    lindell : array (groups,)
        r*wg(j), at most 1; below 0 where the group varies more than chance, NaN likewise.
    """

    groups: tuple[Hashable, ...]
    sizes: NDArray[np.int64]
    james: NDArray[np.float64]
    lindell: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """Shares of variance between groups, from a one-way analysis of variance.

    Parameters
    ----------
    single : float
        ICC(1), reliability of one member's answer.
    mean : float
        ICC(2), reliability of a group's mean.
    f, p : float
        Test that groups do not differ.
    degrees_between, degrees_within : int
        Degrees of freedom of F.
    between, within : float
        Mean squares.
    """

    single: float
    mean: float
    f: float
    p: float
    degrees_between: int
    degrees_within: int
    between: float
    within: float


def uniform_variance(points: int) -> float:
    """Variance of answers at random over a scale: (A^2 - 1) / 12.

    Raises
    ------
    OptionError
        The scale has fewer than two points.

    Examples
    --------
    >>> uniform_variance(7)
    4.0

    References
    ----------
    James, Demaree & Wolf (1984), Journal of Applied Psychology 69.
    """
    if points < 2:
        raise OptionError(f"expected a scale of two points or more, found {points}")
    return (points**2 - 1) / 12


def agreement(items: ArrayLike, groups: Sequence[Hashable], *, chance_variance: float) -> Agreement:
    """Compute rwg(j) and Lindell's r*wg(j) of every group.

    With v the mean over items of the variances in a group and s that of random answers:
    rwg(j) = J (1 - v/s) / (J (1 - v/s) + v/s), r*wg(j) = 1 - v/s. With J = 1 both are rwg.

    Parameters
    ----------
    items : array (respondents, items)
        Respondents with a missing answer are left out.
    groups : sequence
        Group of each respondent.
    chance_variance : float
        s > 0, from `uniform_variance`.

    Returns
    -------
    Agreement
        Equal to rwg.j and rwg.j.lindell of R's multilevel 2.7.

    Raises
    ------
    ShapeError
        Items are no table, or groups do not belong to it.
    OptionError
        The chance variance is not positive.
    NoCasesError
        No group has two complete members.

    Examples
    --------
    >>> found = agreement([[4, 5], [5, 5], [1, 7], [7, 1]], ["a", "a", "b", "b"], chance_variance=4)
    >>> found.james.round(4), found.lindell.round(4)
    (array([0.9677, 0.    ]), array([ 0.9375, -3.5   ]))

    Source: James, Demaree & Wolf (1984), Journal of Applied Psychology 69; Lindell, Brandt &
    Whitney (1999), Applied Psychological Measurement 23.
    """
    table, labels = _complete(items, groups)
    if not chance_variance > 0:
        raise OptionError(f"expected a positive chance variance, found {chance_variance}")
    names = sorted(set(labels), key=str)
    places: dict[Hashable, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    members = [table[places[name]] for name in names]
    sizes = np.array([len(rows) for rows in members], dtype=np.int64)
    if not (sizes > 1).any():
        raise NoCasesError("expected a group of two complete members, found none")
    variances = [r.var(axis=0, ddof=1).mean() if len(r) > 1 else np.nan for r in members]
    ratio = np.array(variances) / chance_variance
    part = table.shape[1] * (1 - np.minimum(ratio, 1))
    return Agreement(tuple(names), sizes, part / (part + ratio), 1 - ratio)


def intraclass_correlation(scores: ArrayLike, groups: Sequence[Hashable]) -> IntraclassCorrelation:
    """Compute ICC(1), ICC(2) and the F test of differences between groups.

    ICC(1) = (MSB - MSW) / (MSB + (n - 1) MSW) with n the mean group size, ICC(2) = (MSB - MSW)/MSB.

    Parameters
    ----------
    scores : array (respondents,)
        Scale means; NaN is left out.
    groups : sequence
        Group of each respondent.

    Returns
    -------
    IntraclassCorrelation
        Equal to ICC1 and ICC2 of R's multilevel 2.7. Both may be negative; with MSB 0 ICC(2) is
        NaN, with MSW 0 too F is NaN.

    Raises
    ------
    ShapeError
        Groups do not belong to the scores.
    NoCasesError
        There are fewer than two groups, or no group with two members.

    Examples
    --------
    >>> found = intraclass_correlation([1, 2, 4, 5], ["a", "a", "b", "b"])
    >>> round(found.single, 4), round(found.mean, 4), found.f
    (0.8947, 0.9444, 18.0)

    Source: Bliese (2000), in Klein & Kozlowski (eds.), Multilevel Theory.
    """
    column = np.asarray(scores, dtype=np.float64)
    if column.ndim != 1:
        raise ShapeError(f"expected one score a respondent, found shape {column.shape}")
    table, labels = _complete(column[:, np.newaxis], groups)
    values = table[:, 0]
    sizes, means, within_squares = _group_sums(values, labels)
    k, total = len(sizes), len(values)
    if k < 2 or total == k:
        raise NoCasesError(f"expected two groups and one with two members, found sizes {sizes}")
    between = float(sizes @ (means - values.mean()) ** 2) / (k - 1)
    within = within_squares / (total - k)
    ratio = _quotient(between, within)
    return IntraclassCorrelation(
        single=_quotient(between - within, between + (total / k - 1) * within),
        mean=_quotient(between - within, between),
        f=ratio,
        p=float(fdtrc(k - 1, total - k, ratio)),
        degrees_between=k - 1,
        degrees_within=total - k,
        between=between,
        within=within,
    )


def mixed_intraclass_correlation(
    scores: ArrayLike, groups: Sequence[Hashable]
) -> tuple[float, float]:
    """Compute ICC(1) and ICC(2) from a random-intercept model by restricted likelihood.

    ICC(1) = t / (t + s) with t and s the variances between and within groups, ICC(2) =
    n ICC(1) / (1 + (n - 1) ICC(1)) with n the mean group size. The likelihood is profiled over the
    mean and s, so that one number is left to search.

    Parameters
    ----------
    scores, groups
        As in `intraclass_correlation`.

    Returns
    -------
    tuple of float
        ICC(1) in [0, 1), ICC(2). For groups of one size they equal the analysis of variance where
        that is not negative; R's nlme stops up to 4e-4 away from it.

    Raises
    ------
    ShapeError, NoCasesError
        As in `intraclass_correlation`.

    Examples
    --------
    >>> single, mean = mixed_intraclass_correlation([1, 2, 4, 5], ["a", "a", "b", "b"])
    >>> round(single, 4), round(mean, 4)
    (0.8947, 0.9444)

    Source: Bates, Mächler, Bolker & Walker (2015), Journal of Statistical Software 67, for the
    profiled criterion.
    """
    intraclass_correlation(scores, groups)
    table, labels = _complete(np.asarray(scores, dtype=np.float64)[:, np.newaxis], groups)
    sizes, means, within_squares = _group_sums(table[:, 0], labels)
    total = len(table)

    def deviance(share: float) -> float:
        ratio = share / (1 - share)
        weights = sizes / (1 + sizes * ratio)
        centre = weights @ means / weights.sum()
        squares = within_squares + weights @ (means - centre) ** 2
        scale = (total - 1) * np.log(squares / (total - 1))
        return float(scale + np.log1p(sizes * ratio).sum() + np.log(weights.sum()))

    found = minimize_scalar(
        deviance, bounds=(0, 1 - 1e-9), method="bounded", options={"xatol": 1e-12}
    )
    single = float(found.x) if found.fun < deviance(0.0) else 0.0
    size = total / len(sizes)
    return single, size * single / (1 + (size - 1) * single)


def _complete(
    items: ArrayLike, groups: Sequence[Hashable]
) -> tuple[NDArray[np.float64], list[Hashable]]:
    table = np.asarray(items, dtype=np.float64)
    labels = list(groups)
    if table.ndim != 2 or len(table) != len(labels):
        raise ShapeError(f"expected a group for each of {table.shape} rows, found {len(labels)}")
    labelled = ~pd.isna(pd.Series(labels, dtype=object)).to_numpy()
    complete = np.flatnonzero(labelled & ~np.isnan(table).any(axis=1)).tolist()
    return table[complete], [labels[row] for row in complete]


def _group_sums(
    values: NDArray[np.float64], labels: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Sizes and means of groups, and the sum of squares within them."""
    place = {name: row for row, name in enumerate(dict.fromkeys(labels))}
    group = np.array([place[name] for name in labels], dtype=np.int64)
    sizes = np.bincount(group, minlength=len(place)).astype(np.float64)
    means = np.bincount(group, weights=values, minlength=len(place)) / np.maximum(sizes, 1)
    return sizes, means, float(((values - means[group]) ** 2).sum())


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole != 0 else float("nan")
