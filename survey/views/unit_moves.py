"""Putting somebody right who was invited for a wrong unit or function."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from survey.errors import StateError
from survey.forms.people import PlaceForm
from survey.models import UnitReport
from survey.selectors.people import people_of
from survey.services.running import links
from survey.services.running.wrong_units import settle_report
from survey.views.people import by_opening
from survey.views.requests import StaffRequest
from survey.views.scope import managed_campaign


@require_POST
def move(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Invite a person for another unit or function; the old link dies."""
    campaign = managed_campaign(request, campaign_id)
    recipient = get_object_or_404(people_of(campaign), pk=recipient_id)
    form = PlaceForm(campaign, request.POST)
    try:
        if form.is_valid():
            links.request_move(recipient=recipient, by=request.user, **form.cleaned_data)
            told = by_opening(
                campaign,
                _("Moved within a moment; a mail with a new link goes out."),
                _("Moved within a moment; a mail with a new link follows."),
            )
            messages.success(request, told)
        else:
            messages.error(request, _("Expected a unit of this campaign, found none."))
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:person-detail", campaign_id, recipient_id)


@require_POST
def settle(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Take a word about a wrong unit off the list; the person stays where they are."""
    campaign = managed_campaign(request, campaign_id)
    reports = UnitReport.objects.filter(invitation__campaign=campaign)
    report = get_object_or_404(reports, invitation__recipient=recipient_id)
    settle_report(report=report, by=request.user)
    messages.success(request, _("Taken off the list; nothing else has changed."))
    return redirect("survey:person-detail", campaign_id, recipient_id)
