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
                f"listening. Choose one, for example: PORT={port + 1}"
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


def development_server_command(base: Path, port: int) -> list[str]:
    """Return the command line of Django's server, which starts anew by itself on changed code."""
    return [sys.executable, *management(base), "runserver", f"127.0.0.1:{port}"]


def worker_command(base: Path) -> list[str]:
    """Return the command line of the background worker, started in the base folder."""
    return [sys.executable, *management(base), "work"]


def management(base: Path) -> list[str]:
    """Return what the interpreter is given before a command: manage.py, or the installed module."""
    program = base / "manage.py"
    return [str(program)] if program.exists() else ["-m", "diagnostics"]


def start(command: Sequence[str], folder: Path) -> Process:
    """Start a command in a session of its own.

    So Ctrl-C reaches only this process, which then stops the others in order.
    """
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=folder, env=os.environ, start_new_session=True
    )


def stop(processes: Sequence[Process]) -> None:
    """Let processes end what they are doing, and then end them with what they have started."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):  # a second Ctrl-C waits no longer
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class ProcessGroup:
    """Child processes; when one ends, all end."""

    commands: Sequence[Sequence[str]]
    folder: Path
    processes: list[Process] = field(default_factory=list)

    def __enter__(self) -> "ProcessGroup":
        self.processes = [start(command, self.folder) for command in self.commands]
        return self

    def __exit__(self, *exception: object) -> None:
        stop(self.processes)

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
