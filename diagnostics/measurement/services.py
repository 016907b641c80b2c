"""The scale study of a campaign: asked for, computed by the worker, frozen."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from diagnostics.documents import SCALE_STUDY
from diagnostics.jobs import long_work
from diagnostics.measurement.computing import Report
from diagnostics.measurement.studies import study_scales
from diagnostics.measurement.telling import told_study
from diagnostics.models import Report as ReportFile
from diagnostics.models import ScaleStudy
from diagnostics.reports.services.renewing import renew_reports
from survey.documents.canonical_json import content_digest
from survey.documents.plain_values import to_document
from survey.models import Action, Campaign, User
from survey.queue import later
from survey.selectors.answer_life import refuse_deleted_answers
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import released_rows
from survey.services.ledger import note


@transaction.atomic
def request_study(*, campaign: Campaign, by: User) -> ScaleStudy:
    """Have the worker compute the study; one that is there or under way stays as it is.

    Raises AnswersDeletedError once the answers are deleted.
    """
    refuse_deleted_answers(campaign)
    study, is_new = ScaleStudy.objects.get_or_create(
        campaign=campaign, defaults={"requested_by": by}
    )
    if is_new or long_work.ask_for(study, by=by):
        later("diagnostics.tasks.run_study", study.pk, study.run)
        note(Action.STUDY_STARTED, by=by, campaign=campaign)
    return study


def cancel_study(*, campaign: Campaign) -> None:
    """Stop a study that waits or runs."""
    long_work.cancel(ScaleStudy.objects.filter(campaign=campaign))


def run_study(*, study_id: UUID, run: UUID) -> None:
    """Compute a study that was asked for; for the worker only."""
    study = ScaleStudy.objects.select_related("campaign__instrument").get(pk=study_id)
    study.run = run
    long_work.do(study, partial(_found, study.campaign))
    if ScaleStudy.objects.filter(pk=study_id, run=run, state=ScaleStudy.State.DONE).exists():
        renew_reports(campaign=study.campaign, kind=ReportFile.Kind.APPENDIX)


def _found(campaign: Campaign, report: Report) -> dict[str, Any]:
    study = study_scales(
        released_rows(campaign),
        questionnaire_of(campaign),
        dropped=campaign.release.dropped_items,
        sensitive_floor=campaign.sensitive_floor,
        report=report,
    )
    if not campaign.gives_rows:
        study = told_study(study)
    return {"result": SCALE_STUDY.stored(study), "digest": content_digest(to_document(study))}
