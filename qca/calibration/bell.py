"""Calibration with six anchors: membership in the middle of a scale, or at both its ends."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.scores import (
    at_or_below,
    positive_exponents,
    read_anchors,
    read_scores,
    snapped,
)
from qca.errors import AnchorError
from qca.messages import all_digits


def calibrate_bell(
    scores: ArrayLike, anchors: Sequence[float], *, below: float = 1.0, above: float = 1.0
) -> NDArray[np.float64]:
    """Calibrate by a trapezium (bell) or, with the anchors turned inside out, by a valley.

    The six anchors are out, crossover, in on the way up and in, crossover, out on the way down;
    memberships there are 0, .5, 1, 1, .5, 0, and between two anchors the distance to the outer
    one to the power `below` (under .5) or `above` (over .5), halved.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    anchors : sequence of six floats
        Bell: out1 < crossover1 < in1 <= in2 < crossover2 < out2.
        Valley: in1 < crossover1 < out1 <= out2 < crossover2 < in2, written out1, crossover1,
        in1, in2, crossover2, out2.
    below, above : float, greater than 0
        Exponents under and over the crossovers.

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    AnchorError
        The anchors are not six finite numbers in one of the two orders.
    OptionError
        An exponent is not above 0.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_bell([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 5, 6, 7])
    array([0. , 0.5, 1. , 1. , 1. , 0.5, 0. ])
    >>> calibrate_bell([1, 2.5, 4, 5.5, 7], [3, 2, 1, 7, 6, 5])
    array([1.  , 0.25, 0.  , 0.25, 1.  ])

    Source: Thiem & Duşa (2013), QCA with R: A User's Guide.
    """
    values, points = read_scores(scores), read_anchors(anchors, 6)
    positive_exponents(below, above)
    bell = _is_bell(points)
    if not bell:
        points = points[[2, 1, 0, 5, 4, 3]]
    inner, outer = (above, below) if bell else (below, above)
    up = _side(values, points[:3], outer, inner)
    down = _side(-values, -points[:2:-1], outer, inner)
    height = np.minimum(up, down)
    return snapped(height if bell else 1 - height)


def _is_bell(points: NDArray[np.float64]) -> bool:
    out1, cross1, in1, in2, cross2, out2 = points
    if out1 < cross1 < in1 <= in2 < cross2 < out2:
        return True
    if in1 < cross1 < out1 <= out2 < cross2 < in2:
        return False
    found = all_digits(points)
    raise AnchorError(
        "expected out < crossover < in <= in < crossover < out (bell) or"
        f" in < crossover < out <= out < crossover < in (valley), found {found}"
    )


def _side(
    values: NDArray[np.float64], points: NDArray[np.float64], outer: float, inner: float
) -> NDArray[np.float64]:
    """The rise from 0 over .5 to 1 along three rising anchors."""
    low, crossover, high = points
    left = np.clip((values - low) / (crossover - low), 0, 1) ** outer / 2
    right = 1 - np.clip((high - values) / (high - crossover), 0, 1) ** inner / 2
    return np.where(at_or_below(values, crossover), left, right)
