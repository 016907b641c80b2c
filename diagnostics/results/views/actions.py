"""Forms in which those who lead a unit note its actions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.access import campaigns_with_results_for, led_units
from diagnostics.results.forms import ActionForm, ChangedActionForm
from diagnostics.results.selectors.actions import elements_to_move
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.results.selectors.pages import unit_address
from diagnostics.results.services.actions import change_action, note_action
from survey.errors import InputError
from survey.models import CampaignUnit
from survey.views.requests import FORM_METHODS, StaffRequest
from survey.views.saved_once import save_once, saved_once


@require_http_methods(FORM_METHODS)
@saved_once
def create_action(request: StaffRequest, campaign_id: UUID, unit_id: UUID) -> HttpResponse:
    """Note an action of a unit that the user leads."""
    unit = _led_unit(request, campaign_id, unit_id)
    initial = {"element": request.GET.get("element", "")}
    form = ActionForm(_elements(unit), request.POST or None, initial=initial)
    if form.is_valid():
        try:
            return save_once(request, lambda: _note(request, unit, form))
        except InputError as error:
            form.add_error(None, str(error))
    return _form_page(request, unit, form)


def _note(request: StaffRequest, unit: CampaignUnit, form: ActionForm) -> HttpResponse:
    note_action(unit=unit, by=request.user, **form.cleaned_data)
    messages.success(request, _("The action is noted; the report is being written anew."))
    return redirect(unit_address(unit.campaign_id, unit.pk))


@require_http_methods(FORM_METHODS)
def edit_action(
    request: StaffRequest, campaign_id: UUID, unit_id: UUID, action_id: UUID
) -> HttpResponse:
    """Change an action of a unit that the user leads, or say that it is done or dropped."""
    unit = _led_unit(request, campaign_id, unit_id)
    action = get_object_or_404(unit.actions, pk=action_id)
    form = ChangedActionForm(action, _elements(unit), request.POST or None)
    if form.is_valid():
        change_action(action=action, **form.cleaned_data)
        messages.success(request, _("The action is changed; the report is being written anew."))
        return redirect(unit_address(campaign_id, unit_id))
    return _form_page(request, unit, form)


def _led_unit(request: StaffRequest, campaign_id: UUID, unit_id: UUID) -> CampaignUnit:
    campaign = get_object_or_404(campaigns_with_results_for(request.user), pk=campaign_id)
    return get_object_or_404(led_units(request.user, campaign), pk=unit_id)


def _elements(unit: CampaignUnit) -> dict[str, str]:
    assessment = current_assessment(unit.campaign)
    if assessment is None:
        raise Http404
    return elements_to_move(assessment, language=get_language() or "en")


def _form_page(request: StaffRequest, unit: CampaignUnit, form: ActionForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "actions/form.html", {"unit": unit, "form": form}, status=status)
