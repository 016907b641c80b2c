"""What the survey adds to every answer: no Referer with a token, and the user's language."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from survey.languages import is_offered

LINK_PREFIX: Final = "/s/"
Answer = Callable[[HttpRequest], HttpResponse]


class LinkWithoutReferrer:
    """Answer no-referrer on survey links whatever happens: errors, redirects to https, refusals.

    It stands first, so that no other middleware's answer goes out without it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, with the header where the address holds a token."""
        response = self.get_response(request)
        if request.path_info.startswith(LINK_PREFIX):
            response["Referrer-Policy"] = "no-referrer"
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
