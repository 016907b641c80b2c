"""The three solutions of a truth table, with the models that tie, and the chart of the first."""

from collections.abc import Iterator
from typing import Final

from diagnostics.analyses.figures import figure
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import (
    ChartColumn,
    ChartResult,
    ModelResult,
    SolutionResult,
    TermResult,
)
from qca.errors import AllPositiveError, NoPositiveRowError
from qca.minimisation.configurations import configuration_chart
from qca.minimisation.counterfactuals import IntermediateSolution
from qca.minimisation.solutions import ModelFit, Solution, TermFit
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import TruthTable

MOST_MODELS: Final = 20  # shown in full; all are counted


def solve(
    table: TruthTable, recipe: Recipe
) -> tuple[tuple[SolutionResult, ...], ChartResult | None, str]:
    """Minimise three ways; where that is not possible, say why.

    Without a positive row there is no solution, without a negative one the conservative only.
    """
    try:
        middle = minimise(
            table,
            solution="intermediate",
            directional_expectations=recipe.expectations,
            every_expectation=recipe.every_expectation,
        )
    except NoPositiveRowError as error:
        return (), None, str(error)
    except AllPositiveError as error:
        # With no row against the outcome, only what was observed can be told.
        return (_solution(minimise(table)),), None, str(error)
    solutions = (
        _solution(middle.conservative),
        _solution(middle.parsimonious),
        _intermediate(middle),
    )
    return solutions, _chart(middle), ""


def _solution(solution: Solution) -> SolutionResult:
    models = [
        _model(f"M{place + 1}", solution, solution.fit(place))
        for place in range(min(len(solution.models), MOST_MODELS))
    ]
    return SolutionResult(
        kind=solution.kind,
        models=tuple(models),
        model_count=len(solution.models),
        assumptions=tuple((solution.assumptions(0) + 1).tolist()),
        limit=solution.limit,
    )


def _intermediate(middle: IntermediateSolution) -> SolutionResult:
    """List every different model once, named after the first pair that has it."""
    models = []
    for (name, solution, place), _ in zip(_different(middle), range(MOST_MODELS), strict=False):
        models.append(_model(name, solution, solution.fit(place)))
    first = middle.pairs[0]
    return SolutionResult(
        kind="intermediate",
        models=tuple(models),
        model_count=len(middle.models),
        assumptions=tuple((first.easy + 1).tolist()),
        limit=middle.limit,
    )


def _different(middle: IntermediateSolution) -> Iterator[tuple[str, Solution, int]]:
    seen: set[tuple[str, ...]] = set()
    for pair in middle.pairs:
        for place, model in enumerate(pair.solution.models):
            if model not in seen:
                seen.add(model)
                yield f"{pair.name} M{place + 1}", pair.solution, place


def _model(name: str, solution: Solution, fit: ModelFit) -> ModelResult:
    return ModelResult(
        name=name,
        expression=fit.expression,
        terms=tuple(_term(term) for term in fit.terms),
        consistency=figure(fit.consistency),
        pri=figure(fit.pri),
        coverage=figure(fit.coverage),
    )


def _term(fit: TermFit) -> TermResult:
    return TermResult(
        term=fit.term,
        consistency=figure(fit.consistency),
        pri=figure(fit.pri),
        coverage=figure(fit.coverage),
        unique_coverage=figure(fit.unique_coverage),
        rows=tuple(row + 1 for row in fit.rows),
    )


def _chart(middle: IntermediateSolution) -> ChartResult:
    chart = configuration_chart(middle, pair=middle.pairs[0].name)
    return ChartResult(
        outcome=chart.outcome,
        conditions=chart.conditions,
        columns=tuple(
            ChartColumn(
                name=column.name,
                term=column.term,
                marks="".join(mark.value for mark in column.marks),
                consistency=figure(column.consistency),
                pri=figure(column.pri),
                coverage=figure(column.coverage),
                unique_coverage=figure(column.unique_coverage),
            )
            for column in chart.configurations
        ),
        consistency=figure(chart.consistency),
        pri=figure(chart.pri),
        coverage=figure(chart.coverage),
        source=chart.source,
    )
