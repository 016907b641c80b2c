"""What a page of a manager may be about; anything else is not found."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from survey.models import Campaign, CampaignState, Organisation
from survey.selectors.campaigns import managed_campaigns, managed_organisations
from survey.views.requests import StaffRequest


def managed_campaign(request: StaffRequest, campaign_id: UUID) -> Campaign:
    """Return a campaign that the user runs, or answer 404."""
    return get_object_or_404(managed_campaigns(request.user), pk=campaign_id)


def managed_draft(request: StaffRequest, campaign_id: UUID) -> Campaign:
    """Return a campaign that the user may still set up, or answer 404."""
    drafts = managed_campaigns(request.user).filter(state=CampaignState.DRAFT)
    return get_object_or_404(drafts, pk=campaign_id)


def posted_draft(request: StaffRequest, campaign_id: UUID) -> Campaign:
    """Return a draft as a form's page is about one, whatever it has become when a post arrives.

    A launch may have come in between: then the service refuses, and what was typed is not lost
    on a page that says there is nothing.
    """
    find = managed_campaign if request.method == "POST" else managed_draft
    return find(request, campaign_id)


def managed_organisation(request: StaffRequest, organisation_id: UUID) -> Organisation:
    """Return an organisation whose campaigns the user runs, or answer 404."""
    return get_object_or_404(managed_organisations(request.user), pk=organisation_id)
