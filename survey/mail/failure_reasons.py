"""Why a mail did not go: noted by the worker, told in the language of whoever reads it."""

import unicodedata
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Final

from django.utils.translation import gettext as _

from survey.errors import KeyUnavailableError
from survey.mail.addresses import AddressError, AddressFault

LENGTH: Final = 200  # characters, as in the tables
NO_KEY: Final = "no key"
UNREACHABLE: Final = "unreachable"
UNUSABLE: Final = "unusable"  # and what is wrong with the address
UNEXPECTED: Final = "unexpected"  # and what kind of error it was
CAME_BACK: Final = "failed"  # a report of failure that gives no reason


def stored_reason(error: Exception) -> str:
    """Return what is noted: a server's own answer as it is, else one of our codes and a detail."""
    if isinstance(error, KeyUnavailableError):
        return NO_KEY
    if isinstance(error, AddressError):
        return storable(f"{UNUSABLE}: {error.fault}")
    if isinstance(error, SMTPRecipientsRefused):
        return _answer(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, OSError):  # SMTPException is one
        return storable(f"{UNREACHABLE}: {str(error) or type(error).__name__}")
    return unexpected_reason(error)


def unexpected_reason(error: Exception) -> str:
    """Return what is noted of a failure on our side: its kind only, a text could quote anything."""
    return storable(f"{UNEXPECTED}: {type(error).__name__}")


def reason_words(stored: str) -> str:
    """Return what is told; a server's answer comes in the server's own language."""
    code, _separator, detail = stored.partition(": ")
    if stored == NO_KEY:
        return _("The campaign's key cannot be read here; the administrator has to look for it.")
    if stored.startswith(UNREACHABLE):
        return _("The mail server could not be reached.")
    if stored == CAME_BACK:
        return _("The mail came back without a reason.")
    if code == UNEXPECTED:
        return _(
            "The mail could not be made here (%(error)s); the administrator finds more in the log."
        ) % {"error": detail}
    if code == UNUSABLE and (fault := AddressFault.read(detail)):
        return _("This address cannot be written to: expected %(expected)s, found %(found)s.") % {
            "expected": fault.expected,
            "found": fault.found,
        }
    return " ".join((_("The mail server answered:"), stored)) if stored else ""


def storable(text: str, length: int = LENGTH) -> str:
    """Return a foreign text as it is stored: one line that fits, and no character that cannot be.

    PostgreSQL takes no NUL, and no database a surrogate: one answer of a server must not end a run.

    >>> storable("550 no" + chr(0) + " such" + chr(0xDCFF) + chr(10) + " user")
    '550 no such user'
    """
    kept = (
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    return " ".join("".join(kept).split())[:length]


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return storable(f"{code} {text}")
