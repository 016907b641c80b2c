"""Items that run against the others of their scale: named in a warning, never turned silently."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


class NegativeItemWarning(UserWarning):
    """An item goes down where the others of its scale go up; it may have to be turned.

    Examples
    --------
    >>> issubclass(NegativeItemWarning, UserWarning)
    True
    """


def item_names(items: ArrayLike) -> tuple[str, ...]:
    """Names of items: the columns of a DataFrame, else "item 1" and so on.

    Examples
    --------
    >>> item_names(pd.DataFrame(columns=["TF1", "TF2"])), item_names(np.zeros((3, 2)))
    (('TF1', 'TF2'), ('item 1', 'item 2'))
    """
    if isinstance(items, pd.DataFrame):
        return tuple(map(str, items.columns))
    return tuple(f"item {place + 1}" for place in range(np.shape(items)[1]))


def leading_axis(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loadings on the leading eigenvector, signed so that their sum is not negative.

    Examples
    --------
    >>> leading_axis(np.array([[1.0, -0.5, 0.5], [-0.5, 1.0, -0.5], [0.5, -0.5, 1.0]])).round(2)
    array([ 0.82, -0.82,  0.82])
    """
    values, vectors = np.linalg.eigh(matrix)
    axis = vectors[:, -1] * np.sqrt(values[-1])
    return np.asarray(axis if axis.sum() >= 0 else -axis)


def negative_items(loadings: NDArray[np.float64], names: Sequence[str]) -> tuple[str, ...]:
    """Name the items that load against the rest of their scale, and warn of them.

    The caller of the public function is told, once for the scale. No answer is turned.

    Parameters
    ----------
    loadings : array (items,)
        On the one dimension of the scale, whatever its sign.
    names : sequence of str

    Returns
    -------
    tuple of str
        In the order of the items; of two halves that load against each other the one with the
        smaller sum.

    Examples
    --------
    >>> negative_items(np.array([0.6, 0.7]), ["a", "b"])
    ()
    >>> with warnings.catch_warnings(record=True):
    ...     negative_items(np.array([0.6, -0.7, 0.5]), ["a", "b", "c"])
    ('b',)

    References
    ----------
    R psych alpha(check.keys = FALSE), which warns of negative loadings on the first component.
    """
    upward = loadings if loadings.sum() >= 0 else -loadings
    found = tuple(name for name, one in zip(names, upward, strict=True) if one < 0)
    if found:
        warnings.warn(
            f"expected items keyed alike, found {', '.join(found)} against the others of the"
            " scale; nothing was turned",
            NegativeItemWarning,
            stacklevel=3,
        )
    return found
