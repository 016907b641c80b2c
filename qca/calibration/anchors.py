"""Calibration anchors of construct scores as values: memberships, their inverse, and shifts."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from qca.errors import AnchorError, MembershipRangeError, ShapeError
from qca.messages import all_digits

FULL_MEMBERSHIP = 0.95  # Ragin (2008): the membership given to the anchor of full membership


@dataclass(frozen=True, slots=True)
class Anchors:
    """Three anchors of one element, in points of the answer scale.

    Parameters
    ----------
    full_out, crossover, full_in : float
        Scores that get the memberships 1 - idm, .50 and idm; strictly rising, or strictly falling
        for an element where a low score means membership.
    idm : float
        Membership at `full_in`, in (.5, 1); .95 by default.

    Raises
    ------
    AnchorError
        The anchors neither rise nor fall strictly, are not finite, or idm is out of range.

    Examples
    --------
    >>> Anchors(2, 4.1, 6)
    Anchors(full_out=2, crossover=4.1, full_in=6, idm=0.95)
    """

    full_out: float
    crossover: float
    full_in: float
    idm: float = FULL_MEMBERSHIP

    def __post_init__(self) -> None:
        three = (self.full_out, self.crossover, self.full_in)
        rising = self.full_out < self.crossover < self.full_in
        falling = self.full_out > self.crossover > self.full_in
        if not all(math.isfinite(anchor) for anchor in three) or not (rising or falling):
            raise AnchorError(
                f"expected three strictly rising or falling anchors, found ({all_digits(three)})"
            )
        if not 0.5 < self.idm < 1:
            raise AnchorError(f"expected idm in (.5, 1), found {self.idm}")

    @property
    def names(self) -> tuple[str, ...]:
        """What the anchors are called, in the order of calibration."""
        return "full_out", "crossover", "full_in"

    def shifted(self, *, anchor: str, by: float) -> Self:
        """Return these anchors with one of them moved.

        Parameters
        ----------
        anchor : str
            "full_out", "crossover" or "full_in".
        by : float
            Points of the scale.

        Raises
        ------
        AnchorError
            The moved anchor passes another one.

        Examples
        --------
        >>> Anchors(2, 4, 6).shifted(anchor="crossover", by=0.5).crossover
        4.5
        """
        return replace(self, **{anchor: getattr(self, anchor) + by})


def calibrate_scores(scores: ArrayLike, anchors: Sequence[Anchors]) -> NDArray[np.float64]:
    """Give each element's scores their memberships by the direct method.

    m = 1 / (1 + exp(-L (s - c) / |a - c|)), with c the crossover, a the anchor of full membership
    on the side of full membership and of full non-membership on the other, L = ln(idm / (1 - idm)).

    Parameters
    ----------
    scores : array (..., elements)
        Scores in points; NaN stays NaN.
    anchors : sequence of Anchors
        One an element.

    Returns
    -------
    array (..., elements)
        Memberships in (0, 1).

    Raises
    ------
    ShapeError
        The last axis is not as long as there are anchors.

    Examples
    --------
    >>> calibrate_scores([[2, 4.1, 6]], [Anchors(2, 4.1, 6)] * 3).round(2)
    array([[0.05, 0.5 , 0.95]])

    Source: Ragin (2008), Redesigning Social Inquiry, chapter 5.
    """
    points = np.asarray(scores, dtype=np.float64)
    if points.ndim == 0 or points.shape[-1] != len(anchors):
        raise ShapeError(f"expected {len(anchors)} scores on the last axis, found {points.shape}")
    crossover, inner, outer, constant = _columns(anchors)
    deviation = points - crossover
    inside = deviation * np.sign(inner) >= 0
    return np.asarray(expit(constant * deviation / np.where(inside, inner, -outer)))


def scores_at(membership: float, anchors: Sequence[Anchors]) -> NDArray[np.float64]:
    """Find the score at which each element reaches a membership: the inverse of calibration.

    s = c + ln(m / (1 - m)) |a - c| / L, with the symbols of `calibrate_scores`.

    Parameters
    ----------
    membership : float
        Strictly between 0 and 1.
    anchors : sequence of Anchors
        One an element.

    Returns
    -------
    array (elements,)
        Scores in points.

    Raises
    ------
    MembershipRangeError
        The membership is not strictly between 0 and 1.

    Examples
    --------
    >>> [scores_at(m, [Anchors(2, 4.1, 6)]).round(2).item() for m in (0.5, 0.67, 0.8, 0.95)]
    [4.1, 4.56, 4.99, 6.0]

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, ch. 5, solved for the score.
    """
    if not 0 < membership < 1:
        raise MembershipRangeError(f"expected a membership strictly in (0, 1), found {membership}")
    crossover, inner, outer, constant = _columns(anchors)
    log_odds = logit(membership)
    return np.asarray(crossover + log_odds / constant * (inner if log_odds >= 0 else -outer))


def anchor_shifts(
    anchors: Sequence[Anchors], *, by: float, together: bool = True
) -> Iterator[tuple[str, int | None, list[Anchors]]]:
    """Yield the calibrations that differ by one anchor moved up or down.

    Parameters
    ----------
    anchors : sequence of Anchors
        One an element.
    by : float
        Points of the scale, > 0.
    together : bool
        True: the anchor is moved for all elements at once, as a doubt about the rule of the
        campaign; False: for one element at a time, as a doubt about one construct.

    Yields
    ------
    tuple
        Name of the move such as "crossover +0.1", position of the element (None for all), and all
        anchors. A move that would pass another anchor is left out.

    Examples
    --------
    >>> [name for name, _, _ in anchor_shifts([Anchors(2, 4, 6)] * 2, by=0.1)][:3]
    ['full_out -0.1', 'full_out +0.1', 'crossover -0.1']
    >>> len(list(anchor_shifts([Anchors(2, 4, 6)] * 2, by=0.1, together=False)))
    12

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    everything = list(range(len(anchors)))
    groups = [everything] if together else [[position] for position in everything]
    for group in groups:
        for name in ("full_out", "crossover", "full_in"):
            for step in (-by, by):
                changed = list(anchors)
                try:
                    for position in group:
                        changed[position] = anchors[position].shifted(anchor=name, by=step)
                except AnchorError:
                    continue
                yield f"{name} {step:+g}", None if together else group[0], changed


def _columns(anchors: Sequence[Anchors]) -> tuple[NDArray[np.float64], ...]:
    """Crossover, signed width to full in, signed width to full out, log-odds at full in."""
    return _columns_of(tuple(anchors))


@lru_cache(maxsize=64)
def _columns_of(anchors: tuple[Anchors, ...]) -> tuple[NDArray[np.float64], ...]:
    rows = [
        (a.crossover, a.full_in - a.crossover, a.full_out - a.crossover, logit(a.idm))
        for a in anchors
    ]
    columns = np.array(rows, dtype=np.float64).T.reshape(4, len(anchors))
    columns.flags.writeable = False
    return tuple(columns)
