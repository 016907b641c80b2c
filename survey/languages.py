"""Languages that the installation offers, and what is known about their translations."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Language:
    """One whole language; a draft has not been checked by a native speaker."""

    code: str
    name: str  # in the language itself
    is_draft: bool


def offered_languages() -> tuple[Language, ...]:
    """Return the languages whose interface is whole, English first."""
    return tuple(
        Language(code, str(name), code in settings.UNCHECKED_LANGUAGES)
        for code, name in settings.LANGUAGES
    )


def language_choices() -> list[tuple[str, str]]:
    """Return codes with names for a form; a draft says that it is one."""
    return [
        (
            language.code,
            gettext("%(language)s (draft translation)") % {"language": language.name}
            if language.is_draft
            else language.name,
        )
        for language in offered_languages()
    ]


def is_offered(code: str) -> bool:
    """Tell whether pages, mails and reports may be in a language."""
    return code in dict(settings.LANGUAGES)


def remember_language(response: HttpResponse, code: str) -> None:
    """Let this browser's pages come in a language, also where nobody is signed in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
