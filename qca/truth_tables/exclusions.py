"""Rows of a truth table that are set to 0 by hand or by a rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.errors import OptionError, UnknownNameError
from qca.sets.expression_rows import holds


@dataclass(frozen=True, slots=True)
class ExcludedRow:
    """A row set to 0, and why."""

    code: int
    reason: str


def exclusions(
    excluded: Mapping[int, str] | Iterable[int] | str,
    conditions: Sequence[str],
    coded: NDArray[np.int64],
) -> tuple[ExcludedRow, ...]:
    """Read what a caller excludes as rows with reasons, ascending by code.

    Parameters
    ----------
    excluded : mapping of int to str, iterable of int, or str
        Codes with reasons; codes; or an expression, which stands for all remainders it holds in.
    coded : ndarray of int
        Codes of the rows that are no remainders.

    Raises
    ------
    UnknownNameError
        A code is no row of the table, or a name no condition.
    OptionError
        A code is no whole number.
    ExpressionError
        The text is not well formed.

    Examples
    --------
    >>> exclusions({2: "contradicts necessity"}, ["A", "B"], np.array([0]))
    (ExcludedRow(code=2, reason='contradicts necessity'),)
    >>> [row.code for row in exclusions("A", ["A", "B"], np.array([3]))]
    [2]
    """
    if isinstance(excluded, str):
        codes = np.arange(1 << len(conditions))
        matching = codes[holds(excluded, conditions, codes)]
        reasons = dict.fromkeys(np.setdiff1d(matching, coded).tolist(), f"remainder of {excluded}")
    elif isinstance(excluded, Mapping):
        reasons = dict(zip(_whole(excluded), excluded.values(), strict=True))
    else:
        reasons = dict.fromkeys(_whole(excluded), "by hand")
    outside = [code for code in reasons if not 0 <= code < 1 << len(conditions)]
    if outside:
        raise UnknownNameError(
            f"expected row codes from 0 to {(1 << len(conditions)) - 1}, found {outside}"
        )
    return tuple(ExcludedRow(code, reasons[code]) for code in sorted(reasons))


def _whole(codes: Iterable[int]) -> list[int]:
    given = list(codes)
    strangers = [code for code in given if isinstance(code, str) or code != int(code)]
    if strangers:
        raise OptionError(f"expected whole numbers as row codes, found {strangers}")
    return [int(code) for code in given]
