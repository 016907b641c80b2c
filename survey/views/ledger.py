"""The ledger: an organisation's page of it, and files of all entries."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from survey.access import CampaignRight, organisations_where
from survey.import_files.writing import CSV_TYPE, as_csv
from survey.selectors.ledger.entries import (
    HEADINGS,
    campaign_rows,
    organisation_ledgers,
    organisation_rows,
)
from survey.selectors.stored_page import checked_campaigns
from survey.views.requests import StaffRequest

CSV_HEADERS = {"Content-Disposition": 'attachment; filename="ledger.csv"'}


@require_safe
def list_ledgers(request: StaffRequest) -> HttpResponse:
    """Show what was done in the user's organisations, campaigns apart."""
    ledgers = organisation_ledgers(request.user)
    if not ledgers:
        raise Http404
    return render(request, "organisations/ledger.html", {"ledgers": ledgers})


@require_safe
@never_cache
def export_campaign(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send every entry of a campaign."""
    campaign = get_object_or_404(checked_campaigns(request.user), pk=campaign_id)
    content = as_csv(HEADINGS, campaign_rows(campaign))
    return HttpResponse(content, content_type=CSV_TYPE, headers=CSV_HEADERS)


@require_safe
@never_cache
def export_organisation(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Send every entry of an organisation and its campaigns."""
    read = organisations_where(request.user, CampaignRight.READ_LEDGER)
    organisation = get_object_or_404(read, pk=organisation_id)
    content = as_csv(HEADINGS, organisation_rows(organisation))
    return HttpResponse(content, content_type=CSV_TYPE, headers=CSV_HEADERS)
