"""Bottleneck table: which level of each condition every level of the outcome asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import OptionError
from qca.inputs import unique_names
from qca.necessary_conditions.ceiling_lines import CeilingLines, Layout, ceiling_lines, layout_of
from qca.necessary_conditions.ceilings import Technique, has_line
from qca.necessary_conditions.scopes import Field, Scope, number_columns, read_field

Unit = Literal["percentage_range", "actual", "percentile"]
STEPS = 10
NOT_NECESSARY, NOT_AVAILABLE = "NN", "NA"
# A peer reaches a level when it is below it by no more than this, in units of the outcome.
REACHED = 1e-10
SHOWN_AS_ZERO = 1e-3  # R's table prints numbers up to this one as 0


@dataclass(frozen=True, slots=True, eq=False)
class BottleneckTable:
    """What each level of the outcome asks of each condition.

    Parameters
    ----------
    technique : str
        "ce_fdh" or "cr_fdh".
    unit : str
        In which levels and requirements are printed.
    levels : array (levels,)
        Of the outcome, in the unit. For corners 3 and 4 outcomes go from high to low, and a
        percentage of the range is the share of the way down.
    outcomes : array (levels,)
        The same in units of the outcome.
    required : mapping of str to array (levels,)
        For each condition the x that the ceiling asks for, in units of the condition; -inf where
        none is necessary (inf for corners 2 and 4), NaN where no possible x is enough.
    printed : mapping of str to tuple of str
        As R prints it: percent with one decimal, values with three, NN not necessary, NA not
        available.
    """

    technique: Technique
    unit: Unit
    levels: NDArray[np.float64]
    outcomes: NDArray[np.float64]
    required: Mapping[str, NDArray[np.float64]]
    printed: Mapping[str, tuple[str, ...]]

    def to_frame(self) -> pd.DataFrame:
        """The printed table: a row a level, a column a condition."""
        return pd.DataFrame(dict(self.printed), index=pd.Index(self.levels, name="outcome"))


def bottleneck_table(
    data: pd.DataFrame,
    *,
    conditions: Sequence[str],
    outcome: str,
    technique: Technique = "ce_fdh",
    corner: int = 1,
    scope: Scope | None = None,
    steps: int = STEPS,
    unit: Unit = "percentage_range",
    cutoff: int = 0,
) -> BottleneckTable:
    """Read from the ceilings which x is necessary for each of evenly spaced levels of y.

    CE-FDH: x of the first peer whose y reaches the level. CR-FDH: (y - intercept) / slope. An x at
    or below the lowest of the scope is not necessary (NN), one above the highest not available
    (NA). Percentage of the range: 100 (v - min) / (max - min) of the scope.

    Parameters
    ----------
    data : DataFrame
        As in `ceiling_analysis`.
    conditions : sequence of str
        Columns, each with its own ceiling over its own complete cases.
    outcome, corner, scope
        As in `ceiling_analysis`.
    technique : {"ce_fdh", "cr_fdh"}
    steps : int
        At least 1; gives one level more.
    unit : {"percentage_range", "actual", "percentile"}
        Percentile: levels are percentiles of the outcome, requirements the percent of complete
        cases whose x is at most the required one.
    cutoff : {0, 1, 2}
        0 prints NN and NA, 1 the highest x in place of NA, 2 what the line gives beyond it.

    Returns
    -------
    BottleneckTable
        Printed as R's NCA 5.0.1 does, its oddities included: for corners 2 and 4 CE-FDH prints
        the highest x where none is necessary, and NA where the lowest one is asked for. Without a
        given scope levels run over every observed outcome, also of cases whose x is missing.
        Percentiles are our own reading; they were held against no other program.

    Raises
    ------
    OptionError
        Technique, unit, cutoff, steps or corner are not offered.
    DuplicateNameError
        A condition stands twice.
    ShapeError, UnknownNameError, NotNumericError, NoCasesError
        As in `ceiling_analysis`.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.0, 1, 2, 3], "Y": [1.0, 2, 0, 3]})
    >>> bottleneck_table(data, conditions=["A"], outcome="Y", steps=4).to_frame().T
    outcome 0.0   25.0  50.0   75.0   100.0
    A          NN    NN  33.3  100.0  100.0

    Source: Dul (2016), Necessary Condition Analysis (NCA), Organizational Research Methods 19,
    10-52; R NCA.
    """
    for given, offered in ((technique, get_args(Technique)), (unit, get_args(Unit))):
        if given not in offered:
            raise OptionError(f"expected one of {offered}, found {given!r}")
    if cutoff not in (0, 1, 2) or steps < 1:
        raise OptionError(f"expected a cutoff of 0 to 2 and steps, found {cutoff} and {steps}")
    names = unique_names(conditions)
    if not names:
        raise OptionError("expected at least one condition, found none")
    fields = {
        name: read_field(data, condition=name, outcome=outcome, corner=corner, scope=scope)
        for name in names
    }
    levels, outcomes = _levels(data, outcome, tuple(fields.values()), steps, unit)
    required = {name: _required(f, outcomes, technique, cutoff) for name, f in fields.items()}
    printed = {name: _printed(fields[name], needed, unit) for name, needed in required.items()}
    return BottleneckTable(technique, unit, levels, outcomes, required, printed)


def _levels(
    data: pd.DataFrame, outcome: str, fields: tuple[Field, ...], steps: int, unit: Unit
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Levels in the unit and in units of the outcome, the least demanding first."""
    shares = np.linspace(0, 1, steps + 1)
    upwards = fields[0].corner.signs[1] > 0
    along = shares if upwards else 1 - shares
    if unit == "percentile":
        (observed,) = number_columns(data, [outcome])
        return 100 * shares, np.quantile(observed[~np.isnan(observed)], along)
    low = min(field.outcome_scope[0] for field in fields)
    high = max(field.outcome_scope[1] for field in fields)
    outcomes = low + along * (high - low)
    if unit == "percentage_range":
        return 100 * shares, outcomes
    outcomes = outcomes if high > low else outcomes[:1]
    return outcomes, outcomes


