"""The choices of an analysis in words, and those of two side by side."""

import math
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.analyses.recipes import Calibration, Recipe, SetRule
from diagnostics.analyses.results import AnalysisResult, ModelResult
from diagnostics.wording.numbers import figure, membership_text, short
from diagnostics.wording.page_parts import Fact
from qca.calibration import IDM


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One line of two analyses; texts that differ are marked."""

    label: str
    first: str
    second: str

    @property
    def is_different(self) -> bool:
        """Whether the two say something else."""
        return self.first != self.second


def recipe_facts(recipe: Recipe) -> tuple[Fact, ...]:
    """Return every choice as a labelled line."""
    cuts = " / ".join(map(short, recipe.inclusion_cuts))
    excluded = "; ".join(f"{entry.row} ({entry.reason})" for entry in recipe.excluded)
    return (
        Fact(_("Outcome"), recipe.outcome_expression),
        Fact(_("Conditions"), ", ".join(recipe.names)),
        Fact(_("Anchors"), "; ".join(_anchors(rule) for rule in recipe.sets)),
        Fact(_("Calibration constant"), _constant(recipe)),
        Fact(_("Consistency cut"), cuts),
        Fact(_("PRI cut"), short(recipe.pri_cut)),
        Fact(_("Frequency cut"), str(recipe.frequency_cut)),
        Fact(_("Directional expectations"), _expectations(recipe)),
        Fact(_("Excluded rows"), excluded or _("none")),
    )


def _constant(recipe: Recipe) -> str:
    if recipe.idm != IDM:
        return f"{number_format(3.0, 1)} (fs/QCA)"
    return _("%(constant)s (%(inside)s and %(outside)s at the anchors)") % {
        "constant": figure(math.log(IDM / (1 - IDM))),
        "inside": membership_text(IDM),
        "outside": membership_text(1 - IDM),
    }


def _anchors(rule: SetRule) -> str:
    numbers = " / ".join(map(short, rule.anchors))
    found = {"column": rule.column, "numbers": numbers}
    if not rule.is_calibrated:
        return _("%(column)s as memberships") % found
    words = {
        Calibration.DIRECT: _("%(column)s %(numbers)s"),
        Calibration.PERCENTILE: _("%(column)s at percentiles %(numbers)s"),
        Calibration.INDIRECT: _("%(column)s indirect at %(numbers)s"),
        Calibration.CRISP: _("%(column)s crisp from %(numbers)s"),
        Calibration.FREQUENCY: _("%(column)s by cumulated frequencies"),
    }
    return words[rule.method] % found


def _expectations(recipe: Recipe) -> str:
    words = {"1": "", "0": "~"}
    rules = [rule for rule in recipe.conditions if rule.expectation in words]
    single = [words[rule.expectation] + rule.column for rule in rules]
    found = ", ".join([*single, *recipe.joint_expectations])
    if not recipe.every_expectation:
        return _("%(expectations)s; of several only the last joint one, as R") % {
            "expectations": found
        }
    return found or _("none")


def compared_recipes(first: Recipe, second: Recipe) -> tuple[ComparedRow, ...]:
    """Return the choices of two analyses side by side."""
    pairs = zip(recipe_facts(first), recipe_facts(second), strict=True)
    return tuple(ComparedRow(one.label, one.text, other.text) for one, other in pairs)


def compared_results(first: AnalysisResult, second: AnalysisResult) -> tuple[ComparedRow, ...]:
    """Return rows coded, and the first models, of two analyses side by side."""
    rows = [
        ComparedRow(_("Cases"), str(first.cases), str(second.cases)),
        ComparedRow(_("Rows coded 1"), _positive(first), _positive(second)),
    ]
    labels = solution_names()
    pairs = zip_longest(first.solutions, second.solutions)
    for kind, (one, other) in zip(labels, pairs, strict=False):
        texts = [
            "\n".join(model_text(model) for model in solution.models) if solution else ""
            for solution in (one, other)
        ]
        rows.append(ComparedRow(labels[kind], texts[0], texts[1]))
    return tuple(rows)


def solution_names() -> dict[str, str]:
    """Return the name of each kind of solution, in the order of results."""
    return {
        "conservative": _("Conservative solution"),
        "parsimonious": _("Parsimonious solution"),
        "intermediate": _("Intermediate solution"),
    }


def model_text(model: ModelResult) -> str:
    """Return a model with its fit on one line."""
    return _("%(expression)s (consistency %(consistency)s, coverage %(coverage)s)") % {
        "expression": model.expression,
        "consistency": figure(model.consistency),
        "coverage": figure(model.coverage),
    }


def _positive(result: AnalysisResult) -> str:
    numbers = [str(row.number) for row in result.rows if row.output == "1"]
    return ", ".join(numbers) or _("none")
