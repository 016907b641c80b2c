"""Asking for a download, and making it; the making is for the worker only."""

import hashlib
import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Final
from uuid import UUID

from django.core.files import File
from django.db import transaction

from diagnostics.downloads.services.answers import write_answers
from diagnostics.downloads.services.figures import write_figures
from diagnostics.jobs import long_work
from diagnostics.jobs.work_files import Look, finish_file, forget_lost_file, look_at
from diagnostics.models import Assessment, Download
from diagnostics.reports.services.bundles import write_bundle
from diagnostics.results.selectors.assessments import assessment_result
from survey.models import Action, Campaign, User, Who
from survey.queue import later
from survey.selectors.answer_life import refuse_deleted_answers, refuse_single_answers
from survey.services.ledger import note

Writer = Callable[[Assessment, IO[bytes]], None]
WRITERS: Final[dict[str, Writer]] = {
    Download.Kind.REPORTS: write_bundle,
    Download.Kind.FIGURES: write_figures,
    Download.Kind.ANSWERS: write_answers,
}


def request_download(*, assessment: Assessment, kind: str, by: User) -> Download:
    """Note that a file is wanted and have it made, unless it is there or under way.

    Raises AnswersDeletedError where it would hold answers that are deleted, SingleAnswersError
    where nobody gets any, and UnreadableDocumentError where nobody can read the results that it is
    made of.
    """
    if kind in Download.ROW_KINDS:
        refuse_single_answers(assessment.campaign)
        refuse_deleted_answers(assessment.campaign)
    assessment_result(assessment)  # whoever asks is told at once, the worker could only fail
    # Read before the lock: a file of all reports is large.
    there = Download.objects.filter(assessment=assessment, kind=kind).first()
    return _request(assessment, kind, by, None if there is None else look_at(there))


@transaction.atomic
def _request(assessment: Assessment, kind: str, by: User, look: Look | None) -> Download:
    if kind in Download.ROW_KINDS:
        refuse_deleted_answers(assessment.campaign)
    download, is_new = Download.objects.select_for_update().get_or_create(
        assessment=assessment, kind=kind, defaults={"requested_by": by}
    )
    is_lost = look is not None and look.is_lost(download)
    if is_new or long_work.ask_for(download, by=by, is_stale=is_lost):
        if is_lost:
            forget_lost_file(download)
        later("diagnostics.tasks.make_download", download.pk, download.run)
        download.refresh_from_db()
    return download


def cancel_download(*, assessment: Assessment, kind: str) -> None:
    """Stop the making of a file that waits or is under way."""
    long_work.cancel(Download.objects.filter(assessment=assessment, kind=kind))


def make_download(*, download_id: UUID, run: UUID | None = None) -> Download:
    """Write a download's file that was asked for; one that is there already stays as it is.

    Raises AnswersDeletedError where it would hold answers that are deleted.
    """
    download = Download.objects.select_related(
        "assessment__campaign__organisation", "assessment__campaign__instrument", "requested_by"
    ).get(pk=download_id)
    download.run = run or download.run  # a task queued by an earlier version names none
    # Put together in a file without a name, which a killed worker cannot leave behind.
    with tempfile.TemporaryFile() as target:
        long_work.do(download, partial(_written, download, target), partial(_keep, download))
    if download.kind in Download.ROW_KINDS:
        refuse_deleted_answers(Campaign.objects.get(assessments=download.assessment_id))
    download.refresh_from_db()
    return download


def _written(download: Download, target: IO[bytes], _: long_work.Progress) -> dict[str, Any]:
    WRITERS[download.kind](download.assessment, target)
    document = File(target)
    digest = hashlib.sha256()
    for block in document.chunks():
        digest.update(block)
    return {"document": document, "digest": digest.hexdigest()}


def _keep(download: Download, *, document: File, digest: str) -> None:
    campaign = None
    if download.kind in Download.ROW_KINDS:
        campaign = download.assessment.campaign
    entry = partial(
        note,
        Action.FILE_MADE,
        by=download.requested_by or Who.NOT_NOTED,  # an account may be gone meanwhile
        campaign=download.assessment.campaign,
        detail={"file": download.kind, "digest": digest},
    )
    finish_file(download, document, answers_of=campaign, also=entry, digest=digest)
