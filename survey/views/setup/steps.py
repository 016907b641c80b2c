"""Setting up a campaign: one page a step, each saved by itself and open to return to."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from survey.errors import SurveyError
from survey.forms import drafts as forms
from survey.models import InstrumentVersion
from survey.selectors.campaigns import managed_organisations
from survey.selectors.launch.checklist import route_of
from survey.selectors.setup import setup_of_nothing, setup_page, step_after
from survey.services.setup import drafts
from survey.services.setup.instruments import load_default_instrument
from survey.views.requests import StaffRequest, posted, status_of, status_of_draft
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import posted_draft

STEPS: Final[dict[str, tuple[type[forms.StepForm], Callable[..., None]]]] = {
    "name": (forms.NameForm, drafts.name_draft),
    "questionnaire": (forms.QuestionnaireForm, drafts.choose_questionnaire),
    "dates": (forms.DatesForm, drafts.schedule_draft),
    "privacy": (forms.PrivacyForm, drafts.state_privacy),
}


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def begin_campaign(request: StaffRequest) -> HttpResponse:
    """Ask for name and purpose; a draft exists from then on."""
    if not managed_organisations(request.user).exists():
        raise Http404
    form = forms.NewCampaignForm(request.user, posted(request))
    if form.is_valid():
        # Read from its file before the lock where nothing has been asked with it yet.
        instrument = load_default_instrument()
        return save_once(request, lambda: _begin(form, instrument))
    context = {"campaign": None, "form": form, "setup": setup_of_nothing()}
    return render(request, "setup/begin.html", context, status=status_of(form))


def _begin(form: forms.NewCampaignForm, instrument: InstrumentVersion) -> HttpResponse:
    campaign = drafts.begin_draft(instrument=instrument, **form.changes())
    return redirect("survey:setup-people", campaign.id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: StaffRequest, campaign_id: UUID, step: str) -> HttpResponse:
    """Show one step with what the draft holds; a post saves it and goes on.

    What the service refuses stays on the page with its reason, and so does what was typed.
    """
    campaign = posted_draft(request, campaign_id)
    form_class, save = STEPS[step]
    form = form_class(campaign, posted(request), request.FILES or None)
    if form.is_valid():
        try:
            save(campaign=campaign, **form.changes())
            return redirect(route_of(step_after(step)), campaign_id)
        except SurveyError as error:
            form.add_error(None, str(error))
    context = {"campaign": campaign, "form": form}
    context |= {"setup": setup_page(campaign, step, reader=request.user)}
    return render(request, "setup/step.html", context, status=status_of_draft(form, campaign))
