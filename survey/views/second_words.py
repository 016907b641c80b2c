"""The page of everything that waits for a second person's word."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from survey.access import CampaignRight, organisations_where
from survey.errors import InputError, StateError
from survey.forms.campaign_changes import CancelForm
from survey.models import AskedChange
from survey.selectors.accounts.asked_changes import asked_of
from survey.selectors.accounts.later_readers import waiting_in
from survey.selectors.accounts.second_word_pages import second_word_pages
from survey.services.organisations.later_readers import agree_to_reader
from survey.services.running.asked_changes import agree_to_change, refuse_change
from survey.views.requests import StaffRequest


@require_safe
def list_second_words(request: StaffRequest) -> HttpResponse:
    """Show what waits in the user's organisations."""
    pages = second_word_pages(request.user)
    if not pages:
        raise Http404
    return render(request, "second_words/list.html", {"pages": pages})


@require_POST
def agree_reader(request: StaffRequest, reader_id: UUID) -> HttpResponse:
    """Agree that somebody reads who came after a launch."""
    theirs = waiting_in(organisations_where(request.user, CampaignRight.CONFIRM))
    waiting = get_object_or_404(theirs, pk=reader_id)
    told = _("Agreed. It is written into the ledger.")
    return _answer(request, told, lambda: agree_to_reader(waiting=waiting, by=request.user))


@require_POST
def agree_change(request: StaffRequest, change_id: UUID) -> HttpResponse:
    """Agree to a change, which is made by that."""
    asked = get_object_or_404(asked_of(request.user), pk=change_id)
    if asked.kind == AskedChange.Kind.CANCELLATION and not CancelForm(request.POST).is_valid():
        messages.error(request, _("Tick that every answer is to be deleted, if it is."))
        return redirect("survey:second-word-list")
    told = _("Agreed, and done. It is written into the ledger.")
    return _answer(request, told, lambda: agree_to_change(asked=asked, by=request.user))


@require_POST
def refuse(request: StaffRequest, change_id: UUID) -> HttpResponse:
    """Refuse a change, which is asked for no longer."""
    told = _("Refused. Nothing was changed; it is written into the ledger.")
    asked = get_object_or_404(asked_of(request.user), pk=change_id)
    return _answer(request, told, lambda: refuse_change(asked=asked, by=request.user))


def _answer(request: StaffRequest, told: str, give: Callable[[], None]) -> HttpResponse:
    try:
        give()
        messages.success(request, told)
    except (InputError, StateError) as error:
        messages.error(request, str(error))
    return redirect("survey:second-word-list")
