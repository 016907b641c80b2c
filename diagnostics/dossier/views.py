"""Sending a dossier: made while its reader waits, so that it says what is so now."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diagnostics.dossier.document import dossier_document
from diagnostics.dossier.reading import dossier_reading
from diagnostics.reports.rendering.errors import RenderError
from survey.selectors.stored_page import checked_campaigns
from survey.views.requests import StaffRequest


@require_safe
def send_dossier(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send the dossier of a campaign in the reader's language."""
    campaign = get_object_or_404(checked_campaigns(request.user), pk=campaign_id)
    try:
        content = dossier_document(dossier_reading(campaign, reader=request.user))
    except RenderError:
        messages.error(
            request, _("The dossier could not be made. This page has all of it, and prints.")
        )
        return redirect("survey:campaign-stored", campaign.pk)
    name = f"{slugify(campaign.name) or 'campaign'}-dossier.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
