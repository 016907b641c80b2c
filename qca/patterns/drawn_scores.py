"""Draws of a unit's true scores, looked at before anything is said from them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import MissingDataError, ShapeError


def required_draws(draws: ArrayLike, signs: NDArray[np.int8]) -> NDArray[np.float64]:
    """Give draws as numbers, or say what they lack.

    Parameters
    ----------
    draws : array (draws, elements)
        Of the unit's true scores, in points; NaN only where no pattern requires the element.
    signs : array (patterns, elements)
        From `pattern_signs`.

    Returns
    -------
    array (draws, elements)

    Raises
    ------
    ShapeError
        They are no table, or not of these elements.
    MissingDataError
        There is no draw, or a score that a pattern requires is NaN.

    Examples
    --------
    >>> required_draws([[5.0, np.nan]], np.array([[1, 0]], dtype=np.int8))
    array([[ 5., nan]])
    """
    values = np.asarray(draws, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != signs.shape[1]:
        raise ShapeError(f"expected draws of {signs.shape[1]} scores, found {values.shape}")
    if not len(values) or np.isnan(values[:, signs.any(axis=0)]).any():
        raise MissingDataError("expected draws of every score that a pattern requires")
    return values
