"""A request that brings more than any form takes is refused before a byte of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request

Answer = Callable[[HttpRequest], HttpResponse]


class SmallBodies:
    """Answer 413 by the length that a request states, before anything asks for its body.

    A body whose length is not stated is read as empty: Django reads as far as the length goes.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, or the refusal."""
        if _stated_length(request) > _most_bytes(request):
            return too_large(request)
        return self.get_response(request)


def _stated_length(request: HttpRequest) -> int:
    """Return the length by which the body is read; what is no number stands for none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _most_bytes(request: HttpRequest) -> int:
    if request.content_type == "multipart/form-data":
        return int(settings.UPLOAD_MAX_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(request: HttpRequest) -> HttpResponse:
    """Return the page of the refusal; it reads nothing of what was posted."""
    limit = settings.UPLOAD_MAX_BYTES // 2**20
    return render(request, "413.html", {"limit": limit}, status=413)


def refuse(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer fields that are too long beside files in the same way; else as Django does."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return bad_request(request, exception)
