"""Covariances and correlations of items with answers missing here and there."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import ConstantSetError, NoCasesError, OptionError, ShapeError
from qca.inputs import as_numbers
from qca.messages import all_digits

Missing = Literal["pairwise", "listwise"]


def item_table(items: ArrayLike, *, missing: Missing = "pairwise") -> NDArray[np.float64]:
    """Check a table of answers and leave out incomplete respondents where asked.

    Parameters
    ----------
    items : array (respondents, items)
        In points, reverse-keyed items already turned; NaN where missing.
    missing : "pairwise" or "listwise"
        Keep every respondent, or only complete ones.

    Returns
    -------
    array (respondents, items)

    Raises
    ------
    ShapeError
        The answers are no table.
    NoCasesError
        Fewer than two respondents are left.
    OptionError
        `missing` is neither of the two.
    NotNumericError
        An answer is no number.

    Examples
    --------
    >>> item_table([[1, 2], [3, np.nan], [5, 6]], missing="listwise")
    array([[1., 2.],
           [5., 6.]])

    References
    ----------
    R cor(use = "pairwise.complete.obs") and cor(use = "complete.obs").
    """
    table = as_numbers(items, "the answers")
    if table.ndim != 2 or table.shape[1] == 0:
        raise ShapeError(f"expected a table of respondents by items, found shape {table.shape}")
    if missing not in ("pairwise", "listwise"):
        raise OptionError(f"expected missing 'pairwise' or 'listwise', found {missing!r}")
    if missing == "listwise":
        table = table[~np.isnan(table).any(axis=1)]
    if len(table) < 2:
        raise NoCasesError(f"expected at least two respondents, found {len(table)}")
    return table


def covariances(items: ArrayLike) -> NDArray[np.float64]:
    """Covariance of every two items over the respondents who answered both.

    sum((x - mean x)(y - mean y)) / (n - 1), with means and n over these respondents; as R's
    cov(use = "pairwise"). The result need not be positive definite where answers are missing.

    Parameters
    ----------
    items : array (respondents, items)
        NaN where missing.

    Returns
    -------
    array (items, items)

    Raises
    ------
    ShapeError, NoCasesError
        As in `item_table`.
    NoCasesError
        Two items were answered together by fewer than two respondents.

    Examples
    --------
    >>> covariances([[1, 2], [2, 4], [3, np.nan]])
    array([[1., 1.],
           [1., 2.]])

    References
    ----------
    R cov(use = "pairwise.complete.obs").
    """
    total, numbers, _ = _pair_sums(item_table(items))
    return np.asarray(total / (numbers - 1))


def correlations(items: ArrayLike) -> NDArray[np.float64]:
    """Pearson correlation of every two items over the respondents who answered both.

    As R's cor(use = "pairwise"): the standard deviations too are those of these respondents.

    Parameters
    ----------
    items : array (respondents, items)
        NaN where missing.

    Returns
    -------
    array (items, items)

    Raises
    ------
    ShapeError, NoCasesError
        As in `covariances`.
    ConstantSetError
        An item does not vary.

    Examples
    --------
    >>> correlations([[1, 2], [2, 1], [3, 3]]).round(3)
    array([[1. , 0.5],
           [0.5, 1. ]])

    References
    ----------
    R cor(use = "pairwise.complete.obs").
    """
    total, _, own = _pair_sums(item_table(items))
    # A constant item leaves a rounding error, no exact 0.
    if (own <= 1e-12 * own.max()).any():
        raise ConstantSetError("expected items that vary, found a constant one")
    found = total / np.sqrt(own * own.T)
    np.fill_diagonal(found, 1)
    return np.asarray(found)


def standardised(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn covariances into correlations by the standard deviations on the diagonal.

    Raises
    ------
    ConstantSetError
        A variance is not positive.

    Examples
    --------
    >>> standardised(np.array([[4.0, 1.0], [1.0, 1.0]]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    variances = np.diag(covariance)
    if (variances <= 0).any():
        raise ConstantSetError(
            f"expected items that vary, found variances [{all_digits(variances)}]"
        )
    deviations = np.sqrt(variances)
    return np.asarray(covariance / np.outer(deviations, deviations))


def squared_multiple_correlations(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each item that the other items explain: 1 - 1 / diag(R^-1).

    Raises
    ------
    ConstantSetError
        The correlations are singular: an item is a sum of others.

    Examples
    --------
    >>> squared_multiple_correlations(np.array([[1.0, 0.5], [0.5, 1.0]]))
    array([0.25, 0.25])
    """
    return np.asarray(1 - 1 / np.diag(inverse(correlation)))


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Invert a matrix of covariances or correlations.

    Raises
    ------
    ConstantSetError
        It is singular.

    Examples
    --------
    >>> inverse(np.array([[2.0, 0.0], [0.0, 4.0]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    if np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        raise ConstantSetError("expected items that are not sums of each other, found a singular R")
    return np.asarray(np.linalg.inv(matrix))


def _pair_sums(table: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Sums of products of deviations, pair counts, and the first item's own sum of squares."""
    valid = ~np.isnan(table)
    known = valid.astype(np.float64)
    # Centring first keeps the sums small; pair means are corrected for below.
    mean = np.nansum(table, axis=0) / np.maximum(valid.sum(axis=0), 1)
    centred = np.where(valid, table - mean, 0)
    numbers = known.T @ known
    if (numbers < 2).any():
        raise NoCasesError("expected every two items answered together by two, found fewer")
    sums = centred.T @ known
    total = centred.T @ centred - sums * sums.T / numbers
    own = (centred**2).T @ known - sums**2 / numbers
    return total, numbers, own
