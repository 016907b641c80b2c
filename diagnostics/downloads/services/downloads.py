"""Asking for a download, and making it; the making is for the worker only."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final
from uuid import UUID

from django.core.files import File
from django.db import transaction

from diagnostics.downloads.services.answers import write_answers
from diagnostics.downloads.services.figures import write_figures
from diagnostics.models import Assessment, Download
from diagnostics.reports.services.bundles import write_bundle
from diagnostics.results.selectors.assessments import assessment_result
from survey.queue import later
from survey.selectors.answer_life import refuse_deleted_answers
from survey.services.retention.row_files import written_row_file

Writer = Callable[[Assessment, IO[bytes]], None]
WRITERS: Final[dict[str, Writer]] = {
    Download.Kind.REPORTS: write_bundle,
    Download.Kind.FIGURES: write_figures,
    Download.Kind.ANSWERS: write_answers,
}


@transaction.atomic
def request_download(*, assessment: Assessment, kind: str) -> Download:
    """Note that a file is wanted and have it made, unless it is there.

    Raises AnswersDeletedError where it would hold answers that are deleted, and
    UnreadableDocumentError where nobody can read the results that it is made of.
    """
    if kind in Download.ROW_KINDS:
        refuse_deleted_answers(assessment.campaign)
    assessment_result(assessment)  # whoever asks is told at once, the worker could only fail
    download, _ = Download.objects.get_or_create(assessment=assessment, kind=kind)
    if not is_written(download):
        download.state = Download.State.WAITING
        download.save(update_fields=["state"])
        later("diagnostics.tasks.make_download", download.pk)
    return download


def is_written(download: Download) -> bool:
    """Tell whether a download's file is there, whole."""
    stored = download.file
    return download.state == Download.State.READY and stored.storage.exists(str(stored))


def make_download(*, download_id: UUID) -> Download:
    """Write a download's file; one that is there already stays as it is."""
    download = Download.objects.select_related(
        "assessment__campaign__organisation", "assessment__campaign__instrument"
    ).get(pk=download_id)
    if is_written(download):
        return download
    try:
        with _written(download) as (name, digest):
            made = {"file": name, "digest": digest, "state": Download.State.READY}
            Download.objects.filter(pk=download.pk).update(**made)
    except BaseException:
        Download.objects.filter(pk=download.pk).update(state=Download.State.FAILED)
        raise
    download.refresh_from_db(fields=["file", "digest", "state"])
    return download


def download_name(download: Download) -> str:
    """Return the name of a download's file within its assessment's folder."""
    return f"{download.kind}.zip"


def download_path(download: Download) -> str:
    """Return where a download's file lies in the storage."""
    assessment = download.assessment
    return f"{assessment.campaign_id}/{assessment.number}/{download_name(download)}"


@contextmanager
def _written(download: Download) -> Iterator[tuple[str, str]]:
    """Write a file and give its name and its fingerprint.

    It is put together in a file without a name, which a killed worker cannot leave behind.
    """
    with tempfile.TemporaryFile() as target:
        WRITERS[download.kind](download.assessment, target)
        target.seek(0)
        digest = hashlib.file_digest(target, "sha256").hexdigest()
        target.seek(0)
        path, content = download_path(download), File(target)
        if download.kind in Download.ROW_KINDS:
            with written_row_file(download.assessment.campaign, path, content) as stored:
                yield stored, digest
        else:
            yield download.file.storage.save(path, content), digest
