"""R scripts that reproduce a result from its exported tables, their inputs and what is expected.

What is expected was computed by `qca`. The scripts need R with the QCA package, which cannot be
installed everywhere, so the numbers lie beside them.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from diagnostics.analyses.answers import scores_frame
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.defaults import default_recipe
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult
from diagnostics.analyses.sets import sets_of
from diagnostics.exports.figures import FUNCTION_CODES
from diagnostics.exports.files import csv_file
from diagnostics.exports.r_values import r_value
from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable
from diagnostics.scoring.method import Method, anchor_list
from diagnostics.scoring.results import AssessmentResult, Diagnosis
from diagnostics.scoring.scales import Scales
from qca.calibration import IDM
from qca.calibration.anchors import calibrate_scores
from qca.patterns.leximin import DECIMALS
from qca.patterns.support import pattern_support
from qca.patterns.verdicts import DEFAULT_POLICY, VerdictKind
from survey.release.tables import FUNCTIONS

FOLDER: Final = "reproduce"  # in the ZIP, beside the exported tables
DIGITS: Final = 6  # of expected figures
FEWEST: Final = 10  # persons of one function; fewer are not analysed
Files = dict[str, bytes]  # name within the folder -> content
Names = Mapping[str, str]


def analysis_files(result: AssessmentResult, rows: pd.DataFrame, scales: Scales) -> Files:
    """Return the script that repeats the analysis of each function from the rows, whole."""
    analyses: dict[str, Any] = {}
    found: Files = {}
    for function in FUNCTIONS:
        frame = scores_frame(rows, scales, function)
        if len(frame.dropna()) < FEWEST:
            continue
        recipe = default_recipe(result.method, result.anchors, len(frame))
        analyses[function] = recipe_parameters(recipe) | {
            "function_code": FUNCTION_CODES[function],
            "patterns": _patterns(result.method, function),
        }
        tables = [
            _calibrated(sets_of(frame, recipe).memberships),
            *analysis_tables(analyse(frame, recipe)),
            _pattern_table(frame, result, function),
        ]
        found |= {f"expected/{function}-{one.name}.csv": csv_file(one) for one in tables}
    parameters = _scale_parameters(scales) | {"analyses": analyses}
    return _scripts("analyses.R") | {"parameters.R": _assignment(parameters)} | found


def verdict_files(result: AssessmentResult, scales: Scales, codes: Names) -> Files:
    """Return the script that repeats the units' point verdicts from their item means."""
    method, policy = result.method, DEFAULT_POLICY
    parameters = _scale_parameters(scales) | {
        "elements": method.elements,
        "anchors": {code: result.anchors[code] for code in method.elements},
        "idm": IDM,
        "patterns": {name or "both": _patterns(method, name) for name in ("", *FUNCTIONS)},
        "never_first": tuple(method.never_raised),
        "inside": policy.inside,
        "gap": policy.gap,
        "rounding": 10.0**-DECIMALS,
    }
    return _scripts("verdicts.R") | {
        "parameters.R": _assignment(parameters),
        "expected-verdicts.csv": csv_file(_verdict_table(result, codes)),
    }


def recipe_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe's choices as the script's parameters, named as R's QCA package names them."""
    return {
        "outcome": recipe.outcome.column,
        "conditions": recipe.names,
        "anchors": {rule.column: rule.anchors for rule in recipe.sets},
        "idm": recipe.idm,
        "incl.cut": recipe.inclusion_cuts,
        "pri.cut": recipe.pri_cut,
        "n.cut": recipe.frequency_cut,
        "expectations": tuple(rule.expectation for rule in recipe.conditions),
    }


