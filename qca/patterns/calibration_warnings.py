"""Warnings on a calibration: sets without two sides, and a pattern that nearly always leads."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from qca.errors import OptionError, ShapeError

DOMINATING = 0.70  # a pattern that leads in a larger share of units says little about any of them


def skewed_sets(
    memberships: ArrayLike, *, names: Sequence[str], low: float = 0.20, high: float = 0.80
) -> Mapping[str, float]:
    """Find the sets that hold too few or too many of the cases.

    Parameters
    ----------
    memberships : array (cases, sets)
        In [0, 1]; NaN is left out.
    names : sequence of str
        One a set.
    low, high : float
        Shares of cases above .5 that are still in order.

    Returns
    -------
    mapping of str to float
        Share of cases above .5, for the skewed sets only, in their order.

    Raises
    ------
    ShapeError
        The memberships are no table with a column a name.

    Examples
    --------
    >>> skewed_sets([[0.9, 0.6], [0.8, 0.3], [0.7, 0.4]], names=["A", "B"])
    {'A': 1.0}

    Source: Schneider & Wagemann (2012), Set-Theoretic Methods, on skewed set membership.
    """
    table = np.asarray(memberships, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ShapeError(f"expected a table with {len(names)} columns, found {table.shape}")
    known = (~np.isnan(table)).sum(axis=0)
    inside = (table > 0.5).sum(axis=0)
    shares = np.divide(inside, known, out=np.full(len(names), np.nan), where=known > 0).tolist()
    return {n: s for n, s in zip(names, shares, strict=True) if s < low or s > high}


def dominating_pattern(leading: Sequence[str | None], *, limit: float = DOMINATING) -> str | None:
    """Name the pattern that leads in more units than a share allows.

    Parameters
    ----------
    leading : sequence of str or None
        The leading pattern of every unit; None where there is none, which is left out.
    limit : float
        Largest share in order, [.5, 1).

    Returns
    -------
    str or None
        None where no pattern leads in more than that.

    Raises
    ------
    OptionError
        The limit is outside [.5, 1), so that two patterns could pass it or none.

    Examples
    --------
    >>> dominating_pattern(["bold", "bold", "bold", "calm", None])
    'bold'

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    if not 0.5 <= limit < 1:
        raise OptionError(f"expected a limit in [.5, 1), found {limit}")
    named = [name for name in leading if name is not None]
    return next(
        (name for name in sorted(set(named)) if named.count(name) > limit * len(named)), None
    )
