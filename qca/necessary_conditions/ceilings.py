"""Necessary condition analysis: how much of the scope the cases leave empty above a ceiling."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from qca.necessary_conditions.ceiling_lines import CeilingLines, Layout, ceiling_lines, layout_of
from qca.necessary_conditions.scopes import Field, Scope, read_field

Technique = Literal["ce_fdh", "cr_fdh"]
# A case counts as above the line when it is so by more than this, in units of the outcome.
ABOVE = 1e-7


@dataclass(frozen=True, slots=True)
class Peer:
    """A case on which a ceiling rests.

    Parameters
    ----------
    case : hashable
        Its label in the index of the data.
    x, y : float
        Its values.
    """

    case: Hashable
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One ceiling of one condition; NaN where a figure has no meaning.

    Parameters
    ----------
    technique : str
        "ce_fdh", the steps through the peers, or "cr_fdh", the least squares line through them.
    zone : float
        Area of the scope beyond the ceiling, in units of x times units of y.
    effect_size : float
        d = zone / area of the scope, [0, 1]; NaN where condition or outcome does not vary. Of one
        set of data it differs with the scope: compare d only under the same one.
    slope, intercept : float
        Of the line, in units of the data; NaN for steps and without two different peers.
    cases_above : int
        Cases beyond the line by more than 1e-7.
    accuracy : float
        Percent of the cases that are not above (c-accuracy).
    fit : float
        100 less the difference from the zone of the steps, in percent of that zone; NaN where the
        zone is the larger one, or both are empty.
    complexity : int
        Different peers for steps, 1 for a line.
    condition_inefficiency : float
        Percent of the range of x in which x does not bound y.
    outcome_inefficiency : float
        Percent of the range of y for which no x is needed.
    relative_inefficiency, absolute_inefficiency : float
        Both together, in percent of the scope and in its units.
    """

    technique: Technique
    zone: float
    effect_size: float
    slope: float
    intercept: float
    cases_above: int
    accuracy: float
    fit: float
    complexity: int
    condition_inefficiency: float
    outcome_inefficiency: float
    relative_inefficiency: float
    absolute_inefficiency: float


@dataclass(frozen=True, slots=True)
class CeilingAnalysis:
    """Both ceilings of one condition.

    Parameters
    ----------
    condition, outcome : str
        Columns.
    corner : int
        As in `ceiling_analysis`.
    cases : int
        Cases that have both values.
    scope : Scope
        In which effect sizes are measured.
    widened : bool
        Whether the given scope left cases out, and was widened to hold them.
    peers : tuple of Peer
        From the lowest x to the highest after turning the corner to the upper left; cases that
        share a point are all there.
    ce_fdh, cr_fdh : Ceiling
        Steps and line.
    """

    condition: str
    outcome: str
    corner: int
    cases: int
    scope: Scope
    widened: bool
    peers: tuple[Peer, ...]
    ce_fdh: Ceiling
    cr_fdh: Ceiling


def ceiling_analysis(
    data: pd.DataFrame,
    *,
    condition: str,
    outcome: str,
    corner: int = 1,
    scope: Scope | None = None,
) -> CeilingAnalysis:
    """Measure how far a level of the condition is necessary for a level of the outcome.

    A peer is a case with a higher y than every case at the same or a lower x. CE-FDH is the step
    function through the peers, CR-FDH the least squares line through them, in which cases on one
    point weigh as many times. Effect size d = area of the scope above the ceiling / area of the
    scope. Other corners are turned to the upper left first. O(n log n).

    Parameters
    ----------
    data : DataFrame
        One row a case; any numbers. Cases that miss one of the two values are left out.
    condition, outcome : str
        Columns.
    corner : int
        1: much x is necessary for much y (upper left); 2: little x for much y (upper right);
        3: much x for little y (lower left); 4: little x for little y (lower right).
    scope : Scope, optional
        What values are possible; by default what was observed. Widened where cases lie outside.

    Returns
    -------
    CeilingAnalysis
        Equal to nca_analysis of R's NCA 5.0.1 in everything it tells. With fewer than two different
        peers there is no line: zone and d are 0, slope, fit and inefficiencies NaN.

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
    >>> data = pd.DataFrame({"A": [0.0, 1, 2, 3], "Y": [1.0, 2, 0, 3]}, index=list("pqrs"))
    >>> found = ceiling_analysis(data, condition="A", outcome="Y")
    >>> [peer.case for peer in found.peers], round(found.ce_fdh.effect_size, 3)
    (['p', 'q', 's'], 0.444)
    >>> round(found.cr_fdh.effect_size, 3), round(found.cr_fdh.slope, 3), found.cr_fdh.cases_above
    (0.298, 0.643, 1)

    Source: Dul (2016), Necessary Condition Analysis (NCA), Organizational Research Methods 19,
    10-52; Dul (2020), Conducting Necessary Condition Analysis.
    """
    field = read_field(data, condition=condition, outcome=outcome, corner=corner, scope=scope)
    layout = layout_of(field)
    lines = ceiling_lines(layout)
    steps = _steps(field, layout, lines)
    return CeilingAnalysis(
        condition=condition,
        outcome=outcome,
        corner=int(field.corner),
        cases=len(field.names),
        scope=field.scope,
        widened=field.widened,
        peers=_peers(field, layout, lines),
        ce_fdh=steps,
        cr_fdh=_line(field, layout, lines, steps.zone),
    )


