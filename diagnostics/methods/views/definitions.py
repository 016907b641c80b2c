"""Pattern sets and calibration rules: looked at, copied, changed, or taken from a publication."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diagnostics.methods.forms.solution_tables import SolutionTableForm
from diagnostics.methods.selectors.choices import (
    element_names,
    method_organisations,
    visible_calibrations,
    visible_pattern_sets,
)
from diagnostics.methods.selectors.definitions import pattern_set_content
from diagnostics.methods.services.definitions import ensure_defaults
from diagnostics.methods.solution_tables import read_solution_file
from diagnostics.methods.views.pattern_editor import edit_pattern_set, set_of
from diagnostics.workbench.selectors.derived_patterns import pattern_set_page
from survey.import_files.problems import FileProblemsError
from survey.views.requests import FORM_METHODS, StaffRequest, posted, status_of, tell_remarks
from survey.views.saved_once import saved_once


@require_GET
def list_methods(request: StaffRequest) -> HttpResponse:
    """Show every pattern set and calibration rule that the user may use."""
    _require_role(request)
    ensure_defaults()
    context = {
        "pattern_sets": visible_pattern_sets(request.user),
        "calibrations": visible_calibrations(request.user),
    }
    return render(request, "methods/list.html", context)


@require_GET
def show_method(request: StaffRequest, set_id: UUID) -> HttpResponse:
    """Show a pattern set."""
    _require_role(request)
    found = get_object_or_404(visible_pattern_sets(request.user), pk=set_id)
    page = pattern_set_page(found, language=get_language() or "en")
    return render(request, "methods/pattern_set.html", {"page": page})


@require_http_methods(FORM_METHODS)
@saved_once
def create_pattern_set(request: StaffRequest) -> HttpResponse:
    """Take a new pattern set from nothing; a post asks for its effect or saves it."""
    _require_role(request)
    return edit_pattern_set(request, None, None)


@require_http_methods(FORM_METHODS)
@saved_once
def copy_pattern_set(request: StaffRequest, set_id: UUID) -> HttpResponse:
    """Take a changed copy of a pattern set; a post asks for its effect or saves it."""
    _require_role(request)
    original = get_object_or_404(visible_pattern_sets(request.user), pk=set_id)
    return edit_pattern_set(request, pattern_set_content(original), original)


@require_http_methods(FORM_METHODS)
def import_solution(request: StaffRequest) -> HttpResponse:
    """Take a published solution; what it says goes to the editor, nothing is saved yet."""
    _require_role(request)
    form = SolutionTableForm(posted(request), request.FILES or None)
    context = {"form": form, "elements": element_names()}
    try:
        if form.is_valid():
            read = read_solution_file(elements=element_names(), **form.entered())
            tell_remarks(request, read.remarks)
            messages.info(request, _("Nothing is saved yet: check names and conditions first."))
            return edit_pattern_set(request, set_of(read.patterns), None, is_import=True)
    except FileProblemsError as error:
        tell_remarks(request, error.remarks)
        context |= {"problems": error.problems, "count": len(error.problems)}
        return render(request, "methods/import.html", context, status=422)
    return render(request, "methods/import.html", context, status=status_of(form))


def _require_role(request: StaffRequest) -> None:
    if not method_organisations(request.user).exists():
        raise Http404
