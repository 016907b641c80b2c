"""Finds thresholds in the gaps between clusters of scores."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.scores import read_scores
from qca.errors import OptionError


def find_thresholds(scores: ArrayLike, *, count: int = 1) -> NDArray[np.float64]:
    """Midpoints between the count + 1 clusters of complete linkage.

    On a line the two clusters with the smallest joint span are always neighbours; the leftmost
    such pair is merged until count + 1 are left, as R's hclust and cutree do.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    count : int
        Thresholds wanted, from 1 to one less than the distinct scores.

    Returns
    -------
    ndarray of float, shape (count,), ascending

    Raises
    ------
    OptionError
        There are too few distinct scores for so many thresholds, or count is under 1.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> find_thresholds([1, 2, 2, 6, 7, 12], count=2)
    array([4. , 9.5])

    Source: Duşa (2019), QCA with R, ch. 4 (findTh).
    """
    distinct = np.unique(read_scores(scores))
    if not 1 <= count < len(distinct):
        raise OptionError(
            f"expected 1 to {len(distinct) - 1} thresholds for {len(distinct)} distinct scores,"
            f" found {count}"
        )
    low, high = distinct.copy(), distinct.copy()
    while len(low) > count + 1:
        left = int(np.argmin(high[1:] - low[:-1]))
        low, high = np.delete(low, left + 1), np.delete(high, left)
    return (high[:-1] + low[1:]) / 2
