"""The public door: reads names and memberships, and refuses what cannot be analysed."""

import re
import unicodedata
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
    SetNameError,
    ShapeError,
    UnknownNameError,
)
from qca.messages import case_labels, digits, label_of

# A set's name as expressions hold it; what it prints as, it is read back as.
NAME = re.compile(r"[^\W\d][\w.]*")


def name_problem(name: object) -> str:
    """Return what keeps a name out of an expression such as A*~B; empty if nothing does.

    Examples
    --------
    >>> name_problem("A.1"), name_problem("A+B")
    ('', "'A+B', in which + has a meaning of its own")
    >>> name_problem("1"), name_problem("2x"), name_problem("a b")
    ("'1', which is always true", "'2x', which begins with '2'", "'a b', in which ' ' cannot stand")
    """
    if not isinstance(name, str):
        return f"{name!r}, which is no text"
    if NAME.fullmatch(name):
        return ""
    if not name.strip():
        return f"{name!r}, which is empty"
    if name in ("0", "1"):
        return f"{name!r}, which is {'always' if name == '1' else 'never'} true"
    operators = [sign for sign in name if sign in "~*+()"]
    if operators:
        return f"{name!r}, in which {operators[0]} has a meaning of its own"
    strangers = [sign for sign in name if not NAME.fullmatch(f"A{sign}")]
    if not strangers:
        return f"{name!r}, which begins with {name[0]!r}"
    sign = strangers[0]
    is_plain = sign.isprintable() and not unicodedata.combining(sign)
    return f"{name!r}, in which {repr(sign) if is_plain else f'U+{ord(sign):04X}'} cannot stand"


def set_names(
    names: Iterable[str], kind: str = "condition", *, reserved: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return names of sets as a tuple once expressions can hold all of them together.

    Then what is printed of them, such as A*~B + C, is read back as the same expression.

    Parameters
    ----------
    names : iterable of str
    kind : str
        What they name, for the message.
    reserved : sequence of str
        Names that the result uses for something else.

    Raises
    ------
    SetNameError
        A name is no text of letters, digits, _ and . that begins with a letter or _, or is
        reserved.
    DuplicateNameError
        A name stands more than once, or two differ by case only: in the notation in which a is
        the absence of A, the two cannot be told apart.

    Examples
    --------
    >>> set_names(["A", "B.1"])
    ('A', 'B.1')
    >>> set_names(["A", "~b"])
    Traceback (most recent call last):
    qca.errors.SetNameError: expected names of conditions from letters, digits, _ and ., a letter
    or _ first, found '~b', in which ~ has a meaning of its own
    """
    found = tuple(names)
    problem = next(filter(None, map(name_problem, found)), "")
    if problem:
        raise SetNameError(
            f"expected names of {kind}s from letters, digits, _ and ., a letter or _ first,"
            f" found {problem}"
        )
    taken = [name for name in found if name in reserved]
    if taken:
        raise SetNameError(
            f"expected other names of {kind}s than {', '.join(reserved)}, which the result uses"
            f" itself, found {taken[0]!r}"
        )
    first: dict[str, str] = {}
    for name in unique_names(found, kind):
        other = first.setdefault(name.casefold(), name)
        if other != name:
            raise DuplicateNameError(
                f"expected names of {kind}s that differ by more than case, since lower case can"
                f" be read as absence, found {other!r} and {name!r}"
            )
    return found


def refuse_ambiguous(text: str, columns: Iterable[object]) -> None:
    """Raise where an expression is also the name of a column that no expression can hold.

    Raises
    ------
    SetNameError

    Examples
    --------
    >>> refuse_ambiguous("~Y", ["A", "Y"])
    >>> refuse_ambiguous("~Y", ["A", "~Y"])
    Traceback (most recent call last):
    qca.errors.SetNameError: expected '~Y' to be an expression or a column, found a column '~Y', in
    which ~ has a meaning of its own
    """
    written = text.strip()
    if name_problem(written) and written in columns:
        raise SetNameError(
            f"expected {written!r} to be an expression or a column, found a column"
            f" {name_problem(written)}"
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
    SetNameError
        A name cannot stand in an expression.
    UnknownNameError, DuplicateNameError
        A name is no column, is two, or differs from another by case only.
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
    set_names(names)
    unknown = [name for name in names if name not in data.columns]
    if unknown:
        columns = ", ".join(map(str, data.columns))
        raise UnknownNameError(f"expected names among the columns {columns}, found {unknown}")
    unique_names((str(column) for column in data.columns if column in names), "column")
    labels = case_labels(data)
    try:
        matrix = np.asfortranarray(data[list(names)].to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError) as error:
        where = _place_of_text(data[list(names)])
        raise NotNumericError(
            f"expected numbers in {', '.join(names)}, found: {error}{where}"
        ) from error
    for column, name in zip(matrix.T, names, strict=True):
        refuse_impossible(column, name, labels)
    return matrix


def _place_of_text(data: pd.DataFrame | pd.Series) -> str:
    """Say in which case the first cell is that is no number."""
    table = data.to_frame() if isinstance(data, pd.Series) else data
    is_text = table.apply(pd.to_numeric, errors="coerce").isna() & table.notna()
    places = np.flatnonzero(is_text.any(axis=1))
    return label_of(case_labels(data), int(places[0])) if len(places) else ""


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
    refuse_impossible(vector, name, case_labels(values))
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
        is_labelled = isinstance(values, pd.Series | pd.DataFrame)
        where = _place_of_text(values) if is_labelled else ""  # type: ignore[arg-type]
        raise NotNumericError(f"expected numbers for {name}, found: {error}{where}") from error


def refuse_impossible(
    memberships: NDArray[np.float64], name: str, labels: pd.Index | None = None
) -> None:
    """Raise unless there are cases and every membership is a number in [0, 1].

    The error names the case by its label, or by its number from 1 where cases have none.

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
        missing = np.flatnonzero(np.isnan(memberships))
        raise MissingDataError(
            f"expected a membership of {name} for every case, found {len(missing)} NaN"
            f"{label_of(labels, int(missing[0]))}"
        )
    if lowest < 0 or highest > 1:
        place = int(np.flatnonzero((memberships < 0) | (memberships > 1))[0])
        case = place + 1 if labels is None else labels[place]
        raise MembershipRangeError(
            f"expected memberships of {name} in [0, 1], found {digits(memberships[place])}"
            f" in case {case}"
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
