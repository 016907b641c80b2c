"""Sensitivity ranges: how far a cut-off or an anchor may move before the solution changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.calibration.anchors import Anchors
from qca.calibration.bell import calibrate_bell
from qca.calibration.bell_anchors import BellAnchors
from qca.calibration.direct import calibrate_direct
from qca.errors import AnchorError, NoPositiveRowError, OptionError, UnknownNameError
from qca.minimisation.analysis_rule import AnalysisRule
from qca.minimisation.row_solver import Models, RowSolver
from qca.sets.crossover import TOLERANCE
from qca.truth_tables.row_coding import Cuts, code_rows
from qca.truth_tables.truth_table import TruthTable

CutName = Literal["inclusion", "pri"]


@dataclass(frozen=True, slots=True)
class SensitivityRange:
    """Values of one parameter around its own between which the models stay the same.

    Parameters
    ----------
    parameter : str
        Such as "inclusion", "frequency" or "A crossover".
    value : float
        The one in use.
    lower, upper : float
        Ends of the unbroken range. For inclusion and PRI the lower end itself is outside, since
        at it one more row passes; all other ends are inside.
    changes_below, changes_above : bool
        Whether the solution was seen to change there; False where the search ended first.
    """

    parameter: str
    value: float
    lower: float
    upper: float
    changes_below: bool
    changes_above: bool


def solve_cuts(table: TruthTable, cuts: Sequence[Cuts], solver: RowSolver) -> tuple[Models, ...]:
    """Solve one truth table under many cut-offs; its sums are not computed again.

    Parameters
    ----------
    table : TruthTable
        Its own cuts do not matter; rows excluded by hand stay negative.
    cuts : sequence of Cuts
    solver : RowSolver
        Over the same conditions; it says whether contradictory rows are included.

    Returns
    -------
    tuple of models
        One entry a setting; empty models where no row is positive.

    Examples
    --------
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1], "B": [0.2, 0.9, 0.7], "Y": [0.7, 0.9, 0.2]})
    >>> found = solve_cuts(truth_table(data, outcome="Y"), [Cuts(0.8), Cuts(0.95)], RowSolver(2))
    >>> [sorted(map(sorted, models)) for models in found]
    [[[(2, 2)]], [[(3, 3)]]]

    References
    ----------
    Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    excluded = np.isin(table.codes, [row.code for row in table.excluded])
    found = []
    for cut in cuts:
        coded = np.where(
            table.n >= max(cut.frequency, 1), code_rows(table.consistency, table.pri, cut), "?"
        )
        coded[excluded] = "0"
        found.append(solver.models(*(table.codes[coded == code] for code in ("1", "0", "C"))))
    return tuple(found)


def cut_range(
    data: pd.DataFrame, rule: AnalysisRule, cut: CutName = "inclusion"
) -> SensitivityRange:
    """Find the exact range of the inclusion or the PRI cut in which the models stay.

    The models change only where a cut passes the figure of a row, so it is enough to solve once
    between every two neighbouring figures.

    Parameters
    ----------
    data : DataFrame (cases, sets), in [0, 1]
    rule : AnalysisRule
        Of two inclusion cuts, the first is moved.
    cut : "inclusion" or "pri"

    Returns
    -------
    SensitivityRange
        (lower, upper], within [0, 1]; from the second inclusion cut on where there is one.

    Raises
    ------
    OptionError
        The cut is neither of the two.
    NoPositiveRowError
        There is no solution to hold against.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1], "B": [0.2, 0.9, 0.7], "Y": [0.7, 0.9, 0.2]})
    >>> found = cut_range(data, AnalysisRule("Y", ("A", "B"), Cuts(0.8)))
    >>> round(found.lower, 3), found.value, round(found.upper, 3)
    (0.5, 0.8, 0.9)

    Source: Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    if cut not in ("inclusion", "pri"):
        raise OptionError(f"expected the inclusion or the pri cut, found {cut!r}")
    table, solver = rule.table(data), rule.solver()
    value = rule.cuts.upper if cut == "inclusion" else rule.cuts.pri
    two = cut == "inclusion" and isinstance(rule.cuts.inclusion, tuple)
    floor = rule.cuts.lower if two else 0.0
    figures = table.consistency if cut == "inclusion" else table.pri
    frequent = figures[(table.n >= rule.cuts.frequency) & (figures > floor)]
    # Figures nearer than the tolerance of a cut pass it together.
    ends = np.unique(np.append(np.minimum(frequent, 1), 1.0))
    ends = ends[np.append(np.diff(ends) > 2 * TOLERANCE, True)]

    def models_at(place: int) -> Models:
        end = float(ends[place])
        if cut == "pri":
            changed = replace(rule.cuts, pri=end)
        else:
            changed = replace(rule.cuts, inclusion=(end, floor) if two else end)
        return solve_cuts(table, [changed], solver)[0]

    start = int(np.searchsorted(ends, value - TOLERANCE))
    low, high = _unbroken(models_at, start, (0, len(ends) - 1))
    return SensitivityRange(
        parameter=cut,
        value=value,
        lower=float(ends[low - 1]) if low else floor,
        upper=float(ends[high]),
        changes_below=low > 0,
        changes_above=high < len(ends) - 1,
    )


def frequency_range(data: pd.DataFrame, rule: AnalysisRule) -> SensitivityRange:
    """Find the range of the frequency cut in which the models stay.

    Parameters
    ----------
    data : DataFrame (cases, sets), in [0, 1]
    rule : AnalysisRule

    Returns
    -------
    SensitivityRange
        [lower, upper] in whole cases, from 1 to the most frequent row.

    Raises
    ------
    NoPositiveRowError
        There is no solution to hold against.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1], "Y": [0.8, 0.9, 0.2]})
    >>> found = frequency_range(data, AnalysisRule("Y", ("A",), Cuts(0.8)))
    >>> found.lower, found.upper, found.changes_above
    (1.0, 1.0, True)

    References
    ----------
    Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    table, solver = rule.table(data), rule.solver()
    limits = 1, int(table.n.max())

    def models_at(frequency: int) -> Models:
        return solve_cuts(table, [replace(rule.cuts, frequency=frequency)], solver)[0]

    low, high = _unbroken(models_at, rule.cuts.frequency, limits)
    return SensitivityRange(
        "frequency", rule.cuts.frequency, float(low), float(high), low > 1, high < limits[1]
    )


