"""Keeping uploaded matrices, and running analyses on them or on a campaign's answers."""

import hashlib
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pandas as pd
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from diagnostics import __version__
from diagnostics.analyses.answers import local_cases, scores_frame
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.matrices import read_matrix
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult, analysis_digest
from diagnostics.analyses.telling import require_told, told_cases, told_result, told_rows
from diagnostics.documents import ANALYSIS_RESULT, RECIPE
from diagnostics.jobs import long_work
from diagnostics.models import Analysis, AnalysisCases, UploadedMatrix
from diagnostics.scoring.scales import scales_of
from diagnostics.workbench.selectors.analyses import CampaignSource, settled_anchors
from diagnostics.workbench.selectors.cases import DTYPE, stored_matrix
from survey.import_files.problems import Remark
from survey.models import Action, Campaign, Organisation, User, Who
from survey.queue import later
from survey.selectors.answer_life import refuse_deleted_answers
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import released_rows
from survey.services.ledger import Doer, note
from survey.services.retention.row_files import answers_held

# Eighteen inter-war democracies: memberships of Ragin (2009), table 5.2, in Rihoux and Ragin (eds),
# Configurational Comparative Methods, ch. 5.
EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "democracies.csv"


def keep_matrix(
    *,
    organisation: Organisation,
    by: User,
    name: str,
    content: bytes,
    includes_hidden: bool = False,
) -> UploadedMatrix:
    """Store a readable file; raise FileProblemsError with every fault of another."""
    matrix, _ = read_upload(
        organisation=organisation, by=by, name=name, content=content,
        includes_hidden=includes_hidden,
    )  # fmt: skip
    return store_matrix(matrix)


def store_matrix(matrix: UploadedMatrix) -> UploadedMatrix:
    """Store a file that was read."""
    matrix.save()
    return matrix


