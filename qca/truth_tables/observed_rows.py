"""The truth table rows near which there are cases, with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import OptionError, ShapeError, TooManyConditionsError, UnknownNameError
from qca.inputs import refuse_ambiguous, set_names
from qca.sets.crossover import at_half
from qca.sets.expressions import parse
from qca.sets.memberships import touched_codes
from qca.truth_tables.row_coding import Cuts, near_a_cut
from qca.truth_tables.row_sums import row_sums, row_sums_in_order

Half = Literal["none", "add", "subtract"]
HALF_SHIFT = 0.001  # the customary shift of memberships at exactly .5
COLUMNS = ("output", "n", "consistency", "pri", "cases", "deviant")  # beside the conditions
MOST_CONDITIONS = 20  # 2**20 rows; beyond, next to no row is observed


@dataclass(frozen=True, slots=True, eq=False)
class ObservedRows:
    """Figures of the observed rows, ascending by code.

    Attributes
    ----------
    codes, n : ndarray of int, shape (rows,)
    consistency, pri : ndarray of float, shape (rows,), in [0, 1] or NaN
    case_codes : ndarray of int, shape (cases,)
        Row of each case, -1 at .5 (within 1.49e-8).
    """

    codes: NDArray[np.int64]
    n: NDArray[np.int64]
    consistency: NDArray[np.float64]
    pri: NDArray[np.float64]
    case_codes: NDArray[np.int64]


def condition_names(
    data: pd.DataFrame, outcome: str, conditions: Sequence[str] | None
) -> tuple[str, ...]:
    """The conditions asked for, or all columns that the outcome does not use.

    Raises
    ------
    TooManyConditionsError
        There are none, or more than 20.
    SetNameError
        A name cannot stand in an expression, or is a column of the truth table itself.
    UnknownNameError, DuplicateNameError
        A condition is part of the outcome, stands twice, or differs from another name by case only.
    OptionError, ShapeError
        The conditions are one text, or the data no DataFrame.

    Examples
    --------
    >>> condition_names(pd.DataFrame(columns=["A", "B", "Y"]), "~Y", None)
    ('A', 'B')
    """
    if not isinstance(data, pd.DataFrame):
        raise ShapeError(f"expected a DataFrame of cases, found {type(data).__name__}")
    if isinstance(conditions, str):
        raise OptionError(f"expected a sequence of names, found the text {conditions!r}")
    if isinstance(outcome, str):
        refuse_ambiguous(outcome, data.columns)
    used = parse(outcome).names
    chosen = [c for c in data.columns if c not in used] if conditions is None else conditions
    names = set_names(chosen, reserved=COLUMNS)
    if not 1 <= len(names) <= MOST_CONDITIONS:
        raise TooManyConditionsError(
            f"expected 1 to {MOST_CONDITIONS} conditions, found {len(names)}"
        )
    shared = [name for name in names if name in used]
    if shared:
        raise UnknownNameError(f"expected conditions other than {outcome}, found {shared}")
    set_names((*names, *used), "set")
    return names


def shifted(memberships: NDArray[np.float64], half: Half) -> NDArray[np.float64]:
    """Memberships with those at exactly .5 moved by .001, or untouched.

    Raises
    ------
    OptionError
        `half` is none of "none", "add", "subtract".

    Examples
    --------
    >>> shifted(np.array([[0.5, 0.7]]), "add")
    array([[0.501, 0.7  ]])
    """
    if half not in get_args(Half):
        raise OptionError(f"expected half to be one of {get_args(Half)}, found {half!r}")
    if half == "none":
        return memberships
    shift = HALF_SHIFT if half == "add" else -HALF_SHIFT
    return np.where(at_half(memberships), 0.5 + shift, memberships)


def observed_rows(
    memberships: NDArray[np.float64], outcome: NDArray[np.float64], cuts: Cuts
) -> ObservedRows:
    """Find the rows near which there are cases; count, and sum up, their memberships.

    A case at exactly .5 belongs to no row, but the row it would be in with .5 taken as absent
    gets its figures (and n = 0 if no other case is in it), as in R. As there, a case within
    1.49e-8 of .5 is not named among those of a row, but counts in its n. Rows within rounding of an
    inclusion cut are summed again in the order of the cases.

    Examples
    --------
    >>> x, y = np.array([[0.9], [0.2], [0.5]]), np.array([0.8, 0.3, 0.1])
    >>> rows = observed_rows(x, y, Cuts(0.8))
    >>> rows.codes, rows.n, rows.case_codes
    (array([0, 1]), array([1, 1]), array([ 1,  0, -1]))
    """
    touched = touched_codes(memberships)
    undecided = at_half(memberships).any(axis=1)
    uncounted = (memberships == 0.5).any(axis=1) if undecided.any() else undecided
    codes, places = _distinct(touched, memberships.shape[1])
    n = np.bincount(places[~uncounted], minlength=len(codes)).astype(np.int64)
    sums = row_sums(memberships, outcome, codes)
    consistency, pri = sums.consistency, sums.pri
    near = near_a_cut(consistency, cuts)
    if near.any():
        exact = row_sums_in_order(memberships, outcome, codes[near])
        consistency[near], pri[near] = exact.consistency, exact.pri
    return ObservedRows(codes, n, consistency, pri, np.where(undecided, -1, touched))


def _distinct(touched: NDArray[np.int64], k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct codes, and the place of each case's code among them, by counting (k <= 20)."""
    present = np.bincount(touched, minlength=1 << k) > 0
    return np.flatnonzero(present), (np.cumsum(present) - 1)[touched]
