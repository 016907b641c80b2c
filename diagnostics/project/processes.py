"""Web server and background worker as child processes that live and die together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 15  # a worker may finish what it is doing

Process = subprocess.Popen[bytes]


class PortTakenError(Exception):
    """Another program already listens where the web server should."""


def require_free_port(port: int) -> None:
    """Raise PortTakenError if something listens on the port already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise PortTakenError(
                f"Port {port} is taken: expected a free port, found another program "
                f"listening. Choose one, for example: make demo PORT={port + 1}"
            )


def web_server_command(port: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        sys.executable, "-m", "gunicorn", "diagnostics.wsgi",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--preload", "--log-level", "warning",
        "--logger-class", "diagnostics.project.logs.RedactingLogger",
        # Nobody may set the environ by a header; survey.proxies says whose headers are read.
        "--forwarded-allow-ips", "", "--forwarder-headers", "",
    ]  # fmt: skip


def worker_command(base: Path) -> list[str]:
    """Return the command line of the background worker, started in the base folder."""
    return [sys.executable, *management(base), "work"]


def management(base: Path) -> list[str]:
    """Return what the interpreter is given before a command: manage.py, or the installed module."""
    program = base / "manage.py"
    return [str(program)] if program.exists() else ["-m", "diagnostics"]


@dataclass
class ProcessGroup:
    """Child processes; when one ends, all end."""

    commands: Sequence[Sequence[str]]
    folder: Path
    processes: list[Process] = field(default_factory=list)

    def __enter__(self) -> "ProcessGroup":
        # Sessions of their own: Ctrl-C reaches only this process, which then stops them in order.
        self.processes = [
            subprocess.Popen(  # noqa: S603 - our own commands
                command, cwd=self.folder, env=os.environ, start_new_session=True
            )
            for command in self.commands
        ]
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def ended(self) -> Process | None:
        """Return a process that has ended, if any."""
        return next((process for process in self.processes if process.poll() is not None), None)

    def wait_until_answering(self, port: int, seconds: float = 60) -> bool:
        """Wait until the port accepts connections; false if a process ended or time ran out."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.ended() is None:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return True
            time.sleep(0.1)
        return False

    def wait_until_one_ends(self) -> Process:
        """Block until a process ends by itself."""
        while (process := self.ended()) is None:
            time.sleep(0.3)
        return process
