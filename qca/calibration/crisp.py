"""Crisp calibration by thresholds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.scores import read_scores
from qca.errors import AnchorError
from qca.inputs import as_numbers
from qca.messages import all_digits, digits


def calibrate_crisp(scores: ArrayLike, thresholds: Sequence[float]) -> NDArray[np.int64]:
    """Number of thresholds that a score reaches; a score on a threshold has reached it.

    One threshold gives the crisp set {0, 1}; more give the values of a multi-value condition.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    thresholds : sequence of float
        In any order, within the range of the scores.

    Returns
    -------
    ndarray of int, shape (cases,), from 0 to the number of thresholds

    Raises
    ------
    AnchorError
        There is no threshold, or one outside the range of the scores.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_crisp([1, 4, 7], [4])
    array([0, 1, 1])

    References
    ----------
    Dusa (2019), QCA with R, ch. 4; R QCA calibrate(type = "crisp").
    """
    values = read_scores(scores)
    cuts = np.sort(as_numbers(thresholds, "thresholds"), axis=None)
    low, high = values.min(), values.max()
    if not cuts.size or not (low <= cuts[0] and cuts[-1] <= high):
        raise AnchorError(
            f"expected thresholds within the scores, {digits(low)} to {digits(high)},"
            f" found [{all_digits(cuts)}]"
        )
    return np.searchsorted(cuts, values, side="right")
