"""What the pages of one analysis, and of two side by side, show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from diagnostics.analyses.comparing import Overlap, overlap_of
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, SolutionResult, TruthRow
from diagnostics.analyses.sets import sets_of
from diagnostics.analyses.telling import rounded, told_result
from diagnostics.documents import ANALYSIS_RESULT, RECIPE
from diagnostics.models import Analysis
from diagnostics.sorting import Column, Heading, SortedTable, sorted_table
from diagnostics.wording.page_parts import ConfigurationFigure, Fact
from diagnostics.workbench.selectors.cases import (
    CasesDeletedError,
    cases_of,
    deleted_words,
    has_cases,
)
from diagnostics.workbench.wording.charts import (
    HistogramFigure,
    ScatterFigure,
    chart_figure,
    histogram_figures,
    scatter_figure,
)
from diagnostics.workbench.wording.recipes import (
    ComparedRow,
    compared_recipes,
    compared_results,
    recipe_facts,
    solution_names,
)
from survey.documents.plain_values import to_document
from survey.policy import RELEASE_FLOOR, size_band

DELETED: Final = "deleted with the answers"  # in files, as "fewer than 5"
FEW: Final = f"fewer than {RELEASE_FLOOR}"
UNTOLD: Final = "not told"  # where nobody reads single answers
OUTPUT_RANKS: Final = {"1": 3, "C": 2, "0": 1, "?": 0}
TRUTH_COLUMNS: Final[Mapping[str, Column[TruthRow]]] = {
    "number": Column(lambda row: row.number, is_descending=False),
    "output": Column(lambda row: OUTPUT_RANKS[row.output]),
    "n": Column(lambda row: row.n),
    "consistency": Column(lambda row: row.consistency),
    "pri": Column(lambda row: row.pri),
}


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """Everything on the page of one analysis."""

    analysis: Analysis
    result: AnalysisResult
    facts: tuple[Fact, ...]
    sets: tuple[HistogramFigure, ...]
    rows: tuple[TruthRow, ...]
    headings: Mapping[str, Heading]  # of the truth table
    order: str
    solutions: tuple[tuple[str, SolutionResult], ...]  # name, models
    chart: ConfigurationFigure | None
    scatter: ScatterFigure | None  # none once the answers are deleted, or where none is shown
    may_try_cuts: bool
    deleted: str  # the sentence that says that the answers are; else empty


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two analyses side by side."""

    first: Analysis
    second: Analysis
    recipes: tuple[ComparedRow, ...]
    results: tuple[ComparedRow, ...]
    overlaps: tuple[tuple[Analysis, Overlap], ...]  # in whose cases


def recipe_of(analysis: Analysis) -> Recipe:
    """Return the stored recipe."""
    return RECIPE.read(analysis.recipe)


def result_of(analysis: Analysis) -> AnalysisResult:
    """Return the frozen result; of answers that nobody reads one by one what is told of them.

    Versions before campaigns said what their answers are used for kept more.
    """
    result = ANALYSIS_RESULT.read(analysis.result)
    return result if analysis.lists_cases else told_result(result)


def analysis_page(analysis: Analysis, *, order: str = "", plotted: str = "") -> AnalysisPage:
    """Return the page's content, the truth table in an order and the plot of a set."""
    recipe, result = recipe_of(analysis), result_of(analysis)
    table = truth_table(result.rows, order)
    names = solution_names()
    return AnalysisPage(
        analysis=analysis,
        result=result,
        facts=recipe_facts(recipe),
        sets=histogram_figures(result, idm=recipe.idm),
        rows=table.rows,
        headings=table.headings,
        order=table.order,
        solutions=tuple((names[one.kind], one) for one in result.solutions),
        chart=chart_figure(result.chart) if result.chart else None,
        scatter=_scatter(analysis, recipe, result, plotted),
        may_try_cuts=has_cases(analysis),
        deleted=deleted_words(analysis),
    )


def _scatter(
    analysis: Analysis, recipe: Recipe, result: AnalysisResult, plotted: str
) -> ScatterFigure | None:
    if not analysis.lists_cases:
        return None
    try:
        cases = cases_of(analysis)
    except CasesDeletedError:
        return None
    return scatter_figure(result, sets_of(cases, recipe).memberships, chosen=plotted)


def exported(analysis: Analysis) -> dict[str, Any]:
    """Return recipe and result as they may leave the workbench, with every digit."""
    result = outside_result(analysis)
    return {
        "recipe": to_document(recipe_of(analysis)),
        "result": result,
        "digest": analysis.digest,
        "matrix_digest": analysis.matrix.digest if analysis.matrix else None,
        "software_version": analysis.software_version,
    }


def outside_result(analysis: Analysis) -> dict[str, Any]:
    """Return a result as it may leave the workbench.

    Of a campaign no case is listed, and one to four cases are told as "fewer than 5"; where nobody
    reads its single answers every number is a band.
    """
    result: dict[str, Any] = to_document(result_of(analysis))
    if analysis.campaign is None:
        return result
    if not analysis.lists_cases:
        return _in_bands(result)
    rows = [{**row, "n": told(row["n"]), "cases": [], "deviant": []} for row in result["rows"]]
    sets = [
        {**one, "at_half": told(one["at_half"]), "counts": [told(n) for n in one["counts"]]}
        for one in result["sets"]
    ]
    counted = {
        key: told(None if result[key] is None else len(result[key]))
        for key in ("left_out", "undecided")
    }
    return {**result, **counted, "rows": rows, "sets": sets}


def _in_bands(result: dict[str, Any]) -> dict[str, Any]:
    rows = [{**row, "n": size_band(row["n"] or 0) or FEW} for row in result["rows"]]
    sets = [{**one, "at_half": UNTOLD} for one in result["sets"]]
    return {**result, "rows": rows, "sets": sets, "left_out": UNTOLD, "undecided": UNTOLD}


def told(n: int | None) -> int | str:
    """Return a number of people as it may leave the workbench.

    >>> told(0), told(4), told(5), told(None)
    (0, 'fewer than 5', 5, 'deleted with the answers')
    """
    if n is None:
        return DELETED
    return FEW if 0 < n < RELEASE_FLOOR else n


def truth_table(rows: Iterable[TruthRow], order: str) -> SortedTable[TruthRow]:
    """Return the rows by number, a figure or the code; equal ones by how consistent they are."""
    best = sorted(rows, key=lambda row: (-(row.consistency or 0), -(row.pri or 0), row.number))
    return sorted_table(best, TRUTH_COLUMNS, order=order, default="output")


def comparison_page(first: Analysis, second: Analysis) -> ComparisonPage:
    """Return two recipes and their results side by side."""
    return ComparisonPage(
        first=first,
        second=second,
        recipes=compared_recipes(recipe_of(first), recipe_of(second)),
        results=compared_results(result_of(first), result_of(second)),
        overlaps=tuple(_overlaps(first, second)),
    )


def _overlaps(first: Analysis, second: Analysis) -> Iterator[tuple[Analysis, Overlap]]:
    """Yield how far the solutions overlap in the cases of each; one data set counts once."""
    is_one_source = first.matrix_id is not None and first.matrix_id == second.matrix_id
    for analysis in (first,) if is_one_source else (first, second):
        try:
            memberships = sets_of(cases_of(analysis), recipe_of(analysis)).memberships
        except CasesDeletedError:
            continue
        overlap = overlap_of(result_of(first), result_of(second), memberships)
        if overlap is not None:
            yield analysis, overlap if analysis.lists_cases else rounded(overlap)
