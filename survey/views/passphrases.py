"""The works council's own page: set a passphrase before the launch, give it after the close."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from survey.errors import SurveyError
from survey.forms.passphrases import GivePassphraseForm, SetPassphraseForm
from survey.models import Campaign
from survey.selectors.passphrases import PassphraseState, council_campaigns, passphrase_state
from survey.services.opening.passphrases import give_passphrase, set_passphrase
from survey.views.requests import StaffRequest, posted, status_of

FORMS = {PassphraseState.CAN_BE_SET: SetPassphraseForm, PassphraseState.WANTED: GivePassphraseForm}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("passphrase", "repeated")
def show_passphrase(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show what can be done with the passphrase now, and do it."""
    campaign = get_object_or_404(council_campaigns(request.user), pk=campaign_id)
    state = passphrase_state(campaign)
    form = FORMS.get(state, GivePassphraseForm)(posted(request))
    if form.is_valid():
        try:
            _take(request, campaign, state, form.cleaned_data["passphrase"])
            messages.success(request, _("Done. What happens now stands on this page."))
            return redirect("survey:campaign-passphrase", campaign_id)
        except SurveyError as error:
            form.add_error(None, str(error))
    context = {"campaign": campaign, "state": state.name, "form": form}
    return render(request, "campaigns/passphrase.html", context, status=status_of(form))


def _take(
    request: StaffRequest, campaign: Campaign, state: PassphraseState, passphrase: str
) -> None:
    act = set_passphrase if state is PassphraseState.CAN_BE_SET else give_passphrase
    act(campaign=campaign, passphrase=passphrase, by=request.user)
