"""One mail on its way: composed, handed over, and what went wrong with it stays its own affair.

Every sender goes through here, so that none of them stops at one mail that cannot be sent.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from survey.errors import KeyUnavailableError, SurveyError
from survey.mail.addresses import AddressError
from survey.mail.failure_reasons import stored_reason, unexpected_reason

logger = logging.getLogger(__name__)

BACKOFF: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))  # after each failure
REFUSED_FOR_GOOD: Final = 500  # the least of the server's answers that no other try will change
CLOSING: Final = 421  # with it the server hangs up, RFC 5321, section 3.8


class Trouble(Enum):
    """Whose affair it is that a mail did not go."""

    UNUSABLE = "unusable"  # the address: no server would ever be asked
    REFUSED = "refused"  # the address, says the server, and for good
    DELAYED = "delayed"  # this mail: another try may go better
    AWAY = "away"  # the server is out of reach: nothing else would go either
    NO_KEY = "no key"  # the campaign's: the link cannot be made, and no try is used up


@dataclass(frozen=True, slots=True)
class MailFailure:
    """That a mail did not go, and why, as it is stored."""

    trouble: Trouble
    reason: str

    @property
    def is_final(self) -> bool:
        """Whether another try is of no use."""
        return self.trouble in {Trouble.UNUSABLE, Trouble.REFUSED}

    def wait_after(self, attempts: int) -> timedelta | None:
        """Return how long to wait after so many attempts, None when it is time to give up."""
        if self.is_final or attempts > len(BACKOFF):
            return None
        return BACKOFF[attempts - 1]


@contextmanager
def mail_server() -> Iterator[BaseEmailBackend]:
    """Lend a connection to the mail server; the first mail opens it, and it is closed behind."""
    connection: BaseEmailBackend = get_connection()
    try:
        yield connection
    finally:
        _close(connection)


def try_to_send(
    compose: Callable[[], EmailMultiAlternatives], connection: BaseEmailBackend
) -> MailFailure | None:
    """Send one mail, or return why it did not go; opens the connection if it is not open.

    Raises DatabaseError only: then it could not be noted either.
    """
    try:
        mail = compose()
    except DatabaseError:
        raise
    except AddressError as error:
        return MailFailure(Trouble.UNUSABLE, stored_reason(error))
    except KeyUnavailableError as error:
        return MailFailure(Trouble.NO_KEY, stored_reason(error))
    except SurveyError as error:
        return MailFailure(Trouble.DELAYED, stored_reason(error))
    except Exception as error:  # noqa: BLE001 - names and texts of many hands meet here; see above
        return _unexpected(error)
    if (failure := reach(connection)) is not None:
        return failure
    return _hand_over(mail, connection)


def reach(connection: BaseEmailBackend) -> MailFailure | None:
    """Open the connection if it is not open, or return why that did not succeed."""
    try:
        connection.open()
    except (OSError, ValueError) as error:  # SMTPException is one; a password may not be ASCII
        return MailFailure(Trouble.AWAY, stored_reason(error))
    return None


def _hand_over(mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> MailFailure | None:
    try:
        if connection.send_messages([mail]) != 1:
            raise SMTPException("expected the server to accept one mail, found none accepted")
    except SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        if code == CLOSING:
            _close(connection)
        is_final = code >= REFUSED_FOR_GOOD
        return MailFailure(Trouble.REFUSED if is_final else Trouble.DELAYED, stored_reason(error))
    except SMTPException as error:
        # The server may have hung up, and Django would use the dead connection for all that
        # follows: one mail would cost every other its tries.
        _close(connection)
        return MailFailure(Trouble.DELAYED, stored_reason(error))
    except OSError as error:
        _close(connection)
        return MailFailure(Trouble.AWAY, stored_reason(error))
    except Exception as error:  # noqa: BLE001 - one mail's text or header must not end the run
        _close(connection)  # it may stand in the middle of a mail; the next one opens another
        return _unexpected(error)
    return None


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:  # SMTPException is one; all is noted, and a farewell changes nothing
        logger.warning("The mail server was left without a farewell: %s", type(error).__name__)


def _unexpected(error: Exception) -> MailFailure:
    """Note a fault of ours; the log gets the place, but no text, which could quote a link."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A mail was put off for a %s at\n%s", type(error).__name__, place)
    return MailFailure(Trouble.DELAYED, unexpected_reason(error))
