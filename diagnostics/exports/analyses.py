"""The files that go with one analysis: tables, recipe and what reproduces it in R."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from diagnostics.analyses.recipes import Calibration, Recipe
from diagnostics.analyses.sets import sets_of
from diagnostics.exports.expected import (
    expected_tables,
    necessity_table,
    solution_table,
    text_table,
    truth_table,
)
from diagnostics.exports.files import csv_file
from diagnostics.exports.r_values import r_parameters
from diagnostics.exports.recipe_parameters import recipe_parameters
from diagnostics.exports.reproduction import FOLDER, Files, scripts
from diagnostics.exports.tables import ExportTable

README: Final = """\
recipe.json      every choice of the analysis
result.json      everything that it found, and its checks, with every digit
*.csv            the same as tables
appendix.pdf     the same to read
reproduce/       the choices as R reads them; for an uploaded matrix also the script

Of a campaign no case is listed, and one to four cases are told as "fewer than 5". Its analyses are
repeated from the file of answers, whose own folder holds the script.
"""


def analysis_files(
    recipe: Recipe,
    document: Mapping[str, Any],
    cases: pd.DataFrame | None,
) -> Files:
    """Return name -> content; cases: of an uploaded matrix, else None."""
    result = document["result"]
    tables = (necessity_table(result), truth_table(result), solution_table(result))
    found: Files = {
        "README.txt": README.encode(),
        "recipe.json": _json(document["recipe"]),
        "result.json": _json(document),
        **{f"{one.name}.csv": csv_file(one) for one in tables},
    }
    parameters = recipe_parameters(recipe, result["solutions"]) | {
        "calibration": tuple(_calibration(one) for one in result["sets"])
    }
    found[f"{FOLDER}/parameters.R"] = r_parameters(parameters)
    if cases is not None:
        used = cases[[rule.column for rule in recipe.sets]]
        found["calibrated.csv"] = csv_file(_exact("calibrated", sets_of(cases, recipe).memberships))
        found[f"{FOLDER}/cases.csv"] = csv_file(_exact("cases", used))
        expected = expected_tables(result)
        found |= {f"{FOLDER}/expected/{one.name}.csv": csv_file(one) for one in expected}
        found |= {f"{FOLDER}/{name}": text for name, text in scripts("analysis.R").items()}
    return found


def _calibration(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a set came about; percentiles were looked up, so that they are anchors too."""
    method, anchors = described["method"], tuple(described["anchors"] or ())
    if method == Calibration.DIRECT and not anchors:
        return {"method": "memberships"}
    if method in {Calibration.DIRECT, Calibration.PERCENTILE}:
        return {"method": "direct", "anchors": anchors}
    return {"method": str(method)}


def _exact(name: str, values: pd.DataFrame) -> ExportTable:
    """Return numbers with every digit: .5000001 belongs to a row and .5 to none."""
    rows = [
        tuple(None if value != value else value for value in row)
        for row in values.to_numpy(dtype="float64").tolist()
    ]
    return text_table(name, [str(column) for column in values.columns], rows)


def _json(content: Any) -> bytes:  # noqa: ANN401
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
