"""HR tells the leaders that results are there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from diagnostics.access import campaigns_with_results_for
from diagnostics.results.selectors.notices import notice_state
from diagnostics.results.services.notices import tell_leaders
from survey.views.requests import StaffRequest


@require_POST
def tell_leaders_of_results(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Write the mails to leaders who got none yet."""
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    if notice_state(request.user, campaign) is None:
        raise Http404
    told = tell_leaders(campaign=campaign)
    text = ngettext("%(told)d mail is on its way.", "%(told)d mails are on their way.", told)
    messages.success(request, text % {"told": told})
    return redirect("diagnostics:download-list", campaign.pk)
