"""Whatever serves pages is kept from the campaigns' keys, though its account could read them.

Ballots and links are made and opened by the worker. Two guards say so, in development too: a
process that serves pages declares itself before its first request, and every request is marked
by a middleware, so that each test of a page is a test of this as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import Final

from survey.errors import WebProcessError

_SERVES_PAGES: Final = Event()  # set once, for the rest of the process
_IS_ANSWERING: ContextVar[bool] = ContextVar("answers a request", default=False)


def serve_pages_only() -> None:
    """Declare this process to be one that serves pages: it reads no key from now on."""
    _SERVES_PAGES.set()


@contextmanager
def answering_request() -> Iterator[None]:
    """Read no key until the request is answered, in whichever process that is."""
    token = _IS_ANSWERING.set(True)
    try:
        yield
    finally:
        _IS_ANSWERING.reset(token)


def require_no_pages() -> None:
    """Raise WebProcessError where pages are served."""
    if _SERVES_PAGES.is_set() or _IS_ANSWERING.get():
        raise WebProcessError(
            "Key files: expected the background worker or a command to ask for the keys of a "
            "campaign, found the process that serves pages. Queue a task for it."
        )
