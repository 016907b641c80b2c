"""Checks of an analysis' solution: asked for, done by the worker, frozen with their seed."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

import pandas as pd
from django.db import transaction

from diagnostics.analyses.check_results import CheckResult
from diagnostics.analyses.checking import Report, draw_cases, split_halves
from diagnostics.analyses.matching import match_configurations
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.robustness import find_robustness
from diagnostics.analyses.telling import told_check
from diagnostics.documents import CHECKS
from diagnostics.jobs import long_work
from diagnostics.methods.selectors.pattern_sets import compared_patterns
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import Analysis, AnalysisCheck
from diagnostics.scoring.method import DEFAULT_SEED
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.selectors.cases import cases_of, refuse_deleted_cases
from survey.documents.canonical_json import content_digest
from survey.documents.plain_values import to_document
from survey.models import Action, User
from survey.queue import later
from survey.services.ledger import note

Kind = AnalysisCheck.Kind
Finder = Callable[[AnalysisCheck, pd.DataFrame, Recipe, Report], CheckResult]


@transaction.atomic
def request_check(*, analysis: Analysis, kind: str, by: User) -> AnalysisCheck:
    """Have the worker make a check; one that is there or under way stays as it is.

    Raises AnswersDeletedError once the answers behind the analysis are deleted.
    """
    refuse_deleted_cases(analysis)
    check, is_new = AnalysisCheck.objects.get_or_create(
        analysis=analysis,
        kind=kind,
        defaults={"seed": DEFAULT_SEED, "requested_by": by},
    )
    if is_new or long_work.ask_for(check, by=by):
        later("diagnostics.tasks.run_check", check.pk, check.run)
        if analysis.campaign is not None:
            note(
                Action.CHECK_STARTED, by=by, campaign=analysis.campaign,
                function=analysis.function, detail={"analysis": analysis.number, "check": kind},
            )  # fmt: skip
    return check


def cancel_check(*, analysis: Analysis, kind: str) -> None:
    """Stop a check that waits or runs."""
    long_work.cancel(AnalysisCheck.objects.filter(analysis=analysis, kind=kind))


def run_check(*, check_id: UUID, run: UUID) -> None:
    """Make one check that was asked for; for the worker only."""
    check = AnalysisCheck.objects.select_related("analysis__matrix", "analysis__campaign").get(
        pk=check_id
    )
    check.run = run
    long_work.do(check, partial(_found, check))


def is_check_reproduced(*, check: AnalysisCheck) -> bool:
    """Make a check again and tell whether every figure comes out the same."""
    return bool(_found(check, lambda *_: None)["digest"] == check.digest)


def _found(check: AnalysisCheck, report: Report) -> dict[str, Any]:
    recipe = recipe_of(check.analysis)
    result = FINDERS[Kind(check.kind)](check, cases_of(check.analysis), recipe, report)
    if not check.analysis.lists_cases:
        result = told_check(result)
    return {
        "result": CHECKS[check.kind].stored(result),
        "digest": content_digest(to_document(result)),
    }


def _robustness(
    _: AnalysisCheck, frame: pd.DataFrame, recipe: Recipe, report: Report
) -> CheckResult:
    return find_robustness(frame, recipe, report=report)


def _halves(
    check: AnalysisCheck, frame: pd.DataFrame, recipe: Recipe, report: Report
) -> CheckResult:
    return split_halves(frame, recipe, seed=check.seed, report=report)


def _bootstrap(
    check: AnalysisCheck, frame: pd.DataFrame, recipe: Recipe, report: Report
) -> CheckResult:
    return draw_cases(frame, recipe, seed=check.seed, report=report)


def _matching(
    check: AnalysisCheck, frame: pd.DataFrame, recipe: Recipe, report: Report
) -> CheckResult:
    report(0, 1)
    load_defaults()
    pattern_set, patterns = compared_patterns(check.analysis)
    return match_configurations(
        frame, recipe, result_of(check.analysis), patterns=patterns, pattern_set=pattern_set
    )


FINDERS: Final[dict[Kind, Finder]] = {
    Kind.ROBUSTNESS: _robustness,
    Kind.HALVES: _halves,
    Kind.BOOTSTRAP: _bootstrap,
    Kind.MATCHING: _matching,
}
