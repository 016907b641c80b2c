"""The pages on which a manager looks through, copies and exchanges questionnaires."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.errors import InputError
from survey.forms.instruments import ImportForm, LanguageForm
from survey.instrument.files import InstrumentFile, instrument_file
from survey.models import InstrumentVersion, Organisation
from survey.selectors.instruments import (
    instrument_page,
    instruments_of,
    language_states,
    own_instrument,
)
from survey.services.setup import instruments
from survey.views.requests import StaffRequest, posted, status_of, tell_remarks
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import managed_organisation

TYPES = {"yaml": "application/yaml", "json": "application/json"}


def visible(
    request: StaffRequest, organisation_id: UUID, instrument_id: UUID
) -> tuple[Organisation, InstrumentVersion]:
    """Return an organisation that the user manages and one of its versions, or answer 404."""
    organisation = managed_organisation(request, organisation_id)
    version = own_instrument(organisation, instrument_id)
    if version is None:
        raise Http404
    return organisation, version


@require_safe
def list_instruments(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Show every version with its languages."""
    organisation = managed_organisation(request, organisation_id)
    versions = [(one, language_states(one.content)) for one in instruments_of(organisation)]
    context = {"organisation": organisation, "versions": versions}
    return render(request, "instruments/list.html", context)


@require_safe
def show_instrument(
    request: StaffRequest, organisation_id: UUID, instrument_id: UUID
) -> HttpResponse:
    """Show one version: languages, sections, what is missing."""
    organisation, version = visible(request, organisation_id, instrument_id)
    context = {"organisation": organisation, "page": instrument_page(version)}
    return render(request, "instruments/detail.html", context | {"form": LanguageForm()})


@require_POST
@saved_once
def copy(request: StaffRequest, organisation_id: UUID, instrument_id: UUID) -> HttpResponse:
    """Make a new version with the same content."""
    organisation, version = visible(request, organisation_id, instrument_id)
    try:
        return save_once(request, lambda: _copy(request, organisation, version))
    except InputError as error:
        help_text = _("Export the file, mend it and import it: that is a new version.")
        messages.error(request, f"{error} {help_text}")
    return redirect("survey:instrument-detail", organisation_id, version.pk)


def _copy(
    request: StaffRequest, organisation: Organisation, version: InstrumentVersion
) -> HttpResponse:
    made = instruments.copy_instrument(version=version, organisation=organisation, by=request.user)
    messages.success(request, _("A new version has been made; nothing uses it yet."))
    return redirect("survey:instrument-detail", organisation.pk, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def import_file(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Read a version from a file; nothing is saved unless all of it is right."""
    organisation = managed_organisation(request, organisation_id)
    form = ImportForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = instruments.read_sound_file(file.read(), name=file.name)
            return save_once(request, lambda: _keep(request, organisation, read))
        except InputError as error:
            form.add_error("file", str(error).splitlines())
    context = {"organisation": organisation, "form": form}
    return render(request, "instruments/import.html", context, status=status_of(form))


def _keep(request: StaffRequest, organisation: Organisation, read: InstrumentFile) -> HttpResponse:
    made = instruments.keep_instrument(
        organisation=organisation, by=request.user, content=read.content
    )
    tell_remarks(request, read.remarks)
    return redirect("survey:instrument-detail", organisation.pk, made.pk)


@require_safe
def export_file(
    request: StaffRequest, organisation_id: UUID, instrument_id: UUID, kind: str
) -> HttpResponse:
    """Send one version as a file that can be read back."""
    _organisation, version = visible(request, organisation_id, instrument_id)
    name = f"{version.code}-{version.version}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = instrument_file(version.content, kind=kind)
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)
