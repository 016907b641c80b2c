"""Reports of mail that did not arrive, read for the one thing wanted: which and why.

Which mail is told by its number alone, which nobody but its reader and the servers on its way has
seen: whoever invents a report can do so for a mail of their own, and for no other address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Final
from uuid import UUID

from survey.mail.failure_reasons import CAME_BACK, storable
from survey.mail.plain_reports import (
    claims_a_failure,
    is_from_mail_system,
    plain_failure,
    says_it_is_no_failure,
)

MOST_BYTES: Final = 1024 * 1024  # of a report; what lies behind is the returned mail
ARRIVED_FOR: Final = (
    "To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To",
    "Original-Recipient", "Cc",
)  # fmt: skip
# The number of the mail, wherever a server repeats it.
NAMING: Final = ("X-Original-Message-ID", "Original-Message-ID", "In-Reply-To", "References")
# Python's parser takes these apart before it decodes them, so they are read as text of these names.
STATUS: Final = "text/x-delivery-status"
RETURNED: Final = frozenset({"text/x-returned-mail", "text/rfc822-headers"})
_STATUS_TYPE: Final = re.compile(rb"message/(?:global-)?delivery-status", re.IGNORECASE)
_MAIL_TYPE: Final = re.compile(rb"message/(?:rfc822|partial|global)(?![-\w])", re.IGNORECASE)
_HEADERS_TYPE: Final = re.compile(rb"message/global-headers", re.IGNORECASE)
_OTHER_REPORTS: Final = ("disposition-notification", "feedback-report")
_COMMENT: Final = re.compile(r"\([^()]*\)")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")
_NAMED_IN_TEXT: Final = re.compile(
    r"^[> \t]*(?:x-)?(?:original-)?message-id:\s*<?([0-9a-f-]{32,36})@",
    re.IGNORECASE | re.MULTILINE,
)
_TAG: Final = re.compile(r"<(?:br|/p|/div|/tr|/li)[^>]*>", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[^>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class FailureReport:
    """One of our mails that some server gave up on, and its words for it."""

    message_id: UUID
    reason: str


def bounce_sender(address: str, message_id: UUID) -> str:
    """Return the sender that a mail's failure is reported to; it names the mail and no token.

    >>> bounce_sender("bounces@example.com", UUID(int=10))
    'bounces+0000000000000000000000000000000a@example.com'
    """
    name, _, host = address.rpartition("@")
    return f"{name}+{message_id.hex}@{host}"


def read_report(content: bytes) -> FailureReport | None:
    """Return the failure that a mail reports; None for a delay, a success or any other mail."""
    try:
        mail = _parsed(content)
        reason = _failure(mail)
        known = next(_mails_named(mail), None) if reason else None
    except RecursionError:  # parts within parts, thousands deep: nobody's report
        return None
    return FailureReport(known, reason) if known and reason else None


def seems_a_report(content: bytes) -> bool:
    """Tell whether a mail that no report could be read from may be one all the same."""
    try:
        mail = _parsed(content)
        if _kind(mail) in _OTHER_REPORTS:
            return False
        actions = [_action(block) for block in _blocks(mail)]
        if any(actions) and "failed" not in actions:
            return False
        is_one = is_from_mail_system(mail) or _kind(mail) or claims_a_failure(mail)
        return bool(is_one) and not says_it_is_no_failure(mail, _text(mail))
    except RecursionError:
        return False


def read_message_id(text: str) -> UUID | None:
    """Return the mail that a Message-ID of ours names, or None.

    >>> read_message_id("<0f8fad5b-d9cb-469f-a165-70867728950e@example.com>")
    UUID('0f8fad5b-d9cb-469f-a165-70867728950e')
    """
    return _uuid(text.strip().strip("<>").partition("@")[0])


def _parsed(content: bytes) -> Message:
    whole = _HEADERS_TYPE.sub(b"text/rfc822-headers", content[:MOST_BYTES])
    whole = _MAIL_TYPE.sub(b"text/x-returned-mail", whole)
    return _readable(message_from_bytes(_STATUS_TYPE.sub(STATUS.encode(), whole)))


def _readable(mail: Message) -> Message:
    """Return the mail with its subject and sender as people read them."""
    for name in ("Subject", "From"):
        try:
            told = str(make_header(decode_header(str(mail[name] or ""))))
        except (ValueError, LookupError):  # encodings that do not exist, or do not fit
            continue
        if mail[name]:
            mail.replace_header(name, "".join(told.splitlines()))
    return mail


def _failure(mail: Message) -> str | None:
    """Return why somebody was given up on; a delay is no failure."""
    blocks = [block for block in _blocks(mail) if _action(block)]
    if blocks:
        return next((_reason(block) for block in blocks if _action(block) == "failed"), None)
    if _kind(mail) in _OTHER_REPORTS:
        return None
    return plain_failure(mail, _text(mail))


def _kind(mail: Message) -> str:
    """Return what a mail says to be a report of; empty if it is none."""
    return str(mail.get_param("report-type") or "").lower() if _is_report(mail) else ""


def _is_report(mail: Message) -> bool:
    return mail.get_content_type() == "multipart/report"


def _blocks(mail: Message) -> Iterator[Message]:
    """Yield what a report says, about the whole mail and about each person."""
    for part in mail.walk():
        if part.get_content_type() == STATUS:
            for block in _BLANK_LINE.split(_decoded(part).strip()):
                yield HeaderParser().parsestr(block.strip() + "\n\n")


def _action(block: Message) -> str:
    """Return what became of one person's mail, without comments; empty if it does not say."""
    said = _COMMENT.sub(" ", str(block.get("Action", ""))).lower()
    words = re.findall("[a-z]+", said)
    if words:
        return words[0]
    is_given_up = block.get("Final-Recipient") and str(block.get("Status", "")).strip()[:1] == "5"
    return "failed" if is_given_up else ""


