"""Calibration rules of an organisation's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.methods.forms.calibrations import CalibrationForm
from diagnostics.methods.selectors.choices import (
    construct_names,
    method_organisations,
    visible_calibrations,
)
from diagnostics.methods.selectors.definitions import calibration_content
from diagnostics.methods.selectors.reviews import calibration_effect
from diagnostics.methods.services.own_definitions import publish_custom_calibration
from diagnostics.methods.wording.reviews import calibration_doubts
from diagnostics.models import CalibrationRule
from diagnostics.scoring.method import CalibrationContent, CalibrationKind
from survey.models import Origin
from survey.views.requests import StaffRequest, posted
from survey.views.saved_once import save_once, saved_once


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def copy_calibration(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Take a changed copy of a calibration rule; a post asks for its effect or saves it."""
    organisations = list(method_organisations(request.user))
    if not organisations:
        raise Http404
    original = get_object_or_404(visible_calibrations(request.user), pk=rule_id)
    content = calibration_content(original)
    form = CalibrationForm(organisations, construct_names(), content, posted(request))
    is_usable = form.is_bound and form.is_valid()
    if is_usable and "save" in request.POST:
        return save_once(request, lambda: _save(request, form, original))
    context = {"form": form, "original": original, "is_reviewed": is_usable}
    if is_usable:
        context |= _review(request, form)
    is_refused = form.is_bound and not is_usable and "save" in request.POST
    return render(request, "methods/calibration.html", context, status=422 if is_refused else 200)


def _save(request: StaffRequest, form: CalibrationForm, original: CalibrationRule) -> HttpResponse:
    publish_custom_calibration(follows=original, **_changes(request, form))
    messages.success(request, _("Saved as a version of its own."))
    return redirect("diagnostics:method-list")


def _changes(request: StaffRequest, form: CalibrationForm) -> dict[str, Any]:
    fields = {name: form.cleaned_data[name] for name in ("organisation", "title", "note", "kind")}
    return {**fields, "by": request.user, "anchors": form.anchors()}


def _review(request: StaffRequest, form: CalibrationForm) -> dict[str, object]:
    data = form.cleaned_data
    content = CalibrationContent(
        code="unsaved", version=1, title=data["title"], kind=CalibrationKind(data["kind"]),
        origin=Origin.CUSTOM, author="", note=data["note"], anchors=form.anchors(),
    )  # fmt: skip
    names = {code: str(name) for code, name in form.constructs.items()}
    effect = calibration_effect(
        content, organisation=data["organisation"], user=request.user,
        language=get_language() or "en",
    )  # fmt: skip
    return {"doubts": calibration_doubts(content, names), "effect": effect, "kind": content.kind}
