"""In which truth table rows an expression is true."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qca.errors import UnknownNameError
from qca.inputs import set_names
from qca.sets.expressions import Expression, Term, as_expression


def holds(
    expression: Expression | str, conditions: Sequence[str], codes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether an expression is true in truth table rows (crisp corners).

    Parameters
    ----------
    expression : Expression or str
    conditions : sequence of str
        Conditions of the table; the first is the most significant bit of a code.
    codes : ndarray of int, shape (rows,)
        Row codes from 0.

    Returns
    -------
    ndarray of bool, shape (rows,)

    Raises
    ------
    ExpressionError, UnknownNameError, SetNameError, DuplicateNameError

    Examples
    --------
    >>> holds("A*~B", ["A", "B"], np.arange(4))
    array([False, False,  True, False])

    References
    ----------
    Ragin (1987), The Comparative Method, on truth tables.
    """
    parsed, codes = as_expression(expression), np.asarray(codes, dtype=np.int64)
    set_names(conditions)
    shift = {name: len(conditions) - 1 - place for place, name in enumerate(conditions)}
    unknown = [name for name in parsed.names if name not in shift]
    if unknown:
        raise UnknownNameError(f"expected names among {', '.join(conditions)}, found {unknown}")
    result = np.zeros(len(codes), dtype=bool)
    for mask, values in (_bits(term, shift) for term in parsed.terms):
        if values is not None:
            result |= (codes & mask) == values
    return result


def _bits(term: Term, shift: Mapping[str, int]) -> tuple[int, int | None]:
    if any(~literal in term for literal in term):
        return 0, None
    mask = sum(1 << shift[literal.name] for literal in term)
    return mask, sum(1 << shift[literal.name] for literal in term if literal.present)