def _reason(block: Message) -> str:
    status = _COMMENT.sub(" ", str(block.get("Status", ""))).strip()
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    return storable(f"{status} {said}") or CAME_BACK


def _mails_named(mail: Message) -> Iterator[UUID]:
    """Yield the mails that the report is about: by the address it came to, then by its content."""
    yield from _arrived_for(mail, ARRIVED_FOR)
    yield from _named_by(mail, NAMING)
    for block in _blocks(mail):
        yield from _named_by(block, (*NAMING, "X-Message-ID", "Message-ID"))
    for part in mail.walk():
        if part.get_content_type() in RETURNED:
            returned = HeaderParser().parsestr(_decoded(part).lstrip())
            yield from _named_by(returned, ("Message-ID", NAMING[0], NAMING[1]))
            yield from _arrived_for(returned, ("Return-Path", "X-Envelope-From", "Envelope-From"))
    for found in _NAMED_IN_TEXT.findall(_text(mail)):
        if named := _uuid(found):
            yield named


def _arrived_for(mail: Message, headers: tuple[str, ...]) -> Iterator[UUID]:
    values = [str(value) for name in headers for value in mail.get_all(name, [])]
    for _, address in getaddresses(values):
        if named := _uuid(address.rpartition("@")[0].rpartition("+")[2]):
            yield named


def _named_by(mail: Message, headers: tuple[str, ...]) -> Iterator[UUID]:
    for name in headers:
        for value in mail.get_all(name, []):
            for one in str(value).split():
                if named := read_message_id(one):
                    yield named


def _text(mail: Message) -> str:
    """Return what a report says to a reader: its plain parts, without them what stands in HTML."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    plain = [_decoded(part) for part in parts if part.get_content_type() == "text/plain"]
    if plain:
        return "\n".join(plain)
    pages = [_decoded(part) for part in parts if part.get_content_type() == "text/html"]
    return _MARKUP.sub(" ", _TAG.sub("\n", "\n".join(pages)))


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:  # a charset that does not exist
        text = content.decode(errors="replace")
    return text.replace("\r\n", "\n")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
