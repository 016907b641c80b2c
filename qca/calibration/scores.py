"""Raw scores and anchors at the door of every calibration."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import AnchorError, MissingDataError, NoCasesError, OptionError, ShapeError
from qca.inputs import as_numbers
from qca.messages import all_digits, case_labels, label_of

# R sets memberships this close to 0 or 1 to exactly 0 or 1.
EDGE = 1e-4


def read_scores(scores: ArrayLike) -> NDArray[np.float64]:
    """Read raw scores of cases.

    Raises
    ------
    NotNumericError, ShapeError, NoCasesError, MissingDataError
        A score is no number, there is more than one dimension, no score, or one not finite.

    Examples
    --------
    >>> read_scores([1, 2.5])
    array([1. , 2.5])
    """
    values = as_numbers(scores, "scores")
    if values.ndim != 1:
        raise ShapeError(f"expected scores in one dimension, found shape {values.shape}")
    if not values.size:
        raise NoCasesError("expected at least one score, found none")
    missing = np.flatnonzero(~np.isfinite(values))
    if len(missing):
        where = label_of(case_labels(scores), int(missing[0]))
        raise MissingDataError(
            f"expected a finite score for every case, found {len(missing)} without{where}"
        )
    return values


def read_anchors(anchors: Sequence[float], count: int) -> NDArray[np.float64]:
    """Read a known number of finite anchors.

    Raises
    ------
    AnchorError

    Examples
    --------
    >>> read_anchors([2, 4, 6], 3)
    array([2., 4., 6.])
    """
    values = as_numbers(anchors, "anchors")
    if values.shape != (count,) or not np.isfinite(values).all():
        raise AnchorError(f"expected {count} finite anchors, found [{all_digits(anchors)}]")
    return values


def rising(anchors: NDArray[np.float64]) -> bool:
    """Whether three anchors rise strictly (True) or fall strictly (False).

    R calibrates anchors in any other order without a word, with memberships that run backwards.

    Raises
    ------
    AnchorError
        They do neither.

    Examples
    --------
    >>> rising(np.array([2, 4, 6])), rising(np.array([6, 4, 2]))
    (True, False)
    """
    steps = np.diff(anchors)
    if (steps > 0).all() or (steps < 0).all():
        return bool(steps[0] > 0)
    raise AnchorError(
        "expected full non-membership, crossover and full membership in strictly rising or"
        f" falling order, found {all_digits(anchors)}"
    )


def positive_exponents(below: float, above: float) -> None:
    """Raise unless both exponents are above 0.

    Raises
    ------
    OptionError

    Examples
    --------
    >>> positive_exponents(1, 0.5)
    """
    if not (below > 0 and above > 0):
        raise OptionError(
            f"expected below and above greater than 0, found {all_digits([below, above])}"
        )


def snapped(memberships: NDArray[np.float64]) -> NDArray[np.float64]:
    """Memberships under .0001 as 0 and over .9999 as 1, as R returns them.

    Examples
    --------
    >>> snapped(np.array([0.00005, 0.5, 0.99995]))
    array([0. , 0.5, 1. ])
    """
    lifted = np.where(memberships < EDGE, 0.0, memberships)
    return np.where(lifted > 1 - EDGE, 1.0, lifted)


def at_or_below(scores: NDArray[np.float64], anchor: float) -> NDArray[np.bool_]:
    """Whether scores are below an anchor or equal to it within R's tolerance.

    Examples
    --------
    >>> at_or_below(np.array([1.9, 2 + 1e-12, 2.1]), 2)
    array([ True,  True, False])
    """
    tolerance = float(np.sqrt(np.finfo(np.float64).eps))
    scale = np.where(np.abs(scores) > tolerance, np.abs(scores), 1.0)
    return (scores < anchor) | (np.abs(scores - anchor) <= tolerance * scale)
