"""Unread mail of a mailbox: over IMAP, or in a Maildir or mbox on this machine."""

import mailbox
import re
import ssl
from collections.abc import Iterator
from imaplib import IMAP4, IMAP4_SSL
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from survey.errors import InputError
from survey.mail.delivery_reports import MOST_BYTES
from survey.redaction import redact

TIMEOUT: Final = 30  # seconds for one answer of the server
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
OPTION_NAME: Final = re.compile("[a-z_]{1,30}")
ENCRYPTED: Final = {"imaps": True, "imap": False}


def unread_mails(address: str) -> Iterator[bytes]:
    """Yield each unread mail; one is marked as read once the next is asked for.

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
    except (IMAP4.error, OSError, mailbox.Error) as error:
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


def _over_imap(parts: SplitResult) -> Iterator[bytes]:
    with _connection(parts) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        state, answer = server.select(f'"{folder}"')
        if state != "OK":
            raise InputError(f"Mailbox: expected the folder {folder}, found {answer!r}.")
        _, found = server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").decode().split():
            _, fetched = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            if isinstance(fetched[0], tuple):
                yield fetched[0][1]
            server.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _connection(parts: SplitResult) -> IMAP4:
    """Return a connection; without a context Python would take any certificate."""
    host = parts.hostname or ""
    if not ENCRYPTED[parts.scheme]:
        return IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    context = ssl.create_default_context()
    return IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)


def _in_maildir(folder: Path) -> Iterator[bytes]:
    box = mailbox.Maildir(folder, create=False)
    for key in box.keys():  # noqa: SIM118 - iterating a mailbox gives mails, not keys
        mail = box[key]
        if "S" not in mail.get_flags():
            yield mail.as_bytes()
            mail.set_subdir("cur")
            mail.add_flag("S")
            box[key] = mail


def _in_mbox(path: Path) -> Iterator[bytes]:
    box = mailbox.mbox(path, create=False)
    box.lock()
    try:
        for key in box.keys():  # noqa: SIM118
            mail = box[key]
            if "R" not in mail.get_flags():
                yield mail.as_bytes()
                mail.add_flag("RO")
                box[key] = mail
        box.flush()
    finally:
        box.close()
