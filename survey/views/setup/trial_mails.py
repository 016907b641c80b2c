"""Where the link of a test mail leads: a page that changes nothing, and a button that confirms."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from survey.models import TrialMail
from survey.services.setup.trial_mails import confirm_trial_mail


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def confirm_trial(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """Confirm by a post only: mail scanners open every link."""
    trial = get_object_or_404(TrialMail.objects.select_related("campaign"), pk=trial_id)
    if request.method == "POST":
        confirm_trial_mail(trial=trial)
        return redirect("survey:trial-confirm", trial_id)
    return render(request, "setup/trial.html", {"trial": trial, "campaign": trial.campaign})
