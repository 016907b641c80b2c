"""What somebody posted after the sign-in had run out: kept until they have signed in again.

It lies in the browser's own session, encrypted, for an hour, and without whatever is secret. After
the sign-in the same address shows it, to be sent with one press; nothing is done by itself.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.csrf import csrf_failure as bare_csrf_failure
from django_htmx.http import HttpResponseClientRedirect
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey.policy import KEPT_POST_BYTES, KEPT_POST_LIFE
from survey.sealing.drafts import derive_key
from survey.throttling.kept_posts import posts_too_much

Answer = Callable[[HttpRequest], HttpResponse]
Fields = tuple[tuple[str, str], ...]
IN_SESSION: Final = "kept_post"
DROPPED: Final = "kept_post_dropped"  # the button that forgets it
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Never stored and never shown again, whatever form it is of.
SECRET: Final = re.compile(r"passw|passphrase|secret|token|^repeated$|^seed$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post that reached nobody: where it was going, and what can be sent again."""

    address: str
    fields: Fields
    lost: bool  # whether something was left out: files, secrets, or too much of it
    at: float  # seconds since 1970


class SignInRequired(LoginRequiredMiddleware):
    """Ask for a sign-in as Django does, and keep what was posted; scripts follow as pages do."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        """Return the way to the sign-in page, which leads back to this address."""
        htmx: Any = getattr(request, "htmx", None)
        if request.method not in SAFE and not posts_too_much(request):
            keep_post(request)
        answer: HttpResponse = super().handle_no_permission(request, view_func)
        if htmx:
            # Followed by the script itself it would end as a piece of the page.
            return HttpResponseClientRedirect(answer["Location"])
        return answer


class KeptPosts:
    """Show what was kept at the address that it was for, once somebody has signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: object
    ) -> HttpResponse | None:
        """Answer a look with what was kept for this address; a post of it is the end of it."""
        if not getattr(view, "login_required", True) or IN_SESSION not in request.session:
            return None
        request.session.set_expiry(None)  # short only until somebody had signed in
        kept = kept_post(request)
        if kept is None:
            del request.session[IN_SESSION]
        elif request.method in SAFE and kept.address == request.get_full_path():
            return resume_page(request, kept)
        elif request.method not in SAFE and kept.address == request.get_full_path():
            del request.session[IN_SESSION]
            return redirect(settings.LOGIN_REDIRECT_URL) if DROPPED in request.POST else None
        return None


def keep_post(request: HttpRequest) -> None:
    """Put what was posted into the browser's session, encrypted, in place of an earlier post."""
    post = posted(request)
    document = [post.address, post.fields, post.lost, post.at]
    if len(text := json.dumps(document).encode()) > KEPT_POST_BYTES:
        text = json.dumps([post.address, (), True, post.at]).encode()
    request.session[IN_SESSION] = base64.b64encode(bytes(_box().encrypt(text))).decode()
    request.session.set_expiry(int(KEPT_POST_LIFE.total_seconds()))


def kept_post(request: HttpRequest) -> KeptPost | None:
    """Return what was kept for this browser; nothing after an hour."""
    try:
        text = _box().decrypt(base64.b64decode(request.session.get(IN_SESSION, "")))
    except (CryptoError, ValueError, TypeError):  # the key of the installation has changed
        return None
    address, fields, lost, at = json.loads(text)
    kept = KeptPost(address, tuple((name, value) for name, value in fields), lost, at)
    age = timezone.now().timestamp() - kept.at
    return kept if age < KEPT_POST_LIFE.total_seconds() else None


def posted(request: HttpRequest) -> KeptPost:
    """Return what a request posts, but for secrets and files."""
    every = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    fields = tuple((name, value) for name, value in every if not SECRET.search(name))
    secrets = {name for name, _ in every if SECRET.search(name)} - {"csrfmiddlewaretoken"}
    lost = bool(request.FILES or secrets)
    return KeptPost(request.get_full_path(), fields, lost, timezone.now().timestamp())


def resume_page(request: HttpRequest, kept: KeptPost, *, status: int = 200) -> HttpResponse:
    """Return the page that shows what was kept, and sends it with one press."""
    shown = [(name.replace("_", " "), value) for name, value in kept.fields if value.strip()]
    context = {"kept": kept, "shown": shown, "dropped": DROPPED}
    return render(request, "accounts/kept_post.html", context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Hold what was posted from a page of ours that was older than the sign-in.

    A sign-in in another tab ends the tokens of all pages before it. That the page is ours, says
    the browser: no other site can set the header.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    user: Any = getattr(request, "user", None)
    if request.headers.get("Origin") != ours or user is None or not user.is_authenticated:
        return bare_csrf_failure(request, reason=reason)
    return resume_page(request, posted(request), status=403)


def _box() -> SecretBox:
    return SecretBox(derive_key(settings.SECRET_KEY.encode(), b"posts kept until a sign-in"))
