"""The editor's answer to a request: the form, its review, or the saved set."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.methods.forms.pattern_sets import PatternSetForm
from diagnostics.methods.selectors.choices import element_names, method_organisations
from diagnostics.methods.selectors.reviews import review_set
from diagnostics.methods.services.own_definitions import publish_custom_set
from diagnostics.methods.wording.reviews import SetReview
from diagnostics.models import PatternSet
from diagnostics.scoring.method import NamedPattern, PatternSetContent
from survey.models import Origin
from survey.views.requests import StaffRequest, posted
from survey.views.saved_once import save_once


def edit_pattern_set(
    request: StaffRequest,
    content: PatternSetContent | None,
    original: PatternSet | None,
    *,
    is_import: bool = False,
) -> HttpResponse:
    """Show the editor; a post either asks what the set would do, or saves it."""
    data = None if is_import else posted(request)
    form = PatternSetForm(
        list(method_organisations(request.user)), element_names(), content,
        language=get_language() or "en", data=data,
    )  # fmt: skip
    is_usable = form.is_bound and form.is_valid()
    if is_usable and "save" in request.POST:
        return save_once(request, lambda: _save(request, form, original))
    review = _review(request, form) if is_usable else None
    context = {"form": form, "original": original, "review": review}
    is_refused = form.is_bound and not is_usable and "save" in request.POST
    return render(request, "methods/edit.html", context, status=422 if is_refused else 200)


def set_of(
    patterns: Sequence[NamedPattern], *, title: str = "", note: str = ""
) -> PatternSetContent:
    """Return patterns as the set that they would be."""
    return PatternSetContent(
        code="unsaved",
        version=1,
        title=title,
        origin=Origin.CUSTOM,
        author="",
        created_on=timezone.localdate().isoformat(),
        note=note,
        patterns=tuple(patterns),
    )


def _review(request: StaffRequest, form: PatternSetForm) -> SetReview:
    data = form.cleaned_data
    content = set_of(form.patterns(), title=data["title"], note=data["note"])
    return review_set(
        content,
        organisation=data["organisation"],
        user=request.user,
        language=get_language() or "en",
    )


def _save(request: StaffRequest, form: PatternSetForm, original: PatternSet | None) -> HttpResponse:
    data = form.cleaned_data
    saved = publish_custom_set(
        organisation=data["organisation"], by=request.user, title=data["title"],
        note=data["note"], patterns=form.patterns(), follows=original,
    )  # fmt: skip
    messages.success(request, _("Saved as a version of its own."))
    return redirect("diagnostics:method-detail", saved.pk)
