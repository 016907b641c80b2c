"""The public door: reads memberships and refuses what cannot be analysed."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from qca.errors import (
    DuplicateNameError,
    MembershipRangeError,
    MissingDataError,
    NoCasesError,
    NotNumericError,
    ShapeError,
    UnknownNameError,
)


def unique_names(names: Iterable[str], kind: str = "condition") -> tuple[str, ...]:
    """Return the names as a tuple once none stands twice.

    Raises
    ------
    DuplicateNameError
        A name stands more than once.

    Examples
    --------
    >>> unique_names(["A", "B"])
    ('A', 'B')
    """
    found = tuple(names)
    repeated = [name for name, count in Counter(found).items() if count > 1]
    if repeated:
        raise DuplicateNameError(f"expected every {kind} once, found {repeated} more than once")
    return found


def membership_matrix(data: pd.DataFrame, names: Sequence[str]) -> NDArray[np.float64]:
    """Read columns of memberships as one array, cases x names, each column contiguous.

    Parameters
    ----------
    data : DataFrame
        One row a case, memberships in [0, 1].
    names : sequence of str
        Columns to read, in this order.

    Returns
    -------
    ndarray of float, shape (cases, names), Fortran order

    Raises
    ------
    UnknownNameError, DuplicateNameError
        A name is no column, or is two.
    NoCasesError
        There are no rows.
    NotNumericError, MissingDataError, MembershipRangeError
        A value is no number, NaN, or outside [0, 1].
    ShapeError
        The data are no DataFrame.

    Examples
    --------
    >>> membership_matrix(pd.DataFrame({"A": [0.2, 1], "B": [0, 0.7]}), ["B", "A"])
    array([[0. , 0.2],
           [0.7, 1. ]])
    """
    if not isinstance(data, pd.DataFrame):
        raise ShapeError(f"expected a DataFrame of cases, found {type(data).__name__}")
    unknown = [name for name in names if name not in data.columns]
    if unknown:
        columns = ", ".join(map(str, data.columns))
        raise UnknownNameError(f"expected names among the columns {columns}, found {unknown}")
    unique_names((str(column) for column in data.columns if column in names), "column")
    try:
        matrix = np.asfortranarray(data[list(names)].to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError) as error:
        raise NotNumericError(f"expected numbers in {', '.join(names)}, found: {error}") from error
    for column, name in zip(matrix.T, names, strict=True):
        refuse_impossible(column, name)
    return matrix


def membership_vector(values: ArrayLike, name: str = "set") -> NDArray[np.float64]:
    """Read one set of memberships.

    Raises
    ------
    ShapeError, NotNumericError, NoCasesError, MissingDataError, MembershipRangeError
        The values have more than one dimension, are no numbers, none, NaN, or outside [0, 1].

    Examples
    --------
    >>> membership_vector([0, 0.5, 1])
    array([0. , 0.5, 1. ])
    """
    vector = as_numbers(values, name)
    if vector.ndim != 1:
        raise ShapeError(f"expected one dimension for {name}, found shape {vector.shape}")
    refuse_impossible(vector, name)
    return vector


def as_numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Read values of any shape as floats.

    Raises
    ------
    NotNumericError
        A value is no number.

    Examples
    --------
    >>> as_numbers([1, 2.5], "scores")
    array([1. , 2.5])
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotNumericError(f"expected numbers for {name}, found: {error}") from error


def refuse_impossible(memberships: NDArray[np.float64], name: str) -> None:
    """Raise unless there are cases and every membership is a number in [0, 1].

    Raises
    ------
    NoCasesError, MissingDataError, MembershipRangeError

    Examples
    --------
    >>> refuse_impossible(np.array([0.2, 1.2]), "A")
    Traceback (most recent call last):
    qca.errors.MembershipRangeError: expected memberships of A in [0, 1], found 1.2 in case 2
    """
    if memberships.size == 0:
        raise NoCasesError(f"expected at least one case for {name}, found none")
    lowest, highest = memberships.min(), memberships.max()
    if np.isnan(lowest):
        count = int(np.isnan(memberships).sum())
        raise MissingDataError(f"expected a membership of {name} for every case, found {count} NaN")
    if lowest < 0 or highest > 1:
        place = int(np.flatnonzero((memberships < 0) | (memberships > 1))[0])
        value = float(memberships[place])
        raise MembershipRangeError(
            f"expected memberships of {name} in [0, 1], found {value:g} in case {place + 1}"
        )


def same_length(first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    """Raise unless two arrays hold the same number of cases.

    Raises
    ------
    ShapeError

    Examples
    --------
    >>> same_length(np.zeros(2), np.zeros(3))
    Traceback (most recent call last):
    qca.errors.ShapeError: expected the same number of cases, found 2 and 3
    """
    if len(first) != len(second):
        raise ShapeError(f"expected the same number of cases, found {len(first)} and {len(second)}")


def case_names(data: pd.DataFrame) -> tuple[str, ...] | None:
    """Names of the cases: the index, or None where it only counts from 0.

    Raises
    ------
    DuplicateNameError
        Two cases have one name.

    Examples
    --------
    >>> case_names(pd.DataFrame({"A": [0, 1]}, index=["x", "y"]))
    ('x', 'y')
    >>> case_names(pd.DataFrame({"A": [0, 1]}))
    """
    if data.index.equals(pd.RangeIndex(len(data))):
        return None
    if not data.index.is_unique:
        repeated = data.index[data.index.duplicated()][0]
        raise DuplicateNameError(f"expected every case once, found {repeated!r} more than once")
    return tuple(map(str, data.index))
