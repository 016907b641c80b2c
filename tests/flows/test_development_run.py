"""`make run` starts web server and worker, starts them again on changed code, and ends both."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from diagnostics.project.restarting import RestartingProcess
from tests.architecture.test_imports import ROOT
from tests.flows.running_site import free_port

SECONDS = 60  # a busy machine is no failure

# Writes its number once it can be ended in order, and a farewell when it is.
PROGRAM = """
import os, pathlib, signal, sys, time
log = pathlib.Path("log")
def say(word):
    with log.open("a") as file:
        file.write(f"{word}\\n")
def end(number, frame):
    say("ended")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
say("started")
if pathlib.Path("code/broken.py").exists():
    sys.exit(3)
while True:
    time.sleep(0.02)
"""


def wait_for(what: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def children_of(number: int) -> set[int]:
    """Return the processes that a process has started, and those that they have."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found, before = {number}, set[int]()
    while found != before:
        before = found
        found = before | {child for child, parent in parents.items() if parent in before}
    return found - {number}


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def command_of(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")


@contextmanager
def development(folder: Path, port: int, **changes: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the command with a database and folder of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "diagnostics.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder}/dev.sqlite3",
        "VAR_DIR": str(folder),
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": "",
        **changes,
    }
    with subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", str(port)], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with a module that is watched."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "module.py").touch()
    (tmp_path / "log").touch()
    return tmp_path


def restarting(tree: Path, said: list[str]) -> RestartingProcess:
    return RestartingProcess([sys.executable, "-c", PROGRAM], tree, [tree / "code"], said.append)


def words(tree: Path) -> list[str]:
    return (tree / "log").read_text().split()


def test_changed_code_ends_the_worker_in_order_and_starts_it_again(tree: Path) -> None:
    said: list[str] = []
    with restarting(tree, said) as worker:
        wait_for(lambda: words(tree) == ["started"])
        (tree / "code" / "module.py~").touch()
        worker.look()
        assert said == []

        (tree / "code" / "module.py").write_text("changed = True")
        worker.look()
        wait_for(lambda: words(tree) == ["started", "ended", "started"])
        worker.look()

        (tree / "code" / "module.py").unlink()
        worker.look()
        wait_for(lambda: len(words(tree)) == 5)

    assert words(tree) == ["started", "ended"] * 3
    assert said == ["The code has changed: the worker starts again."] * 2


def test_a_worker_that_fails_waits_for_the_next_change_and_says_so_once(tree: Path) -> None:
    said: list[str] = []
    broken = tree / "code" / "broken.py"
    broken.touch()

    def look_until_told() -> bool:
        worker.look()
        return bool(said)

    with restarting(tree, said) as worker:
        wait_for(look_until_told)
        worker.look()
        assert said == ["The worker ended with code 3; it starts again when the code changes."]

        broken.unlink()
        worker.look()
        wait_for(lambda: words(tree) == ["started", "started"])

    assert words(tree) == ["started", "started", "ended"]


@pytest.mark.flow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_web_server_and_worker_run_together_and_no_process_is_left(
    tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    with development(tmp_path, port) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("Rutin runs at"))
        with urllib.request.urlopen(f"http://localhost:{port}/sign-in/", timeout=SECONDS) as page:
            assert page.status == 200
        started = children_of(process.pid)
        commands = " ".join(command_of(child) for child in started)
        process.send_signal(number)
        said = process.stdout.read()

    assert (
        line == f"Rutin runs at http://localhost:{port}  (Ctrl-C ends it; mails are shown here)\n"
    )
    assert "manage.py seed_demo" in said
    assert said.endswith("Web server and worker have ended.\n")
    assert process.returncode == 0
    assert commands.count("manage.py runserver") == 2  # one that watches and one that serves
    assert commands.count("manage.py work") == 1
    assert not [child for child in started if is_running(child)]
    assert (tmp_path / "dev.sqlite3").exists()


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with development(tmp_path, port) as process:
            assert process.stdout is not None
            said = process.stdout.read()

    assert process.returncode == 2
    assert f"Port {port} is taken" in said
    assert f"PORT={port + 1}" in said


def test_without_debug_it_does_not_start(tmp_path: Path) -> None:
    safe = {"DEBUG": "0", "SECRET_KEY": "x" * 60, "KEY_DIR": str(tmp_path.parent / "keys")}
    with development(tmp_path, free_port(), **safe) as process:
        assert process.stdout is not None
        said = process.stdout.read()

    assert process.returncode == 2
    assert "Expected DEBUG=1, which `make run` sets" in said