def read_upload(
    *, organisation: Organisation, by: User, name: str, content: bytes, includes_hidden: bool
) -> tuple[UploadedMatrix, tuple[Remark, ...]]:
    """Return a readable file to be stored, and what is told of it, or raise FileProblemsError."""
    matrix = read_matrix(content, file=name, includes_hidden=includes_hidden)
    uploaded = UploadedMatrix(
        organisation=organisation,
        name=name[-120:],
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        includes_hidden=includes_hidden,
        cases=matrix.size,
        columns=list(matrix.columns),
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    return uploaded, matrix.remarks


def example_of(*, organisation: Organisation, by: User) -> UploadedMatrix:
    """Return the published table that ships: the organisation's own, or one to be stored."""
    known = UploadedMatrix.objects.filter(
        organisation=organisation, digest=hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    ).first()
    if known is not None:
        return known
    content = EXAMPLE.read_bytes()
    matrix, _ = read_upload(
        organisation=organisation, by=by, name=EXAMPLE.name, content=content, includes_hidden=False
    )
    return matrix


def compute_result(*, matrix: UploadedMatrix, recipe: Recipe) -> AnalysisResult:
    """Run a recipe on a stored file; nothing is stored."""
    return analyse(stored_matrix(matrix).frame, recipe)


def campaign_cases(*, campaign: Campaign, function: str, recipe: Recipe) -> pd.DataFrame:
    """Return the scores that a recipe uses of a campaign's answers; for the worker only."""
    instrument = questionnaire_of(campaign)
    scales = scales_of(instrument, tuple(campaign.release.dropped_items))
    rows = released_rows(campaign)
    if campaign.gives_rows:
        return local_cases(scores_frame(rows, scales, function), recipe)
    return local_cases(told_cases(scores_frame(told_rows(rows), scales, function)), recipe)


def campaign_result(*, campaign: Campaign, cases: pd.DataFrame, recipe: Recipe) -> AnalysisResult:
    """Run a recipe on a campaign's scores; cases are listed where single answers are given."""
    result = analyse(cases, recipe)
    return result if campaign.gives_rows else told_result(result)


def run_analysis(
    *,
    matrix: UploadedMatrix,
    by: User,
    title: str,
    recipe: Recipe,
    copied_from: Analysis | None = None,
) -> Analysis:
    """Run a recipe on a file and freeze the result; raise a QcaError where it cannot be run."""
    return keep_analysis(
        new_analysis(source=matrix, by=by, title=title, recipe=recipe, copied_from=copied_from)
    )


def queue_analysis(
    *,
    campaign: Campaign,
    function: str,
    by: User,
    title: str,
    recipe: Recipe,
    copied_from: Analysis | None = None,
) -> Analysis:
    """Leave a recipe on a campaign's answers to the worker, which alone may read them.

    Raises AnswersDeletedError once they are deleted, and UntoldError for a recipe that asks for
    more than is told of them.
    """
    return keep_analysis(
        _waiting(campaign, function, by=by, title=title, recipe=recipe, copied_from=copied_from)
    )


def new_analysis(
    *,
    source: UploadedMatrix | CampaignSource,
    by: User,
    title: str,
    recipe: Recipe,
    copied_from: Analysis | None,
) -> Analysis:
    """Return an analysis to be kept: of a file with its result, of a campaign to be run.

    Raises a QcaError where it cannot be run. Nothing is locked while it computes.
    """
    if isinstance(source, CampaignSource):
        return _waiting(
            source.campaign, source.function, by=by, title=title, recipe=recipe,
            copied_from=copied_from,
        )  # fmt: skip
    result = compute_result(matrix=source, recipe=recipe)
    return Analysis(
        organisation_id=source.organisation_id, matrix=source, title=title,
        created_by=by, requested_by=by, copied_from=copied_from,
        recipe=RECIPE.stored(recipe), state=Analysis.State.DONE, **_frozen(result),
    )  # fmt: skip


def _waiting(
    campaign: Campaign,
    function: str,
    *,
    by: User,
    title: str,
    recipe: Recipe,
    copied_from: Analysis | None,
) -> Analysis:
    if not campaign.gives_rows:
        require_told(recipe, settled_anchors(campaign))
    return Analysis(
        organisation_id=campaign.organisation_id, campaign=campaign, function=function,
        title=title, created_by=by, requested_by=by, copied_from=copied_from,
        recipe=RECIPE.stored(recipe),
    )  # fmt: skip


@transaction.atomic
def keep_analysis(analysis: Analysis) -> Analysis:
    """Keep a new analysis under the organisation's next number; one of a campaign waits then.

    Raises AnswersDeletedError once the campaign's answers are deleted.
    """
    if analysis.campaign is not None:
        refuse_deleted_answers(analysis.campaign)
    numbered = _numbered(analysis)
    if numbered.campaign is not None:
        _queue(numbered, numbered.created_by or Who.NOT_NOTED)
    return numbered


@transaction.atomic
def ask_again(*, analysis: Analysis, by: User) -> None:
    """Have the worker run an analysis of a campaign that came to nothing.

    Raises AnswersDeletedError once the answers are deleted.
    """
    if analysis.campaign is None:
        return  # one of a file is run at once, or not kept
    refuse_deleted_answers(analysis.campaign)
    if long_work.ask_for(analysis, by=by):
        _queue(analysis, by)


@transaction.atomic
def _queue(analysis: Analysis, by: Doer) -> None:
    later("diagnostics.tasks.run_analysis", analysis.pk, analysis.run)
    note(
        Action.ANALYSIS_STARTED, by=by, campaign=analysis.campaign, function=analysis.function,
        detail={"analysis": analysis.number},
    )  # fmt: skip


def cancel_analysis(*, analysis: Analysis) -> None:
    """Stop an analysis that waits or runs."""
    long_work.cancel(Analysis.objects.filter(pk=analysis.pk))


def run_queued_analysis(*, analysis_id: UUID, run: UUID | None = None) -> None:
    """Run a waiting analysis, once; one that cannot be run is marked with the reason.

    Its scores are kept only while the answers are: deleted meanwhile, nothing of it is stored.
    """
    analysis = Analysis.objects.filter(pk=analysis_id).select_related("campaign").first()
    if analysis is None or analysis.campaign is None:
        return
    analysis.run = run or analysis.run  # a task queued by an earlier version names none
    campaign = analysis.campaign

    def results(_: long_work.Progress) -> dict[str, Any]:
        recipe = RECIPE.read(analysis.recipe)
        cases = campaign_cases(campaign=campaign, function=analysis.function, recipe=recipe)
        result = campaign_result(campaign=campaign, cases=cases, recipe=recipe)
        return {"cases": _kept(cases), "found": _frozen(result)}

    def keep(*, cases: dict[str, Any], found: dict[str, Any]) -> None:
        with answers_held(campaign):
            long_work.finish(analysis, **found)
            AnalysisCases.objects.update_or_create(analysis=analysis, defaults=cases)

    long_work.do(analysis, results, keep)


def is_reproduced(*, analysis: Analysis) -> bool:
    """Run an analysis again and tell whether every figure comes out the same.

    Raises AnswersDeletedError where the answers behind it are deleted.
    """
    recipe = RECIPE.read(analysis.recipe)
    if analysis.campaign is not None:
        cases = campaign_cases(
            campaign=analysis.campaign, function=analysis.function, recipe=recipe
        )
        result = campaign_result(campaign=analysis.campaign, cases=cases, recipe=recipe)
    elif analysis.matrix is not None:
        result = compute_result(matrix=analysis.matrix, recipe=recipe)
    else:  # excluded by the table's constraint
        return False
    return analysis_digest(result) == analysis.digest


def _numbered(analysis: Analysis) -> Analysis:
    """Store a new analysis under the organisation's next number."""
    Organisation.objects.select_for_update().get(pk=analysis.organisation_id)
    numbered = Analysis.objects.filter(organisation=analysis.organisation_id)
    analysis.number = (numbered.aggregate(latest=Max("number"))["latest"] or 0) + 1
    analysis.software_version = __version__
    analysis.created_at = timezone.now()
    analysis.save()
    return analysis


def _kept(cases: pd.DataFrame) -> dict[str, Any]:
    """Return complete cases as they are kept for plots and sliders, which must not read answers."""
    complete = cases.dropna()
    return {
        "columns": list(complete.columns),
        "scores": complete.to_numpy().astype(DTYPE).tobytes(),
    }


def _frozen(result: AnalysisResult) -> dict[str, Any]:
    return {"result": ANALYSIS_RESULT.stored(result), "digest": analysis_digest(result)}
