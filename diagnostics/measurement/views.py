"""Data quality and scale properties of a campaign: started, followed, read."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from diagnostics.measurement.selectors import scale_page
from diagnostics.measurement.services import cancel_study, request_study
from diagnostics.workbench.selectors.analyses import analysed_campaigns
from survey.views.requests import StaffRequest


@require_GET
def show_scales(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show response, exclusions and scales; asked for again while they are computed."""
    campaign = get_object_or_404(analysed_campaigns(request.user), pk=campaign_id)
    page = scale_page(campaign, language=get_language())
    return render(request, "workbench/scales.html", {"page": page})


@require_POST
def start_study(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Have the worker compute the scales' properties."""
    campaign = get_object_or_404(analysed_campaigns(request.user), pk=campaign_id)
    request_study(campaign=campaign, by=request.user)
    return redirect("diagnostics:scale-study", campaign.pk)


@require_POST
def stop_study(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Cancel the work on them."""
    campaign = get_object_or_404(analysed_campaigns(request.user), pk=campaign_id)
    cancel_study(campaign=campaign)
    return redirect("diagnostics:scale-study", campaign.pk)
