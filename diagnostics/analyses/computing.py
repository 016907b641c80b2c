"""Runs a recipe on a matrix: the same two give the same result, byte for byte."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from diagnostics.analyses.figures import figure
from diagnostics.analyses.necessity import necessity_rows
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, TruthRow
from diagnostics.analyses.sets import describe_sets, sets_of
from diagnostics.analyses.solving import solve
from qca.truth_tables.truth_table import TruthTable, truth_table


def analyse(frame: pd.DataFrame, recipe: Recipe) -> AnalysisResult:
    """Return what a recipe finds; raise a QcaError that says what was expected and found."""
    sets = sets_of(frame, recipe)
    table = table_of(sets.memberships, recipe)
    solutions, chart, problem = solve(table, recipe)
    return AnalysisResult(
        outcome=table.outcome,
        conditions=table.conditions,
        cases=len(sets.memberships),
        left_out=sets.left_out,
        undecided=table.names_of(table.undecided),
        sets=describe_sets(sets, recipe),
        necessity=tuple(necessity_rows(sets.memberships, recipe)),
        rows=tuple(truth_rows(table)),
        solutions=solutions,
        chart=chart,
        problem=problem,
    )


def table_of(memberships: pd.DataFrame, recipe: Recipe) -> TruthTable:
    """Build the truth table of a recipe from its memberships."""
    return truth_table(
        memberships,
        outcome=recipe.outcome_expression,
        conditions=recipe.names,
        inclusion_cut=recipe.inclusion_cuts,
        pri_cut=recipe.pri_cut,
        frequency_cut=recipe.frequency_cut,
        excluded=recipe.excluded_codes,
    )


def truth_rows(table: TruthTable) -> Iterator[TruthRow]:
    """Yield the rows that have cases or a code, excluded ones among them, by number."""
    reasons = {row.code: row.reason for row in table.excluded}
    is_shown = (table.n > 0) | (table.output != "?")
    for place in np.flatnonzero(is_shown).tolist():
        code = int(table.codes[place])
        yield TruthRow(
            number=code + 1,
            bits=f"{code:0{table.k}b}",
            output=str(table.output[place]),
            n=int(table.n[place]),
            consistency=figure(table.consistency[place]),
            pri=figure(table.pri[place]),
            cases=table.cases_of(code),
            deviant=table.deviant_cases_of(code),
            reason=reasons.get(code, ""),
        )
