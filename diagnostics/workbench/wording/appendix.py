"""The appendix of one analysis: everything that a reviewer asks for, as tables and sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from diagnostics.analyses.check_results import BootstrapResult, HalvesResult
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, SolutionResult
from diagnostics.reports.appendix import Table
from diagnostics.wording.failures import reason_words
from diagnostics.wording.numbers import figure, share, short
from diagnostics.wording.page_parts import ConfigurationFigure, Fact, Setting
from diagnostics.workbench.wording.charts import chart_figure
from diagnostics.workbench.wording.checks import (
    RobustnessReading,
    SpreadLine,
    bootstrap_lines,
    halves_lines,
)
from diagnostics.workbench.wording.matching import MatchLine
from diagnostics.workbench.wording.recipes import recipe_facts, solution_names


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks that have been made; None and empty where one has not."""

    robustness: RobustnessReading | None
    halves: HalvesResult | None
    bootstrap: BootstrapResult | None
    matching: tuple[MatchLine, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with sentences and tables below it."""

    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class AnalysisAppendix:
    """One analysis as its appendix tells it."""

    setting: Setting
    language: str
    title: str
    source: str
    recipe: tuple[Fact, ...]
    chart: ConfigurationFigure | None
    chapters: tuple[Chapter, ...]
    limits: tuple[str, ...]
    provenance: tuple[Fact, ...]


def analysis_appendix(
    recipe: Recipe,
    result: AnalysisResult,
    outside: dict[str, Any],
    checks: Checks,
    *,
    setting: Setting,
    language: str,
    title: str,
    in_bands: bool,
) -> AnalysisAppendix:
    """Return the appendix; `outside` is the result as it may leave the workbench.

    in_bands: nobody reads the single answers behind it, and numbers of people are bands.
    """
    return AnalysisAppendix(
        setting=setting,
        language=language,
        title=title,
        source=setting.data_origin,
        recipe=recipe_facts(recipe),
        chart=chart_figure(result.chart) if result.chart else None,
        chapters=tuple(_chapters(result, outside, checks, in_bands)),
        limits=_limits(result),
        provenance=(
            Fact(_("Source"), setting.data_origin),
            Fact(_("Data, SHA-256"), setting.release_digest),
            Fact(_("Result, SHA-256"), setting.result_digest),
            Fact(_("Version"), setting.software_version),
        ),
    )


def _chapters(
    result: AnalysisResult, outside: dict[str, Any], checks: Checks, in_bands: bool
) -> Iterator[Chapter]:
    yield Chapter(_("Calibration"), (), (_calibration(outside),))
    yield Chapter(_("Necessity"), (), (_necessity(result),))
    yield _truth_table(result, outside, in_bands)
    names = solution_names()
    for solution in result.solutions:
        yield Chapter(names[solution.kind], _told(solution), tuple(_models(solution)))
    if checks.robustness:
        yield _robustness(checks.robustness)
    if checks.halves:
        yield _halves(checks.halves)
    if checks.bootstrap:
        yield _bootstrap(checks.bootstrap)
    if checks.matching:
        yield Chapter(_("Match with named patterns"), (), (_matching(checks.matching),))


def _calibration(outside: dict[str, Any]) -> Table:
    rows = tuple(
        (
            one["column"],
            " / ".join(map(short, one["anchors"])) or "–",
            figure(one["mean"]),
            share(one["share_above_half"]),
            str(one["at_half"]),
        )
        for one in outside["sets"]
    )
    headings = (
        _("Set"), _("Anchors"), _("Mean membership"), _("Above .5"), _("At .5"),
    )  # fmt: skip
    return Table(_("Sets after calibration"), headings, rows)


def _necessity(result: AnalysisResult) -> Table:
    words = {"necessary": _("necessary"), "trivial": _("trivial"), "": ""}
    rows = tuple(
        (
            row.condition,
            row.outcome,
            figure(row.consistency),
            figure(row.relevance),
            figure(row.coverage),
            words[row.verdict],
        )
        for row in result.necessity
    )
    headings = (
        _("Condition"), _("Outcome"), _("Consistency"), _("RoN"), _("Coverage"), _("Verdict"),
    )  # fmt: skip
    return Table(_("Every condition and its absence"), headings, rows)


def _truth_table(result: AnalysisResult, outside: dict[str, Any], in_bands: bool) -> Chapter:
    rows = tuple(
        (
            str(row["number"]),
            row["bits"],
            row["output"],
            str(row["n"]),
            figure(row["consistency"]),
            figure(row["pri"]),
            row["reason"],
        )
        for row in outside["rows"]
    )
    headings = (
        _("Row"), " ".join(result.conditions), _("Output"), _("Cases"), _("Consistency"),
        _("PRI"), _("Excluded"),
    )  # fmt: skip
    counted = {
        "cases": result.cases,
        "undecided": _number(outside["undecided"]),
        "left_out": _number(outside["left_out"]),
    }
    words = _(
        "%(cases)d cases; at exactly .5 in a condition, and so in no row: %(undecided)s; left out "
        "for missing values: %(left_out)s. Rows without cases are remainders."
    )
    if in_bands:
        words = _(
            "%(cases)d cases or more, the same in every analysis. Nobody reads single answers of "
            "this campaign: cases are counted in bands, and rows with fewer than five are "
            "remainders and not listed."
        )
    return Chapter(
        _("Truth table"), (words % counted,), (Table(_("Observed rows"), headings, rows),)
    )


def _number(listed: object) -> str:
    """Cases are listed, or told as a number where they may not be."""
    return str(len(listed)) if isinstance(listed, list) else str(listed)


def _told(solution: SolutionResult) -> tuple[str, ...]:
    words = [_("Tied models: %(count)d.") % {"count": solution.model_count}]
    if solution.limit:
        words.append(f"{solution.limit}.")
    if solution.assumptions:
        rows = ", ".join(map(str, solution.assumptions))
        words.append(
            _("Remainders taken as positive by the first model: %(rows)s.") % {"rows": rows}
        )
    return tuple(words)


def _models(solution: SolutionResult) -> Iterator[Table]:
    headings = (
        _("Term"), _("Consistency"), _("PRI"), _("Raw coverage"), _("Unique coverage"), _("Rows"),
    )  # fmt: skip
    for model in solution.models:
        terms = [
            (
                one.term,
                figure(one.consistency),
                figure(one.pri),
                figure(one.coverage),
                figure(one.unique_coverage),
                ", ".join(map(str, one.rows)),
            )
            for one in model.terms
        ]
        fits = (model.consistency, model.pri, model.coverage)
        whole = (_("Whole model"), *map(figure, fits), "", "")
        yield Table(f"{model.name}: {model.expression}", headings, (*terms, whole))


def _robustness(reading: RobustnessReading) -> Chapter:
    ranges = tuple((one.parameter, one.lower, one.value, one.upper) for one in reading.ranges)
    others = tuple(
        (one.parameter, one.value, one.expression or _("none")) for one in reading.others
    )
    return Chapter(
        _("Robustness"),
        (_("Solution tested: %(solution)s.") % {"solution": reading.expression},),
        (
            Table(
                _("Ranges in which the solution stays"),
                (_("Choice"), _("From"), _("Chosen"), _("To")),
                ranges,
            ),
            Table(
                _("Fit against all test solutions (Oana and Schneider)"),
                (_("Figure"), _("Value")),
                reading.fits,
            ),
            Table(_("Test solutions"), (_("Choice"), _("Moved to"), _("Solution")), others),
        ),
    )


def _halves(result: HalvesResult) -> Chapter:
    found = {
        "splits": result.splits,
        "share": share(result.share_holding),
        "cut": short(result.cut),
        "none": share(result.share_unsolved),
    }
    words = _(
        "Of %(splits)d random halves, both ways, %(share)s of the trials hold in the other half "
        "with a consistency of %(cut)s or more; %(none)s of the halves gave no solution."
    )
    table = _spreads(_("Fit over the trials"), halves_lines(result))
    return Chapter(_("Predictive validity"), (words % found,), (table,))


def _bootstrap(result: BootstrapResult) -> Chapter:
    found = {"draws": result.draws, "same": share(result.same), "solved": share(result.solved)}
    words = _(
        "Of %(draws)d draws of the cases with replacement, %(same)s give exactly this solution and "
        "%(solved)s give some solution."
    )
    yes, no = _("yes"), _("no")
    terms = tuple(
        (
            _("every case: no row against the outcome") if one.term == "1" else one.term,
            share(one.share),
            yes if one.is_own else no,
        )
        for one in result.terms
    )
    headings = (_("Term"), _("Draws"), _("In the solution of all cases"))
    return Chapter(
        _("Bootstrap of the solution"),
        (words % found,),
        (
            Table(_("Terms, the most frequent first"), headings, terms),
            _spreads(_("Fit over the draws"), bootstrap_lines(result)),
        ),
    )


def _spreads(caption: str, lines: tuple[SpreadLine, ...]) -> Table:
    headings = (_("Figure"), _("Median"), _("Middle half"), _("95 % of them"))
    return Table(
        caption, headings, tuple((one.name, one.median, one.middle, one.most) for one in lines)
    )


def _matching(lines: tuple[MatchLine, ...]) -> Table:
    headings = (
        _("Configuration"), _("Most alike"), _("Set coincidence"), _("Second"),
        _("Set coincidence"), _("Doubt"),
    )  # fmt: skip
    rows = tuple(
        (
            one.term, one.best, one.best_coincidence, one.second, one.second_coincidence, one.doubt,
        )
        for one in lines
    )  # fmt: skip
    return Table(_("Configurations and the named patterns they resemble"), headings, rows)


def _limits(result: AnalysisResult) -> tuple[str, ...]:
    words = [
        _("A solution tells which combinations go together with the outcome in these cases, not "
          "what brings it about."),
        _("It depends on the calibration and on the cuts; the ranges above say how much."),
        _("Remainders that the parsimonious and the intermediate solution use were not observed."),
    ]  # fmt: skip
    if result.problem:
        words.append(
            _("There is no solution: %(reason)s.") % {"reason": reason_words(result.problem)}
        )
    return tuple(words)