def _required(
    field: Field, outcomes: NDArray[np.float64], technique: Technique, cutoff: int
) -> NDArray[np.float64]:
    """The x that each outcome asks for, with the marks of what is not necessary or available."""
    x_sign, y_sign = field.corner.signs
    layout = layout_of(field)
    read = _from_steps if technique == "ce_fdh" else _from_line
    x = x_sign * read(layout, ceiling_lines(layout), y_sign * outcomes)
    scope = field.scope
    if x_sign > 0:
        nothing, too_much, highest = x <= scope.x_min, x > scope.x_max, scope.x_max
    else:
        nothing, too_much, highest = x > scope.x_max, x <= scope.x_min, scope.x_min
    if cutoff < 2:
        x[np.isnan(x) | too_much] = np.nan if cutoff == 0 else highest
    x[nothing] = -x_sign * np.inf
    return x


def _from_steps(
    layout: Layout, lines: CeilingLines, outcomes: NDArray[np.float64]
) -> NDArray[np.float64]:
    peers = np.flatnonzero(lines.weights[0])
    first = np.searchsorted(lines.tops[0][peers], outcomes - REACHED)
    return np.append(layout.x[peers], np.nan)[first]


def _from_line(
    layout: Layout, lines: CeilingLines, outcomes: NDArray[np.float64]
) -> NDArray[np.float64]:
    if not has_line(lines):
        return np.full(len(outcomes), -np.inf)
    return np.asarray((outcomes - lines.intercepts[0]) / lines.slopes[0])


def _printed(field: Field, required: NDArray[np.float64], unit: Unit) -> tuple[str, ...]:
    scope = field.scope
    if unit == "actual":
        shown, places = required, 3
    elif unit == "percentile":
        reached = field.x <= required[:, np.newaxis] + REACHED
        shown, places = 100 * reached.mean(axis=1), 1
    else:
        with np.errstate(invalid="ignore"):
            shown = 100 * (required - scope.x_min) / np.float64(scope.x_max - scope.x_min)
        places = 1
    return tuple(
        _mark(x) or f"{value if abs(value) > SHOWN_AS_ZERO else 0.0:.{places}f}"
        for x, value in zip(required.tolist(), shown.tolist(), strict=True)
    )


def _mark(required: float) -> str:
    if np.isnan(required):
        return NOT_AVAILABLE
    return NOT_NECESSARY if np.isinf(required) else ""