def has_line(lines: CeilingLines) -> bool:
    """Whether two different points are peers of the first order.

    Examples
    --------
    >>> x, y = np.array([0.0, 1.0]), np.array([3.0, 2.0])
    >>> has_line(ceiling_lines(Layout(np.arange(2), np.arange(2), x, y, Scope(0, 1, 2, 3))))
    False
    """
    return bool(np.isfinite(lines.slopes[0]))


def _peers(field: Field, layout: Layout, lines: CeilingLines) -> tuple[Peer, ...]:
    columns = np.searchsorted(layout.starts, np.arange(len(layout.order)), side="right") - 1
    on_top = layout.y[layout.order] == lines.tops[0][columns]
    chosen = layout.order[on_top & (lines.weights[0][columns] > 0)].tolist()
    return tuple(Peer(field.names[c], float(field.x[c]), float(field.y[c])) for c in chosen)


def _steps(field: Field, layout: Layout, lines: CeilingLines) -> Ceiling:
    scope, there = layout.scope, np.flatnonzero(lines.weights[0])
    right, low = np.nan, np.nan
    if has_line(lines):
        right = _share(scope.x_max - layout.x[there[-1]], scope.x_max - scope.x_min)
        low = _share(lines.tops[0][there[0]] - scope.y_min, scope.y_max - scope.y_min)
    return _ceiling("ce_fdh", field, float(lines.step_zones[0]), (right, low), len(there), 100.0)


def _line(field: Field, layout: Layout, lines: CeilingLines, step_zone: float) -> Ceiling:
    zone = float(lines.line_zones[0])
    fit = 100 * _share(zone, step_zone) if zone <= step_zone else np.nan
    if not has_line(lines):
        return _ceiling("cr_fdh", field, zone, (np.nan, np.nan), 1, fit)
    scope, slope, intercept = layout.scope, float(lines.slopes[0]), float(lines.intercepts[0])
    ends = min(max((scope.y_max - intercept) / slope, scope.x_min), scope.x_max)
    starts = min(max(intercept + slope * scope.x_min, scope.y_min), scope.y_max)
    right = _share(scope.x_max - ends, scope.x_max - scope.x_min)
    low = _share(starts - scope.y_min, scope.y_max - scope.y_min)
    x, y = field.corner.signs
    over = y * field.y - (intercept + slope * x * field.x) > ABOVE
    line = (x * y * slope, y * intercept)
    return _ceiling("cr_fdh", field, zone, (right, low), 1, fit, line=line, above=int(over.sum()))


def _ceiling(
    technique: Technique,
    field: Field,
    zone: float,
    inefficiency: tuple[float, float],
    complexity: int,
    fit: float,
    *,
    line: tuple[float, float] = (np.nan, np.nan),
    above: int = 0,
) -> Ceiling:
    of_condition, of_outcome = inefficiency
    both = of_condition + of_outcome - of_condition * of_outcome
    return Ceiling(
        technique=technique,
        zone=zone,
        effect_size=_share(zone, field.scope.area),
        slope=line[0],
        intercept=line[1],
        cases_above=above,
        accuracy=100 * (1 - above / len(field.names)),
        fit=fit,
        complexity=complexity,
        condition_inefficiency=100 * of_condition,
        outcome_inefficiency=100 * of_outcome,
        relative_inefficiency=100 * both,
        absolute_inefficiency=both * field.scope.area,
    )


def _share(part: float, whole: float) -> float:
    return float(part) / whole if whole else np.nan
