"""The smallest hitting set as a linear programme: prices that bound it, and HiGHS at last."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

# The least price of a set, so that an element gains nothing only if it meets no set.
_LEAST_PRICE = 1e-5
# Limits of HiGHS: nodes stop it at the same place on every machine, seconds are the last resort.
_NODES = 300
_SECONDS = 30.0
_BOUND_TOLERANCE = 1e-6


def set_prices(incidence: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Price sets so that no element meets sets worth more than 1 and the sum is largest.

    Every hitting set has at least as many elements as the prices add up to.

    Parameters
    ----------
    incidence : bool array of shape (elements, sets), whether a set holds an element, none empty

    Returns
    -------
    ndarray of float
        Positive, shape (sets,); valid bounds even if HiGHS fails.

    Examples
    --------
    >>> set_prices(np.array([[True, True, False], [False, True, True], [True, False, True]]))
    array([0.5, 0.5, 0.5])
    """
    matrix = csr_array(incidence, dtype=np.float64)
    result = milp(
        -np.ones(incidence.shape[1]),
        constraints=LinearConstraint(matrix, ub=1.0),
        options={"presolve": False},  # costs more than it saves
    )
    found = np.zeros(incidence.shape[1]) if result.x is None else result.x
    prices = np.maximum(found, _LEAST_PRICE)
    # HiGHS keeps to the constraints within 1e-7 only; the bound must hold exactly.
    return np.asarray(prices / max(1.0, float(incidence.dot(prices).max())))


def programmed_hitting_set(incidence: NDArray[np.bool_]) -> tuple[list[int], int]:
    """Let HiGHS find a small hitting set and a bound, for where no search comes to an end.

    Parameters
    ----------
    incidence : bool array of shape (elements, sets), no set empty

    Returns
    -------
    list of int, int
        Elements of a hitting set, and the size that none goes below.

    Examples
    --------
    >>> programmed_hitting_set(np.array([[True, True, False], [False, True, True]]))
    ([0, 1], 2)
    """
    matrix = csr_array(incidence.T, dtype=np.float64)
    elements = len(incidence)
    result = milp(
        np.ones(elements),
        constraints=LinearConstraint(matrix, lb=1.0),
        integrality=np.ones(elements, dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        options={"node_limit": _NODES, "time_limit": _SECONDS},
    )
    greedy = _greedy(incidence)
    if result.x is None:
        return greedy, 1
    found = np.flatnonzero(result.x > 0.5).tolist()
    # The bound is -inf where HiGHS stops before its first relaxation is solved.
    bound = max(1.0, result.mip_dual_bound - _BOUND_TOLERANCE)
    return min(found, greedy, key=len), math.ceil(bound)


def _greedy(incidence: NDArray[np.bool_]) -> list[int]:
    """Take the element that meets most sets not met yet, until all are met."""
    chosen: list[int] = []
    unmet = np.ones(incidence.shape[1], dtype=np.bool_)
    gains = incidence.sum(axis=1)
    while unmet.any():
        best = int(gains.argmax())
        newly = incidence[best] & unmet
        gains -= incidence[:, newly].sum(axis=1)
        unmet &= ~newly
        chosen.append(best)
    return sorted(chosen)
