"""The charts of an analysis with their words."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd
from django.utils.translation import gettext as _

from diagnostics.analyses.matching import configuration_of
from diagnostics.analyses.recipes import Calibration
from diagnostics.analyses.results import AnalysisResult, CalibratedSet, ChartResult
from diagnostics.charts.configuration import configuration_chart
from diagnostics.charts.histogram import HistogramChart, histogram_chart
from diagnostics.charts.scatter import ScatterChart, scatter_chart
from diagnostics.wording.numbers import figure, share, short
from diagnostics.wording.page_parts import ConfigurationFigure
from qca.sets.expressions import evaluate
from qca.sets.fit import SufficiencyFit, sufficiency

SOURCE: Final = re.compile(r"(?P<pair>.+), model (?P<number>\d+) of (?P<all>\d+)")


@dataclass(frozen=True, slots=True)
class HistogramFigure:
    """One set's calibration chart with its words."""

    set: CalibratedSet
    chart: HistogramChart | None  # none once the answers are deleted
    title: str
    description: str
    id: str


@dataclass(frozen=True, slots=True)
class ScatterFigure:
    """An XY plot with its words, the fit it shows, and what else can be plotted."""

    chart: ScatterChart
    chosen: str
    outcome: str
    options: tuple[str, ...]
    fit: SufficiencyFit
    counts: tuple[tuple[str, str, int], ...]  # kind, its name, cases
    title: str
    description: str


def histogram_figures(result: AnalysisResult, *, idm: float) -> tuple[HistogramFigure, ...]:
    """Return a chart for every set of an analysis."""
    return tuple(
        HistogramFigure(
            set=one,
            chart=_histogram(one, idm),
            title=_("%(column)s: how the cases spread") % {"column": one.column},
            description=_description(one),
            id=f"histogram-{place}",
        )
        for place, one in enumerate(result.sets)
    )


def _histogram(one: CalibratedSet, idm: float) -> HistogramChart | None:
    if one.lowest is None or one.highest is None:
        return None
    return histogram_chart(
        one.counts,
        lowest=one.lowest,
        highest=one.highest,
        anchors=one.anchors,
        idm=idm,
        is_curved=one.method in {Calibration.DIRECT, Calibration.PERCENTILE},
    )


def _description(one: CalibratedSet) -> str:
    words = _("How many of the cases lie above .5 is not told: fewer than five do, or do not.")
    if one.share_above_half is not None:
        words = _("%(share)s of the cases lie above .5.") % {"share": share(one.share_above_half)}
    if one.method is Calibration.FREQUENCY:
        return _("%(share)s Calibrated by cumulated frequencies.") % {"share": words}
    if one.method is Calibration.CRISP:
        found = {"share": words, "threshold": short(one.anchors[0])}
        return _("%(share)s In from %(threshold)s on.") % found
    if not one.anchors:
        return words
    if one.method is Calibration.INDIRECT:
        found = {"share": words, "thresholds": " / ".join(map(short, one.anchors))}
        return _("%(share)s Groups parted at %(thresholds)s (indirect method).") % found
    out, half, full = map(short, one.anchors)
    curve = _("Full out at %(out)s, crossover at %(half)s, full in at %(full)s.")
    return f"{words} {curve % {'out': out, 'half': half, 'full': full}}"


def chart_figure(chart: ChartResult) -> ConfigurationFigure:
    """Return the configuration chart after Fiss; the bars show raw coverage."""
    patterns = [configuration_of(column, chart.conditions) for column in chart.columns]
    drawn = configuration_chart(
        patterns=patterns,
        pattern_names={column.name: column.name for column in chart.columns},
        element_names={name: name for name in chart.conditions},
        element_memberships={},
        pattern_memberships={column.name: column.coverage for column in chart.columns},
        leading=None,
    )
    terms = "; ".join(f"{column.name}: {column.term}" for column in chart.columns)
    return ConfigurationFigure(
        chart=drawn,
        title=_("Configurations for %(outcome)s") % {"outcome": chart.outcome},
        description=terms,
        caption=_(
            "Filled circle: present; crossed circle: absent; large: core, small: peripheral. "
            "The bar is the raw coverage. Solution consistency %(consistency)s, PRI %(pri)s, "
            "coverage %(coverage)s (%(source)s)."
        )
        % {
            "consistency": figure(chart.consistency),
            "pri": figure(chart.pri),
            "coverage": figure(chart.coverage),
            "source": _source_words(chart.source),
        },
        patterns=tuple(column.name for column in chart.columns),
        rows=(),
        totals=(),
        unit_label="",
        totals_label="",
    )


def _source_words(source: str) -> str:
    """Return which model is drawn; stored as qca says it, "C1P1, model 1 of 2"."""
    found = SOURCE.fullmatch(source)
    if found is None:
        return source
    return _("%(pair)s, model %(number)s of %(all)s") % found.groupdict()


def plotted_sets(result: AnalysisResult) -> tuple[str, ...]:
    """Return what an XY plot can show: the intermediate terms, the models, the conditions."""
    found: list[str] = []
    for solution in reversed(result.solutions):
        for model in solution.models[:1]:
            found += [model.expression, *(term.term for term in model.terms)]
    negated = [f"~{name}" for name in result.conditions]
    return tuple(dict.fromkeys([*found, *result.conditions, *negated]))


def scatter_figure(
    result: AnalysisResult, memberships: pd.DataFrame, *, chosen: str
) -> ScatterFigure:
    """Return the XY plot of one of the sets that can be plotted; of the first where unknown."""
    options = plotted_sets(result)
    chosen = chosen if chosen in options else options[0]
    condition, outcome = evaluate(chosen, memberships), evaluate(result.outcome, memberships)
    names = [str(name) for name in memberships.index]
    chart = scatter_chart(condition.tolist(), outcome.tolist(), names)
    return ScatterFigure(
        chart=chart,
        chosen=chosen,
        outcome=result.outcome,
        options=options,
        fit=sufficiency(condition, outcome),
        counts=tuple(
            (kind, name, chart.counts.get(kind, 0)) for kind, name in _kind_names().items()
        ),
        title=_("%(set)s and %(outcome)s") % {"set": chosen, "outcome": result.outcome},
        description=_("Cases on or above the diagonal agree with sufficiency."),
    )


def _kind_names() -> dict[str, str]:
    return {
        "typical": _("typical: in both, on or above the diagonal"),
        "above": _("in both, but below the diagonal"),
        "consistency": _("deviant in consistency: in the condition, not in the outcome"),
        "coverage": _("deviant in coverage: in the outcome, not in the condition"),
        "irrelevant": _("irrelevant: in neither"),
    }
