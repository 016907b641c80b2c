"""Anchors from percentiles, and the cases that a calibration leaves at exactly .5."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from qca.calibration.scores import read_scores
from qca.errors import AnchorError
from qca.messages import all_digits
from qca.sets.crossover import at_half


def percentile_anchors(
    scores: ArrayLike, percentiles: Sequence[float] = (5, 50, 95)
) -> tuple[float, ...]:
    """Anchors at percentiles of the scores, for a lens relative to the cases at hand.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    percentiles : sequence of float, in [0, 100]
        For full non-membership, crossover and full membership.

    Returns
    -------
    tuple of float
        As many as percentiles, linearly interpolated (R's type 7).

    Raises
    ------
    AnchorError
        A percentile is outside [0, 100], or two anchors fall together.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> percentile_anchors([1, 2, 3, 4, 5], (10, 50, 90))
    (1.4, 3.0, 4.6)

    References
    ----------
    Pappas & Woodside (2021), International Journal of Information Management 58.
    """
    values = read_scores(scores)
    outside = [share for share in percentiles if not 0 <= share <= 100]
    if outside:
        raise AnchorError(f"expected percentiles in [0, 100], found [{all_digits(outside)}]")
    anchors = tuple(float(anchor) for anchor in np.percentile(values, list(percentiles)))
    if len(set(anchors)) < len(anchors):
        raise AnchorError(
            f"expected different scores at the percentiles [{all_digits(percentiles)}],"
            f" found {all_digits(anchors)}"
        )
    return anchors


def at_crossover(memberships: pd.Series) -> tuple[str, ...]:
    """Names of the cases at exactly .5, which belong to no truth table row.

    Parameters
    ----------
    memberships : Series, in [0, 1]
        The index names the cases.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> at_crossover(pd.Series([0.5, 0.7, 0.5], index=["a", "b", "c"]))
    ('a', 'c')

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, ch. 5: .5 is neither in nor out.
    """
    values = memberships.to_numpy(dtype=np.float64)
    return tuple(str(name) for name in memberships.index[at_half(values)])
