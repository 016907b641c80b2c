"""What a script for R is to find again: every figure recorded of an analysis, as tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable

DIGITS: Final = 6  # of expected figures
FIT: Final = ("consistency", "pri", "coverage")
ROW: Final = ("row", "configuration", "output", "n", "consistency", "pri")
NECESSITY: Final = ("outcome", "condition", "consistency", "relevance", "coverage", "verdict")


def expected_tables(result: Mapping[str, Any]) -> tuple[ExportTable, ...]:
    """Return all tables of a result, which is given as a document."""
    return (
        counts_table(result),
        truth_table(result),
        solution_table(result),
        _term_table(result),
        necessity_table(result, digits=DIGITS),
    )


def counts_table(result: Mapping[str, Any]) -> ExportTable:
    """Return how many cases there are of each sort, and how many models of each solution."""
    models = [(f"{one['kind']} models", one["model_count"]) for one in result["solutions"]]
    cases = (
        ("cases", result["cases"]),
        ("left out", len(result["left_out"] or ())),
        ("undecided", len(result["undecided"] or ())),
    )
    return text_table("counts", ("what", "count"), [*cases, *models])


def truth_table(result: Mapping[str, Any]) -> ExportTable:
    """Return the rows that have cases or a code."""
    rows = [
        (row["number"], row["bits"], row["output"], row["n"], *_rounded(row, ROW[4:]))
        for row in result["rows"]
    ]
    return text_table("truth-table", ROW, rows)


def solution_table(result: Mapping[str, Any]) -> ExportTable:
    """Return the listed models of all solutions."""
    rows = [(kind, name, *_rounded(model, FIT)) for kind, name, model in _models(result)]
    return text_table("solutions", ("solution", "model", *FIT), rows)


def necessity_table(result: Mapping[str, Any], *, digits: int | None = None) -> ExportTable:
    """Return what is necessary for the outcome and its absence, with all digits or some."""
    rows = [
        tuple(
            round(row[column], digits)
            if digits is not None and isinstance(row[column], float)
            else row[column]
            for column in NECESSITY
        )
        for row in result["necessity"]
    ]
    return text_table("necessity", NECESSITY, rows)


def text_table(name: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> ExportTable:
    """Return a table without labels, for a CSV file."""
    headings = tuple(ExportColumn(column, column, ColumnKind.TEXT) for column in columns)
    return ExportTable(name, name, headings, tuple(rows))


def rounded(value: float | None) -> float | None:
    """Return a figure as it is expected; None where it is not defined.

    >>> rounded(2 / 3), rounded(float("nan"))
    (0.666667, None)
    """
    return None if value is None or value != value else round(value, DIGITS)


def _term_table(result: Mapping[str, Any]) -> ExportTable:
    figures = (*FIT, "unique_coverage")
    rows = [
        (kind, name, term["term"], *_rounded(term, figures))
        for kind, name, model in _models(result)
        for term in model["terms"]
    ]
    return text_table("terms", ("solution", "model", "term", *figures), rows)


def _models(result: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield kind, terms in alphabetical order and figures of every listed model."""
    for solution in result["solutions"]:
        for model in solution["models"]:
            terms = sorted(term["term"] for term in model["terms"])
            yield solution["kind"], " + ".join(terms), model


def _rounded(figures: Mapping[str, Any], names: Sequence[str]) -> list[float | None]:
    return [rounded(figures[name]) for name in names]
