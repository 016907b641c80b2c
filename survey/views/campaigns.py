"""The manager's pages of campaigns: list, one campaign, and what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.errors import StateError
from survey.forms.launching import LaunchForm
from survey.selectors.campaign_pages import campaign_page
from survey.selectors.campaigns import managed_campaigns, managed_organisations
from survey.services.campaigns import close_campaign, discard_campaign, request_launch
from survey.services.running.reminders import send_reminder
from survey.services.running.resending import resend_failed
from survey.views.requests import StaffRequest
from survey.views.scope import managed_campaign


@require_safe
def list_campaigns(request: StaffRequest) -> HttpResponse:
    """Show the campaigns that the user runs."""
    context = {
        "campaigns": managed_campaigns(request.user),
        "organisations": list(managed_organisations(request.user)),
    }
    return render(request, "campaigns/list.html", context)


@require_safe
def show_campaign(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show one campaign: checklist, delivery states, participation in bands."""
    campaign = managed_campaign(request, campaign_id)
    page = campaign_page(campaign, reader=request.user, now=timezone.now())
    if request.GET.get("seen") == page.version:
        return HttpResponse(status=204)
    return render(request, "campaigns/detail.html", {"page": page, "campaign": campaign})


@require_POST
def launch_campaign(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Hand the campaign to the worker for its launch."""
    campaign = managed_campaign(request, campaign_id)
    form = LaunchForm(request.POST)
    try:
        request_launch(campaign=campaign, agreed_digest=form.agreed_digest(), by=request.user)
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)


@require_POST
def remind(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send a round of reminders; to how many is not told."""
    campaign = managed_campaign(request, campaign_id)
    if campaign.rests(timezone.now()):
        messages.error(request, _("The survey rests: nobody is reminded before it goes on."))
        return redirect("survey:campaign-detail", campaign_id)
    try:
        send_reminder(campaign=campaign)
        messages.success(
            request, _("A reminder is on its way to invitations that have not been used yet.")
        )
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)


@require_POST
def resend_failed_mails(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send the failed invitations again."""
    campaign = managed_campaign(request, campaign_id)
    try:
        people = resend_failed(campaign=campaign, by=request.user)
        told = ngettext(
            "The invitation is on its way once more to %(people)d person, with the same link.",
            "The invitation is on its way once more to %(people)d people, with the same links.",
            people,
        )
        messages.success(request, told % {"people": people})
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Ask once more, then close the campaign for good."""
    campaign = managed_campaign(request, campaign_id)
    if request.method != "POST":
        return render(request, "campaigns/close.html", {"campaign": campaign})
    try:
        close_campaign(campaign=campaign, by=request.user)
        messages.success(request, _("The campaign is closed."))
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-detail", campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Ask once more, then delete a draft."""
    campaign = managed_campaign(request, campaign_id)
    if request.method != "POST":
        return render(request, "campaigns/discard.html", {"campaign": campaign})
    try:
        discard_campaign(campaign=campaign, by=request.user)
        messages.success(request, _("The draft is deleted."))
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:campaign-list")
