"""The manager's pages of an organisation's units: who leads them, who stands in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.errors import InputError
from survey.forms.leaderships import AppointmentForm
from survey.models import Leadership, Unit
from survey.selectors.accounts.leaderships import led_units
from survey.services.organisations import leaderships
from survey.views.requests import StaffRequest
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import managed_organisation


@require_safe
def list_units(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Show the tree with its leaders."""
    organisation = managed_organisation(request, organisation_id)
    context = {"organisation": organisation, "units": led_units(organisation)}
    return render(request, "organisations/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def show_unit(request: StaffRequest, organisation_id: UUID, unit_id: UUID) -> HttpResponse:
    """Show who leads one unit; a post appoints somebody."""
    organisation = managed_organisation(request, organisation_id)
    unit = get_object_or_404(organisation.units, pk=unit_id)
    form = AppointmentForm(request.POST or None)
    if form.is_valid():
        try:
            return save_once(request, lambda: _appoint(request, unit, form))
        except InputError as error:
            form.add_error(None, str(error))
    current = unit.leaderships.filter(until=None).select_related("user").order_by("-kind")
    context = {"organisation": organisation, "unit": unit, "current": current, "form": form}
    return render(request, "organisations/unit.html", context)


def _appoint(request: StaffRequest, unit: Unit, form: AppointmentForm) -> HttpResponse:
    appointed = leaderships.appoint(unit=unit, by=request.user, **form.cleaned_data)
    told = _("Saved; it holds from today on.")
    if appointed.later_readers.exists():
        told += " " + _(
            "Results of campaigns that are launched already open once somebody of the works "
            "council, or an administrator, has agreed."
        )
    messages.success(request, told)
    return redirect("survey:unit-leaders", unit.organisation_id, unit.pk)


@require_POST
def end_leadership(
    request: StaffRequest, organisation_id: UUID, unit_id: UUID, user_id: UUID
) -> HttpResponse:
    """End somebody's time as leader or deputy of a unit."""
    organisation = managed_organisation(request, organisation_id)
    present = Leadership.objects.filter(
        unit_id=unit_id, unit__organisation=organisation, user_id=user_id, until=None
    )
    leaderships.end_leadership(leadership=get_object_or_404(present), by=request.user)
    messages.success(request, _("Saved; it holds from today on."))
    return redirect("survey:unit-leaders", organisation_id, unit_id)
