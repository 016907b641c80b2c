"""The pages on which a manager writes and translates the texts of a questionnaire."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from survey.errors import FrozenError, InputError
from survey.forms.instruments import CheckForm, ItemForm, LanguageForm, TextsForm, field_name
from survey.instrument.editing import construct_codes, declared_languages, sections
from survey.models import InstrumentVersion, Organisation
from survey.selectors.instruments import (
    item_rows,
    section_name,
    source_language,
    source_texts,
)
from survey.services.setup import instruments
from survey.views.instruments import visible
from survey.views.requests import StaffRequest, posted, status_of

View = Callable[..., HttpResponse]  # takes a request, an organisation and a version


def for_editable(view: View) -> View:
    """Call a view with a version that may be changed; one in use answers 409."""

    @wraps(view)
    def editing(
        request: StaffRequest, organisation_id: UUID, instrument_id: UUID, **rest: object
    ) -> HttpResponse:
        organisation, version = visible(request, organisation_id, instrument_id)
        context = {"organisation": organisation, "version": version}
        if not version.is_editable:
            return render(request, "instruments/frozen.html", context, status=409)
        try:
            return view(request, organisation, version, **rest)
        except FrozenError:
            return render(request, "instruments/frozen.html", context, status=409)

    return editing


@require_http_methods(["GET", "HEAD", "POST"])
@for_editable
def edit_texts(
    request: StaffRequest,
    organisation: Organisation,
    version: InstrumentVersion,
    section: str,
    language: str,
) -> HttpResponse:
    """Show a section's texts beside those of the language translated from; a post saves them."""
    if section not in sections(version.content) or language not in declared_languages(
        version.content
    ):
        raise Http404
    form = TextsForm(version.content, section, language, posted(request))
    if form.is_valid() and _saved(form, version, language):
        messages.success(request, _("Saved."))
        return redirect("survey:instrument-detail", organisation.pk, version.pk)
    context = _texts_context(version, section, language, form)
    context["organisation"] = organisation
    return render(request, "instruments/texts.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_editable
def edit_items(
    request: StaffRequest, organisation: Organisation, version: InstrumentVersion, section: str
) -> HttpResponse:
    """Show a construct's items; a post adds one."""
    if section not in construct_codes(version.content):
        raise Http404
    form = ItemForm(posted(request))
    if form.is_valid() and _added(form, version, section):
        messages.success(request, _("The item has been added."))
        return redirect("survey:instrument-items", organisation.pk, version.pk, section)
    context = {"organisation": organisation, "version": version, "form": form}
    context |= {"section": section, "items": item_rows(version.content, section)}
    context["name"] = section_name(version.content, section)
    return render(request, "instruments/items.html", context, status=status_of(form))


@require_POST
@for_editable
def remove_item(
    request: StaffRequest,
    organisation: Organisation,
    version: InstrumentVersion,
    section: str,
    code: str,
) -> HttpResponse:
    """Take an item out of a construct."""
    if section not in construct_codes(version.content):
        raise Http404
    try:
        instruments.remove_item(version=version, construct=section, code=code)
        messages.success(request, _("The item has been removed."))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("survey:instrument-items", organisation.pk, version.pk, section)


@require_POST
@for_editable
def begin_language(
    request: StaffRequest, organisation: Organisation, version: InstrumentVersion
) -> HttpResponse:
    """Add a language without texts."""
    form = LanguageForm(request.POST)
    if form.is_valid():
        instruments.begin_language(version=version, language=form.cleaned_data["language"])
    return redirect("survey:instrument-detail", organisation.pk, version.pk)


@require_POST
@for_editable
def note_check(
    request: StaffRequest, organisation: Organisation, version: InstrumentVersion
) -> HttpResponse:
    """Note whether a native speaker has checked a language."""
    form = CheckForm(request.POST)
    if form.is_valid() and form.cleaned_data["language"] in declared_languages(version.content):
        instruments.note_check(version=version, **form.cleaned_data)
    return redirect("survey:instrument-detail", organisation.pk, version.pk)


def _saved(form: TextsForm, version: InstrumentVersion, language: str) -> bool:
    try:
        instruments.save_texts(version=version, language=language, texts=form.texts())
    except InputError as error:
        form.add_error(None, str(error).splitlines())
        return False
    return True


def _added(form: ItemForm, version: InstrumentVersion, section: str) -> bool:
    source = source_language(version.content, "")
    try:
        instruments.add_item(
            version=version, construct=section, language=source, **form.cleaned_data
        )
    except InputError as error:
        form.add_error(None, str(error).splitlines())
        return False
    return True


def _texts_context(
    version: InstrumentVersion, section: str, language: str, form: TextsForm
) -> dict[str, object]:
    source = source_language(version.content, language)
    originals = source_texts(version.content, section, source)
    return {
        "version": version,
        "section": section,
        "name": section_name(version.content, section),
        "form": form,
        "language": language,
        "source": source,
        "rows": [(original, form[field_name(original.key)]) for original in originals],
    }
