"""The form of a recipe filled for its source: with a campaign's method, or a recipe to change."""

from collections.abc import Mapping, Sequence
from typing import Any

from diagnostics.analyses.defaults import EXPECTED_PRESENT
from diagnostics.analyses.recipes import Calibration, Recipe
from diagnostics.analyses.telling import told_cut
from diagnostics.documents import RECIPE
from diagnostics.models import Analysis, UploadedMatrix
from diagnostics.workbench.forms.recipes import ANCHORS, CONSTANTS, RecipeForm
from diagnostics.workbench.selectors.analyses import CampaignSource, scoring_method, settled_anchors
from survey.models import Campaign


def initial_of(recipe: Recipe, columns: Sequence[str]) -> Mapping[str, Any]:
    """Return what the form shows for a recipe that is to be changed."""
    initial: dict[str, Any] = {
        "outcome": recipe.outcome.column,
        "is_negated": recipe.is_negated,
        "inclusion": recipe.inclusion_cuts[0],
        "lower_inclusion": recipe.inclusion_cuts[1] if len(recipe.inclusion_cuts) > 1 else None,
        "pri": recipe.pri_cut,
        "frequency": recipe.frequency_cut,
        "constant": next(key for key, value in CONSTANTS.items() if value == recipe.idm),
        "joint": " + ".join(recipe.joint_expectations),
        "as_r": not recipe.every_expectation,
        "excluded": "\n".join(f"{entry.row}: {entry.reason}" for entry in recipe.excluded),
    }
    for place in range(len(columns)):
        initial[f"use-{place}"] = False
    for rule in recipe.sets:
        place = columns.index(rule.column)
        initial[f"use-{place}"] = rule is not recipe.outcome
        initial[f"expect-{place}"] = rule.expectation
        initial[f"method-{place}"] = rule.method.value
        keys = ("half",) if rule.method is Calibration.CRISP else tuple(ANCHORS)
        initial.update(
            {f"{key}-{place}": value for key, value in zip(keys, rule.anchors, strict=False)}
        )
    return initial


def recipe_form(
    source: UploadedMatrix | CampaignSource,
    original: Analysis | None,
    data: Any,  # noqa: ANN401
) -> RecipeForm:
    """Return the form for a source, filled with the recipe of the analysis that is copied."""
    columns: Sequence[str] = ()
    settled: dict[str, Any] = {}
    initial: dict[str, Any] = {}
    is_settled = isinstance(source, CampaignSource) and not source.campaign.gives_rows
    if isinstance(source, UploadedMatrix):
        columns = source.columns
    else:
        columns, settled, initial = _campaign_defaults(source.campaign)
    if original is not None:
        recipe = RECIPE.read(original.recipe)
        initial = {**initial_of(recipe, columns), "title": original.title}
    if is_settled and "frequency" in initial:
        initial["frequency"] = told_cut(initial["frequency"])
    if is_settled or original is None:
        initial |= settled
    return RecipeForm(columns, source.cases, data, initial=initial, is_settled=is_settled)


def _campaign_defaults(
    campaign: Campaign,
) -> tuple[Sequence[str], dict[str, Any], dict[str, Any]]:
    """Return the constructs, how they are calibrated, and what is expected of them.

    With the anchors of the latest scoring where single answers are given, else of the first.
    """
    method, anchors = scoring_method(campaign)
    if not campaign.gives_rows:
        anchors = settled_anchors(campaign)
    settled: dict[str, Any] = {"constant": "r"}
    expected: dict[str, Any] = {}
    for place, code in enumerate(method.codes):
        named = zip(ANCHORS, anchors[code], strict=True)
        settled.update({f"{key}-{place}": value for key, value in named})
        settled[f"method-{place}"] = Calibration.DIRECT.value
        expected[f"expect-{place}"] = "1" if code in EXPECTED_PRESENT else "-"
    return method.codes, settled, expected
