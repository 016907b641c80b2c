"""A small mail server that does what a scenario wants: accepts, drops, refuses, stalls, resets."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any, Final

MOST_LINE: Final = 4096  # bytes
HELD_SECONDS: Final = 30.0  # longest silence of a server that stalls


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail that the server has said "250" to."""

    message_id: str
    recipient: str
    subject: str
    text: str


@dataclass
class Manners:
    """How the server behaves now; a scenario changes it while mails come in."""

    most_mails: int | None = None  # over one connection
    ends_silently: bool = False  # then, without the 421 that a polite server says
    greeting: str = "220 faults"  # a 421 or 554 here turns everybody away
    refusal: str = ""  # to every recipient
    refusals: dict[str, str] = field(default_factory=dict)  # to some
    stalls_at: str = ""  # the command that is never answered
    resets_in_data: bool = False
    answers_after_data: str = "250 2.0.0 queued"


class MailServer:
    """Keeps what it accepted, and how it is to behave."""

    def __init__(self) -> None:
        self.delivered: list[Delivered] = []
        self.manners = Manners()
        self.connections = 0
        self.offered = 0  # mails whose sender was named
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.owner = self
        self.port = int(self._server.server_address[1])

    def start(self) -> None:
        """Answer from now on."""
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def to(self, address: str) -> list[Delivered]:
        """Return what was accepted for an address, in order."""
        return [mail for mail in tuple(self.delivered) if mail.recipient == address]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 64
    owner: MailServer


class _Conversation(socketserver.StreamRequestHandler):
    """One connection, in a thread of its own."""

    server: _Server

    def handle(self) -> None:
        """Speak until one of both ends it."""
        owner = self.server.owner
        owner.connections += 1
        self.carried, self.recipients = 0, list[str]()
        greeting = owner.manners.greeting
        self._say(greeting)
        if not greeting.startswith("220"):
            return
        try:
            while line := self.rfile.readline(MOST_LINE):
                if not self._obey(line.decode(errors="replace").strip()):
                    return
        except OSError:
            return  # the other side has gone

    def _obey(self, line: str) -> bool:
        """Answer one command; False ends the connection."""
        manners, command = self.server.owner.manners, line.upper()[:4]
        if manners.stalls_at and command == manners.stalls_at:
            self.server.owner.over.wait(HELD_SECONDS)
            return False
        if command == "MAIL":
            return self._begin(manners)
        if command == "RCPT":
            return self._name(line, manners)
        if command == "DATA":
            return self._take(manners)
        if command == "QUIT":
            self._say("221 bye")
            return False
        if command == "RSET":
            self.recipients.clear()
        self._say("250 faults")
        return True

    def _begin(self, manners: Manners) -> bool:
        self.server.owner.offered += 1
        self.recipients.clear()
        if manners.most_mails is not None and self.carried >= manners.most_mails:
            if not manners.ends_silently:
                self._say("421 4.7.0 too many mails over one connection")
            return False
        self._say("250 ok")
        return True

    def _name(self, line: str, manners: Manners) -> bool:
        address = line.partition("<")[2].partition(">")[0].lower()
        answer = manners.refusals.get(address, manners.refusal)
        if not answer:
            self.recipients.append(address)
        self._say(answer or "250 ok")
        return not answer.startswith("421")

    def _take(self, manners: Manners) -> bool:
        self._say("354 go on")
        if manners.resets_in_data:
            self.rfile.readline(MOST_LINE)
            connection: socket = self.connection
            connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return False
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False  # cut off before its end: nothing was accepted
        if manners.stalls_at == ".":
            self.server.owner.over.wait(HELD_SECONDS)
            return False
        if manners.answers_after_data.startswith("250"):
            self._keep(b"".join(lines))
        self._say(manners.answers_after_data)
        return True

    def _keep(self, content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        body: Any = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.carried += 1
        for recipient in self.recipients:
            found = Delivered(str(message["Message-ID"]), recipient, str(message["Subject"]), text)
            self.server.owner.delivered.append(found)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server on a free port."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
