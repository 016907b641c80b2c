"""The running product: web server and workers as processes, started again when they end."""

import json
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from diagnostics.project.processes import stop, web_server_command, worker_command
from tests.faults.databases import PRODUCT_NAME
from tests.faults.injected import ROLE
from tests.faults.points import FOLDER, VARIABLE, Point, as_text
from tests.places import ROOT

WEB: Final = "web"
STARTED: Final = "started"  # the file with the number of every process that was started
LOOK_SECONDS: Final = 0.1  # between two looks whether a process has ended
PAUSE_SECONDS: Final = 0.5  # before it is started again, as a service manager does


@dataclass
class Service:
    """One process of the product by its name, whichever it is just now."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    is_wanted: bool = True


@dataclass
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    environment: dict[str, str]
    port: int
    workers: int = 2
    services: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    def start(self, *, web: bool = True) -> None:
        """Start everything, and start again whatever ends."""
        if web:
            self._add(WEB, web_server_command(self.port), "web")
        for number in range(1, self.workers + 1):
            command = [*worker_command(ROOT), "--interval", "0.2"]
            self._add(f"worker-{number}", command, "worker")
        self._supervisor.start()
        if web:
            self.wait_until_answering()

    def stop(self) -> None:
        """End everything in order."""
        self._over.set()
        self._supervisor.join()
        stop([one.process for one in self.services.values() if one.process is not None])

    def kill(self, name: str, *, whole_group: bool = True) -> str:
        """End a service at once, with what it has begun, or its first process alone."""
        with self._lock:
            process = self.services[name].process
            if process is None or process.poll() is not None:
                return f"{name} was down already"
            with suppress(ProcessLookupError):
                if whole_group:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    os.kill(process.pid, signal.SIGKILL)
        return f"{name} killed" if whole_group else f"first process of {name} killed"

    def kill_child(self, name: str, place: int) -> str:
        """End one of the processes that a service has begun."""
        process = self.services[name].process
        children = _children(process.pid) if process is not None else []
        if not children:
            return f"{name} had no child"
        with suppress(ProcessLookupError):
            os.kill(children[place % len(children)], signal.SIGKILL)
        return f"a child of {name} killed"

    def restarts(self) -> int:
        """Return how often a service had to be started again."""
        return sum(max(0, service.starts - 1) for service in self.services.values())

    def wait_until_answering(self, seconds: float = 60) -> None:
        """Wait until the web server accepts connections."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(LOOK_SECONDS)
        raise AssertionError(f"the web server did not answer within {seconds:g} s")

    def _add(self, name: str, command: Sequence[str], role: str) -> None:
        service = Service(name, command, {**self.environment, ROLE: role})
        self._begin(service)
        self.services[name] = service

    def _begin(self, service: Service) -> None:
        with (self.folder / f"{service.name}.log").open("ab") as log:
            service.process = subprocess.Popen(
                service.command,
                cwd=ROOT,
                env={**service.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        service.starts += 1
        with (self.folder / STARTED).open("a", encoding="ascii") as started:
            started.write(f"{service.process.pid}\n")

    def _supervise(self) -> None:
        ended: dict[str, float] = {}
        while not self._over.wait(LOOK_SECONDS):
            for service in self.services.values():
                process = service.process
                if process is None or process.poll() is None:
                    continue
                since = ended.setdefault(service.name, time.monotonic())
                if time.monotonic() - since >= PAUSE_SECONDS:
                    del ended[service.name]
                    with self._lock:
                        self._begin(service)


def end_leftovers(folder: Path) -> None:
    """End the processes of a scenario whose suite was ended itself, and nothing else."""
    started = folder / STARTED
    for line in started.read_text(encoding="ascii").split() if started.exists() else ():
        with suppress(OSError):
            environment = Path(f"/proc/{line}/environ").read_bytes()
            if f"{FOLDER}={folder}".encode() in environment.split(b"\0"):
                os.killpg(int(line), signal.SIGKILL)


def _children(process: int) -> list[int]:
    with suppress(OSError):
        found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        return [int(number) for number in found.split()]
    return []


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(
    folder: Path, *, database: str, mail_port: int, port: int, points: Sequence[Point] = ()
) -> dict[str, str]:
    """Return the environment of the product's processes, and of nothing else on this machine."""
    known = {
        name: value
        for name in ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
        if (value := os.environ.get(name)) is not None
    }
    return known | {
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": database,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "VAR_DIR": str(folder / "var"),
        "KEY_DIR": str(folder / "keys"),
        "REPORT_DIR": str(folder / "reports"),
        "LOG_LEVEL": "INFO",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
        VARIABLE: as_text(points),
        FOLDER: str(folder),
        "PGAPPNAME": PRODUCT_NAME,
    }


def settings_text(settings: Mapping[str, object]) -> str:
    """Return settings as the environment of the product carries them."""
    return json.dumps(dict(settings))
