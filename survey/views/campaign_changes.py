"""Changing an open campaign as a whole: a later close, or no result at all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from survey.campaign_times import told_time
from survey.errors import StateError
from survey.forms.campaign_changes import CancelForm, ExtensionForm
from survey.selectors.accounts.asked_changes import cancel_page
from survey.services.campaigns import extend_campaign
from survey.services.running.asked_changes import cancel_or_ask, take_change_back
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
    """Say what cancelling destroys, then do it, or ask for it where somebody else must agree."""
    campaign = managed_campaign(request, campaign_id)
    form = CancelForm(posted(request))
    if not form.is_valid():
        context = {"form": form, "page": cancel_page(campaign, reader=request.user)}
        return render(request, "campaigns/cancel.html", {"campaign": campaign, **context})
    try:
        is_asked = cancel_or_ask(campaign=campaign, by=request.user)
        told = (
            _("Asked for. It happens once somebody else agrees.")
            if is_asked
            else _("The campaign is cancelled; its answers are deleted.")
        )
        messages.success(request, told)
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)


@require_POST
def take_back(request: StaffRequest, campaign_id: UUID, change_id: UUID) -> HttpResponse:
    """Ask for a change no longer."""
    campaign = managed_campaign(request, campaign_id)
    asked = get_object_or_404(campaign.asked_changes, pk=change_id)
    take_change_back(asked=asked, by=request.user)
    messages.success(request, _("Taken back. Nothing was changed."))
    return redirect("survey:campaign-detail", campaign_id)
