"""Calibration by the relative frequencies of the scores (totally fuzzy and relative)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.scores import read_scores
from qca.errors import AnchorError
from qca.messages import digits


def calibrate_by_frequencies(scores: ArrayLike, *, lowest: float = 1.0) -> NDArray[np.float64]:
    """Calibrate by the TFR method: max(0, (F(x) - F(lowest)) / (1 - F(lowest))).

    F is the share of scores up to x, so membership says how far up a case stands among the cases.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of an ordinal scale
    lowest : float
        The bottom of the scale, which means full non-membership; R assumes 1.

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    AnchorError
        Every score is at or under `lowest`.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_by_frequencies([1, 2, 2, 3, 5])
    array([0.  , 0.5 , 0.5 , 0.75, 1.  ])

    Source: Cheli & Lemmi (1995), Economic Notes 24; Duşa (2019), QCA with R, ch. 4.
    """
    values = read_scores(scores)
    ordered = np.sort(values)
    share = np.searchsorted(ordered, values, side="right") / len(values)
    bottom = np.searchsorted(ordered, lowest, side="right") / len(values)
    if bottom == 1:
        raise AnchorError(
            f"expected a score above the lowest, {digits(lowest)},"
            f" found at most {digits(ordered[-1])}"
        )
    return np.maximum(0.0, (share - bottom) / (1 - bottom))
