"""The page of downloads, asking for one, and sending it."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from diagnostics.access import campaigns_with_results_for, kinds_for
from diagnostics.downloads.selectors import download_entries, ready_download
from diagnostics.downloads.services.downloads import cancel_download, request_download
from diagnostics.jobs.work_files import open_whole
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.results.selectors.notices import notice_state
from survey.models import Campaign
from survey.views.requests import StaffRequest

SentFile = FileResponse | HttpResponseRedirect


def show_downloads(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show what may be downloaded and how far it is; asked for again while something is made."""
    campaign = _campaign(request, campaign_id)
    entries = download_entries(request.user, campaign)
    if not entries:
        raise Http404
    is_waiting = any(entry.is_waiting for entry in entries)
    content = {
        "campaign": campaign,
        "entries": entries,
        "is_waiting": is_waiting,
        "notices": notice_state(request.user, campaign),
    }
    return render(request, "downloads/list.html", content)


@require_POST
def ask_for_download(request: StaffRequest, campaign_id: UUID, kind: str) -> HttpResponse:
    """Have the worker make a file."""
    campaign = _campaign(request, campaign_id)
    assessment = current_assessment(campaign)
    if assessment is None or kind not in kinds_for(request.user, campaign):
        raise Http404
    request_download(assessment=assessment, kind=kind, by=request.user)
    return redirect("diagnostics:download-list", campaign.pk)


@require_POST
def stop_download(request: StaffRequest, campaign_id: UUID, kind: str) -> HttpResponse:
    """Cancel the making of a file."""
    campaign = _campaign(request, campaign_id)
    assessment = current_assessment(campaign)
    if assessment is None or kind not in kinds_for(request.user, campaign):
        raise Http404
    cancel_download(assessment=assessment, kind=kind)
    return redirect("diagnostics:download-list", campaign.pk)


def send_download(request: StaffRequest, campaign_id: UUID, kind: str) -> SentFile:
    """Send a finished file, block by block; have one that is lost made again, and say so."""
    campaign = _campaign(request, campaign_id)
    download = ready_download(request.user, campaign, kind=kind)
    if download is None:
        raise Http404
    document = open_whole(download)
    if document is None:
        request_download(assessment=download.assessment, kind=kind, by=request.user)
        return redirect("diagnostics:download-list", campaign.pk)
    name = f"{slugify(campaign.name)}-{download.kind}.zip"
    return FileResponse(document, as_attachment=True, filename=name)


def _campaign(request: StaffRequest, campaign_id: UUID) -> Campaign:
    return get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
