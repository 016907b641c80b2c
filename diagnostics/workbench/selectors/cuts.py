"""What other cuts would make of an analysis' truth table and solutions."""

from dataclasses import dataclass
from typing import Final

from diagnostics.analyses.computing import analyse
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, SolutionResult, TruthRow
from diagnostics.analyses.telling import require_told, told_result
from diagnostics.models import Analysis
from diagnostics.workbench.selectors.analyses import settled_anchors
from diagnostics.workbench.selectors.analysis_pages import truth_table
from diagnostics.workbench.selectors.cases import cases_of
from diagnostics.workbench.wording.recipes import solution_names
from qca.errors import QcaError

LEAST_KEPT: Final = 0.8  # share of cases that the frequency cut must keep (docs/method.md)


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row as it would be coded, and the code that it has in the saved analysis."""

    row: TruthRow
    before: str

    @property
    def is_changed(self) -> bool:
        """Whether the row would be coded differently."""
        return self.row.output != self.before


@dataclass(frozen=True, slots=True)
class CutsPage:
    """The consequences of the cuts tried; without a result, the problem."""

    analysis: Analysis
    recipe: Recipe
    rows: tuple[TriedRow, ...]
    solutions: tuple[tuple[str, SolutionResult], ...]
    positive: int
    changed: int
    kept: float  # share of cases in rows that are coded
    problem: str

    @property
    def keeps_too_few(self) -> bool:
        """Whether the frequency cut leaves too many cases aside."""
        return bool(self.rows) and self.kept < LEAST_KEPT


def cuts_page(analysis: Analysis, saved: AnalysisResult, recipe: Recipe) -> CutsPage:
    """Run a recipe on the analysis' cases without saving, and set it against what is saved."""
    try:
        result = analyse(cases_of(analysis), recipe)
        kept = _kept(result)
        if analysis.campaign is not None and not analysis.lists_cases:
            require_told(recipe, settled_anchors(analysis.campaign))
            result, kept = told_result(result), round(kept, 1)
    except QcaError as error:
        return CutsPage(analysis, recipe, (), (), 0, 0, 0.0, str(error))
    return _page(analysis, saved, recipe, result, kept)


def _page(
    analysis: Analysis,
    saved: AnalysisResult,
    recipe: Recipe,
    result: AnalysisResult,
    kept: float,
) -> CutsPage:
    before = {row.number: row.output for row in saved.rows}
    rows = tuple(
        TriedRow(row, before.get(row.number, "?"))
        for row in truth_table(result.rows, "number").rows
    )
    names = solution_names()
    return CutsPage(
        analysis=analysis,
        recipe=recipe,
        rows=rows,
        solutions=tuple((names[one.kind], one) for one in result.solutions),
        positive=sum(row.output == "1" for row in result.rows),
        changed=sum(row.is_changed for row in rows),
        kept=kept,
        problem=result.problem,
    )


def _kept(result: AnalysisResult) -> float:
    """Return the share of cases in rows that are coded."""
    return sum(row.n or 0 for row in result.rows if row.output != "?") / result.cases
