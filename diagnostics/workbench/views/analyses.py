"""Pages of the workbench: matrices, recipes, analyses and their comparison."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diagnostics.methods.selectors.pattern_sets import derived_pattern_sets
from diagnostics.models import Analysis, UploadedMatrix
from diagnostics.wording.failures import reason_words
from diagnostics.workbench.forms.filled_recipes import recipe_form
from diagnostics.workbench.forms.matrices import MatrixForm
from diagnostics.workbench.selectors.analyses import (
    CampaignSource,
    analysed_campaigns,
    analysed_organisations,
    campaign_source,
    campaign_sources,
    deleted_answers,
    ready_analyses,
    source_of,
    unreadable_releases,
    visible_analyses,
    visible_matrices,
)
from diagnostics.workbench.selectors.analysis_pages import analysis_page, comparison_page, exported
from diagnostics.workbench.selectors.cases import deleted_words
from diagnostics.workbench.services.analyses import (
    ask_again,
    cancel_analysis,
    example_of,
    keep_analysis,
    new_analysis,
    read_upload,
    store_matrix,
)
from qca.errors import QcaError
from survey.import_files.problems import FileProblemsError
from survey.views.requests import FORM_METHODS, StaffRequest, tell_remarks
from survey.views.saved_once import save_once, saved_once


@require_GET
def list_analyses(request: StaffRequest) -> HttpResponse:
    """Show the analyst's analyses and uploaded files."""
    if not analysed_organisations(request.user).exists():
        raise Http404
    campaigns = analysed_campaigns(request.user)
    context = {
        "analyses": visible_analyses(request.user),
        "matrices": visible_matrices(request.user),
        "sources": campaign_sources(request.user),
        "deleted": (*deleted_answers(campaigns), *unreadable_releases(campaigns)),
        "campaigns": campaigns,
        "derived": derived_pattern_sets(analysed_organisations(request.user)),
    }
    return render(request, "workbench/list.html", context)


@require_http_methods(FORM_METHODS)
@saved_once
def upload_matrix(request: StaffRequest) -> HttpResponse:
    """Take a file; show every problem, or keep it and go on to its first recipe."""
    organisations = analysed_organisations(request.user)
    if not organisations.exists():
        raise Http404
    form = MatrixForm(organisations, request.POST or None, request.FILES or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "workbench/upload.html", {"form": form}, status=status)
    file = form.cleaned_data["file"]
    try:
        matrix, remarks = read_upload(
            organisation=form.cleaned_data["organisation"],
            by=request.user, name=file.name, content=file.read(),
            includes_hidden=form.cleaned_data["includes_hidden"],
        )  # fmt: skip
    except FileProblemsError as error:
        context = {"form": form, "problems": error.problems, "count": len(error.problems)}
        context |= {"remarks": error.remarks}
        return render(request, "workbench/upload.html", context, status=422)
    tell_remarks(request, remarks)
    return save_once(request, lambda: _keep(matrix))


def _keep(matrix: UploadedMatrix) -> HttpResponse:
    return redirect("diagnostics:analysis-create", store_matrix(matrix).pk)


@require_POST
@saved_once
def take_example(request: StaffRequest) -> HttpResponse:
    """Keep the published table that ships as if it had been uploaded, and go on to its recipe."""
    organisation = analysed_organisations(request.user).first()
    if organisation is None:
        raise Http404
    example = example_of(organisation=organisation, by=request.user)
    return save_once(request, lambda: _keep(example))


@require_http_methods(FORM_METHODS)
@saved_once
def create_analysis(request: StaffRequest, matrix_id: UUID) -> HttpResponse:
    """Take the recipe of a new analysis of a file and run it."""
    matrix = get_object_or_404(visible_matrices(request.user), pk=matrix_id)
    return _take_recipe(request, matrix, None)


@require_http_methods(FORM_METHODS)
@saved_once
def analyse_campaign(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Take the recipe of a new analysis of released answers and leave it to the worker."""
    source = campaign_source(request.user, campaign_id, request.GET.get("function", ""))
    if source is None:
        raise Http404
    return _take_recipe(request, source, None)


@require_http_methods(FORM_METHODS)
@saved_once
def copy_analysis(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Take a changed recipe and run it as a new analysis."""
    original = get_object_or_404(visible_analyses(request.user), pk=analysis_id)
    source = source_of(request.user, original)
    if source is None:
        raise Http404
    return _take_recipe(request, source, original)


@require_GET
def show_analysis(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Show an analysis: its sets, tables, solutions and plots."""
    analysis = get_object_or_404(visible_analyses(request.user), pk=analysis_id)
    if not analysis.is_ready:
        context = {"analysis": analysis, "deleted": deleted_words(analysis)}
        return render(request, "workbench/waiting.html", context)
    page = analysis_page(
        analysis, order=request.GET.get("order", ""), plotted=request.GET.get("plotted", "")
    )
    others = ready_analyses(request.user).exclude(pk=analysis.pk)
    return render(request, "workbench/analysis.html", {"page": page, "others": others})


@require_POST
def start_analysis(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Have the worker run an analysis again that came to nothing."""
    analysis = get_object_or_404(visible_analyses(request.user), pk=analysis_id)
    ask_again(analysis=analysis, by=request.user)
    return redirect("diagnostics:analysis-detail", analysis.pk)


@require_POST
def stop_analysis(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Cancel an analysis that waits or runs."""
    analysis = get_object_or_404(visible_analyses(request.user), pk=analysis_id)
    cancel_analysis(analysis=analysis)
    return redirect("diagnostics:analysis-detail", analysis.pk)


@require_GET
def download_analysis(request: StaffRequest, analysis_id: UUID) -> JsonResponse:
    """Send recipe and result with every digit."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    name = f'attachment; filename="analysis-{analysis.number}.json"'
    return JsonResponse(exported(analysis), headers={"Content-Disposition": name})


@require_GET
def compare_analyses(request: StaffRequest) -> HttpResponse:
    """Show two analyses side by side."""
    analyses = ready_analyses(request.user)
    first, second = (_chosen(request, key) for key in ("first", "second"))
    page = comparison_page(
        get_object_or_404(analyses, pk=first), get_object_or_404(analyses, pk=second)
    )
    return render(request, "workbench/comparison.html", {"page": page})


def _chosen(request: StaffRequest, key: str) -> UUID:
    try:
        return UUID(request.GET.get(key, ""))
    except ValueError as error:
        raise Http404 from error


def _take_recipe(
    request: StaffRequest, source: UploadedMatrix | CampaignSource, original: Analysis | None
) -> HttpResponse:
    form = recipe_form(source, original, request.POST or None)
    if form.is_valid():
        try:
            analysis = new_analysis(
                source=source, by=request.user, title=form.cleaned_data["title"],
                recipe=form.recipe(), copied_from=original,
            )  # fmt: skip
        except QcaError as error:
            message = _("It cannot be run: %(reason)s.") % {"reason": reason_words(str(error))}
            form.add_error(None, ValidationError(message))
        else:
            return save_once(request, lambda: _number(analysis))
    context = {"form": form, "source": source.name, "original": original}
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/recipe.html", context, status=status)


def _number(analysis: Analysis) -> HttpResponse:
    return redirect("diagnostics:analysis-detail", keep_analysis(analysis).pk)
