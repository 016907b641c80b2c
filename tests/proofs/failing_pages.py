"""A middleware that makes a page fail with the address in its message, as a library might."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FAIL = "X-Fail"


class FailWhenAsked:
    """Raise in place of the view if the request has the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, or fail."""
        if FAIL in request.headers:
            raise RuntimeError(f"no answer for {request.get_full_path()} {request.headers}")
        return self.get_response(request)
