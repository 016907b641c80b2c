"""What a draft campaign will be scored with."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.methods.forms.choices import MethodForm
from diagnostics.methods.selectors.choices import chosen_method
from diagnostics.methods.services.definitions import ensure_defaults
from diagnostics.methods.services.own_definitions import choose_method
from survey.errors import StateError
from survey.views.requests import StaffRequest, posted, status_of
from survey.views.scope import managed_draft


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show what may be chosen before the launch; a post chooses it."""
    campaign = managed_draft(request, campaign_id)
    ensure_defaults()
    form = MethodForm(campaign, chosen_method(campaign), posted(request))
    if form.is_valid():
        try:
            choose_method(campaign=campaign, by=request.user, **form.changes())
            messages.success(request, _("Saved. It is frozen at the launch."))
        except StateError as error:
            messages.error(request, str(error))
        return redirect("survey:campaign-detail", campaign_id)
    context = {"campaign": campaign, "form": form}
    return render(request, "methods/choose.html", context, status=status_of(form))
