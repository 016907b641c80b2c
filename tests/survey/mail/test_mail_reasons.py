"""Why a mail did not go: what is noted, and what is told of it."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest

from survey.errors import KeyUnavailableError
from survey.mail.addresses import AddressError, FaultKind
from survey.mail.failure_reasons import CAME_BACK, reason_words, stored_reason


@pytest.mark.parametrize(
    ("error", "stored", "told"),
    [
        (SMTPRecipientsRefused({"a@b.example": (550, b"no such\r\n user")}),
         "550 no such user", "The mail server answered: 550 no such user"),
        (SMTPDataError(554, b"too large"),
         "554 too large", "The mail server answered: 554 too large"),
        (SMTPServerDisconnected("Connection unexpectedly closed"),
         "unreachable: Connection unexpectedly closed", "The mail server could not be reached."),
        (TimeoutError(), "unreachable: TimeoutError", "The mail server could not be reached."),
        (KeyUnavailableError("expected a key of 64 bytes"), "no key",
         "The campaign's key cannot be read here; the administrator has to look for it."),
        (AddressError(FaultKind.UNSEEN, "17 U+202C"), "unusable: unseen: 17 U+202C",
         ("This address cannot be written to: expected an address without spaces and invisible "
         "characters, found U+202C POP DIRECTIONAL FORMATTING as character 17.")),
        (ZeroDivisionError("anna@example.com"), "unexpected: ZeroDivisionError",
         ("The mail could not be made here (ZeroDivisionError); the administrator finds more in "
         "the log.")),
    ],
)  # fmt: skip
def test_a_servers_answer_stays_as_it_is_and_our_own_reasons_are_codes(
    error: Exception, stored: str, told: str
) -> None:
    assert stored_reason(error) == stored
    assert reason_words(stored) == told


def test_a_report_without_a_reason_says_only_that_the_mail_came_back() -> None:
    assert reason_words(CAME_BACK) == "The mail came back without a reason."
    assert reason_words("") == ""


@pytest.mark.parametrize("said", ["unusable: unseen: here", "unusable", "unusable: length: many"])
def test_what_a_server_says_in_our_own_words_is_told_as_its_answer(said: str) -> None:
    assert reason_words(said) == f"The mail server answered: {said}"
