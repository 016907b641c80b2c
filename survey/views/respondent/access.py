"""The door of the respondent's pages: cookie, unknown links, closed campaigns, lost database."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from secrets import token_hex
from typing import Any, Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from survey.errors import RestingError, StateError, UnknownTokenError
from survey.models import Campaign, CampaignState
from survey.policy import REST_RETRY
from survey.receipts import Receipt, read_receipt
from survey.sealing.tokens import split_link
from survey.selectors.campaign_states import last_call
from survey.selectors.respondents import Respondent, ended_campaign, find_respondent
from survey.throttling.survey_links import is_guessing
from survey.views.respondent.shown_pages import NOTHING_CARRIED, has_begun

logger = logging.getLogger(__name__)
P = ParamSpec("P")
RespondentView = Callable[Concatenate[HttpRequest, Respondent, P], HttpResponse]
BROWSER_BYTES: Final = 16  # of what only one browser knows
NOT_ECHOED: Final = {"csrfmiddlewaretoken"}
SHOWING: Final = {"GET", "HEAD"}


def cookie_name() -> str:
    """Return the cookie that holds the token; the prefix works over HTTPS only."""
    return "__Host-rutin-link" if settings.SITE_IS_HTTPS else "rutin-link"


def mark_cookie_name() -> str:
    """Return the cookie that holds the mark of the link's campaign, and nothing of a person."""
    return f"{cookie_name()}-mark"


def browser_cookie_name() -> str:
    """Return the cookie of what only this browser knows, beside the token."""
    return f"{cookie_name()}-browser"


def done_cookie_name() -> str:
    """Return the cookie that takes the place of the token once an answer was handed in."""
    return f"{cookie_name()}-done"


def remember_link(request: HttpRequest, response: HttpResponse, link: str) -> None:
    """Set the cookies of a link's token and mark, for this browser session.

    Followed again, a link leads on in this browser; another one begins anew.
    """
    token, mark = split_link(link)
    known = request.COOKIES.get(browser_cookie_name(), "")
    is_known = known and request.COOKIES.get(cookie_name()) == token
    _remember(response, cookie_name(), token)
    _remember(response, mark_cookie_name(), mark)
    _remember(response, browser_cookie_name(), known if is_known else token_hex(BROWSER_BYTES))
    response.delete_cookie(done_cookie_name(), samesite="Lax")  # it may be somebody else's


def remember_answer(request: HttpRequest, response: HttpResponse, respondent: Respondent) -> None:
    """Let this browser know that an answer was handed in, and forget whatever opens the survey."""
    receipt = Receipt(respondent.words_of_thanks, request.LANGUAGE_CODE, respondent.campaign)
    _remember(response, done_cookie_name(), receipt.text)
    _remember(response, mark_cookie_name(), respondent.campaign.link_mark)
    for name in (cookie_name(), browser_cookie_name()):
        response.delete_cookie(name, samesite="Lax")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read."""
    response.set_cookie(
        name,
        value,
        path="/",
        secure=settings.SITE_IS_HTTPS,
        httponly=True,
        samesite="Lax",  # "Strict" would be lost on the way from a mail page through our redirect
    )


def forget_link(response: HttpResponse) -> None:
    """Let this browser know nothing of who came before."""
    for name in (cookie_name(), mark_cookie_name(), browser_cookie_name(), done_cookie_name()):
        response.delete_cookie(name, samesite="Lax")


def link_not_valid(request: HttpRequest, mark: str) -> HttpResponse:
    """Return the one page for every link that is malformed, unknown, revoked or used up.

    Where its mark is that of a campaign that is over, that is said instead.
    """
    ended = ended_campaign(mark)
    if ended is not None:
        context = {"campaign": ended, "is_demonstration": ended.organisation.is_demonstration}
        return render(request, "respondent/ended.html", context, status=410)
    status = 429 if is_guessing(request) else 404
    return render(request, "respondent/link_not_valid.html", status=status)


def database_lost(request: HttpRequest) -> HttpResponse:
    """Return a page that still holds what was posted, so that nothing has to be filled again."""
    context = {"posted": _posted(request)}
    return render(request, "respondent/database_lost.html", context, status=503)


def survey_rests(request: HttpRequest, respondent: Respondent) -> HttpResponse:
    """Say that no answer is taken now, and hold in the page what was to be submitted."""
    context = page_context(respondent) | {"posted": _posted(request)}
    response = render(request, "respondent/resting.html", context, status=503)
    response["Retry-After"] = str(int(REST_RETRY.total_seconds()))
    return response


def _posted(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return what was posted as pairs: of a mapping, a template would take "items" for its own."""
    return tuple(
        (name, str(value)) for name, value in request.POST.items() if name not in NOT_ECHOED
    )


