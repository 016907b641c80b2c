"""Account pages that Django has no ready view for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from survey.forms.accounts import LanguageForm, PasswordResetRequestForm
from survey.languages import offered_languages, remember_language
from survey.services.organisations.accounts import request_password_reset, set_language
from survey.views.requests import StaffRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Ask for a set-password mail; the answer never tells whether the address has an account."""
    form = PasswordResetRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_password_reset(email=form.cleaned_data["email"])
        return redirect("survey:password-reset-sent")
    return render(request, "accounts/reset.html", {"form": form})


@login_not_required
@require_safe
def show_reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way if there is an account."""
    return render(request, "accounts/reset_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_language(request: StaffRequest) -> HttpResponse:
    """Let users choose the language of their pages and mails."""
    form = LanguageForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        set_language(user=request.user, language=language)
        response = redirect("diagnostics:home")
        remember_language(response, language)
        return response
    has_drafts = any(language.is_draft for language in offered_languages())
    return render(request, "accounts/language.html", {"form": form, "has_drafts": has_drafts})
