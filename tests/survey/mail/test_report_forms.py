"""Every form in which servers say that a mail did not arrive is read, and nothing else is."""

from pathlib import Path
from uuid import UUID

import pytest

from survey.mail.delivery_reports import FailureReport, read_report, seems_a_report
from tests.places import ROOT
from tests.survey.mail.reports import (
    EXIM,
    HEADERS,
    OLD_POSTFIX,
    PAGE,
    QMAIL,
    STATUS,
    SWEDISH,
    arrived,
    encoded,
    parts,
    plain,
)

KNOWN = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
SAID = "550 5.1.1 nobody of that name"
NUMBER = f"X-Original-Message-ID: <{KNOWN}@localhost>\n"
REPLIED = "Auto-Submitted: auto-replied\n"
NOWHERE = "rutin@localhost"
SHARED = ROOT.parent / "shared" / "cases"


def action(words: str) -> str:
    return STATUS.replace("failed", words)


REPORTS = {
    "a comment behind the action": parts(KNOWN, action("failed (no mailbox (here))")),
    "a comment before it": parts(KNOWN, action("(at last) Failed")),
    "a comment in the status": parts(KNOWN, STATUS.replace("5.1.1\n", "5.1.1 (no mailbox)\n")),
    "no action, but given up": parts(KNOWN, STATUS.replace("Action: failed\n", "")),
    "one delayed, one failed": parts(
        KNOWN, f"{action('delayed').replace('5.1.1', '4.1.1')}\n{STATUS.partition(chr(10) * 2)[2]}"
    ),
    "base64": encoded(KNOWN, "base64"),
    "quoted-printable": encoded(KNOWN, "quoted-printable"),
    "a part for other alphabets": parts(KNOWN).replace(
        b"message/delivery-status", b"message/global-delivery-status"
    ),
    "CRLF": parts(KNOWN).replace(b"\n", b"\r\n"),
    "a number in the status part": parts(None, f"{NUMBER}{STATUS}"),
    "a number in the report's head": parts(None, extra=NUMBER),
    "an answer to the mail": parts(None, extra=f"In-Reply-To: <{KNOWN}@localhost>\n"),
    "headers of the mail": parts(None, returned=HEADERS.format(id=KNOWN)),
    "a mail that keeps its old number": parts(
        None, returned=HEADERS.format(id=f"x@relay.example>\nX-Original-Message-ID: <{KNOWN}")
    ),
    "delivered to our address": parts(
        None, extra=f"Delivered-To: prvs=77=bounces+{KNOWN.hex}@rutin.example\n"
    ),
}  # fmt: skip
WORDS = {
    "exim": plain(KNOWN, EXIM, extra="X-Failed-Recipients: n1-0@example.com\n"),
    "exim without its header": plain(KNOWN, EXIM),
    "qmail": plain(KNOWN, QMAIL, subject="failure notice"),
    "qmail, named by the copy": plain(
        KNOWN, QMAIL, subject="failure notice", arrived=NOWHERE
    ),
    "old postfix": plain(KNOWN, OLD_POSTFIX, subject="Undelivered Mail Returned to Sender"),
    "a page": plain(KNOWN, PAGE, sender="postmaster@mail.example", subject="Undeliverable: Survey",
                    extra="MIME-Version: 1.0\nContent-Type: text/html\n"),
    "a web mailer": plain(KNOWN, f"Failed Recipient: n1-0@example.com\nReason: {SAID}",
                          sender="Postmaster <admin@mail.example>", subject="Message Failure"),
    "another language": plain(KNOWN, SWEDISH, subject="=?utf-8?q?Olevererbart=3A_Enk=C3=A4t?=",
                              sender="postmaster@mail.example"),
    "a server that answers as nobody": plain(KNOWN, f"It said {SAID}", sender="noreply@m.example",
                                             subject="Undeliverable: Survey"),
}  # fmt: skip
NO_FAILURES = {
    "a delay": parts(KNOWN, action("delayed").replace("5.1.1", "4.4.1")),
    "a delay with a comment": parts(KNOWN, action("delayed (failed so far)")),
    "delivered": parts(KNOWN, action("delivered").replace("5.1.1", "2.0.0")),
    "relayed": parts(KNOWN, action("relayed")),
    "a delay in words": plain(
        KNOWN, "Your message has not yet been delivered: 451 5.0.0. No action is required.",
        subject="Warning: message 1x-2y delayed 24 hours",
    ),
    "a delay, and later": plain(KNOWN, "Could not be delivered so far, and will be retried."),
    "out of office": plain(KNOWN, "I am back on 5 May.", sender="Anna <n1-0@example.com>",
                           subject="Automatic reply: Survey", extra=REPLIED),
    "left the company": plain(
        KNOWN, "This mailbox does not exist any more and mails are not delivered; call 550 1234.",
        sender="Anna <n1-0@example.com>", subject="Survey", extra=REPLIED,
    ),
    "an answer by hand": plain(KNOWN, "Your last mail could not be delivered to me?",
                               sender="Anna <n1-0@example.com>", subject="Re: Survey"),
    "read": parts(KNOWN).replace(b"delivery-status", b"disposition-notification"),
}  # fmt: skip


@pytest.mark.parametrize("form", REPORTS)
def test_a_report_in_parts_names_its_mail_and_the_reason(form: str) -> None:
    assert read_report(REPORTS[form]) == FailureReport(KNOWN, f"5.1.1 {SAID}")


@pytest.mark.parametrize("form", WORDS)
def test_a_report_in_words_names_its_mail_and_the_reason(form: str) -> None:
    assert read_report(WORDS[form]) == FailureReport(KNOWN, SAID)


@pytest.mark.parametrize("form", NO_FAILURES)
def test_what_is_no_failure_is_none_and_is_not_counted_as_unread(form: str) -> None:
    found = (read_report(NO_FAILURES[form]), seems_a_report(NO_FAILURES[form]))

    assert found == (None, False)


@pytest.mark.parametrize(
    "content",
    [
        parts(None),
        plain(None, EXIM, extra="X-Failed-Recipients: n1-0@example.com\n"),
        plain(KNOWN, "Something went wrong, sorry."
              ).replace(b"Mail delivery failed: returning message to sender", b"Notice"),
    ],
    ids=["names no mail", "names an address only", "says nothing"],
)  # fmt: skip
def test_a_report_that_nobody_can_read_is_known_to_be_one(content: bytes) -> None:
    assert (read_report(content), seems_a_report(content)) == (None, True)


def test_a_report_about_somebody_elses_address_is_about_the_mail_it_names_alone() -> None:
    forged = parts(KNOWN, STATUS.replace("n1-0@", "somebody.else@"))

    assert read_report(forged) == FailureReport(KNOWN, f"5.1.1 {SAID}")
    assert read_report(forged.replace(arrived(KNOWN).encode(), b"bounces@rutin.example")) is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize(
    ("name", "is_failure"),
    [
        ("b21_exim_plain_text.eml", True), ("b21_plain_text_webmail.eml", True),
        ("b22_dsn_action_with_comment.eml", True), ("b24_delay.eml", False),
        ("b24_out_of_office.eml", False),
    ],
)  # fmt: skip
def test_the_reports_that_were_met_are_read(name: str, is_failure: bool) -> None:
    report = read_report(Path(SHARED, name).read_bytes())

    assert (report.message_id if report else None) == (KNOWN if is_failure else None)
