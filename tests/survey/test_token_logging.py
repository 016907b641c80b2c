"""A running server writes no token to its log, whether the page is found, missing or failing."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def status_of(address: str, method: str = "GET") -> int:
    """Return the status of an address, waiting until somebody listens."""
    deadline = monotonic() + 30
    while True:
        try:
            return int(urlopen(Request(address, method=method), timeout=10).status)  # noqa: S310
        except HTTPError as error:
            return error.code
        except URLError:
            assert monotonic() < deadline, "the server did not start"
            sleep(0.2)


def test_the_server_log_names_no_token(tmp_path: Path) -> None:
    port = free_port()
    # Without its tables the database fails at every look-up.
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/s/{TOKEN}"
            codes = [status_of(address), status_of(address + "x"), status_of(address, "POST")]
        finally:
            server.terminate()
            server.wait(timeout=20)
    text = (tmp_path / "log").read_text()
    assert codes == [503, 404, 403]
    assert text.count("/s/[token]") >= 3
    assert TOKEN not in text
