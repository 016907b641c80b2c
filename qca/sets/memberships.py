"""Memberships in conjunctions, disjunctions, negations and configurations of fuzzy sets."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import ShapeError
from qca.inputs import as_numbers, refuse_impossible
from qca.messages import case_labels
from qca.sets.crossover import at_half


def fuzzy_not(memberships: ArrayLike) -> NDArray[np.float64]:
    """Negation, 1 - x.

    Parameters
    ----------
    memberships : array_like of float, shape (cases,), in [0, 1]

    Returns
    -------
    ndarray of float, shape (cases,)

    Raises
    ------
    NoCasesError, MissingDataError, MembershipRangeError

    Examples
    --------
    >>> fuzzy_not([0.25, 1])
    array([0.75, 0.  ])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    return 1 - _checked(memberships)


def fuzzy_and(*sets: ArrayLike) -> NDArray[np.float64]:
    """Conjunction, the minimum over the sets for each case.

    Parameters
    ----------
    *sets : array_like of float, shape (cases,) each, in [0, 1]

    Returns
    -------
    ndarray of float, shape (cases,)

    Raises
    ------
    NoCasesError, MissingDataError, MembershipRangeError, ShapeError

    Examples
    --------
    >>> fuzzy_and([0.2, 0.9], [0.5, 0.6])
    array([0.2, 0.6])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    return np.minimum.reduce(_together(sets))


def fuzzy_or(*sets: ArrayLike) -> NDArray[np.float64]:
    """Disjunction, the maximum over the sets for each case.

    Parameters
    ----------
    *sets : array_like of float, shape (cases,) each, in [0, 1]

    Returns
    -------
    ndarray of float, shape (cases,)

    Raises
    ------
    NoCasesError, MissingDataError, MembershipRangeError, ShapeError

    Examples
    --------
    >>> fuzzy_or([0.2, 0.9], [0.5, 0.6])
    array([0.5, 0.9])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    return np.maximum.reduce(_together(sets))


def _checked(memberships: ArrayLike) -> NDArray[np.float64]:
    values = as_numbers(memberships, "the set")
    labels = case_labels(memberships)
    if labels is not None and values.ndim > 1:
        labels = labels.repeat(values.shape[1])
    refuse_impossible(values.ravel(), "the set", labels)
    return values


def _together(sets: tuple[ArrayLike, ...]) -> list[NDArray[np.float64]]:
    arrays = [_checked(one) for one in sets]
    shapes = {array.shape for array in arrays}
    if len(shapes) != 1:
        raise ShapeError(f"expected sets of one shape, found {sorted(shapes)}")
    return arrays


def implicant_membership(
    memberships: NDArray[np.float64], mask: int, values: int
) -> NDArray[np.float64]:
    """Membership of cases in an implicant given as bits.

    min over the conditions in `mask` of x where the bit of `values` is 1, else of 1 - x; the
    first condition is the most significant bit. An empty mask is the whole set, membership 1.

    Parameters
    ----------
    memberships : ndarray of float, shape (cases, conditions), in [0, 1]
    mask : int
        Bits of the conditions that the implicant keeps.
    values : int
        Which of them are present.

    Returns
    -------
    ndarray of float, shape (cases,)

    Examples
    --------
    >>> implicant_membership(np.array([[0.9, 0.3, 0.6], [0.2, 0.8, 1.0]]), 0b110, 0b100)
    array([0.7, 0.2])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    cases, k = memberships.shape
    result = np.ones(cases)
    for place in range(k):
        bit = 1 << (k - 1 - place)
        if mask & bit:
            column = memberships[:, place]
            np.minimum(result, column if values & bit else 1 - column, out=result)
    return result


def configuration_memberships(
    memberships: NDArray[np.float64], codes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Memberships of cases in whole configurations (truth table rows).

    Parameters
    ----------
    memberships : ndarray of float, shape (cases, conditions), in [0, 1]
    codes : ndarray of int, shape (rows,)
        Row codes from 0; the first condition is the most significant bit.

    Returns
    -------
    ndarray of float, shape (cases, rows)

    Examples
    --------
    >>> configuration_memberships(np.array([[0.9, 0.3]]), np.array([0, 2, 3]))
    array([[0.1, 0.7, 0.3]])

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, ch. 7: corners of the property space.
    """
    whole = (1 << memberships.shape[1]) - 1
    columns = [implicant_membership(memberships, whole, int(code)) for code in codes]
    return np.column_stack(columns) if columns else np.empty((len(memberships), 0))


def row_codes(memberships: NDArray[np.float64]) -> NDArray[np.int64]:
    """Code of the row each case belongs to (every literal > .5), or -1 at .5 (within 1.49e-8).

    Parameters
    ----------
    memberships : ndarray of float, shape (cases, conditions), in [0, 1]

    Returns
    -------
    ndarray of int, shape (cases,)

    Examples
    --------
    >>> row_codes(np.array([[0.9, 0.3], [0.5, 1.0], [0.6, 0.8]]))
    array([ 2, -1,  3])
    """
    codes = touched_codes(memberships)
    codes[at_half(memberships).any(axis=1)] = -1
    return codes


def touched_codes(memberships: NDArray[np.float64]) -> NDArray[np.int64]:
    """Like row_codes, but a membership of exactly .5 counts as absent.

    R computes a consistency for these rows even where no case belongs to them.

    Examples
    --------
    >>> touched_codes(np.array([[0.9, 0.3], [0.5, 1.0]]))
    array([2, 1])
    """
    codes = np.zeros(len(memberships), dtype=np.int64)
    for column in memberships.T:
        codes <<= 1
        codes |= column > 0.5
    return codes
