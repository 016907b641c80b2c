"""The respondent's pages as a manager previews them: the same templates, and no service at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.instrument.answers import Answers
from survey.instrument.pages import minutes_to_answer, progress_through
from survey.models import Function
from survey.previews import Preview, nobody, read_preview
from survey.selectors.respondents import Respondent, analyst_names
from survey.views.requests import StaffRequest
from survey.views.respondent.access import page_context
from survey.views.respondent.pages import answers_form
from survey.views.scope import managed_campaign

P = ParamSpec("P")
PreviewView = Callable[Concatenate[StaffRequest, Respondent, P], HttpResponse]
NOTHING: Final = Answers()


def previewed(view: PreviewView[P]) -> Callable[..., HttpResponse]:
    """Call a view with nobody as the respondent, while the user runs the campaign."""

    @never_cache
    @wraps(view)
    def entered(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        preview = read_preview(request)
        if preview is None:
            raise Http404
        campaign = managed_campaign(request, UUID(preview.campaign))
        respondent = nobody(campaign, preview.function)
        wish, offered = preview.language, respondent.languages or (settings.LANGUAGE_CODE,)
        request.LANGUAGE_CODE = wish if wish in offered else offered[0]
        translation.activate(request.LANGUAGE_CODE)
        return view(request, respondent, *args, **kwargs)

    return entered


@require_safe
def start_preview(request: StaffRequest, campaign_id: UUID, function: str) -> HttpResponse:
    """Begin at the first page, as somebody of a function."""
    campaign = managed_campaign(request, campaign_id)
    if function not in Function.values:
        raise Http404
    response = redirect("preview:welcome")
    Preview(str(campaign.pk), function).remember(response)
    return response


@require_safe
@previewed
def welcome(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show the first page."""
    context = {
        "progress": progress_through(respondent.pages(), NOTHING),
        "minutes": minutes_to_answer(
            respondent.instrument, function=respondent.invitation.function
        ),
        "analysts": analyst_names(respondent.campaign),
        "opening": respondent.instrument.opening[request.LANGUAGE_CODE],
        "languages": [pair for pair in settings.LANGUAGES if pair[0] in respondent.languages],
    }
    return _show(request, respondent, "welcome", **context)


@require_safe
@previewed
def show_sample(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show what a leader will see."""
    return _show(request, respondent, "sample")


@require_POST
@previewed
def choose_language(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Change the preview's language, and not that of the manager's own pages."""
    response = redirect("preview:welcome")
    campaign, function = str(respondent.campaign.pk), respondent.invitation.function
    Preview(campaign, function, request.POST.get("language", "")[:8]).remember(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@previewed
def answer_page(request: StaffRequest, respondent: Respondent, number: int) -> HttpResponse:
    """Show one page; a post is checked and forgotten."""
    pages = respondent.pages()
    page = next((page for page in pages if page.number == number), None)
    if page is None:
        raise Http404
    form = answers_form(request, respondent, (page,), NOTHING)
    if not form.is_valid():
        progress = progress_through(pages, NOTHING)
        context = {"form": form, "page": page, "count": len(pages), "progress": progress}
        return _show(request, respondent, "page", **context)
    following = page.neighbour(request.POST.get("to", ""))
    if 1 <= following <= len(pages):
        return redirect("preview:page-answer", following)
    return redirect("preview:answers-review" if following else "preview:welcome")


@require_POST
@previewed
def forget_draft(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Answer the page's script, and keep nothing."""
    return HttpResponse(status=204)


@require_safe
@previewed
def review(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show the last look before submitting; nothing is answered, since nothing was kept."""
    progress = progress_through(respondent.pages(), NOTHING)
    return _show(request, respondent, "review", progress=progress, posted=())


@require_POST
@previewed
def submit(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Go on to the thank-you page; there is no ballot."""
    return redirect("preview:thanks-show")


@require_safe
@previewed
def show_thanks(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show the end."""
    return _show(request, respondent, "thanks", words=respondent.words_of_thanks)


@require_http_methods(["GET", "HEAD", "POST"])
@previewed
def withdraw(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show the question before deleting; there is nothing to delete."""
    if request.method == "POST":
        return redirect("preview:withdrawal-show")
    return _show(request, respondent, "withdraw")


@require_safe
@previewed
def show_withdrawal(request: StaffRequest, respondent: Respondent) -> HttpResponse:
    """Show what is said after deleting."""
    return _show(request, respondent, "withdrawn")


def _show(request: StaffRequest, respondent: Respondent, name: str, **context: Any) -> HttpResponse:  # noqa: ANN401
    whole = page_context(respondent) | {"is_preview": True} | context
    return render(request, f"respondent/{name}.html", whole)
