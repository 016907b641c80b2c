"""Indirect calibration: a fractional logit of grouped scores."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, xlogy

from qca.calibration.scores import read_scores, snapped
from qca.errors import AnchorError, ConvergenceError, OptionError
from qca.inputs import as_numbers
from qca.messages import all_digits, case_labels, digits, label_of

ZERO_SCORE = 1e-5  # R's stand-in for 0, whose logarithm does not exist
MOST_ITERATIONS = 25
RELATIVE_CHANGE = 1e-8
EXACT_FIT = 1e-6  # deviance a case, under which shares equal the groups to three digits
STEEPEST_LOGIT = 30.0
EPSILON = float(np.finfo(np.float64).eps)


def calibrate_indirect(scores: ArrayLike, thresholds: Sequence[float]) -> NDArray[np.float64]:
    """Calibrate by the indirect method (Ragin 2008).

    The thresholds group the scores; group i of m thresholds has the qualitative membership i / m,
    rounded to three digits. A fractional logit regresses it on log x, sqrt x, x and x squared,
    and the prediction, rounded to six digits, is the membership. Iteratively reweighted least
    squares start and stop as R's glm does, so that the digits agree. Groups of few distinct scores
    may be fitted exactly, with coefficients that grow for ever: then the shares after 25 steps
    are given, as R does with a warning.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), not negative
    thresholds : sequence of float
        In any order.

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    AnchorError
        There is no finite threshold.
    OptionError
        A score is negative.
    ConvergenceError
        The regression has not settled after 25 iterations, and not because it fits the groups.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_indirect([1, 2, 3, 4, 5, 6, 7], [2.5, 4.5, 6.5]).round(2)
    array([0.  , 0.01, 0.29, 0.45, 0.51, 0.77, 0.98])

    Source: Ragin (2008), Redesigning Social Inquiry, ch. 5; R QCA calibrate(method = "indirect").
    """
    values = read_scores(scores)
    cuts = np.sort(as_numbers(thresholds, "thresholds"), axis=None)
    if not cuts.size or not np.isfinite(cuts).all():
        raise AnchorError(f"expected finite thresholds, found [{all_digits(cuts)}]")
    if values.min() < 0:
        place = int(values.argmin())
        where = label_of(case_labels(scores), place)
        raise OptionError(f"expected scores from 0, found {digits(values[place])}{where}")
    steps = np.round(np.linspace(0, 1, len(cuts) + 1), 3)
    grouped = steps[np.searchsorted(cuts, values, side="left")]
    x = np.where(values == 0, ZERO_SCORE, values)
    design = np.column_stack([np.ones_like(x), np.log(x), np.sqrt(x), x, x**2])
    return snapped(np.round(_fractional_logit(design, grouped), 6))


def _fractional_logit(
    design: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fitted shares of a quasi-binomial regression with logit link (Papke & Wooldridge 1996)."""
    share = (target + 0.5) / 2
    linear = logit(share)
    slope = share * (1 - share)
    before = _deviance(target, share)
    for _ in range(MOST_ITERATIONS):
        root = slope / np.sqrt(share * (1 - share))
        working = linear + (target - share) / slope
        linear = design @ np.linalg.lstsq(design * root[:, None], working * root, rcond=1e-13)[0]
        share, slope = _link(linear)
        deviance = _deviance(target, share)
        if abs(deviance - before) / (abs(deviance) + 0.1) < RELATIVE_CHANGE:
            return share
        before = deviance
    if before > EXACT_FIT * len(target):
        raise ConvergenceError(
            f"expected the regression to settle in {MOST_ITERATIONS} iterations,"
            f" found a deviance of {digits(before)} still changing"
        )
    return share


def _link(linear: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Inverse logit and its slope; beyond +-30 both stop at machine epsilon, as in R."""
    extreme = np.abs(linear) > STEEPEST_LOGIT
    share = expit(np.where(extreme, -np.sign(linear) * np.log(EPSILON), linear))
    return share, np.where(extreme, EPSILON, share * (1 - share))


def _deviance(target: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    present = xlogy(target, target) - xlogy(target, share)
    absent = xlogy(1 - target, 1 - target) - xlogy(1 - target, 1 - share)
    return float(2 * (present + absent).sum())
