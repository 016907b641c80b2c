"""The appendix and the ZIP of an analysis: asked for, made by the worker, the same bytes again."""

import hashlib
import io
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import override

from diagnostics.exports.analyses import analysis_files
from diagnostics.jobs import long_work
from diagnostics.jobs.work_files import Look, finish_file, forget_lost_file, look_at
from diagnostics.models import Analysis, AnalysisFile
from diagnostics.reports.services.bundles import write_files
from diagnostics.workbench.documents import analysis_document
from diagnostics.workbench.selectors.analysis_pages import recipe_of
from diagnostics.workbench.selectors.appendix import appendix_of, contents_digest, exported_whole
from diagnostics.workbench.selectors.cases import cases_of, refuse_deleted_cases
from survey.models import Action, User, Who
from survey.queue import later
from survey.services.ledger import note


def request_file(*, analysis: Analysis, kind: str, language: str, by: User) -> AnalysisFile:
    """Have the worker make a file, unless it is there and nothing has been added since.

    Raises AnswersDeletedError once the answers behind the analysis are deleted.
    """
    # Read before the lock: a file may be large.
    there = AnalysisFile.objects.filter(analysis=analysis, kind=kind, language=language).first()
    return _request(analysis, kind, language, by, None if there is None else look_at(there))


@transaction.atomic
def _request(
    analysis: Analysis, kind: str, language: str, by: User, look: Look | None
) -> AnalysisFile:
    refuse_deleted_cases(analysis)
    file, is_new = AnalysisFile.objects.select_for_update().get_or_create(
        analysis=analysis, kind=kind, language=language, defaults={"requested_by": by}
    )
    is_current = file.content_digest == contents_digest(analysis) and not file.missing_letters
    is_lost = look is not None and look.is_lost(file)
    if is_new or long_work.ask_for(file, by=by, is_stale=not is_current or is_lost):
        if is_lost:
            forget_lost_file(file)
        later("diagnostics.tasks.make_analysis_file", file.pk, file.run)
    return file


def cancel_file(*, analysis: Analysis, kind: str, language: str) -> None:
    """Stop the making of a file that waits or is under way."""
    long_work.cancel(AnalysisFile.objects.filter(analysis=analysis, kind=kind, language=language))


def make_file(*, file_id: UUID, run: UUID) -> None:
    """Make one file that was asked for; for the worker only."""
    file = AnalysisFile.objects.select_related(
        "analysis__matrix", "analysis__campaign", "analysis__organisation", "requested_by"
    ).get(pk=file_id)
    file.run = run
    long_work.do(file, lambda _report: _made(file), partial(_keep, file))


def _made(file: AnalysisFile) -> dict[str, Any]:
    analysis = file.analysis
    refuse_deleted_cases(analysis)
    contents = contents_digest(analysis)
    with override(file.language):
        appendix = analysis_document(appendix_of(analysis, language=file.language))
        letters, document = appendix.missing_letters, bytes(appendix)
        if file.kind == AnalysisFile.Kind.BUNDLE:
            document = _bundle(analysis, document)
    return {"document": document, "content_digest": contents, "missing_letters": letters}


def _keep(
    file: AnalysisFile, *, document: bytes, content_digest: str, missing_letters: str
) -> None:
    """Write a file; one of a campaign's answers is registered with them."""
    finish_file(
        file,
        ContentFile(document),
        answers_of=file.analysis.campaign,
        also=partial(_note_made, file),
        content_digest=content_digest,
        missing_letters=missing_letters,
        digest=hashlib.sha256(document).hexdigest(),
    )


def _note_made(file: AnalysisFile) -> None:
    analysis = file.analysis
    if analysis.campaign is not None:
        note(
            Action.FILE_MADE, by=file.requested_by or Who.NOT_NOTED, campaign=analysis.campaign,
            function=analysis.function, detail={"file": file.kind, "analysis": analysis.number},
        )  # fmt: skip


def _bundle(analysis: Analysis, appendix: bytes) -> bytes:
    recipe = recipe_of(analysis)
    cases = cases_of(analysis) if analysis.matrix is not None else None
    found = analysis_files(recipe, exported_whole(analysis), cases)
    target = io.BytesIO()
    write_files({**found, "appendix.pdf": appendix}, target)
    return target.getvalue()
