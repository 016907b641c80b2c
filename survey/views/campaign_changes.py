"""Changing an open campaign as a whole: a later close, or no result at all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from survey.campaign_times import told_time
from survey.errors import StateError
from survey.forms.campaign_changes import CancelForm, ExtensionForm
from survey.services.campaigns import extend_campaign
from survey.services.running.cancelling import cancel_campaign
from survey.views.requests import StaffRequest, posted, status_of
from survey.views.scope import managed_campaign


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Move the closing time; what is refused stays on the page."""
    campaign = managed_campaign(request, campaign_id)
    form = ExtensionForm(campaign, posted(request))
    if form.is_valid():
        try:
            moved = extend_campaign(
                campaign=campaign, closes_at=form.cleaned_data["closes_at"], by=request.user
            )
            messages.success(
                request,
                _("The campaign is open until %(moment)s.")
                % {"moment": told_time(moved.closes_at, moved)},
            )
            return redirect("survey:campaign-detail", campaign_id)
        except StateError as error:
            form.add_error(None, str(error))
    context = {"campaign": campaign, "form": form}
    return render(request, "campaigns/extend.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Say what cancelling destroys, then do it."""
    campaign = managed_campaign(request, campaign_id)
    form = CancelForm(posted(request))
    if not form.is_valid():
        return render(request, "campaigns/cancel.html", {"campaign": campaign, "form": form})
    try:
        cancel_campaign(campaign=campaign, by=request.user)
        messages.success(request, _("The campaign is cancelled; its answers are deleted."))
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)
