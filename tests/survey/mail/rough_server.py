"""A mail server without manners: it hangs up, falls silent or refuses, wherever a test says."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

SILENCE = "silence"
HANG_UP = "hang up"
HALF = "hang up in the middle of the mail"
GOOD = {"EHLO": "250 here", "MAIL": "250 go on", "RCPT": "250 go on", "DATA": "354 go on",
        ".": "250 taken", "RSET": "250 forgotten", "QUIT": "221 farewell"}  # fmt: skip


@dataclass
class RoughServer:
    """What it took, and how it answers: to a command, from a mail of a connection on."""

    port: int
    taken: list[str] = field(default_factory=list)  # recipients of whole mails, in their order
    asked: list[str] = field(default_factory=list)  # recipients, whatever became of them
    senders: int = 0  # how often a mail was announced
    answers: dict[str, str] = field(default_factory=dict)  # by command
    of_recipients: dict[str, str] = field(default_factory=dict)  # by address or domain
    in_turn: tuple[dict[str, str], ...] = ()  # instead: of one connection after another
    after: int = 0  # mails over one connection, before it answers like that
    times: int | None = None  # that it does so in all; None for ever
    connections: int = 0

    def answer(self, command: str, carried: int) -> str:
        """Return what a command gets."""
        manners = self.in_turn or (self.answers,)
        odd = manners[self.connections % len(manners)].get(command)
        if odd is None or carried < self.after or self.times == 0:
            return GOOD[command]
        self.times = None if self.times is None else self.times - 1
        return odd

    def refusal_of(self, address: str) -> str | None:
        """Return what a recipient gets, if not the usual."""
        return self.of_recipients.get(address) or self.of_recipients.get(address.split("@")[1])


class _Handler(socketserver.StreamRequestHandler):
    timeout = 20
    server: "_Running"

    def handle(self) -> None:
        """Talk until somebody hangs up."""
        rough, carried, recipient = self.server.rough, 0, ""
        rough.connections += 1
        self._say("220 here")
        for line in self.rfile:
            command = line.decode().strip()
            word = command[:4].upper()
            answer = rough.answer(word, carried)
            if word == "MAIL":
                rough.senders += 1
            if word == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
                rough.asked.append(recipient)
                answer = rough.refusal_of(recipient) or answer
            if not self._goes_on(answer):
                return
            if word == "DATA" and answer.startswith("354"):
                answer = rough.answer(".", carried)
                self._read_content(1 if answer == HALF else None)
                if not self._goes_on(answer):
                    return
                if answer.startswith("250"):
                    rough.taken.append(recipient)
                    carried += 1

    def _goes_on(self, answer: str) -> bool:
        if answer == SILENCE:
            self.rfile.read()  # until the other side has had enough
        if answer in {SILENCE, HANG_UP, HALF}:
            return False
        self._say(answer)
        return not answer.startswith(("221", "421"))

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def _read_content(self, lines: int | None) -> None:
        for number, line in enumerate(self.rfile, 1):
            if line == b".\r\n" or number == lines:
                return


class _Running(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    rough: RoughServer

    def __enter__(self) -> Self:
        self.rough = RoughServer(self.server_address[1])
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


@contextmanager
def rough_server() -> Iterator[RoughServer]:
    """Run one on a free port."""
    with _Running(("127.0.0.1", 0), _Handler) as running:
        yield running.rough
