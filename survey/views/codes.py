"""Typing a code from a slip of paper, on one's own device or on a shared one (kiosk mode)."""

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from survey.forms.codes import CodeForm
from survey.sealing.tokens import marked_token
from survey.throttling.survey_links import is_guessing
from survey.views.respondent.access import forget_link, remember_link, survives_database_loss

KIOSK_COOKIE: Final = "rutin_kiosk"  # templates know it by this name
KIOSK_DAYS: Final = 30


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@survives_database_loss
def enter_code(request: HttpRequest) -> HttpResponse:
    """Lead from a code to the survey; on a shared device this page forgets who came before."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        entered = redirect("respondent:welcome")
        respondent = form.cleaned_data["code"]
        remember_link(
            request, entered, marked_token(respondent.token, respondent.campaign.link_mark)
        )
        return entered
    status = _refusal(request) if form.is_bound else 200
    response = render(request, "codes/enter.html", {"form": form}, status=status)
    if request.COOKIES.get(KIOSK_COOKIE):
        forget_link(response)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def _refusal(request: HttpRequest) -> int:
    """Count a code that is none; a right one is never refused, whatever came before."""
    return 429 if is_guessing(request) else 404


@require_POST
@login_not_required
def switch_kiosk(request: HttpRequest) -> HttpResponse:
    """Turn kiosk mode of this device on or off."""
    response = redirect("respondent:code-enter")
    if request.POST.get("kiosk") == "on":
        response.set_cookie(
            KIOSK_COOKIE,
            "on",
            max_age=KIOSK_DAYS * 24 * 3600,
            secure=settings.SITE_IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(KIOSK_COOKIE, samesite="Lax")
    return response