def analysis_tables(result: AnalysisResult) -> tuple[ExportTable, ExportTable]:
    """Return the truth table and the models of a result."""
    rows = tuple(
        (row.number, row.bits, row.output, row.n, _rounded(row.consistency), _rounded(row.pri))
        for row in result.rows
    )
    models = tuple(
        (
            solution.kind,
            " + ".join(sorted(term.term for term in model.terms)),
            _rounded(model.consistency),
            _rounded(model.pri),
            _rounded(model.coverage),
        )
        for solution in result.solutions
        for model in solution.models
    )
    row_columns = ("row", "configuration", "output", "n", "consistency", "pri")
    return (
        _table("truth-table", row_columns, rows),
        _table("solutions", ("solution", "model", "consistency", "pri", "coverage"), models),
    )


def point_kind(kind: VerdictKind) -> str:
    """Return a verdict's kind as far as it follows from the point scores."""
    told = {
        VerdictKind.ELEMENT_FIRST: "element first",
        VerdictKind.NONE_YET: "none yet",
        VerdictKind.BETWEEN: "between",
    }
    return told.get(kind, "by stability")


def _calibrated(memberships: pd.DataFrame) -> ExportTable:
    rows = tuple(tuple(_rounded(value) for value in row) for row in memberships.to_numpy().tolist())
    return _table("calibrated", tuple(memberships.columns), rows)


def _pattern_table(frame: pd.DataFrame, result: AssessmentResult, function: str) -> ExportTable:
    method = result.method
    names = [*method.elements, method.outcome]
    memberships = calibrate_scores(frame[names].to_numpy(), anchor_list(result.anchors, names))
    found = pattern_support(
        memberships[:, :-1],
        memberships[:, -1],
        patterns=method.pattern_set.qca_patterns(function),
        elements=method.elements,
    )
    rows = tuple(
        (one.pattern, _rounded(one.consistency), _rounded(one.pri), _rounded(one.coverage))
        for one in found
    )
    return _table("patterns", ("pattern", "consistency", "pri", "coverage"), rows)


def _verdict_table(result: AssessmentResult, codes: Names) -> ExportTable:
    rows = []
    for unit in result.units:
        parts = [("", unit.diagnosis)]
        parts += [(one.function, one.diagnosis) for one in unit.functions]
        rows += [
            (codes[unit.unit], FUNCTION_CODES[function], *_point_verdict(diagnosis))
            for function, diagnosis in parts
            if diagnosis is not None and diagnosis.source.is_own
        ]
    columns = ("unit", "function", "kind", "leading", "membership")
    return _table("expected-verdicts", columns, tuple(rows))


def _point_verdict(diagnosis: Diagnosis) -> tuple[Cell, ...]:
    verdict = diagnosis.verdict
    return point_kind(verdict.kind), verdict.leading, _rounded(verdict.membership)


def _patterns(method: Method, function: str) -> dict[str, dict[str, float]]:
    return {
        pattern.code: {code: float(present) for code, present in pattern.required.items()}
        for pattern in method.pattern_set.for_function(function)
    }


def _scale_parameters(scales: Scales) -> dict[str, Any]:
    asked = {function: scales.asked_of(function) for function in FUNCTIONS}
    return {
        "points": scales.points,
        "reversed": tuple(sorted(scales.reversed_items)),
        "scales": {
            code: {
                function: {"items": one.items[code], "needed": one.needed(code)}
                for function, one in asked.items()
            }
            for code, items in scales.items.items()
            if items
        },
    }


def _scripts(*names: str) -> Files:
    folder = files("diagnostics.exports") / "scripts"
    return {name: (folder / name).read_bytes() for name in ("README.txt", "common.R", *names)}


def _assignment(parameters: Mapping[str, Any]) -> bytes:
    lines = [f"    {r_value(name)} = {r_value(entry)}" for name, entry in parameters.items()]
    return ("parameters <- list(\n" + ",\n".join(lines) + "\n)\n").encode("ascii")


def _table(name: str, columns: Sequence[str], rows: tuple[tuple[Cell, ...], ...]) -> ExportTable:
    headings = tuple(ExportColumn(column, column, ColumnKind.TEXT) for column in columns)
    return ExportTable(name, name, headings, rows)


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(value, DIGITS)
