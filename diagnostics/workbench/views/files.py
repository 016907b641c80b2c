"""The files of an analysis: asked for, followed, sent."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from diagnostics.jobs.work_files import open_whole
from diagnostics.models import AnalysisFile
from diagnostics.workbench.selectors.analyses import ready_analyses
from diagnostics.workbench.selectors.files import file_page, ready_file
from diagnostics.workbench.services.files import cancel_file, request_file
from survey.views.requests import StaffRequest

SentFile = FileResponse | HttpResponseRedirect


@require_GET
def show_files(request: StaffRequest, analysis_id: UUID) -> HttpResponse:
    """Show what there is and how far it is; asked for again while something is made."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    page = file_page(analysis, language=get_language())
    return render(request, "workbench/files.html", {"page": page})


@require_POST
def ask_for_file(request: StaffRequest, analysis_id: UUID, kind: str) -> HttpResponse:
    """Have the worker make a file."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    if kind not in AnalysisFile.Kind.values:
        raise Http404
    request_file(analysis=analysis, kind=kind, language=get_language(), by=request.user)
    return redirect("diagnostics:analysis-files", analysis.pk)


@require_POST
def stop_file(request: StaffRequest, analysis_id: UUID, kind: str) -> HttpResponse:
    """Cancel the making of a file."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    cancel_file(analysis=analysis, kind=kind, language=get_language())
    return redirect("diagnostics:analysis-files", analysis.pk)


@require_GET
def send_file(request: StaffRequest, analysis_id: UUID, kind: str) -> SentFile:
    """Send a finished file; have one that is lost made again, and say so."""
    analysis = get_object_or_404(ready_analyses(request.user), pk=analysis_id)
    file = ready_file(analysis, kind=kind, language=get_language())
    if file is None:
        raise Http404
    document = open_whole(file)
    if document is None:
        request_file(analysis=analysis, kind=kind, language=file.language, by=request.user)
        return redirect("diagnostics:analysis-files", analysis.pk)
    name = f"analysis-{analysis.number}-{kind}.{AnalysisFile.EXTENSIONS[kind]}"
    return FileResponse(document, as_attachment=True, filename=name)
