"""The logo of who asks, for respondents' pages."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from survey.models import CampaignLogo


@require_safe
@login_not_required
@cache_control(private=True, max_age=3600)
def show_logo(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Send the picture; it says no more than the mail that leads here."""
    logo = get_object_or_404(CampaignLogo, pk=campaign_id)
    return HttpResponse(bytes(logo.image), content_type="image/png")
