"""Codes truth table rows 1, 0, C (contradiction) or ? (remainder) by the cut-offs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.errors import CutError
from qca.messages import digits
from qca.sets.crossover import TOLERANCE


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cut-offs that turn figures of a row into its code.

    Parameters
    ----------
    inclusion : float or (float, float)
        Consistency from which a row counts as sufficient; with a second, lower value, rows
        between the two are contradictions.
    pri : float
        PRI from which a consistent row is coded 1; below it, 0.
    frequency : int
        Cases from which a row is coded at all.

    Raises
    ------
    CutError
        A consistency or PRI cut is outside [0, 1], the pair rises, or the frequency is negative.

    Examples
    --------
    >>> Cuts((0.8, 0.6))
    Cuts(inclusion=(0.8, 0.6), pri=0.0, frequency=1)
    >>> Cuts((0.6, 0.8))
    Traceback (most recent call last):
    qca.errors.CutError: expected the second inclusion cut not above the first, found 0.6 and 0.8
    """

    inclusion: float | tuple[float, float] = 1.0
    pri: float = 0.0
    frequency: int = 1

    def __post_init__(self) -> None:
        for cut in (*self.pair, self.pri, self.frequency):
            if isinstance(cut, str) or not np.isreal(cut):
                raise CutError(f"expected numbers as cuts, found {cut!r}")
        for cut in (*self.pair, self.pri):
            if not 0 <= cut <= 1:
                raise CutError(f"expected inclusion and PRI cuts in [0, 1], found {digits(cut)}")
        if isinstance(self.inclusion, tuple) and self.lower > self.upper:
            raise CutError(
                "expected the second inclusion cut not above the first,"
                f" found {digits(self.upper)} and {digits(self.lower)}"
            )
        if not 0 <= self.frequency < np.inf or self.frequency != int(self.frequency):
            raise CutError(f"expected a whole frequency cut from 0, found {self.frequency}")

    @property
    def pair(self) -> tuple[float, float]:
        """Both inclusion cuts; a single one leaves no room below it, so the second is 1."""
        return self.inclusion if isinstance(self.inclusion, tuple) else (self.inclusion, 1.0)

    @property
    def upper(self) -> float:
        """Consistency from which a row is coded 1."""
        return self.pair[0]

    @property
    def lower(self) -> float:
        """Consistency from which a row below the upper cut is a contradiction."""
        return self.pair[1]


def cuts_of(inclusion: float | Sequence[float], pri: float = 0.0, frequency: int = 1) -> Cuts:
    """Build Cuts from one inclusion cut or a sequence of one or two.

    Raises
    ------
    CutError
        There are more than two inclusion cuts, or a cut is out of range.

    Examples
    --------
    >>> cuts_of([0.8]).inclusion, cuts_of([0.8, 0.5]).inclusion
    (0.8, (0.8, 0.5))
    """
    given = np.atleast_1d(np.asarray(inclusion))
    if given.ndim != 1 or given.dtype.kind not in "biuf":
        raise CutError(f"expected one or two numbers as inclusion cuts, found {inclusion!r}")
    values = given.astype(np.float64).tolist()
    if len(values) not in (1, 2):
        raise CutError(f"expected one or two inclusion cuts, found {len(values)}")
    return Cuts(values[0] if len(values) == 1 else (values[0], values[1]), pri, frequency)


def passes(values: NDArray[np.float64], cut: float) -> NDArray[np.bool_]:
    """Whether values reach a cut-off: value + 1.49e-8 > cut, so rounding does not decide.

    Examples
    --------
    >>> passes(np.array([0.8 - 1e-9, 0.79, np.nan]), 0.8)
    array([ True, False, False])
    """
    return values + TOLERANCE > cut


def code_rows(
    consistency: NDArray[np.float64], pri: NDArray[np.float64], cuts: Cuts
) -> NDArray[np.str_]:
    """Code rows by consistency and PRI, whatever their number of cases.

    1 where consistency and PRI both pass; C where consistency is below the upper cut, strictly,
    and passes the lower one; else 0. As in R, the strict comparison outweighs the tolerance
    where there are two cuts, and where the only cut is 1: a consistency of 1 - 1e-9 is then C.

    Parameters
    ----------
    consistency, pri : ndarray of float, shape (rows,), in [0, 1] or NaN
    cuts : Cuts

    Returns
    -------
    ndarray of str, shape (rows,)

    Examples
    --------
    >>> code_rows(np.array([0.9, 0.9, 0.7, 0.1]), np.array([0.8, 0.2, 0.7, 0]),
    ...           Cuts((0.8, 0.6), pri=0.5)).tolist()
    ['1', '0', 'C', '0']
    """
    sufficient = passes(consistency, cuts.upper) & passes(pri, cuts.pri)
    between = (consistency < cuts.upper) & passes(consistency, cuts.lower)
    return np.where(between, "C", np.where(sufficient, "1", "0"))


def near_a_cut(consistency: NDArray[np.float64], cuts: Cuts) -> NDArray[np.bool_]:
    """Whether the order of adding could decide on which side of a cut a row falls.

    Examples
    --------
    >>> near_a_cut(np.array([0.8 + 1e-15, 0.81]), Cuts(0.8))
    array([ True, False])
    """
    distances = [np.abs(consistency - cut) for cut in cuts.pair]
    return np.minimum(*distances) < TOLERANCE
