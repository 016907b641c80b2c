"""What becomes of files and results when the answers that they rest on are deleted."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.core.files.storage import Storage
from django.db import models
from django.db.models import Q, QuerySet
from django_tasks_db.models import DBTaskResult

from diagnostics.analyses.forgetting import without_cases, without_few
from diagnostics.documents import ANALYSIS_RESULT, ROBUSTNESS
from diagnostics.jobs import long_work
from diagnostics.models import (
    Analysis,
    AnalysisCases,
    AnalysisCheck,
    AnalysisFile,
    Assessment,
    Download,
    ScaleStudy,
)
from survey.documents.versions import UnreadableDocumentError
from survey.errors import RowFileError
from survey.models import Campaign, RowFile
from survey.services.retention.row_files import file_storage
from survey.services.retention.task_rows import forget_tasks_about

# The tables in which something is deleted, or written anew without its cases.
EMPTIED: Final[tuple[type[models.Model], ...]] = (
    AnalysisCases, Analysis, AnalysisCheck, DBTaskResult,
)  # fmt: skip


def forget_answers(campaign: Campaign) -> None:
    """Delete what is stored of single answers; what was found of them all together stays.

    What waits or runs is told that nothing comes of it, so that a worker that is at it stores
    nothing afterwards: each of its changes holds on condition of the run.
    """
    analyses = Analysis.objects.filter(campaign=campaign)
    AnalysisCases.objects.filter(analysis__in=analyses).delete()
    # The rows stay without their files: a task that is queued for one finds why it does nothing.
    long_work.forget(
        AnalysisFile.objects.filter(analysis__in=analyses), file="", digest="", content_digest=""
    )
    rows = Download.objects.filter(assessment__campaign=campaign, kind__in=Download.ROW_KINDS)
    long_work.forget(rows, file="", digest="")
    checks = AnalysisCheck.objects.filter(analysis__in=analyses)
    long_work.cancel(checks)
    long_work.cancel(ScaleStudy.objects.filter(campaign=campaign))
    long_work.forget(analyses.filter(state__in=Analysis.GOING))
    _forget_cases_in_results(analyses, checks)
    _forget_tasks(campaign, analyses, checks)


def note_unknown_files(campaign: Campaign) -> None:
    """Register files of a campaign's answers that the register does not know.

    Versions before the register wrote such files, and killed they left them without a row.
    """
    storage = file_storage()
    try:
        found = list(_files_of_answers(storage, campaign))
    except Exception as error:
        # Each kind of storage raises what it likes; without its list nobody knows what is there.
        raise RowFileError(
            f"{campaign.name}: expected a list of the files made of its answers, found {error}. "
            "It is tried again."
        ) from error
    RowFile.objects.bulk_create(
        [RowFile(release_id=campaign.pk, path=path) for path in found], ignore_conflicts=True
    )


def _forget_cases_in_results(analyses: QuerySet[Analysis], checks: QuerySet[AnalysisCheck]) -> None:
    """Write results anew without their cases; one that nobody can read any more goes whole."""
    for analysis in analyses.filter(state=Analysis.State.DONE):
        try:
            result = ANALYSIS_RESULT.read(analysis.result)
        except UnreadableDocumentError:
            long_work.forget(analyses.filter(pk=analysis.pk), result=None)
        else:
            analysis.result = ANALYSIS_RESULT.stored(without_cases(result))
            analysis.save(update_fields=["result"])
    ready = Q(kind=AnalysisCheck.Kind.ROBUSTNESS, state=AnalysisCheck.State.DONE)
    for check in checks.filter(ready):
        try:
            found = ROBUSTNESS.read(check.result)
        except UnreadableDocumentError:
            long_work.forget(checks.filter(pk=check.pk), result=None)
        else:
            check.result = ROBUSTNESS.stored(without_few(found))
            check.save(update_fields=["result"])


def _forget_tasks(
    campaign: Campaign, analyses: QuerySet[Analysis], checks: QuerySet[AnalysisCheck]
) -> None:
    """Delete the tasks that read answers: one that failed keeps the words of its failure."""
    downloads = Download.objects.filter(assessment__campaign=campaign, kind__in=Download.ROW_KINDS)
    files = AnalysisFile.objects.filter(analysis__in=analyses)
    studies = ScaleStudy.objects.filter(campaign=campaign)
    named: list[UUID] = []
    for concerned in (downloads, analyses, checks, files, studies):
        named.extend(concerned.values_list("pk", flat=True))
    forget_tasks_about(named)
    scorings = DBTaskResult.objects.finished().filter(task_path="diagnostics.tasks.assess_campaign")
    scorings.delete()


def _files_of_answers(storage: Storage, campaign: Campaign) -> Iterator[str]:
    for number in Assessment.objects.filter(campaign=campaign).values_list("number", flat=True):
        for kind in Download.ROW_KINDS:
            yield from _files_in(storage, f"{campaign.pk}/{number}", prefix=kind)
    for analysis in Analysis.objects.filter(campaign=campaign).only("pk"):
        yield from _files_in(storage, analysis.file_folder)


def _files_in(storage: Storage, folder: str, *, prefix: str = "") -> Iterator[str]:
    try:
        _, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names if name.startswith(prefix))
