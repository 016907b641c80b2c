"""Whoever stands between us and a mail server shows a certificate of theirs, and gets nothing."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, get_connection
from pytest_django import Settings

from diagnostics.project.connections import mail_settings
from survey.errors import InputError
from survey.mail.mailboxes import unread_mails
from tests.flows.running_site import free_port
from tests.survey.mail.mail_server import MailServer

FOLDER = Path(__file__).parent / "self_signed"
CERTIFICATE, KEY = FOLDER / "certificate.pem", FOLDER / "key.pem"


def server_context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    return context


class ImapLines(socketserver.StreamRequestHandler):
    """An IMAP server that takes any password and has no mail; it notes what it hears."""

    heard: list[str]

    def handle(self) -> None:
        """Answer one command after another."""
        try:
            connection = server_context().wrap_socket(self.connection, server_side=True)
        except OSError:  # the client refuses our certificate
            return
        lines = connection.makefile("rwb")
        lines.write(b"* OK ready\r\n")
        lines.flush()
        for line in lines:
            tag, _, rest = line.decode().strip().partition(" ")
            self.heard.append(rest)
            extra = {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n"}.get(rest, "* SEARCH\r\n")
            lines.write(f"{extra}{tag} OK done\r\n".encode())
            lines.flush()


@contextmanager
def imap_server() -> Iterator[tuple[int, list[str]]]:
    heard: list[str] = []
    handler = type("Handler", (ImapLines,), {"heard": heard})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], heard
        server.shutdown()


@contextmanager
def starttls_server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, tls_context=server_context(),
        require_starttls=True,
    )  # fmt: skip
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def send_by(settings: Settings, address: str) -> None:
    """Send a mail as EMAIL_URL says."""
    for name, value in mail_settings(address, timeout=20).items():
        setattr(settings, name, value)
    with get_connection() as connection:
        EmailMessage("Hello", "A link", "a@example.com", ["b@example.com"],
                     connection=connection).send()  # fmt: skip


def test_a_mailbox_with_a_certificate_of_nobody_gets_no_password() -> None:
    refused = pytest.raises(InputError, match="certificate verify failed")
    with imap_server() as (port, heard), refused:
        list(unread_mails(f"imaps://rutin:sesame@127.0.0.1:{port}/INBOX"))

    assert heard == []


def test_a_mailbox_whose_certificate_is_known_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    with imap_server() as (port, heard):
        assert list(unread_mails(f"imaps://rutin:sesame@127.0.0.1:{port}/INBOX")) == []

    assert 'LOGIN rutin "sesame"' in heard


@pytest.mark.parametrize("options", ["", f"?ssl_certfile={CERTIFICATE}&ssl_keyfile={KEY}"])
def test_a_mail_server_with_a_certificate_of_nobody_gets_no_mail(
    settings: Settings, options: str
) -> None:
    with starttls_server() as server, pytest.raises(ssl.SSLCertVerificationError):
        send_by(settings, f"smtp+tls://127.0.0.1:{server.port}{options}")

    assert server.messages == []


@pytest.mark.parametrize("options", ["", f"?ssl_certfile={CERTIFICATE}&ssl_keyfile={KEY}"])
def test_a_mail_server_whose_certificate_is_known_gets_the_mail(
    settings: Settings, options: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    with starttls_server() as server:
        send_by(settings, f"smtp+tls://127.0.0.1:{server.port}{options}")

    assert server.recipients() == ["b@example.com"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("imap://user:sesame@mail.example.com/INBOX", "found imap."),
        ("imap://user:ses/ame@mail.example.com/INBOX", "found something else."),
        ("imaps://user:ses/ame@mail.example.com/INBOX", "found something else."),
        ("imaps://user:ses#ame@mail.example.com/INBOX", "found something else."),
        ("imaps://user:12?sesame@mail.example.com/INBOX", "after ?, found something."),
        ("imaps://user:sesame@mail.example.com/INBOX?ssl=no", "after ?, found ssl."),
        ("user:sesame@mail.example.com", "found user."),
    ],
)
def test_a_mailbox_is_refused_without_its_password_being_quoted(address: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        list(unread_mails(address))

    assert str(refused.value).endswith(found)
    assert "ame" not in str(refused.value).replace("name", "")
