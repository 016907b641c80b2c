"""The appendix and the ZIP of an analysis: asked for, made by the worker, the same bytes again."""

import hashlib
import io
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from diagnostics.analyses.sets import sets_of
from diagnostics.exports.analyses import analysis_files
from diagnostics.jobs import long_work
from diagnostics.models import Analysis, AnalysisFile
from diagnostics.reports.services.bundles import write_files
from diagnostics.workbench.documents import analysis_document
from diagnostics.workbench.selectors.analysis_pages import recipe_of
from diagnostics.workbench.selectors.appendix import appendix_of, contents_digest, exported_whole
from diagnostics.workbench.selectors.cases import cases_of, refuse_deleted_cases
from survey.models import User
from survey.queue import later
from survey.services.retention.row_files import written_row_file

EXTENSIONS = {AnalysisFile.Kind.APPENDIX: "pdf", AnalysisFile.Kind.BUNDLE: "zip"}


def analysis_folder(analysis_id: UUID) -> str:
    """Return where the files of an analysis lie in the storage."""
    return f"analyses/{analysis_id}"


@transaction.atomic
def request_file(*, analysis: Analysis, kind: str, language: str, by: User) -> AnalysisFile:
    """Have the worker make a file, unless it is there and nothing has been added since.

    Raises AnswersDeletedError once the answers behind the analysis are deleted.
    """
    refuse_deleted_cases(analysis)
    file, is_new = AnalysisFile.objects.get_or_create(
        analysis=analysis, kind=kind, language=language,
        defaults={"requested_by": by, "requested_at": timezone.now()},
    )  # fmt: skip
    ready = AnalysisFile.objects.filter(pk=file.pk, state=AnalysisFile.State.READY)
    ready.exclude(content_digest=contents_digest(analysis)).update(
        state=AnalysisFile.State.CANCELLED
    )
    if is_new or long_work.ask_for(file, by=by):
        later("diagnostics.tasks.make_analysis_file", file.pk, file.run)
    return file


def make_file(*, file_id: UUID, run: UUID) -> None:
    """Make one file that was asked for; for the worker only."""
    file = AnalysisFile.objects.select_related(
        "analysis__matrix", "analysis__campaign", "analysis__organisation"
    ).get(pk=file_id)
    file.run = run
    long_work.do(file, lambda _report: _made(file))


def _made(file: AnalysisFile) -> dict[str, Any]:
    analysis = file.analysis
    refuse_deleted_cases(analysis)
    contents = contents_digest(analysis)
    with override(file.language):
        document = analysis_document(appendix_of(analysis, language=file.language))
        if file.kind == AnalysisFile.Kind.BUNDLE:
            document = _bundle(analysis, document)
    extension = EXTENSIONS[AnalysisFile.Kind(file.kind)]
    name = f"{analysis_folder(analysis.pk)}/{file.kind}-{file.language}.{extension}"
    return {
        "file": _stored(analysis, name, document),
        "content_digest": contents,
        "digest": hashlib.sha256(document).hexdigest(),
    }


def _stored(analysis: Analysis, name: str, document: bytes) -> str:
    """Write a file; one of a campaign's answers is registered with them."""
    if analysis.campaign is None:
        stored: str = AnalysisFile.file.field.storage.save(name, ContentFile(document))
        return stored
    with written_row_file(analysis.campaign, name, ContentFile(document)) as written:
        return written


def _bundle(analysis: Analysis, appendix: bytes) -> bytes:
    recipe = recipe_of(analysis)
    memberships = None
    if analysis.matrix is not None:
        memberships = sets_of(cases_of(analysis), recipe).memberships
    found = analysis_files(recipe, exported_whole(analysis), memberships)
    target = io.BytesIO()
    write_files({**found, "appendix.pdf": appendix}, target)
    return target.getvalue()
