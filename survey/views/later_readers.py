"""The page of readers who came after a launch, for those who give second words."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from survey.access import CampaignRight, organisations_where
from survey.errors import ConfirmationError
from survey.selectors.accounts.later_readers import later_reader_pages, waiting_in
from survey.services.organisations.later_readers import agree_to_reader
from survey.views.requests import StaffRequest


@require_safe
def list_readers(request: StaffRequest) -> HttpResponse:
    """Show who waits in the user's organisations."""
    pages = later_reader_pages(request.user)
    if not pages:
        raise Http404
    return render(request, "organisations/later_readers.html", {"pages": pages})


@require_POST
def agree(request: StaffRequest, reader_id: UUID) -> HttpResponse:
    """Give the second word for one of them."""
    theirs = waiting_in(organisations_where(request.user, CampaignRight.CONFIRM))
    waiting = get_object_or_404(theirs, pk=reader_id)
    try:
        agree_to_reader(waiting=waiting, by=request.user)
        messages.success(request, _("Agreed. It is written into the ledger."))
    except ConfirmationError as error:
        messages.error(request, str(error))
    return redirect("survey:later-reader-list")
