"""Result pages of the company and of its units, and their report files."""

from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from diagnostics.access import campaigns_with_results_for, sees_every_unit, visible_units
from diagnostics.jobs.work_files import open_whole
from diagnostics.models import Report
from diagnostics.reports.services.files import request_report
from diagnostics.results.selectors.functions import functions_page
from diagnostics.results.selectors.pages import (
    ResultPage,
    company_page,
    further_report,
    has_own_page,
    readable_report,
    unit_page,
    visible_report,
    waiting_page,
)
from diagnostics.results.services.scorings import ask_for_scoring
from survey.models import Campaign
from survey.views.requests import StaffRequest

SentFile = FileResponse | HttpResponseRedirect


def show_company(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show the whole company's results, or why there are none yet."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    page = company_page(
        request.user,
        campaign,
        language=get_language() or "en",
        order=request.GET.get("order", ""),
        text=request.GET.get("find", ""),
    )
    return _page(request, "results/company.html", campaign, page)


def compare_functions(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show operations and sales side by side to those who see every unit."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    page = functions_page(request.user, campaign, language=get_language() or "en")
    if page is None:
        raise Http404
    context = {"page": page, "is_demonstration": page.reading.setting.is_demonstration}
    return render(request, "results/functions.html", context)


def show_unit(request: StaffRequest, campaign_id: UUID, unit_id: UUID) -> HttpResponse:
    """Show one unit's results to those who may see them; the company has a page of its own."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    unit = get_object_or_404(visible_units(request.user, campaign), pk=unit_id)
    if not has_own_page(request.user, campaign, unit):
        return redirect("diagnostics:company-detail", campaign_id=campaign.pk)
    page = unit_page(request.user, campaign, unit, language=get_language() or "en")
    return _page(request, "results/unit.html", campaign, page)


def show_team_sheet(request: StaffRequest, campaign_id: UUID, unit_id: UUID) -> HttpResponse:
    """Show the one page that a team talks through, where there are figures to talk about."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    unit = get_object_or_404(visible_units(request.user, campaign), pk=unit_id)
    if not has_own_page(request.user, campaign, unit):
        raise Http404
    page = unit_page(request.user, campaign, unit, language=get_language() or "en")
    if page is not None and page.reading.profile is None:
        raise Http404
    return _page(request, "results/team_sheet.html", campaign, page)


def download_company_report(request: StaffRequest, campaign_id: UUID) -> SentFile:
    """Send the company's report to those who may see every unit."""
    return _download(request, campaign_id, None)


def download_further_report(request: StaffRequest, campaign_id: UUID, kind: str) -> SentFile:
    """Send the comparison of functions or the research appendix to those who may read it."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    report = further_report(request.user, campaign, kind=kind, language=get_language() or "en")
    return _sent(request, report)


def download_unit_report(request: StaffRequest, campaign_id: UUID, unit_id: UUID) -> SentFile:
    """Send a unit's report to those who may see the unit."""
    return _download(request, campaign_id, unit_id)


@require_POST
def ask_for_report(request: StaffRequest, campaign_id: UUID, report_id: UUID) -> HttpResponse:
    """Have a report written that came to nothing, by whoever may read it."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    report = readable_report(request.user, campaign, report_id)
    if report is None:
        raise Http404
    return _asked_for(request, report)


@require_POST
def score_again(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Have a release scored whose scoring came to nothing, by whoever sees every unit."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    if not sees_every_unit(request.user, campaign):
        raise Http404
    ask_for_scoring(campaign=campaign, by=request.user)
    return redirect("diagnostics:company-detail", campaign.pk)


def _page(
    request: StaffRequest, template: str, campaign: Campaign, page: ResultPage | None
) -> HttpResponse:
    if page is None:
        page_of_waiting = waiting_page(request.user, campaign)
        return render(request, "results/waiting.html", page_of_waiting)
    is_demonstration = page.reading.setting.is_demonstration
    return render(request, template, {"page": page, "is_demonstration": is_demonstration})


def _download(request: StaffRequest, campaign_id: UUID, unit_id: UUID | None) -> SentFile:
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    report = visible_report(
        request.user, campaign, unit_id=unit_id, language=get_language() or "en"
    )
    return _sent(request, report)


def _sent(request: StaffRequest, report: Report | None) -> SentFile:
    """Send a report; have one whose file is lost written again, and say so on its page."""
    if report is None:
        raise Http404
    document = open_whole(report)
    if document is None:
        return _asked_for(request, report)
    return FileResponse(document, as_attachment=True, filename=_file_name(report))


def _asked_for(request: StaffRequest, report: Report) -> HttpResponseRedirect:
    request_report(report=report, by=request.user)
    campaign_id = report.assessment.campaign_id
    if report.kind == Report.Kind.UNIT:
        return redirect("diagnostics:unit-detail", campaign_id, report.unit_id)
    return redirect("diagnostics:company-detail", campaign_id)


def _file_name(report: Report) -> str:
    campaign = report.assessment.campaign
    return f"{slugify(campaign.name)}-{Path(str(report.file)).name}"
