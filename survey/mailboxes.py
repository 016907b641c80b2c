"""Unread mail of a mailbox: over IMAP, or in a Maildir or mbox on this machine."""

import mailbox
from collections.abc import Iterator
from imaplib import IMAP4, IMAP4_SSL
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from survey.delivery_reports import MOST_BYTES
from survey.errors import InputError

TIMEOUT: Final = 30  # seconds for one answer of the server
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def unread_mails(address: str) -> Iterator[bytes]:
    """Yield each unread mail; one is marked as read once the next is asked for.

    The address is imaps://user:password@host/folder, maildir:///path or mbox:///path. Raises
    InputError, which never quotes the password.
    """
    parts = urlsplit(address)
    try:
        if parts.scheme == "imaps" or (parts.scheme == "imap" and parts.hostname in LOOPBACK):
            yield from _over_imap(parts)
        elif parts.scheme == "maildir" and Path(parts.path).is_dir():
            yield from _in_maildir(Path(parts.path))
        elif parts.scheme == "mbox" and Path(parts.path).is_file():
            yield from _in_mbox(Path(parts.path))
        else:
            raise InputError(
                "Mailbox: expected imaps://user:password@host/folder, or the path of a Maildir or "
                f"mbox that exists, found {parts.scheme or 'no'}: {parts.path or 'nothing'}."
            )
    except (IMAP4.error, OSError, mailbox.Error) as error:
        raise InputError(f"Mailbox: expected to read it, found {error}.") from error


def _over_imap(parts: SplitResult) -> Iterator[bytes]:
    encrypted = parts.scheme == "imaps"
    kind, port = (IMAP4_SSL, 993) if encrypted else (IMAP4, 143)
    with kind(parts.hostname or "", parts.port or port, timeout=TIMEOUT) as server:
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
