"""The respondent's page about a wrong unit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from survey.forms.wrong_units import UnitReportForm
from survey.selectors.respondents import Respondent
from survey.services.running.wrong_units import report_wrong_unit
from survey.views.requests import posted, status_of
from survey.views.respondent.access import for_respondent, page_context


@require_http_methods(["GET", "HEAD", "POST"])
@for_respondent()
def report_unit(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Ask where the person works in fact; a post tells the campaign's manager."""
    if respondent.invitation.recipient_id is None:
        raise Http404
    if not respondent.campaign.takes_beginners(timezone.now()):
        return redirect("respondent:welcome")  # nobody can be moved any more
    form = UnitReportForm(posted(request), initial={"function": respondent.invitation.function})
    context = page_context(respondent) | {"form": form}
    if form.is_valid():
        report_wrong_unit(token=respondent.token, **form.cleaned_data)
        return render(request, "respondent/wrong_unit_reported.html", context)
    return render(request, "respondent/wrong_unit.html", context, status=status_of(form))
