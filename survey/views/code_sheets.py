"""The manager's page of code sheets: make and print them, revoke them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from survey.errors import InputError, StateError
from survey.forms.codes import CodeGroupForm, CodeSheetForm
from survey.selectors.code_sheets import code_counts, slip_of
from survey.services.running.code_sheets import make_code_sheet, revoke_codes
from survey.views.requests import StaffRequest
from survey.views.scope import managed_campaign


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("seed")
def make_codes(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Ask for whom; answer a post with the sheet itself, which no other page can show.

    The form is saved once by its seed, and not by a page that follows.
    """
    campaign = managed_campaign(request, campaign_id)
    form = CodeSheetForm(campaign, request.POST or None)
    context = {"campaign": campaign, "form": form}
    if form.is_valid():
        try:
            sheet = make_code_sheet(by=request.user, **form.cleaned_data)
            mark = campaign.link_mark
            context |= {"sheet": sheet, "slips": [slip_of(code, mark) for code in sheet.codes]}
            context["site"] = settings.SITE_URL
            return render(request, "codes/sheet.html", context)
        except (InputError, StateError) as error:
            form.add_error(None, str(error))
    context["counts"] = code_counts(campaign)
    return render(request, "codes/sheets.html", context)


@require_POST
def revoke(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Make the codes of one unit and function useless."""
    form = CodeGroupForm(managed_campaign(request, campaign_id), request.POST)
    try:
        if form.is_valid():
            revoke_codes(by=request.user, **form.cleaned_data)
            messages.success(request, _("Those codes no longer work. Answers handed in stay."))
    except StateError as error:
        messages.error(request, str(error))
    return redirect("survey:code-list", campaign_id)
