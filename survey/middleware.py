"""What the survey adds to answers: no Referer with a secret, the user's language, refusals."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.errors import AnswersDeletedError
from survey.languages import is_offered
from survey.redaction import holds_secret
from survey.sealing.web_process import answering_request

# What mails link to: a redirect follows, or a page without a form.
DOORS: Final = re.compile(r"/s/.*|/password/set/[^/]+/(?!set-password/).*")
Answer = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


class NoKeys:
    """Let no page ask for the key of a campaign, whatever the account of the process may read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site."""
        with answering_request():
            return self.get_response(request)


class LinkWithoutReferrer:
    """Pass no secret address on as Referer, whatever the answer: errors, redirects, refusals.

    It stands before whatever answers, so that no other middleware's answer goes out without it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, with the header where the address holds a secret."""
        response = self.get_response(request)
        if DOORS.match(request.path_info):
            response["Referrer-Policy"] = "no-referrer"
        elif holds_secret(request.get_full_path()):
            # The next address learns our host only. Under "no-referrer" browsers post a form with
            # "Origin: null", which the CSRF check must refuse.
            response["Referrer-Policy"] = "strict-origin"
        return response


class NothingIsKept:
    """Let no browser and nothing on the way keep what was answered to somebody signed in.

    Of public addresses one may say otherwise: the logo of who asks is the same for everybody.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, not to be stored."""
        response = self.get_response(request)
        found = request.resolver_match
        is_public = found is not None and not getattr(found.func, "login_required", True)
        if not (is_public and response.has_header("Cache-Control")):
            add_never_cache_headers(response)
        return response


class UserLanguage:
    """Show pages behind the login in the language that the account has chosen."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        """Activate the account's language; public pages keep the browser's and ask no account."""
        if not getattr(view, "login_required", True):
            return
        language = getattr(request.user, "language", "")
        if is_offered(language):
            translation.activate(language)
            request.LANGUAGE_CODE = language


class AnswersAreDeleted:
    """Say in words that what somebody asked for rested on answers that are deleted.

    Whatever page or button it was, its service or selector refuses it; here it becomes a page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 410, gone for good, with the sentence of the refusal."""
        if not isinstance(error, AnswersDeletedError):
            return None
        content = {"text": str(error)}
        return render(request, "campaigns/answers_deleted.html", content, status=410)


class DocumentIsUnreadable:
    """Say in words that what a page shows was stored by another version, and is not lost."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503, for now not to be had; the log says where the document does not fit."""
        if not isinstance(error, UnreadableDocumentError):
            return None
        logger.error("Unreadable document: %s", error)
        content = {"text": unreadable_words(error)}
        return render(request, "unreadable_document.html", content, status=503)
