"""The checks of an analysis: started, followed, cancelled, read."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from diagnostics.models import AnalysisCheck
from diagnostics.workbench.selectors.analyses import ready_analyses
from diagnostics.workbench.selectors.checks import check_page, possible_kinds
from diagnostics.workbench.services.checks import cancel_check, request_check
from survey.views.requests import StaffRequest


@require_GET
def show_checks(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Show every check and how far it is; asked for again while one is under way."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    return render(request, "workbench/checks.html", {"page": check_page(analysis)})


@require_POST
def start_check(request: StaffRequest, analysis_id: UUID, kind: str) -> HttpResponse:
    """Have the worker make a check."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    if kind not in possible_kinds(analysis):
        raise Http404
    request_check(analysis=analysis, kind=kind, by=request.user)
    return redirect(_page_of(kind), analysis.pk)


@require_POST
def stop_check(request: StaffRequest, analysis_id: UUID, kind: str) -> HttpResponse:
    """Cancel a check."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    cancel_check(analysis=analysis, kind=kind)
    return redirect(_page_of(kind), analysis.pk)


def _page_of(kind: str) -> str:
    is_matching = kind == AnalysisCheck.Kind.MATCHING
    return "diagnostics:pattern-derive" if is_matching else "diagnostics:check-list"
