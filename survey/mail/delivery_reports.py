"""Reports of mail that did not arrive (RFC 3464), read for the one thing wanted: which and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final
from uuid import UUID

from survey.mail.failure_reasons import CAME_BACK, storable

MOST_BYTES: Final = 1024 * 1024  # of a report; what lies behind is the returned mail
ARRIVED_FOR: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
RETURNED: Final = {"message/rfc822", "text/rfc822-headers", "message/global"}
STATUS: Final = {"message/delivery-status", "message/global-delivery-status"}


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
        mail = message_from_bytes(content[:MOST_BYTES])
        reason = next(_failures(mail), None)
        known = next(_mails_named(mail), None)
    except RecursionError:  # parts within parts, thousands deep: nobody's report
        return None
    return FailureReport(known, reason) if known and reason else None


def read_message_id(text: str) -> UUID | None:
    """Return the mail that a Message-ID of ours names, or None.

    >>> read_message_id("<0f8fad5b-d9cb-469f-a165-70867728950e@example.com>")
    UUID('0f8fad5b-d9cb-469f-a165-70867728950e')
    """
    return _uuid(text.strip().strip("<>").partition("@")[0])


def _failures(mail: Message) -> Iterator[str]:
    """Yield why, for each person that the report has given up on; a delay is no failure."""
    for part in mail.walk():
        if part.get_content_type() in STATUS and part.is_multipart():
            blocks: list[Any] = part.get_payload()  # type: ignore[assignment]
            for block in blocks:
                if str(block.get("Action", "")).strip().lower() == "failed":
                    yield _reason(block)


def _reason(block: Message) -> str:
    status = str(block.get("Status", "")).strip()
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    return storable(f"{status} {said}") or CAME_BACK


def _mails_named(mail: Message) -> Iterator[UUID]:
    """Yield the mails that the report is about: by the address it came to, then by its content."""
    arrived = getaddresses([str(mail[name]) for name in ARRIVED_FOR if mail[name]])
    for _, address in arrived:
        named = _uuid(address.partition("@")[0].rpartition("+")[2])
        if named:
            yield named
    for part in mail.walk():
        if part.get_content_type() in RETURNED:
            named = read_message_id(str(_returned(part).get("Message-ID", "")))
            if named:
                yield named


def _returned(part: Message) -> Message:
    payload: Any = part.get_payload()
    if part.is_multipart():
        return payload[0]
    raw = part.get_payload(decode=True)
    return message_from_string(raw.decode(errors="replace") if isinstance(raw, bytes) else "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
