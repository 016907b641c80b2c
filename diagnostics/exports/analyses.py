"""The files that go with one analysis: tables, recipe and what reproduces it in R."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from diagnostics.analyses.recipes import Recipe
from diagnostics.exports.files import csv_file
from diagnostics.exports.r_values import r_value
from diagnostics.exports.reproduction import DIGITS, FOLDER, Files, recipe_parameters
from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable

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
    memberships: pd.DataFrame | None,
) -> Files:
    """Return name -> content; memberships: of an uploaded matrix, else None."""
    result = document["result"]
    tables = [_necessity(result), *_expected(result)]
    found: Files = {
        "README.txt": README.encode(),
        "recipe.json": _json(document["recipe"]),
        "result.json": _json(document),
        **{f"{one.name}.csv": csv_file(one) for one in tables},
    }
    found[f"{FOLDER}/parameters.R"] = _parameters(recipe)
    if memberships is not None:
        columns = [str(name) for name in memberships.columns]
        # Every digit, as texts: .5000001 belongs to a row and .5 to none.
        rows = [tuple(map(repr, row)) for row in memberships.to_numpy().tolist()]
        found["calibrated.csv"] = csv_file(_table("calibrated", columns, rows))
        found |= {f"{FOLDER}/expected/{one.name}.csv": csv_file(one) for one in tables[1:]}
        scripts = files("diagnostics.exports") / "scripts"
        for name in ("common.R", "analysis.R"):
            found[f"{FOLDER}/{name}"] = (scripts / name).read_bytes()
    return found


def _parameters(recipe: Recipe) -> bytes:
    parameters = recipe_parameters(recipe) | {
        "explained": recipe.outcome_expression,
        "excluded": tuple(str(entry.row) for entry in recipe.excluded),
    }
    if recipe.joint_expectations:
        parameters["expectations"] = str(recipe.expectations)
    lines = [f"    {r_value(name)} = {r_value(entry)}" for name, entry in parameters.items()]
    return ("parameters <- list(\n" + ",\n".join(lines) + "\n)\n").encode()


def _expected(result: Mapping[str, Any]) -> tuple[ExportTable, ExportTable]:
    rows = [
        (row["number"], row["bits"], row["output"], row["n"],
         _rounded(row["consistency"]), _rounded(row["pri"]))
        for row in result["rows"]
    ]  # fmt: skip
    models = [
        (
            solution["kind"],
            " + ".join(sorted(term["term"] for term in model["terms"])),
            *(_rounded(model[key]) for key in ("consistency", "pri", "coverage")),
        )
        for solution in result["solutions"]
        for model in solution["models"]
    ]
    columns = ("row", "configuration", "output", "n", "consistency", "pri")
    return (
        _table("truth-table", columns, rows),
        _table("solutions", ("solution", "model", "consistency", "pri", "coverage"), models),
    )


def _necessity(result: Mapping[str, Any]) -> ExportTable:
    columns = ("outcome", "condition", "consistency", "relevance", "coverage", "verdict")
    rows = [tuple(row[key] for key in columns) for row in result["necessity"]]
    return _table("necessity", columns, rows)


def _table(name: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> ExportTable:
    headings = tuple(ExportColumn(column, column, ColumnKind.TEXT) for column in columns)
    return ExportTable(name, name, headings, tuple(rows))


def _json(content: Any) -> bytes:  # noqa: ANN401
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
