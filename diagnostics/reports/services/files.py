"""Report files: which there are, and rendering each of them once; for the worker only."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from diagnostics.jobs import long_work
from diagnostics.jobs.work_files import Look, finish_file, forget_lost_file, is_whole, look_at
from diagnostics.measurement.selectors import study_of, study_result
from diagnostics.models import Assessment, Report, UnitAssessment
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import (
    appendix_markup,
    company_markup,
    functions_markup,
    unit_markup,
)
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.letters import RenderedPdf
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.reports.services.renewing import renew_reports
from diagnostics.results.selectors.actions import action_plan
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.results.selectors.invited_functions import invited_functions
from diagnostics.results.selectors.provenance import setting_of
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import compares_functions, functions_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.wording.page_parts import Setting
from survey.documents.versions import UnreadableDocumentError
from survey.models import CampaignUnit, User
from survey.queue import later
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import background_of, released_cells

logger = logging.getLogger(__name__)


def queue_reports(*, assessment_id: UUID) -> None:
    """Note every report of an assessment and have those rendered that are not there yet."""
    assessment = Assessment.objects.select_related("campaign").get(pk=assessment_id)
    wanted = _wanted(assessment)  # before the lock: which there are is read from the results
    with transaction.atomic():
        Report.objects.bulk_create(wanted, ignore_conflicts=True)
        if assessment.reports.exclude(state=Report.State.DONE).exists():
            later("diagnostics.tasks.render_reports", assessment.pk)


def request_report(*, report: Report, by: User) -> None:
    """Have a report written that came to nothing, is not there any more or lacks letters."""
    _request(report, by, look_at(report))


@transaction.atomic
def _request(seen: Report, by: User, look: Look) -> None:
    report = Report.objects.select_for_update().get(pk=seen.pk)
    is_lost = look.is_lost(report)  # before it is asked for, which changes its run
    if report.is_ready and look.is_whole and report.missing_letters:
        # There may be a font now; until the new one is there the one with boxes stays.
        campaign = report.assessment.campaign
        renew_reports(campaign=campaign, kind=report.kind, unit=report.unit)
    elif long_work.ask_for(report, by=by, is_stale=is_lost):
        if is_lost:
            forget_lost_file(report)
        later("diagnostics.tasks.render_reports", report.assessment_id)


def note_reports(*, assessment: Assessment) -> None:
    """Note which reports an assessment has; those noted before stay as they are."""
    Report.objects.bulk_create(_wanted(assessment), ignore_conflicts=True)


def _wanted(assessment: Assessment) -> list[Report]:
    return [
        Report(assessment=assessment, unit_id=unit, kind=kind, language=language)
        for language in assessment.campaign.languages or ["en"]
        for unit, kind in _reported_units(assessment)
    ]


def render_reports(*, assessment_id: UUID) -> list[Report]:
    """Render every report of an assessment that has no file yet, and return those rendered.

    Each file is noted as soon as it is written, so that a killed run goes on where it was; a
    report that cannot be rendered is noted as failed and keeps no other from being written.
    """
    stored = Report.objects.filter(assessment=assessment_id).select_related(
        "assessment__campaign__organisation", "assessment__campaign__instrument", "unit"
    )
    ordered = stored.order_by("unit__position", "kind")
    missing = [report for report in ordered if not is_whole(report)]
    for report in missing:
        # One that ended without a file, or whose file is gone, is tried again.
        long_work.ask_for(report, by=None, is_stale=True)
    readable: list[Report] = []  # grows while their markup is asked for
    try:
        rendered = shared_pool().render_each(_markups(missing, readable))
        for place, document in enumerate(rendered):
            _keep(readable[place], document)
    except BaseException:
        for report in missing:
            long_work.fail(report)  # but those that are there by now, or another worker's
        raise
    return missing


def _reported_units(assessment: Assessment) -> Iterator[tuple[UUID, str]]:
    """Yield the company, and every unit with a profile or a verdict of its own."""
    own = UnitAssessment.objects.filter(
        Q(is_own_profile=True) | Q(is_own_verdict=True), assessment=assessment
    )
    root = CampaignUnit.objects.get(campaign=assessment.campaign, parent=None).pk
    yield root, Report.Kind.COMPANY
    if _compares_functions(assessment):
        yield root, Report.Kind.FUNCTIONS
    yield root, Report.Kind.APPENDIX
    for unit in own.exclude(unit__parent=None).values_list("unit_id", flat=True):
        yield unit, Report.Kind.UNIT


def _compares_functions(assessment: Assessment) -> bool:
    """Whether there is such a report; of what nobody can read, the others say that they failed."""
    try:
        return compares_functions(assessment_result(assessment, units=()))
    except UnreadableDocumentError:
        return False


def _markups(reports: Iterable[Report], readable: list[Report]) -> Iterator[str]:
    """Yield the markup of every report whose results can be read, and note which these are."""
    for report in reports:
        long_work.begin(report)
        try:
            markup = _markup(report)
        except UnreadableDocumentError as error:
            _fail(report, error)
        else:
            readable.append(report)
            yield markup


def _markup(report: Report) -> str:
    assessment, language = report.assessment, report.language
    setting = setting_of(assessment, language=language)
    if report.kind != Report.Kind.UNIT:
        return _company_markup(report, setting, language)
    result = assessment_result(assessment, units=[report.unit_id])
    reading = unit_reading(
        result,
        str(report.unit_id),
        setting=setting,
        language=language,
        functions=invited_functions(assessment.campaign, report.unit_id),
    )
    trend = unit_trend_reading(assessment, result, report.unit, language=language)
    plan = action_plan(assessment, report.unit, language=language)
    return unit_markup(replace(reading, trend=trend), plan)


def _company_markup(report: Report, setting: Setting, language: str) -> str:
    assessment = report.assessment
    result = assessment_result(assessment)
    if report.kind == Report.Kind.COMPANY:
        company = company_reading(result, setting=setting, language=language)
        trend = unit_trend_reading(assessment, result, report.unit, language=language)
        return company_markup(replace(company, trend=trend))
    if report.kind == Report.Kind.FUNCTIONS:
        return functions_markup(functions_reading(result, setting=setting, language=language))
    campaign = assessment.campaign
    reading = appendix_reading(
        result,
        released_cells(campaign),
        questionnaire_of(campaign),
        setting=setting,
        language=language,
        background=background_of(campaign),
        study=study_result(study_of(campaign)),
        is_study_in_tens=not campaign.gives_rows,
    )
    return appendix_markup(reading)


def _keep(report: Report, document: RenderedPdf | RenderError) -> None:
    if isinstance(document, RenderError):
        _fail(report, document)
        return
    # As it is now: another worker may have finished an earlier revision since this one was read.
    replaced = Report.objects.filter(pk=report.pk).values_list("file", flat=True).first() or ""
    try:
        finish_file(
            report,
            ContentFile(document),
            digest=hashlib.sha256(document).hexdigest(),
            missing_letters=document.missing_letters,
        )
    except long_work.WorkOverError:
        return  # what it says has changed while it was rendered, or another worker was faster
    except OSError as error:  # a full disk, a folder that is not ours: others may find room yet
        _fail(report, error)
        return
    if replaced not in ("", report.path):
        with suppress(OSError):  # the new one is there; no reader meets the old one any more
            report.file.storage.delete(replaced)


def _fail(report: Report, error: Exception) -> None:
    logger.error("Report %s: %s", report.pk, error)
    long_work.fail(report, str(error))
