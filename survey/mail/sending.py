"""One mail on its way: composed, handed over, and what went wrong with it stays its own affair.

Every sender goes through here, so that none of them stops at one mail that cannot be sent.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from smtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from survey.errors import KeyUnavailableError, SurveyError
from survey.mail.addresses import AddressError
from survey.mail.failure_reasons import stored_reason, unexpected_reason
from survey.mail.verdicts import CLOSING, Answer, Stage, Verdict, verdict_of

logger = logging.getLogger(__name__)

BACKOFF: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))  # after each failure


class Trouble(Enum):
    """Whose affair it is that a mail did not go."""

    UNUSABLE = "unusable"  # the address: no server would ever be asked
    REFUSED = "refused"  # the address, says the server, and for good
    DELAYED = "delayed"  # this mail: another try may go better
    SERVER = "server"  # the server's, which would say the same of other mails: this one waits
    AWAY = "away"  # the server is out of reach: nothing else would go either
    NEEDLESS = "needless"  # nobody's: its reason has gone, and it is dropped
    NO_KEY = "no key"  # the campaign's: the link cannot be made, and no try is used up


@dataclass(frozen=True, slots=True)
class MailFailure:
    """That a mail did not go, and why, as it is stored."""

    trouble: Trouble
    reason: str
    was_offered: bool = True  # False where no server was asked to take it
    is_certain: bool = True  # False where the server's answer does not say whose affair it is
    names_sender: bool = False  # the server took no mail from us, to whomever

    @property
    def is_final(self) -> bool:
        """Whether another try is of no use."""
        return self.trouble in {Trouble.UNUSABLE, Trouble.REFUSED}

    @property
    def costs_a_try(self) -> bool:
        """Whether it counts; what was not offered, a lost key and the server's own never do."""
        return self.was_offered and self.trouble not in {Trouble.NO_KEY, Trouble.SERVER}

    def of_the_server(self) -> "MailFailure":
        """Return the same failure, now that others got the same answer."""
        return replace(self, trouble=Trouble.SERVER, is_certain=True)

    def wait_after(self, attempts: int) -> timedelta | None:
        """Return how long to wait after so many attempts, None when it is time to give up."""
        if self.is_final or attempts > len(BACKOFF):
            return None
        return BACKOFF[attempts - 1]


class MailLine:
    """A connection to the mail server: opened by the first mail, and again where it was ended."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend
        self.has_carried = False  # a mail, since it was opened

    def reach(self) -> MailFailure | None:
        """Open the connection if it is not open, or return why that did not succeed."""
        try:
            self.backend.open()
        except (OSError, ValueError) as error:  # SMTPException is one; a password may not be ASCII
            return MailFailure(Trouble.AWAY, stored_reason(error), was_offered=False)
        return None

    def carry(self, mail: EmailMultiAlternatives) -> None:
        """Hand a mail over; a server that ends the connection after so many is called again.

        Raises what the server or the mail made go wrong; the connection is closed where it may be
        dead, which Django would use for all that follows: one mail would cost every other a try.
        """
        try:
            if self.backend.send_messages([mail]) != 1:
                raise SMTPException("expected the server to accept one mail, found none accepted")
        except SMTPRecipientsRefused as error:
            if CLOSING in _codes(error):
                self.hang_up()
            raise
        except Exception:
            self.hang_up()  # it may stand in the middle of a mail
            raise
        self.has_carried = True

    def hang_up(self) -> None:
        """Close the connection; the next mail opens another."""
        self.has_carried = False
        try:
            self.backend.close()
        except OSError as error:  # SMTPException is one; all is noted, a farewell changes nothing
            logger.warning("The mail server was left without a farewell: %s", type(error).__name__)


@contextmanager
def mail_server() -> Iterator[MailLine]:
    """Lend a connection to the mail server; the first mail opens it, and it is closed behind."""
    line = MailLine(get_connection())
    try:
        yield line
    finally:
        line.hang_up()


def try_to_send(
    compose: Callable[[], EmailMultiAlternatives | None], line: MailLine
) -> MailFailure | None:
    """Send one mail, or return why it did not go; opens the connection if it is not open.

    compose: makes the mail, or returns None if nobody needs it any more.

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
    if mail is None:
        return MailFailure(Trouble.NEEDLESS, "", was_offered=False)
    return _hand_over(mail, line)


def _hand_over(mail: EmailMultiAlternatives, line: MailLine) -> MailFailure | None:
    if (failure := line.reach()) is not None:
        return failure
    was_used = line.has_carried
    try:
        line.carry(mail)
    except (SMTPException, OSError) as error:
        if was_used and _has_ended(error):
            return _hand_over(mail, line)  # over a new connection, so that this happens once
        return _refused(error)
    except Exception as error:  # noqa: BLE001 - one mail's text or header must not end the run
        return _unexpected(error)
    return None


def _has_ended(error: OSError) -> bool:
    """Tell whether the server ended the connection, as many do after a number of mails.

    Not by saying nothing for too long: it may have the mail, and would get it twice at once.
    """
    if isinstance(error, SMTPServerDisconnected):
        return not _is_silence(error)
    return CLOSING in _codes(error)


def _refused(error: OSError) -> MailFailure:
    """Return whose affair it is what came of a mail that was brought to the server."""
    reason = stored_reason(error)
    answer = _answer_of(error)
    if answer is not None:
        return _judged(answer, reason)
    if _had_content(error):  # it may have been taken: each further try may be a second mail
        away = not isinstance(error, SMTPException) or _is_silence(error)
        return MailFailure(Trouble.AWAY if away else Trouble.DELAYED, reason)
    if isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected):
        return MailFailure(Trouble.DELAYED, reason)  # something that this mail asks for
    return MailFailure(Trouble.AWAY, reason, was_offered=False)


def _judged(answer: Answer, reason: str) -> MailFailure:
    verdict = verdict_of(answer)
    if verdict is Verdict.SERVER:
        return MailFailure(Trouble.SERVER, reason, names_sender=answer.stage is Stage.SENDER)
    trouble = Trouble.REFUSED if answer.is_for_good else Trouble.DELAYED
    return MailFailure(trouble, reason, is_certain=verdict is Verdict.ADDRESS)


def _answer_of(error: OSError) -> Answer | None:
    """Return what the server answered, and to what; None where it did not."""
    said: bytes | str
    if isinstance(error, SMTPRecipientsRefused):  # every mail has one recipient
        code, said = next(iter(error.recipients.values()))
        stage = Stage.RECIPIENT
    elif isinstance(error, SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
        stage = Stage.CONTENT if isinstance(error, SMTPDataError) else Stage.SENDER
        if type(error) is SMTPResponseException and _had_content(error):  # a garbled reply
            return None
    else:
        return None
    return Answer(code, said.decode(errors="replace") if isinstance(said, bytes) else said, stage)


def _is_silence(error: OSError) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _had_content(error: OSError) -> bool:
    """Tell whether the mail itself may have been under way: no exception of smtplib says so.

    Of another way of sending nobody knows, so that it may.
    """
    running = {frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)}
    return SMTP.data.__code__ in running or SMTP.sendmail.__code__ not in running


def _codes(error: OSError) -> set[int]:
    """Return the server's answers that an error tells of."""
    answer = _answer_of(error)
    return {answer.code} if answer is not None else set()


def _unexpected(error: Exception) -> MailFailure:
    """Note a fault of ours; the log gets the place, but no text, which could quote a link."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A mail was put off for a %s at\n%s", type(error).__name__, place)
    return MailFailure(Trouble.DELAYED, unexpected_reason(error))
