"""The choices of an analysis as the scripts for R read them.

Inside the scripts the conditions are X1, X2 and so on and the outcome is Y, whatever their names.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from diagnostics.analyses.necessity import (
    NECESSITY_CONSISTENCY,
    NECESSITY_COVERAGE,
    NECESSITY_RELEVANCE,
)
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.solving import MOST_MODELS
from qca.minimisation.expectations import read_expectations
from qca.sets.expressions import Expression, Literal
from qca.sets.simplification import simplify

NECESSITY_CUTS: Final = {
    "consistency": NECESSITY_CONSISTENCY,
    "coverage": NECESSITY_COVERAGE,
    "relevance": NECESSITY_RELEVANCE,
}


def recipe_parameters(recipe: Recipe, solutions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a recipe's choices, and what cut the search for models short, as parameters."""
    return {
        "outcome": recipe.outcome.column,
        "explained": "~Y" if recipe.is_negated else "Y",
        "conditions": recipe.names,
        "anchors": tuple(rule.anchors for rule in recipe.sets),
        "idm": recipe.idm,
        "incl.cut": recipe.inclusion_cuts,
        "pri.cut": recipe.pri_cut,
        "n.cut": recipe.frequency_cut,
        "excluded": tuple(entry.row for entry in recipe.excluded),
        "expectations": _expectations(recipe),
        "weighs_all": _weighs_more_than_r(recipe),
        "necessity": NECESSITY_CUTS,
        "most": MOST_MODELS,
        "limits": {one["kind"]: one["limit"] for one in solutions},
    }


def _expectations(recipe: Recipe) -> tuple[str, ...] | str:
    """Return one expectation a condition, or with joint ones an expression of numbered sets."""
    if not recipe.joint_expectations:
        return tuple(rule.expectation for rule in recipe.conditions)
    numbered = {name: f"X{number}" for number, name in enumerate(recipe.names, start=1)}
    told = simplify(str(recipe.expectations))
    terms = (tuple(Literal(numbered[one.name], one.present) for one in term) for term in told.terms)
    return str(Expression(tuple(terms)))


def _weighs_more_than_r(recipe: Recipe) -> bool:
    """Tell whether expectations count that R QCA 3.25 forgets: all but the last joint one."""
    if not (recipe.joint_expectations and recipe.every_expectation):
        return False
    found = read_expectations(recipe.expectations, recipe.names)
    singles = found.present or found.absent
    return bool(found.conjunctions and (singles or len(found.conjunctions) > 1))
