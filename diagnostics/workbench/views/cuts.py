"""The truth table page: cuts as sliders, rows excluded with a reason, saved as a new analysis."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.analyses.recipes import Recipe
from diagnostics.models import Analysis
from diagnostics.workbench.forms.cuts import CutsForm
from diagnostics.workbench.selectors.analyses import ready_analyses, source_of
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.selectors.cases import refuse_deleted_cases
from diagnostics.workbench.selectors.cuts import cuts_page
from diagnostics.workbench.services.analyses import keep_analysis, new_analysis
from survey.views.requests import StaffRequest
from survey.views.saved_once import save_once, saved_once


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def try_cuts(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Show what other cuts would change; a post saves them as a new analysis."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    refuse_deleted_cases(analysis)
    recipe, result = recipe_of(analysis), result_of(analysis)
    sent = request.POST or request.GET or None
    form = CutsForm(recipe, result, sent, in_bands=not analysis.lists_cases)
    is_usable = form.is_valid() or not form.is_bound
    page = cuts_page(analysis, result, form.recipe() if is_usable else recipe)
    if request.method == "POST" and is_usable and page.rows:
        return _save(request, analysis, page.recipe)
    context = {"page": page, "form": form, "reasons": form.reasons()}
    return render(request, "workbench/cuts.html", context, status=200 if is_usable else 422)


def _save(request: StaffRequest, analysis: Analysis, recipe: Recipe) -> HttpResponse:
    source = source_of(request.user, analysis)
    if source is None:
        raise Http404
    changed = new_analysis(
        source=source, by=request.user, title=analysis.title, recipe=recipe, copied_from=analysis
    )
    return save_once(request, lambda: _keep(request, changed))


def _keep(request: StaffRequest, changed: Analysis) -> HttpResponse:
    saved = keep_analysis(changed)
    messages.success(request, _("Saved as a new analysis."))
    return redirect("diagnostics:analysis-detail", saved.pk)
