"""The page of what is stored, for the works council and for data protection."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from survey.selectors.stored_page import checked_campaigns, stored_page
from survey.views.requests import StaffRequest


@require_safe
def show_stored(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show what is stored of a campaign, its thresholds, its plan and what was done."""
    campaign = get_object_or_404(checked_campaigns(request.user), pk=campaign_id)
    context = {"page": stored_page(campaign, reader=request.user)}
    return render(request, "campaigns/stored.html", context)
