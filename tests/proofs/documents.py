"""Proof 6, reports: no markup reads a file or calls the network, and a bomb ends in time."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from pypdf import PdfReader

from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.processes import DEFAULT_LIMITS, Limits, RenderProcess
from tests.diagnostics.reports.test_pdf_assets import LEFT_OUT, PAYLOADS, page_with
from tests.proofs.figures import Figure, Size, at_least, exactly, seconds_at_most

MARKER = "MARKER-7421"
BOMB_SECONDS = 35
# Each level is laid out several times to find its width: the time doubles with every level.
BOMB = page_with('<div style="display: inline-flex">' * 40 + "x" + "</div>" * 40)


def measure(size: Size) -> list[Figure]:
    """Name a local file and a listening port in every kind of markup, then render a bomb."""
    limits = Limits(cpu_seconds=2, wall_seconds=15) if size is Size.QUICK else DEFAULT_LIMITS
    renderer = RenderProcess(limits)
    try:
        return [*_fetched(renderer), *_bombed(renderer)]
    finally:
        renderer.close()


def _fetched(renderer: RenderProcess) -> list[Figure]:
    leaked = tried = 0
    with TemporaryDirectory() as folder, _listener() as port:
        secret = Path(folder, "secret.svg")
        secret.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg"><text>{MARKER}</text></svg>', encoding="utf-8"
        )
        addresses = [
            secret.as_uri(), str(secret), f"FILE://{secret}", f"file://localhost{secret}",
            f"http://127.0.0.1:{port.number}/x", f"//127.0.0.1:{port.number}/x.css",
            f"ftp://127.0.0.1:{port.number}/x", f"asset:../../../..{secret}",
        ]  # fmt: skip
        for payload in (*PAYLOADS, *LEFT_OUT):
            for address in addresses:
                tried += 1
                outcome = _outcome(renderer, page_with(payload.format(address=address)))
                leaked += MARKER in _text(outcome)
        connections = port.connections()
    return [
        exactly(f"documents of {tried} with a byte of a local file", leaked, 0),
        exactly("connections that they opened", connections, 0),
    ]


def _bombed(renderer: RenderProcess) -> list[Figure]:
    begun = monotonic()
    failed = b"expected" in _outcome(renderer, BOMB)
    seconds = monotonic() - begun
    after = _outcome(renderer, page_with("next"))
    return [
        exactly("bombs that ended as failed", failed, 1),
        seconds_at_most("seconds until then", round(seconds, 1), BOMB_SECONDS),
        at_least("bytes of the next document", len(after) * after.startswith(b"%PDF"), 1),
    ]


def _outcome(renderer: RenderProcess, markup: str) -> bytes:
    """Return the document, or why there is none."""
    try:
        return renderer.render(markup)
    except RenderError as error:
        return str(error).encode()


def _text(outcome: bytes) -> str:
    """Return what can be read in a document and its attachments, or in a refusal."""
    if not outcome.startswith(b"%PDF"):
        return outcome.decode()
    document = PdfReader(io.BytesIO(outcome))
    pages = [page.extract_text() for page in document.pages]
    return " ".join([*pages, str(document.attachments)])


class Port:
    """A port that counts who connects."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.number = int(server.getsockname()[1])

    def connections(self) -> int:
        """Return how many connections wait to be accepted."""
        count = 0
        self._server.setblocking(False)
        while True:
            try:
                self._server.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@contextmanager
def _listener() -> Iterator[Port]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(128)
        yield Port(server)
