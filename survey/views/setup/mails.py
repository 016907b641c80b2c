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
from survey.selectors.setup import setup_page
from survey.services.setup.drafts import word_mails
from survey.services.setup.trial_mails import request_trial_mail
from survey.views.requests import StaffRequest, first_error, posted, status_of
from survey.views.saved_once import saved_once
from survey.views.scope import managed_draft


@require_http_methods(["GET", "HEAD", "POST"])
def edit_words(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show the words and the mails they make; a post saves them and stays."""
    campaign = managed_draft(request, campaign_id)
    form = WordsForm(campaign, posted(request))
    if form.is_valid():
        try:
            word_mails(campaign=campaign, **form.changes())
            messages.success(request, _("Saved. Read below what people will receive."))
        except StateError as error:
            messages.error(request, str(error))
        return redirect("survey:setup-mails", campaign_id)
    trial_form = TrialMailForm(campaign, initial={"email": request.user.email})
    context = {"campaign": campaign, "form": form, "trial_form": trial_form}
    context |= {"setup": setup_page(campaign, "mails"), "samples": mail_samples(campaign)}
    return render(request, "setup/mails.html", context, status=status_of(form))


@require_POST
@saved_once
def send_trial_mail(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send a test mail with the words as they are saved."""
    campaign = managed_draft(request, campaign_id)
    form = TrialMailForm(campaign, posted(request))
    try:
        if form.is_valid():
            request_trial_mail(campaign=campaign, **form.changes())
            messages.success(request, _("The test mail is on its way; press the link in it."))
        else:
            messages.error(request, first_error(form))
    except (InputError, StateError) as error:
        messages.error(request, str(error))
    return redirect("survey:setup-mails", campaign_id)
