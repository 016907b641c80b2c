"""The pages of head counts: a manager enters people without e-mail, a second person confirms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from survey.errors import StateError
from survey.forms.head_counts import ConfirmationForm, HeadCountsForm
from survey.selectors.head_counts.counts import planned_counts
from survey.selectors.head_counts.pages import confirmable_campaigns, head_count_page
from survey.selectors.setup import setup_page
from survey.services.setup.head_counts import confirm_head_counts, enter_head_counts
from survey.views.requests import FORM_METHODS, StaffRequest, posted, status_of_draft
from survey.views.scope import posted_draft


@require_http_methods(FORM_METHODS)
def enter(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show how many are invited by mail; take how many more have no e-mail."""
    campaign = posted_draft(request, campaign_id)
    form = HeadCountsForm(planned_counts(campaign, timezone.localdate()), posted(request))
    if form.is_valid():
        try:
            enter_head_counts(campaign=campaign, counts=form.counts(), by=request.user)
            messages.success(request, _("Saved. The numbers are now to be confirmed."))
            return redirect("survey:setup-questionnaire", campaign_id)
        except StateError as error:
            form.add_error(None, str(error))
    context = {"campaign": campaign, "form": form}
    context |= {"setup": setup_page(campaign, "people", reader=request.user)}
    status = status_of_draft(form, campaign)
    return render(request, "setup/head_counts.html", context, status=status)


@require_http_methods(FORM_METHODS)
def confirm(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show the head counts; take a second person's word for what was shown."""
    campaign = get_object_or_404(confirmable_campaigns(request.user), pk=campaign_id)
    form = ConfirmationForm(posted(request))
    if form.is_bound:
        try:
            digest = form.cleaned_data["digest"] if form.is_valid() else ""
            confirm_head_counts(campaign=campaign, digest=digest, by=request.user)
            messages.success(request, _("You have confirmed these numbers."))
        except StateError as error:
            messages.error(request, str(error))
        return redirect("survey:head-count-confirm", campaign_id)
    page = head_count_page(campaign, reader=request.user)
    return render(request, "campaigns/head_counts.html", {"page": page})
