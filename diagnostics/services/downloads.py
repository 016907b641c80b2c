"""Asking for a download, and making it; the making is for the worker only."""

import hashlib
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from django.core.files import File
from django.db import transaction

from diagnostics import tasks
from diagnostics.models import Assessment, Download
from diagnostics.services.answer_exports import write_answers
from diagnostics.services.bundles import write_bundle
from diagnostics.services.exports import write_figures

Writer = Callable[[Assessment, IO[bytes]], None]
WRITERS: Final[dict[str, Writer]] = {
    Download.Kind.REPORTS: write_bundle,
    Download.Kind.FIGURES: write_figures,
    Download.Kind.ANSWERS: write_answers,
}


@transaction.atomic
def request_download(*, assessment: Assessment, kind: str) -> Download:
    """Note that a file is wanted and have it made, unless it is there."""
    download, _ = Download.objects.get_or_create(assessment=assessment, kind=kind)
    if not is_written(download):
        download.state = Download.State.WAITING
        download.save(update_fields=["state"])
        transaction.on_commit(partial(tasks.make_download.enqueue, str(download.pk)))
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
        _write(download)
    except BaseException:
        Download.objects.filter(pk=download.pk).update(state=Download.State.FAILED)
        raise
    download.state = Download.State.READY
    download.save(update_fields=["file", "state", "digest"])
    return download


def download_name(download: Download) -> str:
    """Return the name of a download's file within its assessment's folder."""
    return f"{download.kind}.zip"


def _write(download: Download) -> None:
    assessment = download.assessment
    folder = f"{assessment.campaign_id}/{assessment.number}"
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, download_name(download))
        with path.open("wb") as target:
            WRITERS[download.kind](assessment, target)
        with path.open("rb") as source:
            download.digest = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            stored = download.file.storage.save(f"{folder}/{path.name}", File(source))
    download.file.name = stored
