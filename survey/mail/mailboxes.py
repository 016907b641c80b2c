"""Unread mail of a mailbox: over IMAP, or in a Maildir or mbox on this machine."""

import logging
import mailbox
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from imaplib import IMAP4, IMAP4_SSL
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from survey.errors import InputError
from survey.mail.delivery_reports import MOST_BYTES
from survey.redaction import redact

logger = logging.getLogger(__name__)

TIMEOUT: Final = 30  # seconds for one answer of the server
SEEN_MARK: Final = ":2,"  # in a Maildir's names, before the flags
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
OPTION_NAME: Final = re.compile("[a-z_]{1,30}")
UID: Final = re.compile(rb"\bUID (\d+)")
# A body that a server sends in quotes, or says to be empty, instead of announcing its length.
SHORT_BODY: Final = re.compile(rb'BODY\[\](?:<0>)? (?:NIL|"((?:[^"\\]|\\.)*)")', re.IGNORECASE)
STATUS_LINE: Final = re.compile(rb"^Status:[ \t]*(\w*)[ \t]*\r?\n", re.IGNORECASE | re.MULTILINE)
ENCRYPTED: Final = {"imaps": True, "imap": False}


class UnreadMail(bytes):
    """What a mail holds. Whoever cannot handle it says so, and it stays unread."""

    is_handled = True
    is_missing = False  # the server did not hand it over


def unread_mails(address: str) -> Iterator[UnreadMail]:
    """Yield each unread mail; one that was handled is marked as read once the next is asked for.

    The address is imaps://user:password@host/folder, maildir:///path or mbox:///path. Raises
    InputError, which never quotes the password.
    """
    parts = read_address(address)
    try:
        if parts.scheme in ENCRYPTED:
            yield from _over_imap(parts)
        elif parts.scheme == "maildir" and Path(parts.path).is_dir():
            yield from _in_maildir(Path(parts.path))
        elif parts.scheme == "mbox" and Path(parts.path).is_file():
            yield from _in_mbox(Path(parts.path))
        else:
            raise _not_one(f"{parts.scheme}: {parts.path or 'nothing'}")
    except (IMAP4.error, OSError, ValueError, mailbox.Error) as error:
        found = redact(_without(str(error), parts.password))  # a server may repeat what it got
        raise InputError(f"Mailbox: expected to read it, found {found}.") from None


def read_address(address: str) -> SplitResult:
    """Return the parts of a mailbox's address; InputError never quotes what may be a password.

    >>> read_address("imaps://rutin:sesame@mail.example.com/INBOX?ssl_verify=no")
    Traceback (most recent call last):
    ...
    survey.errors.InputError: Mailbox: expected no options after ?, found ssl_verify.
    """
    try:
        parts = urlsplit(address)
        is_whole = parts.port != 0 and not parts.fragment
    except ValueError:  # its words quote what it could not read
        is_whole = False
    if not is_whole:
        raise InputError(
            "Mailbox: expected imaps://user:password@host/folder with / ? # @ : and % in the "
            "password percent-encoded, found something else."
        )
    is_local = parts.scheme == "imap" and parts.hostname in LOOPBACK
    if parts.scheme not in {"imaps", "maildir", "mbox"} and not is_local:
        raise _not_one(parts.scheme or "no scheme")
    if parts.query:
        name = parts.query.partition("=")[0]
        found = name if OPTION_NAME.fullmatch(name) else "something"  # a part of the password?
        raise InputError(f"Mailbox: expected no options after ?, found {found}.")
    return parts


def _not_one(found: str) -> InputError:
    return InputError(
        "Mailbox: expected imaps://user:password@host/folder, or the path of a Maildir or "
        f"mbox that exists, found {found}."
    )


def _without(text: str, password: str | None) -> str:
    for secret in {password or "", unquote(password or "")} - {""}:
        text = text.replace(secret, "[password]")
    return text


def _over_imap(parts: SplitResult) -> Iterator[UnreadMail]:
    with _connection(parts) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        state, answer = server.select(f'"{folder}"')
        if state != "OK":
            raise InputError(f"Mailbox: expected the folder {folder}, found {answer!r}.")
        _, found = server.uid("SEARCH", "UNSEEN")
        for uid in b" ".join(line for line in found if line).decode().split():
            mail = _fetched(server, uid)
            yield mail
            if mail.is_handled:
                server.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _fetched(server: IMAP4, uid: str) -> UnreadMail:
    """Return one mail, whatever else the server tells at the same moment.

    It may say at any time what has changed in the folder (RFC 3501, section 7), before the mail or
    behind it: only the answer that names this mail and holds a body is the mail.
    """
    try:
        _, answered = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    except IMAP4.abort:
        raise
    except IMAP4.error as error:  # of this mail alone; its words may quote the mail
        logger.warning("A mail could not be fetched: %s", type(error).__name__)
        answered = []
    content = _body_of(answered, uid)
    mail = UnreadMail(content or b"")
    if content is None:
        mail.is_handled, mail.is_missing = False, True
    return mail


def _body_of(answered: list[Any], uid: str) -> bytes | None:
    """Return the body of the mail among a server's answers; imaplib makes a pair of each."""
    for place, part in enumerate(answered):
        before, body = part if isinstance(part, tuple) else (part or b"", None)
        if body is None and (short := SHORT_BODY.search(before)):
            body = re.sub(rb"\\(.)", rb"\1", short[1] or b"")
        after = answered[place + 1] if place + 1 < len(answered) else b""
        told = UID.findall(before + (after if isinstance(after, bytes) else b""))
        if body is not None and (not told or told[0].decode() == uid):
            return body
    return None


def _connection(parts: SplitResult) -> IMAP4:
    """Return a connection; without a context Python would take any certificate."""
    host = parts.hostname or ""
    if not ENCRYPTED[parts.scheme]:
        return IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    context = ssl.create_default_context()
    return IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)


def _in_maildir(folder: Path) -> Iterator[UnreadMail]:
    """Read files as they are: only their names say what was read, and only names are changed."""
    for place in sorted([*folder.glob("new/*"), *folder.glob("cur/*")]):
        name, _, flags = place.name.partition(SEEN_MARK)
        if name.startswith(".") or "S" in flags:
            continue
        try:
            mail = UnreadMail(place.read_bytes())
        except FileNotFoundError:  # another program has moved it
            continue
        yield mail
        if mail.is_handled:
            with suppress(FileNotFoundError):
                place.rename(folder / "cur" / f"{name}{SEEN_MARK}{''.join(sorted({*flags, 'S'}))}")


def _in_mbox(path: Path) -> Iterator[UnreadMail]:
    box = mailbox.mbox(path, create=False)
    box.lock()
    try:
        for key in box.keys():  # noqa: SIM118 - iterating a mailbox gives mails, not keys
            first, _, content = box.get_bytes(key, from_=True).partition(b"\n")
            end = re.search(rb"\r?\n\r?\n", content)
            head = content[: end.start() + 1] if end else content
            status = STATUS_LINE.search(head)
            if status and b"R" in status[1].upper():
                continue
            mail = UnreadMail(content)
            yield mail
            if mail.is_handled:
                kept = STATUS_LINE.sub(b"", head) + content[len(head) :]
                box[key] = first + b"\nStatus: RO\n" + kept
        box.flush()
    finally:
        box.close()
