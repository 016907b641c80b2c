"""From a solution to a pattern set of the organisation's own: matched, named, published."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diagnostics.methods.selectors.pattern_sets import derived_pattern_sets
from diagnostics.models import Analysis
from diagnostics.scoring.method import PatternSetContent
from diagnostics.workbench.forms.derived_patterns import DerivedSetForm
from diagnostics.workbench.selectors.analyses import analysed_organisations, ready_analyses
from diagnostics.workbench.selectors.derived_patterns import (
    DerivePage,
    derive_page,
    pattern_set_page,
)
from diagnostics.workbench.services.derived_patterns import derived_set, publish_derived_set
from survey.views.requests import StaffRequest
from survey.views.saved_once import save_once, saved_once


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def derive_patterns(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Show how like the configurations are to named patterns; a post publishes the names."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    page = derive_page(analysis, language=get_language())
    if page.matching is None:
        return render(request, "workbench/derive.html", {"page": page, "form": None})
    form = DerivedSetForm(page.matching, page.known, get_language(), request.POST or None)
    if form.is_valid():
        return _publish(request, page, form)
    context = {"page": page, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/derive.html", context, status=status)


@require_GET
def show_pattern_set(request: StaffRequest, set_id: UUID) -> HttpResponse:
    """Show a derived pattern set."""
    visible = derived_pattern_sets(analysed_organisations(request.user))
    found = get_object_or_404(visible, pk=set_id)
    page = pattern_set_page(found, language=get_language())
    return render(request, "workbench/pattern_set.html", {"page": page})


def _publish(request: StaffRequest, page: DerivePage, form: DerivedSetForm) -> HttpResponse:
    content = derived_set(
        analysis=page.analysis, by=request.user, title=form.cleaned_data["title"],
        note=form.cleaned_data["note"], terms=form.named_terms(), matching=form.matching,
    )  # fmt: skip
    return save_once(request, lambda: _keep(request, page.analysis, content))


def _keep(request: StaffRequest, analysis: Analysis, content: PatternSetContent) -> HttpResponse:
    published = publish_derived_set(analysis=analysis, content=content)
    messages.success(request, _("Published as a pattern set of its own."))
    return redirect("diagnostics:pattern-set-detail", published.pk)
