"""Why a mail did not go: noted by the worker, told in the language of whoever reads it."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Final

from django.utils.translation import gettext as _

from survey.errors import KeyUnavailableError

LENGTH: Final = 200  # characters, as in the tables
NO_KEY: Final = "no key"
UNREACHABLE: Final = "unreachable"
CAME_BACK: Final = "failed"  # a report of failure that gives no reason


def stored_reason(error: Exception) -> str:
    """Return what is noted: a server's own answer as it is, else one of our codes and a detail."""
    if isinstance(error, KeyUnavailableError):
        return NO_KEY
    if isinstance(error, SMTPRecipientsRefused):
        return _answer(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return _one_line(f"{UNREACHABLE}: {str(error) or type(error).__name__}")


def reason_words(stored: str) -> str:
    """Return what is told; a server's answer comes in the server's own language."""
    if stored == NO_KEY:
        return _("The campaign's key cannot be read here; the administrator has to look for it.")
    if stored.startswith(UNREACHABLE):
        return _("The mail server could not be reached.")
    if stored == CAME_BACK:
        return _("The mail came back without a reason.")
    return " ".join((_("The mail server answered:"), stored)) if stored else ""


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return _one_line(f"{code} {text}")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LENGTH]