def survives_database_loss(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Answer 503 with the filled form where the database does not answer."""

    @wraps(view)
    def surviving(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except (OperationalError, InterfaceError, InternalError) as error:
            # Its kind only: a database's message may quote the row.
            logger.error("The database was lost while answering: %s", type(error).__name__)
            request: Any = args[0]
            return database_lost(request)

    return surviving


def find_receipt(request: HttpRequest) -> Receipt | None:
    """Return what this browser knows of an answer that it has handed in, while that waits."""
    return read_receipt(request.COOKIES.get(done_cookie_name(), ""))


def for_respondent(
    *, while_resting: bool = False
) -> Callable[[RespondentView[P]], Callable[..., HttpResponse]]:
    """Call a view with the holder of the link in the cookie, or answer in its place.

    While the survey rests no page is shown but those that may be `while_resting`. What is posted
    still reaches its view: a draft is its holder's own, opened by the link alone, so whoever is
    in the middle of a page loses nothing of it; a ballot is refused by its service.
    """

    def decorate(view: RespondentView[P]) -> Callable[..., HttpResponse]:
        @login_not_required
        @never_cache
        @survives_database_loss
        @wraps(view)
        def entered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            respondent = find_respondent(
                request.COOKIES.get(cookie_name(), ""),
                browser=request.COOKIES.get(browser_cookie_name(), ""),
            )
            if respondent is None and find_receipt(request) is not None:
                return redirect("respondent:thanks-show")
            if respondent is None:
                return link_not_valid(request, request.COOKIES.get(mark_cookie_name(), ""))
            _use_language(request, respondent)
            elsewhere = _not_answering(request, respondent)
            if elsewhere is not None:
                return elsewhere
            if _is_resting(request, respondent) and not while_resting:
                return survey_rests(request, respondent)
            try:
                return view(request, respondent, *args, **kwargs)
            except RestingError:
                return survey_rests(request, respondent)
            except (UnknownTokenError, StateError):
                # Revoked, submitted or closed since the look-up: the first page says which.
                return redirect("respondent:welcome")

        return entered

    return decorate


def page_context(respondent: Respondent) -> dict[str, Any]:
    """Return what every respondent page needs."""
    return {"respondent": respondent} | campaign_context(respondent.campaign)


def campaign_context(campaign: Campaign) -> dict[str, Any]:
    """Return what every page about a campaign needs, whoever reads it."""
    return {
        "campaign": campaign,
        "finish_by": last_call(campaign, timezone.now()),
        **NOTHING_CARRIED,
        "is_demonstration": campaign.organisation.is_demonstration,
    }


def _not_answering(request: HttpRequest, respondent: Respondent) -> HttpResponse | None:
    if respondent.has_answered:
        thanks = redirect("respondent:thanks-show")
        remember_answer(request, thanks, respondent)
        return thanks
    now = timezone.now()
    campaign = respondent.campaign
    if campaign.takes_beginners(now):
        return None
    if campaign.accepts_answers(now) and has_begun(request, respondent):
        return None  # whoever is in the middle of it when it closes may finish
    context = page_context(respondent) | {
        "is_cancelled": respondent.campaign.state == CampaignState.CANCELLED,
        "is_early": _is_early(respondent.campaign, now),
    }
    return render(request, "respondent/closed.html", context, status=410)


def _is_resting(request: HttpRequest, respondent: Respondent) -> bool:
    return request.method in SHOWING and respondent.campaign.rests(timezone.now())


def _is_early(campaign: Campaign, now: datetime) -> bool:
    if campaign.state == CampaignState.OPEN:
        return campaign.opens_at is not None and now < campaign.opens_at
    return campaign.state in {CampaignState.DRAFT, CampaignState.LAUNCHING}


def _use_language(request: HttpRequest, respondent: Respondent) -> None:
    """Prefer the language chosen here, then the invitation's, then the browser's."""
    recipient = respondent.invitation.recipient
    wishes = (
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        recipient.language if recipient else None,
        translation.get_language(),
    )
    offered = respondent.languages
    language = next((wish for wish in wishes if wish in offered), offered[0])
    translation.activate(language)
    request.LANGUAGE_CODE = language
