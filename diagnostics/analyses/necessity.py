"""Necessity of every condition, and of its absence, for the outcome and for its absence."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from diagnostics.analyses.figures import figure
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import NecessityRow
from qca.sets.expressions import evaluate
from qca.sets.fit import NecessityFit, necessity

# From these on a condition counts as necessary; below the last, as trivial.
NECESSITY_CONSISTENCY: Final = 0.9
NECESSITY_COVERAGE: Final = 0.5
NECESSITY_RELEVANCE: Final = 0.5


def necessity_rows(memberships: pd.DataFrame, recipe: Recipe) -> Iterator[NecessityRow]:
    """Yield the outcome's rows, then those of its absence."""
    column = recipe.outcome.column
    outcomes = (f"~{column}", column) if recipe.is_negated else (column, f"~{column}")
    for outcome in outcomes:
        explained = evaluate(outcome, memberships)
        for name in recipe.names:
            for condition in (name, f"~{name}"):
                fit = necessity(evaluate(condition, memberships), explained)
                yield NecessityRow(
                    outcome=outcome,
                    condition=condition,
                    consistency=figure(fit.consistency),
                    relevance=figure(fit.relevance),
                    coverage=figure(fit.coverage),
                    verdict=_verdict(fit),
                )


def _verdict(fit: NecessityFit) -> str:
    """NaN compares false, so what is not defined is not necessary."""
    if not (fit.consistency >= NECESSITY_CONSISTENCY and fit.coverage > NECESSITY_COVERAGE):
        return ""
    return "necessary" if fit.relevance >= NECESSITY_RELEVANCE else "trivial"
