"""A real web server, a real worker and a real mail server around the test's database."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from diagnostics.project.processes import ProcessGroup, web_server_command, worker_command


@dataclass
class Mailbox:
    """Everything that the local mail server has accepted."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep an accepted message (the name is aiosmtpd's)."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages to one address."""
        return [message for message in self.messages if address in str(message["To"])]

    def wait_for(self, address: str, seconds: float = 60) -> EmailMessage:
        """Return the newest message to an address, waiting until there is one."""
        deadline = monotonic() + seconds
        while not self.to(address):
            assert monotonic() < deadline, f"no mail to {address} within {seconds} s"
            sleep(0.2)
        return self.to(address)[-1]


@dataclass
class RunningSite:
    """Where the running site answers and where its mail arrives."""

    address: str
    mailbox: Mailbox
    processes: ProcessGroup


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """Return the address of the database that this test uses."""
    chosen: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    user = quote(chosen["USER"]) + (f":{quote(chosen['PASSWORD'])}" if chosen["PASSWORD"] else "")
    return f"postgres://{user}@{chosen['HOST']}:{chosen['PORT'] or 5432}/{chosen['NAME']}"


@contextmanager
def running_site() -> Iterator[RunningSite]:
    """Run web server, worker and mail server; the site is that of a real installation."""
    mailbox = Mailbox()
    mail_server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail_server.start()
    port = free_port()
    address = f"http://localhost:{port}"
    before = dict(os.environ)
    os.environ.update(
        DEBUG="0",
        DJANGO_SETTINGS_MODULE="diagnostics.settings",
        SECRET_KEY=secrets.token_urlsafe(64),
        SITE_URL=address,
        DATABASE_URL=database_url(),
        EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}",
        KEY_COPY_DIR=f"{os.environ['KEY_DIR']}-copies",
    )
    root = settings.BASE_DIR
    commands = [web_server_command(port), [*worker_command(root), "--interval", "0.2"]]
    try:
        with ProcessGroup(commands, root) as processes:
            assert processes.wait_until_answering(port), "the web server did not start"
            yield RunningSite(address, mailbox, processes)
            ended = processes.ended()
            assert ended is None, f"{ended} ended during the test"
    finally:
        os.environ.clear()
        os.environ.update(before)
        mail_server.stop()
