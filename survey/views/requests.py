"""Requests that the login middleware let through, and what forms take from them."""

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from survey.import_files.problems import Remark
from survey.models import Campaign, CampaignState, User

FORM_METHODS = ["GET", "HEAD", "POST"]  # of a page that is one form


class StaffRequest(HttpRequest):
    """A request of a signed-in user; every page that is not public gets one."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, be it nothing; None if the request is no post."""
    return request.POST if request.method == "POST" else None


def tell_remarks(request: HttpRequest, remarks: Iterable[Remark]) -> None:
    """Show on the next page what a reader tells of a file that was taken."""
    for remark in remarks:
        messages.info(request, str(remark))


def status_of(form: forms.BaseForm) -> int:
    """Return the status of a page that shows a form: refused if it was posted."""
    return 422 if form.is_bound else 200


def status_of_draft(form: forms.BaseForm, campaign: Campaign) -> int:
    """Return the status of a page of the set-up; of what is no draft any more there is none.

    Its form is shown all the same: what was typed is not lost with it.
    """
    return status_of(form) if campaign.state == CampaignState.DRAFT else 404


def first_error(form: forms.BaseForm) -> str:
    """Return what is told of a form that is not shown again: the first thing wrong with it."""
    return str(next(iter(form.errors.values()))[0])
