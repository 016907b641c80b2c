"""Calibration with three anchors that are memberships 0, .5 and 1 themselves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.scores import (
    at_or_below,
    positive_exponents,
    read_anchors,
    read_scores,
    rising,
    snapped,
)


def calibrate_linear(
    scores: ArrayLike,
    anchors: Sequence[float],
    *,
    below: float = 1.0,
    above: float = 1.0,
    cumulative: bool = False,
) -> NDArray[np.float64]:
    """Calibrate piecewise: 0 up to full non-membership, .5 at the crossover, 1 from full.

    With t the part of the way from the outer anchor to the crossover that is done, membership is
    t ** below / 2 under the crossover, and 1 - t ** above / 2 over it; exponents of 1 are
    straight lines. With `cumulative`, t is the share of cases instead of the share of the way:
    the empirical distribution of the scores between the outer anchors.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    anchors : sequence of three floats
        Full non-membership, crossover, full membership; strictly rising or falling.
    below, above : float, greater than 0
        Exponents under and over the crossover: below 1 steeper, above 1 flatter at the outer
        anchor.
    cumulative : bool
        Use the empirical distribution; the exponents then play no part.

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    AnchorError
        The anchors are not three finite numbers in strict order.
    OptionError
        An exponent is not above 0.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_linear([1, 2, 3, 4, 5, 6], [2, 4, 6])
    array([0.  , 0.  , 0.25, 0.5 , 0.75, 1.  ])
    >>> calibrate_linear([3, 5], [6, 4, 2], below=2, above=2)
    array([0.875, 0.125])

    Source: Thiem & Duşa (2013), QCA with R: A User's Guide; R QCA calibrate(logistic = FALSE).
    """
    values, points = read_scores(scores), read_anchors(anchors, 3)
    positive_exponents(below, above)
    upward = rising(points)
    low, crossover, high = points if upward else points[::-1]
    first, second = (below, above) if upward else (above, below)
    if cumulative:
        left, right = _shares_of_cases(values, low, crossover, high)
    else:
        left = np.clip((values - low) / (crossover - low), 0, 1) ** first
        right = np.clip((high - values) / (high - crossover), 0, 1) ** second
    rise = np.where(at_or_below(values, crossover), left / 2, 1 - right / 2)
    rise = np.where(at_or_below(values, low), 0.0, rise)
    rise = np.where(at_or_below(values, high), rise, 1.0)
    return snapped(rise if upward else 1 - rise)


def _shares_of_cases(
    values: NDArray[np.float64], low: float, crossover: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """F(x) / F(crossover), and (1 - F(x)) / (1 - F(crossover)), F over scores in [low, high].

    R forms F wrongly where no score lies outside the anchors; ours is the same in either case.
    Where a side of the crossover has no score, nothing but a score on the crossover takes its
    share, which is then 1.
    """
    between = np.sort(values[(values >= low) & (values <= high)])
    share = np.searchsorted(between, values, side="right") / max(len(between), 1)
    middle = np.searchsorted(between, crossover, side="right") / max(len(between), 1)
    left = share / middle if middle > 0 else np.ones_like(share)
    right = (1 - share) / (1 - middle) if middle < 1 else np.ones_like(share)
    return left, right
