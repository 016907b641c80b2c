"""R scripts that reproduce a result from its exported tables, their inputs and what is expected.

What is expected was computed by `qca`. The scripts need R with the QCA package, which cannot be
installed everywhere, so the numbers lie beside them.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.analyses.answers import scores_frame
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.defaults import default_recipe
from diagnostics.analyses.sets import sets_of
from diagnostics.exports.expected import FIT, expected_tables, rounded, text_table
from diagnostics.exports.figures import FUNCTION_CODES, SMALL
from diagnostics.exports.files import csv_file
from diagnostics.exports.r_values import r_parameters
from diagnostics.exports.recipe_parameters import recipe_parameters
from diagnostics.exports.tables import Cell, ExportTable
from diagnostics.scoring.method import Method, anchor_list
from diagnostics.scoring.results import AssessmentResult, Diagnosis
from diagnostics.scoring.scales import Scales
from qca.calibration import IDM
from qca.calibration.anchors import calibrate_scores
from qca.evidence.chance import consistency_lift
from qca.patterns.leximin import DECIMALS
from qca.patterns.named_patterns import pattern_memberships
from qca.patterns.support import pattern_support
from qca.patterns.verdicts import DEFAULT_POLICY, VerdictKind
from survey.documents.plain_values import to_document
from survey.release.tables import FUNCTIONS

FOLDER: Final = "reproduce"  # in the ZIP, beside the exported tables
FEWEST: Final = 10  # persons of one function; fewer are not analysed
PARTS: Final = {
    "analyses.R": ("common.R", "truth_tables.R", "solutions.R"),
    "analysis.R": ("common.R", "truth_tables.R", "solutions.R"),
    "verdicts.R": ("common.R",),
}
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
        document = to_document(analyse(frame, recipe))
        analyses[function] = recipe_parameters(recipe, document["solutions"]) | {
            "function_code": FUNCTION_CODES[function],
            "patterns": _patterns(result.method, function),
        }
        tables = [
            _calibrated(sets_of(frame, recipe).memberships),
            *expected_tables(document),
            _pattern_table(frame, result, function),
        ]
        found |= {f"expected/{function}-{one.name}.csv": csv_file(one) for one in tables}
    parameters = _scale_parameters(scales) | {"analyses": analyses}
    return scripts("analyses.R") | {"parameters.R": r_parameters(parameters)} | found


def verdict_files(result: AssessmentResult, codes: Names) -> Files:
    """Return the script that repeats the units' point verdicts from their scores."""
    method, policy = result.method, DEFAULT_POLICY
    parameters = {
        "elements": method.elements,
        "anchors": {code: result.anchors[code] for code in method.elements},
        "idm": IDM,
        "patterns": {name or "both": _patterns(method, name) for name in ("", *FUNCTIONS)},
        "never_first": tuple(method.never_raised),
        "inside": policy.inside,
        "gap": policy.gap,
        "rounding": 10.0**-DECIMALS,
    }
    return scripts("verdicts.R") | {
        "parameters.R": r_parameters(parameters),
        "expected-verdicts.csv": csv_file(_verdict_table(result, codes)),
    }


def point_kind(kind: VerdictKind) -> str:
    """Return a verdict's kind as far as it follows from the point scores."""
    told = {
        VerdictKind.ELEMENT_FIRST: "element first",
        VerdictKind.NONE_YET: "none yet",
        VerdictKind.BETWEEN: "between",
    }
    return told.get(kind, "by stability")


def scripts(name: str) -> Files:
    """Return a script with the explanation, and with those that it reads."""
    folder = files("diagnostics.exports") / "scripts"
    return {part: (folder / part).read_bytes() for part in ("README.txt", *PARTS[name], name)}


def _calibrated(memberships: pd.DataFrame) -> ExportTable:
    rows = tuple(tuple(rounded(value) for value in row) for row in memberships.to_numpy().tolist())
    return text_table("calibrated", tuple(memberships.columns), rows)


def _pattern_table(frame: pd.DataFrame, result: AssessmentResult, function: str) -> ExportTable:
    method = result.method
    names = [*method.elements, method.outcome]
    memberships = calibrate_scores(frame[names].to_numpy(), anchor_list(result.anchors, names))
    patterns, y = method.pattern_set.qca_patterns(function), memberships[:, -1]
    found = pattern_support(memberships[:, :-1], y, patterns=patterns, elements=method.elements)
    x = pattern_memberships(memberships[:, :-1], patterns=patterns, elements=method.elements)
    rows = tuple(
        (
            one.pattern,
            *(rounded(getattr(one, name)) for name in FIT),
            rounded(_by_chance(column, y)),
            one.cases,
            one.respondents,
        )
        for one, column in zip(found, x.T, strict=True)
    )
    return text_table("patterns", ("pattern", *FIT, "expected", "cases", "respondents"), rows)


def _by_chance(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    """The consistency with the outcomes dealt out at random; p needs permutations, R has others."""
    known = ~(np.isnan(x) | np.isnan(y))
    return consistency_lift(x[known], y[known]).expected if known.any() else None


def _verdict_table(result: AssessmentResult, codes: Names) -> ExportTable:
    rows = []
    for unit in result.units:
        parts = [("", unit.diagnosis)]
        parts += [(one.function, one.diagnosis) for one in unit.functions]
        rows += [
            (codes[unit.unit], FUNCTION_CODES[function], *_point_verdict(diagnosis))
            for function, diagnosis in parts
            if diagnosis is not None and diagnosis.source.is_own and has_exact_scores(diagnosis)
        ]
    columns = ("unit", "function", "kind", "leading", "membership")
    return text_table("expected-verdicts", columns, tuple(rows))


def has_exact_scores(diagnosis: Diagnosis) -> bool:
    """Whether the exported scores are those of the verdict; of fewer than ten they are tenths."""
    return all(score.band != SMALL for score in diagnosis.scores)


def _point_verdict(diagnosis: Diagnosis) -> tuple[Cell, ...]:
    verdict = diagnosis.verdict
    return point_kind(verdict.kind), verdict.leading, rounded(verdict.membership)


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
