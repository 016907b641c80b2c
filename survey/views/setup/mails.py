"""The set-up's page of mails: the campaign's own words, how they read, and a test mail."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from survey.errors import InputError, StateError
from survey.forms.drafts import TrialMailForm, WordsForm
from survey.mail.sample_mails import mail_samples
from survey.mail.shown_addresses import shown_address
from survey.models import Campaign
from survey.selectors.setup import setup_page
from survey.services.setup.drafts import word_mails
from survey.services.setup.trial_mails import request_trial_mail
from survey.views.requests import StaffRequest, posted, status_of_draft
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import posted_draft


@require_http_methods(["GET", "HEAD", "POST"])
def edit_words(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show the words and the mails they make; a post saves them and stays."""
    campaign = posted_draft(request, campaign_id)
    form = WordsForm(campaign, posted(request))
    if form.is_valid():
        try:
            word_mails(campaign=campaign, **form.changes())
            messages.success(request, _("Saved. Read below what people will receive."))
            return redirect("survey:setup-mails", campaign_id)
        except StateError as error:
            form.add_error(None, str(error))
    trial_form = TrialMailForm(campaign, initial={"email": shown_address(request.user.email)})
    return _show(request, campaign, form, trial_form)


@require_POST
@saved_once
def send_trial_mail(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send a test mail with the words as they are saved."""
    campaign = posted_draft(request, campaign_id)
    form = TrialMailForm(campaign, posted(request))
    if form.is_valid():
        try:
            return save_once(request, lambda: _send(request, campaign, form))
        except (InputError, StateError) as error:
            form.add_error(None, str(error))
    return _show(request, campaign, WordsForm(campaign), form)


def _send(request: StaffRequest, campaign: Campaign, form: TrialMailForm) -> HttpResponse:
    request_trial_mail(campaign=campaign, **form.changes())
    messages.success(request, _("The test mail is on its way; press the link in it."))
    return redirect("survey:setup-mails", campaign.pk)


def _show(
    request: StaffRequest, campaign: Campaign, form: WordsForm, trial_form: TrialMailForm
) -> HttpResponse:
    context = {"campaign": campaign, "form": form, "trial_form": trial_form}
    context |= {"setup": setup_page(campaign, "mails", reader=request.user)}
    context |= {"samples": mail_samples(campaign)}
    status = status_of_draft(trial_form if trial_form.is_bound else form, campaign)
    return render(request, "setup/mails.html", context, status=status)