def anchor_ranges(
    data: pd.DataFrame,
    scores: pd.DataFrame,
    anchors: Mapping[str, Anchors | BellAnchors],
    rule: AnalysisRule,
    *,
    step: float = 0.1,
    steps: int = 20,
) -> tuple[SensitivityRange, ...]:
    """Find, step by step, the range of every anchor in which the models stay.

    For columns calibrated by the direct method with three anchors, and for bells and valleys with
    six.

    Parameters
    ----------
    data : DataFrame (cases, sets), in [0, 1]
        Columns that are not in `anchors` are used as they are.
    scores : DataFrame (cases, sets)
        Raw scores of the columns in `anchors`, same index.
    anchors : mapping of str to Anchors or BellAnchors
        The anchors in use.
    rule : AnalysisRule
    step : float
        Points of the scale, > 0.
    steps : int
        Most steps each way, at least 1.

    Returns
    -------
    tuple of SensitivityRange
        Three a column: full_out, crossover, full_in; or six: out1, crossover1, in1, in2,
        crossover2, out2. A range ends unchanged where the anchor would pass its neighbour.

    Raises
    ------
    OptionError
        Step or steps are not positive.
    UnknownNameError
        A column of `anchors` is missing.
    NoPositiveRowError
        There is no solution to hold against.

    Examples
    --------
    >>> scores = pd.DataFrame({"A": [6.0, 5.0, 2.0, 4.5]})
    >>> data = pd.DataFrame({"Y": [0.9, 0.8, 0.2, 0.7]})
    >>> rule = AnalysisRule("Y", ("A",), Cuts(0.8))
    >>> ranges = anchor_ranges(data, scores, {"A": Anchors(2, 4, 6)}, rule, step=0.25)
    >>> [(r.parameter, r.lower, r.upper) for r in ranges][1]
    ('A crossover', 2.25, 5.75)

    Source: Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    if not step > 0 or steps < 1:
        raise OptionError(f"expected a positive step and steps, found {step} and {steps}")
    strangers = [name for name in anchors if name not in scores.columns]
    if strangers:
        raise UnknownNameError(f"expected columns among {list(scores)}, found {strangers}")
    solver = rule.solver()
    base = data.assign(**{name: _calibrated(scores[name], a) for name, a in anchors.items()})

    def range_of(name: str, anchor: str) -> SensitivityRange:
        def models_at(place: int) -> Models | None:
            try:
                moved = anchors[name].shifted(anchor=anchor, by=place * step)
            except AnchorError:
                return None
            return rule.models(base.assign(**{name: _calibrated(scores[name], moved)}), solver)

        low, high = _unbroken(models_at, 0, (-steps, steps))
        value = getattr(anchors[name], anchor)
        return SensitivityRange(
            parameter=f"{name} {anchor}",
            value=value,
            lower=round(value + low * step, 10),  # 4.1 + 18 * .1 is 5.8999...
            upper=round(value + high * step, 10),
            changes_below=low > -steps and models_at(low - 1) is not None,
            changes_above=high < steps and models_at(high + 1) is not None,
        )

    return tuple(range_of(name, anchor) for name in anchors for anchor in anchors[name].names)


def _calibrated(scores: pd.Series, anchors: Anchors | BellAnchors) -> NDArray[np.float64]:
    points = [getattr(anchors, name) for name in anchors.names]
    if isinstance(anchors, BellAnchors):
        return calibrate_bell(scores, points, below=anchors.below, above=anchors.above)
    return calibrate_direct(scores, points, idm=anchors.idm)


def _unbroken(
    models_at: Callable[[int], Models | None], start: int, limits: tuple[int, int]
) -> tuple[int, int]:
    """Widest run of whole numbers around the start, within limits, with the same models."""
    models = models_at(start)
    if not models:
        raise NoPositiveRowError("expected a solution to hold against, found no positive row")
    low = high = start
    while low > limits[0] and models_at(low - 1) == models:
        low -= 1
    while high < limits[1] and models_at(high + 1) == models:
        high += 1
    return low, high
