"""The manager's pages about single people: find, add, correct, write again, new link, revoke."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.errors import InputError, StateError
from survey.forms.people import AddressForm, LatecomerForm, PlaceForm
from survey.models import Campaign, Recipient
from survey.selectors.accounts.asked_changes import correction_of
from survey.selectors.people import people_of, people_page, person_of
from survey.services.running import latecomers, links
from survey.services.running.asked_changes import correct_or_ask
from survey.views.requests import StaffRequest
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import managed_campaign


@require_safe
def list_people(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Find people by address or name."""
    campaign = managed_campaign(request, campaign_id)
    page = people_page(campaign, request.GET.get("q", ""))
    return render(request, "campaigns/people.html", {"campaign": campaign, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def add_latecomer(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Invite somebody who was not in the file."""
    campaign = managed_campaign(request, campaign_id)
    form = LatecomerForm(campaign, request.POST or None)
    if form.is_valid():
        try:
            return save_once(request, lambda: _add(request, campaign, form))
        except (InputError, StateError) as error:
            form.add_error(None, str(error))
    return render(request, "campaigns/latecomer.html", {"campaign": campaign, "form": form})


def _add(request: StaffRequest, campaign: Campaign, form: LatecomerForm) -> HttpResponse:
    latecomers.add_latecomer(language=campaign.languages[0], by=request.user, **form.cleaned_data)
    told = by_opening(
        campaign,
        _("Added. The invitation is on its way."),
        _("Added. The invitation goes out when the campaign opens."),
    )
    messages.success(request, told)
    return redirect("survey:person-list", campaign.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def show_person(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Show one address and what can be done about it; a post corrects it."""
    recipient = _recipient(request, campaign_id, recipient_id)
    form = AddressForm(recipient, request.POST or None)
    if form.is_valid():
        try:
            asked = correct_or_ask(recipient=recipient, by=request.user, **form.cleaned_data)
            messages.success(request, _told_of_correction(recipient.campaign, is_asked=bool(asked)))
            return redirect("survey:person-detail", campaign_id, recipient_id)
        except (InputError, StateError) as error:
            form.add_error(None, str(error))
    context = {"campaign": recipient.campaign, "person": person_of(recipient), "form": form}
    context |= {"place_form": PlaceForm(recipient.campaign)}
    context |= {"correction": correction_of(recipient, reader=request.user)}
    return render(request, "campaigns/person.html", context)


def _told_of_correction(campaign: Campaign, *, is_asked: bool) -> str:
    if is_asked:
        return _("Asked for. The address changes once somebody else agrees.")
    return by_opening(
        campaign,
        _("Saved. A new address gets a mail with a new link."),
        _("Saved. A new address gets a mail with a new link when the campaign opens."),
    )


@require_POST
def resend(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Send the invitation again."""
    told = by_opening(
        managed_campaign(request, campaign_id),
        _("The invitation is on its way once more, with the same link."),
        _("The invitation goes out when the campaign opens, with the same link."),
    )
    return _mend(request, campaign_id, recipient_id, links.resend_invitation, told)


@require_POST
def replace_link(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Send a new link in place of the old one."""
    told = by_opening(
        managed_campaign(request, campaign_id),
        _("A new link is on its way; the old one stops working within a moment."),
        _("A new link goes out when the campaign opens; the old one stops working in a moment."),
    )
    return _mend(request, campaign_id, recipient_id, links.request_new_link, told)


@require_POST
def revoke_link(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> HttpResponse:
    """Make the link useless."""
    told = _("The link no longer works. If an answer was handed in with it, that stays.")
    return _mend(request, campaign_id, recipient_id, links.revoke_link, told)


def _mend(
    request: StaffRequest,
    campaign_id: UUID,
    recipient_id: UUID,
    service: Callable[..., None],
    told: str,
) -> HttpResponse:
    recipient = _recipient(request, campaign_id, recipient_id)
    try:
        service(recipient=recipient, by=request.user)
        messages.success(request, told)
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:person-detail", campaign_id, recipient_id)


def _recipient(request: StaffRequest, campaign_id: UUID, recipient_id: UUID) -> Recipient:
    campaign = managed_campaign(request, campaign_id)
    return get_object_or_404(people_of(campaign), pk=recipient_id)


def by_opening(campaign: Campaign, at_once: str, later: str) -> str:
    """Return what is told of a mail: before the opening none goes out."""
    is_to_open = campaign.opens_at is not None and campaign.opens_at > timezone.now()
    return later if is_to_open else at_once
