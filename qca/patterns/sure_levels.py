"""How far inside a set a unit is, in a word and as sure as draws of its true score tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qca.errors import MissingDataError, ShapeError
from qca.patterns.verdicts import DEFAULT_POLICY, ROUNDING, Level, VerdictPolicy


@dataclass(frozen=True, slots=True)
class SureLevel:
    """The word for a membership, and how often it is the right one.

    Parameters
    ----------
    level : Level
        The one that holds most often.
    share : float
        Of draws in which it holds, [0, 1].
    """

    level: Level
    share: float


def sure_level(memberships: ArrayLike, *, policy: VerdictPolicy = DEFAULT_POLICY) -> SureLevel:
    """Give the level that most draws of a membership have, and the share of them.

    Parameters
    ----------
    memberships : array (draws,)
        In one set, [0, 1].
    policy : VerdictPolicy
        `inside` and `well_inside`.

    Returns
    -------
    SureLevel
        Among equally frequent levels the lower one.

    Raises
    ------
    ShapeError
        The draws are not one row.
    MissingDataError
        There is no draw, or one is NaN.

    Examples
    --------
    >>> sure_level([0.55, 0.6, 0.7, 0.85]).level.value, sure_level([0.55, 0.6, 0.7, 0.85]).share
    ('more_in_than_out', 0.75)

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    values = np.asarray(memberships, dtype=np.float64)
    if values.ndim != 1:
        raise ShapeError(f"expected one row of draws, found shape {values.shape}")
    if not len(values) or np.isnan(values).any():
        raise MissingDataError("expected draws of a membership, found none or one that is missing")
    inside = int((values >= policy.inside - ROUNDING).sum())
    well = int((values >= policy.well_inside - ROUNDING).sum())
    counts = {
        Level.NOT_YET: len(values) - inside,
        Level.MORE_IN_THAN_OUT: inside - well,
        Level.WELL_INSIDE: well,
    }
    level = max(counts, key=lambda one: counts[one])
    return SureLevel(level, counts[level] / len(values))
