"""Set coincidence: how far sets overlap."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import NoCasesError, ShapeError
from qca.inputs import as_numbers, refuse_impossible
from qca.messages import case_labels


def set_coincidence(*sets: ArrayLike) -> float:
    """Degree to which sets overlap: sum(min) / sum(max) over cases.

    Parameters
    ----------
    *sets : arrays (cases,)
        Two or more columns of memberships in [0, 1]; cases with a NaN are left out.

    Returns
    -------
    float
        In [0, 1]; NaN where no case is in any set.

    Raises
    ------
    ShapeError
        There are fewer than two sets, or they differ in length.
    NotNumericError, MembershipRangeError
        A membership is no number, or outside [0, 1].

    Examples
    --------
    >>> set_coincidence([0.2, 0.8], [0.4, 0.6])
    0.6666666666666666

    Source: Ragin (2008), Redesigning Social Inquiry; fs/QCA 3.0 manual.
    """
    columns = [as_numbers(one, "the sets") for one in sets]
    shapes = {column.shape for column in columns}
    if len(columns) < 2 or len(shapes) != 1 or len(columns[0].shape) != 1:
        raise ShapeError(f"expected two or more sets of one length, found shapes {sorted(shapes)}")
    table = np.stack(columns)
    is_complete = ~np.isnan(table).any(axis=0)
    labels = next(filter(lambda one: one is not None, map(case_labels, sets)), None)
    table = table[:, is_complete]
    for row in table if table.size else ():
        refuse_impossible(
            row, "the sets", None if labels is None else labels[np.flatnonzero(is_complete)]
        )
    union = table.max(axis=0).sum()
    return float(table.min(axis=0).sum() / union) if union > 0 else float("nan")


def coincidence_matrix(rows: ArrayLike, columns: ArrayLike) -> NDArray[np.float64]:
    """Set coincidence of every set of one group with every set of another.

    Parameters
    ----------
    rows, columns : arrays (cases, sets)
        Memberships in [0, 1] of the same cases; a case with a NaN in any set is left out.

    Returns
    -------
    array (sets of rows, sets of columns)
        NaN where no case is in either set.

    Raises
    ------
    ShapeError
        The groups are not tables over the same cases.
    NoCasesError
        No case is complete.

    Examples
    --------
    >>> coincidence_matrix([[0.2], [0.8]], [[0.4, 0.2], [0.6, 0.8]]).round(3)
    array([[0.667, 1.   ]])
    """
    left, right = (np.asarray(group, dtype=np.float64) for group in (rows, columns))
    if left.ndim != 2 or right.ndim != 2 or len(left) != len(right):
        raise ShapeError(
            f"expected two tables over the same cases, found {left.shape} and {right.shape}"
        )
    complete = ~(np.isnan(left).any(axis=1) | np.isnan(right).any(axis=1))
    if not complete.any():
        raise NoCasesError(f"expected a complete case, found none among {len(left)}")
    left, right = left[complete], right[complete]
    shape = (left.shape[1], right.shape[1])
    both = np.empty(shape)
    either = np.empty(shape)
    for row, column in np.ndindex(shape):
        both[row, column] = np.minimum(left[:, row], right[:, column]).sum()
        either[row, column] = np.maximum(left[:, row], right[:, column]).sum()
    return np.divide(both, either, out=np.full(shape, np.nan), where=either > 0)
