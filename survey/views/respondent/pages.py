"""The respondent's pages, from the link in the mail to the thank-you page."""

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from survey.forms.answers import BACKGROUND, AnswersForm, posted_form
from survey.instrument.answers import Answers
from survey.instrument.pages import QuestionnairePage, minutes_to_answer, progress_through
from survey.languages import remember_language
from survey.sealing.tokens import split_link
from survey.selectors.respondents import (
    Respondent,
    analyst_names,
    find_respondent,
    read_draft,
    read_draft_content,
)
from survey.services import ballots
from survey.views.respondent.access import (
    campaign_context,
    cookie_name,
    find_receipt,
    for_respondent,
    link_not_valid,
    mark_cookie_name,
    page_context,
    remember_answer,
    remember_link,
    survives_database_loss,
)
from survey.views.respondent.shown_pages import NEWER, carried, is_outdated, newest_answers


@require_safe
@login_not_required
@never_cache
@survives_database_loss
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address: scanners may open this as often as they like."""
    if find_respondent(token) is None:
        return link_not_valid(request, split_link(token)[1])
    response = redirect("respondent:welcome")
    remember_link(request, response, token)
    return response


@require_safe
@for_respondent()
def welcome(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Say who asks, why, how long it takes and what is promised."""
    context = page_context(respondent) | {
        "progress": progress_through(respondent.pages(), read_draft(respondent.secret)),
        "is_older": NEWER in request.GET,
        "minutes": minutes_to_answer(
            respondent.instrument, function=respondent.invitation.function
        ),
        "analysts": analyst_names(respondent.campaign),
        "opening": respondent.instrument.opening[request.LANGUAGE_CODE],
        "languages": [pair for pair in settings.LANGUAGES if pair[0] in respondent.languages],
    }
    return render(request, "respondent/welcome.html", context)


@require_safe
@for_respondent()
def show_sample(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Show with invented figures what a leader will see of a unit."""
    return render(request, "respondent/sample.html", page_context(respondent))


@require_POST
@for_respondent()
def choose_language(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Remember the language for this browser."""
    response = redirect("respondent:welcome")
    language = request.POST.get("language", "")
    if language in respondent.languages:
        remember_language(response, language)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_respondent()
def answer_page(request: HttpRequest, respondent: Respondent, number: int) -> HttpResponse:
    """Show one page of the questionnaire; a post saves it and moves on, or back."""
    pages = respondent.pages()
    page = next((page for page in pages if page.number == number), None)
    if page is None:
        raise Http404
    given = read_draft(respondent.secret)
    form = answers_form(request, respondent, (page,), given)
    if form.is_valid():
        newest, is_older = newest_answers(request, form, given)
        _save(respondent, newest)
        return _to_page(pages, page.neighbour(request.POST.get("to", "")), is_older=is_older)
    context = page_context(respondent) | {"form": form, "page": page, "count": len(pages)}
    context["progress"] = progress_through(pages, given)
    context |= carried(respondent, posted_form(given)) | {"is_older": NEWER in request.GET}
    return render(request, "respondent/page.html", context)


@require_POST
@for_respondent()
def save_draft(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Save what the page's script sends after each answer."""
    form = sent_form(request, respondent)
    if not form.is_valid():
        return HttpResponse(status=422)
    _save(respondent, form.answers())
    return HttpResponse(status=204)


@require_safe
@for_respondent()
def review(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """List once what is missing, and carry every answer in the form that submits."""
    return _show_review(request, respondent)


@require_POST
@for_respondent()
def submit(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Seal the ballot; a repeated post ends on the same page.

    A tab that shows older answers than the draft holds by now seals nothing: its reader has not
    seen what would count, and there is no way back.
    """
    form = sent_form(request, respondent)
    if not form.is_valid():
        return redirect("respondent:answers-review")
    draft = read_draft_content(respondent.secret)
    if is_outdated(request, form.answers(), draft):
        return _show_review(request, respondent, status=409)
    newest = draft.answers.updated(form.answers())
    ballots.submit(token=respondent.token, browser=respondent.browser, answers=newest)
    response = redirect("respondent:thanks-show")
    remember_answer(request, response, respondent)
    return response


@require_safe
@login_not_required
@never_cache
@survives_database_loss
def show_thanks(request: HttpRequest) -> HttpResponse:
    """Thank for the answer, with the same page however often it was sent."""
    receipt = find_receipt(request)
    if receipt is None and find_respondent(request.COOKIES.get(cookie_name(), "")) is not None:
        return redirect("respondent:welcome")
    if receipt is None:
        return link_not_valid(request, request.COOKIES.get(mark_cookie_name(), ""))
    translation.activate(receipt.language)
    request.LANGUAGE_CODE = receipt.language
    context = campaign_context(receipt.campaign) | {"words": receipt.words}
    return render(request, "respondent/thanks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_respondent(while_resting=True)
def withdraw_draft(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Ask whether the unfinished answers shall go; a post deletes them."""
    if request.method == "POST":
        ballots.withdraw_draft(secret=respondent.secret)
        return redirect("respondent:withdrawal-show")
    return render(request, "respondent/withdraw.html", page_context(respondent))


@require_safe
@for_respondent(while_resting=True)
def show_withdrawal(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Confirm that nothing is left of the unfinished answers."""
    return render(request, "respondent/withdrawn.html", page_context(respondent))


def _save(respondent: Respondent, answers: Answers) -> None:
    ballots.save_draft(token=respondent.token, browser=respondent.browser, answers=answers)


def answers_form(
    request: HttpRequest,
    respondent: Respondent,
    pages: Collection[QuestionnairePage],
    given: Answers | None = None,
) -> AnswersForm:
    """Return the form of some pages, bound if the request is a post."""
    return AnswersForm(
        respondent.instrument,
        language=request.LANGUAGE_CODE,
        function=respondent.invitation.function,
        items=[item for page in pages for item in page.items],
        questions=[question for page in pages for question in page.questions],
        data=request.POST if request.method == "POST" else None,
        given=given,
    )


def sent_form(request: HttpRequest, respondent: Respondent) -> AnswersForm:
    """Return the bound form of just what was sent, which is never shown again."""
    instrument, sent = respondent.instrument, request.POST
    function = respondent.invitation.function
    return AnswersForm(
        instrument,
        language=request.LANGUAGE_CODE,
        function=function,
        items=[item for item in instrument.asked_of(function) if item.code in sent],
        questions=[one for one in instrument.background if f"{BACKGROUND}{one.code}" in sent],
        data=sent,
    )


def _show_review(request: HttpRequest, respondent: Respondent, status: int = 200) -> HttpResponse:
    draft = read_draft_content(respondent.secret)
    answers = posted_form(draft.answers)
    context = page_context(respondent) | {
        "progress": progress_through(respondent.pages(), draft.answers),
        "posted": tuple(answers.items()),
        "is_older": status != 200 or NEWER in request.GET,
    }
    context |= carried(respondent, answers) | {"edition": draft.edition}
    return render(request, "respondent/review.html", context, status=status)


def _to_page(
    pages: Collection[QuestionnairePage], number: int, *, is_older: bool = False
) -> HttpResponse:
    if number < 1:
        address = reverse("respondent:welcome")
    elif number > len(pages):
        address = reverse("respondent:answers-review")
    else:
        address = reverse("respondent:page-answer", args=[number])
    return redirect(f"{address}?{NEWER}=kept" if is_older else address)
