"""The files of units and people: the form with its dry run, and the preview that is confirmed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from survey.errors import StateError
from survey.forms.uploads import UploadForm
from survey.import_files.problems import FileProblemsError
from survey.models import Campaign, Upload
from survey.selectors.campaigns import pending_uploads
from survey.selectors.setup import setup_page
from survey.selectors.units.unit_plans import planned_rows
from survey.services.setup.previews import preview_of
from survey.services.setup.uploads import (
    checked_upload,
    choose_hidden_rows,
    confirm_upload,
    keep_upload,
)
from survey.views.requests import StaffRequest, posted, status_of_draft
from survey.views.saved_once import save_once, saved_once
from survey.views.scope import posted_draft

SHOWN_PROBLEMS = 1000  # rows on the page; the count beside them is of all


@require_http_methods(["GET", "HEAD", "POST"])
@saved_once
def choose_files(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Take the files; show every problem, or keep them for the preview."""
    campaign = posted_draft(request, campaign_id)
    has_plan = planned_rows(campaign) is not None
    form = UploadForm(posted(request), request.FILES or None, has_plan=has_plan)
    if not form.is_valid():
        return _show(request, campaign, form)
    try:
        upload = checked_upload(user=request.user, campaign=campaign, **form.uploaded())
        return save_once(request, lambda: _keep(upload))
    except FileProblemsError as error:
        return _show(request, campaign, form, error)
    except StateError as error:
        form.add_error(None, str(error))  # launched meanwhile
        return _show(request, campaign, form)


def _keep(upload: Upload) -> HttpResponse:
    keep_upload(upload=upload)
    return redirect("survey:upload-preview", upload.id)


@require_http_methods(["GET", "HEAD", "POST"])
def preview_upload(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """Show what would be saved; save all of it once confirmed."""
    upload = get_object_or_404(pending_uploads(request.user), pk=upload_id)
    if request.method == "POST":
        answer = _choose_hidden if "hidden" in request.POST else _confirm
        return answer(request, upload)
    try:
        preview = preview_of(upload)
    except FileProblemsError as error:
        messages.error(request, str(error))
        return redirect("survey:setup-people", upload.campaign_id)
    context = {
        "preview": preview,
        "setup": setup_page(upload.campaign, "people", reader=request.user),
    }
    return render(request, "setup/preview.html", context)


def _choose_hidden(request: StaffRequest, upload: Upload) -> HttpResponse:
    try:
        choose_hidden_rows(upload=upload, includes=request.POST["hidden"] == "include")
    except FileProblemsError as error:
        messages.error(request, str(error))
    return redirect("survey:upload-preview", upload.id)


def _confirm(request: StaffRequest, upload: Upload) -> HttpResponse:
    try:
        campaign = confirm_upload(upload=upload)
    except FileProblemsError as error:
        messages.error(request, str(error))
        return redirect("survey:setup-people", upload.campaign_id)
    except StateError as error:
        messages.error(request, str(error))  # launched meanwhile
        return redirect("survey:campaign-detail", upload.campaign_id)
    messages.success(
        request,
        _("Kept with the draft. Nobody is invited, and nothing changes, before the launch."),
    )
    return redirect("survey:setup-questionnaire", campaign.id)


def _show(
    request: StaffRequest,
    campaign: Campaign,
    form: UploadForm,
    error: FileProblemsError | None = None,
) -> HttpResponse:
    context = {"campaign": campaign, "form": form}
    context |= {"setup": setup_page(campaign, "people", reader=request.user)}
    if error is not None:
        context |= {"problems": error.problems[:SHOWN_PROBLEMS], "count": len(error.problems)}
        context |= {"remarks": error.remarks}
    return render(request, "setup/people.html", context, status=status_of_draft(form, campaign))
