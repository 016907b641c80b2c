"""A real mail server on this machine, whose answers a test chooses."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """Keeps what it accepted; answers gives the reply to chosen recipients."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)  # whom reports of failure go to
    connections: int = 0
    most_mails: int | None = None  # over one connection; then it is ended
    ends_silently: bool = False  # without the 421 that a polite server says
    carried: dict[Session, int] = field(default_factory=dict)
    slowness: float = 0  # seconds for each mail

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        """Count connections (this and the next names are aiosmtpd's)."""
        self.connections += 1
        session.host_name = hostname
        self.carried[session] = 0
        return lines

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """End a connection that has carried as many mails as one may."""
        if self.most_mails is not None and self.carried[session] >= self.most_mails:
            assert server.transport is not None
            if self.ends_silently:
                server.transport.close()
            else:
                server.loop.call_later(0.01, server.transport.close)
            return "421 4.7.0 too many mails over one connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer as the test chose for this recipient."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep an accepted message."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        await asyncio.sleep(self.slowness)
        self.messages.append(message)
        self.carried[session] += 1
        self.senders |= dict.fromkeys(envelope.rcpt_tos, envelope.mail_from or "")
        return "250 OK"

    def recipients(self) -> list[str]:
        """Return to whom mails were accepted, sorted."""
        return sorted(str(message["To"]) for message in self.messages)


def text_of(message: EmailMessage) -> str:
    """Return a message's plain text on single-spaced lines."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
