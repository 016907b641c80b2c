"""Matching the configurations of an analysis with named patterns, the doubt included."""

from collections.abc import Sequence

import pandas as pd

from diagnostics.analyses.check_results import Likeness, MatchingResult, TermMatching
from diagnostics.analyses.figures import figure
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, ChartColumn
from diagnostics.analyses.sets import sets_of
from qca.errors import NoPositiveRowError, PatternError
from qca.minimisation.configurations import Mark
from qca.patterns.named_patterns import Pattern, pattern_memberships
from qca.patterns.term_matching import match_terms, shared_core_matrix
from qca.sets.coincidence import coincidence_matrix


def configuration_of(column: ChartColumn, conditions: Sequence[str]) -> Pattern:
    """Return a column of the configuration chart as a pattern, named as the chart names it."""
    marks = {name: Mark(mark) for name, mark in zip(conditions, column.marks, strict=True)}
    required = {name: mark.required for name, mark in marks.items() if mark.required is not None}
    return Pattern(column.name, required, frozenset(n for n, mark in marks.items() if mark.core))


def match_configurations(
    frame: pd.DataFrame,
    recipe: Recipe,
    result: AnalysisResult,
    *,
    patterns: Sequence[Pattern],
    pattern_set: str,
) -> MatchingResult:
    """Hold every configuration of the chart against every pattern.

    Raises NoPositiveRowError without a chart, and PatternError where the patterns ask for what the
    analysis does not have.
    """
    if result.chart is None:
        raise NoPositiveRowError("expected a solution to match, found none")
    elements = list(recipe.names)
    _refuse_strangers(patterns, elements)
    terms = [configuration_of(column, result.chart.conditions) for column in result.chart.columns]
    table = sets_of(frame, recipe).memberships[elements].to_numpy()
    proposed = match_terms(terms, patterns=patterns, elements=elements, memberships=table)
    overlap = coincidence_matrix(
        pattern_memberships(table, patterns=terms, elements=elements),
        pattern_memberships(table, patterns=patterns, elements=elements),
    )
    core = shared_core_matrix(terms, patterns, elements)
    return MatchingResult(
        pattern_set=pattern_set,
        terms=tuple(
            TermMatching(
                name=column.name,
                term=column.term,
                proposed=match.pattern or "",
                likenesses=_likenesses(patterns, overlap[row].tolist(), core[row].tolist()),
            )
            for row, (column, match) in enumerate(zip(result.chart.columns, proposed, strict=True))
        ),
    )


def _refuse_strangers(patterns: Sequence[Pattern], elements: Sequence[str]) -> None:
    named = {name for one in patterns for name in one.required}
    if not named <= set(elements):
        raise PatternError(
            f"expected the conditions {', '.join(sorted(named))} of the named patterns,"
            f" found {', '.join(elements)}"
        )


def _likenesses(
    patterns: Sequence[Pattern], overlap: Sequence[float], core: Sequence[float]
) -> tuple[Likeness, ...]:
    found = [
        Likeness(pattern.name, figure(coincidence), shared)
        for pattern, coincidence, shared in zip(patterns, overlap, core, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-(one.coincidence or 0.0), -one.shared_core)))
