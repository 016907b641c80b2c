"""What a ceiling is drawn in: the corner, the scope, and the cases turned to the upper left."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import (
    NoCasesError,
    NotNumericError,
    OptionError,
    ShapeError,
    UnknownNameError,
)

# Values that differ by at most this part of the smaller one are one value, as in R's NCA.
SAME_VALUE = 1e-6


class Corner(IntEnum):
    """The corner without cases, as R's NCA counts them."""

    UPPER_LEFT = 1  # much of x is necessary for much of y
    UPPER_RIGHT = 2  # little of x for much of y
    LOWER_LEFT = 3  # much of x for little of y
    LOWER_RIGHT = 4  # little of x for little of y

    @property
    def signs(self) -> tuple[int, int]:
        """By what x and y are multiplied so that the corner becomes the upper left one."""
        return 1 if self in (1, 3) else -1, 1 if self in (1, 2) else -1


@dataclass(frozen=True, slots=True)
class Scope:
    """The rectangle of possible values.

    Parameters
    ----------
    x_min, x_max, y_min, y_max : float
        In the units of the data; finite, each minimum at most its maximum.

    Raises
    ------
    OptionError
        A border is not finite, or a minimum is above its maximum.

    Examples
    --------
    >>> Scope(1, 7, 1, 7).area
    36
    """

    x_min: float
    x_max: float
    y_min: float
    y_max: float

    def __post_init__(self) -> None:
        borders = (self.x_min, self.x_max, self.y_min, self.y_max)
        ordered = self.x_min <= self.x_max and self.y_min <= self.y_max
        if not ordered or not all(map(math.isfinite, borders)):
            raise OptionError(f"expected finite borders, lower ones first, found {borders}")

    @property
    def area(self) -> float:
        """Width times height."""
        return (self.x_max - self.x_min) * (self.y_max - self.y_min)

    def with_data(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> "Scope":
        """The scope widened where a case lies outside of it."""
        return Scope(
            min(self.x_min, float(x.min())),
            max(self.x_max, float(x.max())),
            min(self.y_min, float(y.min())),
            max(self.y_max, float(y.max())),
        )

    def turned(self, corner: Corner) -> "Scope":
        """The scope with the corner in the upper left."""
        x, y = corner.signs
        return Scope(
            *sorted((x * self.x_min, x * self.x_max)), *sorted((y * self.y_min, y * self.y_max))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The complete cases of one condition and outcome.

    Parameters
    ----------
    names : tuple
        Of the cases.
    x, y : arrays (cases,)
    corner : Corner
    scope : Scope
        Of the data, or the given one widened by them.
    widened : bool
        Whether a given scope left cases out.
    outcome_scope : tuple of float
        Lowest and highest y of the scope; without a given one also of cases whose x is missing.
    """

    names: tuple[Hashable, ...]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    corner: Corner
    scope: Scope
    widened: bool
    outcome_scope: tuple[float, float]


def read_field(
    data: pd.DataFrame, *, condition: str, outcome: str, corner: int, scope: Scope | None
) -> Field:
    """Read two columns and leave out the cases that miss one of the values.

    Raises
    ------
    OptionError
        There is no such corner.
    ShapeError, UnknownNameError, NotNumericError
        The data are no DataFrame, have no such column once, or hold what is no finite number.
    NoCasesError
        No case has both values.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [1, 2, None], "Y": [3, 4, 9]}, index=["p", "q", "r"])
    >>> field = read_field(data, condition="A", outcome="Y", corner=1, scope=None)
    >>> field.names, field.scope.y_max, field.outcome_scope
    (('p', 'q'), 4.0, (3.0, 9.0))
    """
    if corner not in tuple(Corner):
        raise OptionError(f"expected a corner from 1 to 4, found {corner!r}")
    x, y = number_columns(data, (condition, outcome))
    known = ~(np.isnan(x) | np.isnan(y))
    if not known.any():
        raise NoCasesError(
            f"expected a case with values of {condition} and {outcome}, found none in {len(data)}"
        )
    names = tuple(name for name, there in zip(data.index, known.tolist(), strict=True) if there)
    start = Scope(*[float(x[known][0])] * 2, *[float(y[known][0])] * 2) if scope is None else scope
    wide = start.with_data(x[known], y[known])
    heights = (wide.y_min, wide.y_max)
    if scope is None:
        heights = (float(np.nanmin(y)), float(np.nanmax(y)))
    widened = scope is not None and wide != scope
    return Field(names, x[known], y[known], Corner(corner), wide, widened, heights)


def number_columns(data: pd.DataFrame, names: Sequence[str]) -> list[NDArray[np.float64]]:
    """Columns of numbers; what is missing is NaN.

    Raises
    ------
    ShapeError, UnknownNameError, NotNumericError

    Examples
    --------
    >>> number_columns(pd.DataFrame({"A": ["1", "often"]}, index=["p", "q"]), ["A"])
    Traceback (most recent call last):
    qca.errors.NotNumericError: expected a number for A of case q, found 'often'
    """
    if not isinstance(data, pd.DataFrame):
        raise ShapeError(f"expected a DataFrame of cases, found {type(data).__name__}")
    columns = list(data.columns)
    unknown = [name for name in names if columns.count(name) != 1]
    if unknown:
        there = ", ".join(map(str, columns))
        raise UnknownNameError(f"expected each name once among {there}, found {unknown}")
    found = []
    for name in names:
        numbers = pd.to_numeric(data[name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        wrong = (np.isnan(numbers) & data[name].notna().to_numpy()) | np.isinf(numbers)
        if wrong.any():
            place = int(wrong.argmax())
            raise NotNumericError(
                f"expected a number for {name} of case {data.index[place]},"
                f" found {data[name].tolist()[place]!r}"
            )
        found.append(numbers)
    return found


def merged(values: NDArray[np.float64], *, upwards: bool) -> NDArray[np.float64]:
    """Make one value of those that differ by rounding: the highest of them, or the lowest.

    Examples
    --------
    >>> merged(np.array([3.0, 1.0, 1.0000001]), upwards=True)
    array([3.       , 1.0000001, 1.0000001])
    """
    different, place = np.unique(values, return_inverse=True)
    reach = np.where(different > 0, different * (1 + SAME_VALUE), different / (1 + SAME_VALUE))
    ends = np.searchsorted(different, reach, side="right")
    if (ends == np.arange(1, len(different) + 1)).all():
        return values
    heads = np.empty_like(different)
    start = 0
    while start < len(different):
        end = int(ends[start])
        heads[start:end] = different[end - 1] if upwards else different[start]
        start = end
    return heads[place]
