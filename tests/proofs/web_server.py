"""A real installation on the proof's database, and a respondent's browser that speaks HTTP only."""

import os
import re
import secrets
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from diagnostics.project.processes import ProcessGroup, web_server_command, worker_command
from tests.flows.running_site import database_url, free_port

SECONDS = 60  # longest wait for an answer
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NO_ANSWER = 0  # in place of a status: the server went away


@dataclass(frozen=True, slots=True)
class WebServer:
    """A running web server and the processes behind it."""

    port: int
    processes: ProcessGroup

    def kill(self) -> None:
        """End all of them at once."""
        for process in self.processes.processes:
            os.killpg(process.pid, signal.SIGKILL)

    def everybody(self) -> tuple[int, ...]:
        """Return the numbers of the processes and of those that they began."""
        groups = {process.pid for process in self.processes.processes}
        return tuple(
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _group(int(entry.name)) in groups
        )


def _group(process: int) -> int:
    """Return the group of a process, 0 if it has just ended."""
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


@contextmanager
def web_server(*, with_worker: bool = False) -> Iterator[WebServer]:
    """Run the web server of a real installation, and its background worker if asked for."""
    port, before = free_port(), dict(os.environ)
    os.environ.update(
        DEBUG="0",
        DJANGO_SETTINGS_MODULE="diagnostics.settings",
        SECRET_KEY=secrets.token_urlsafe(64),
        SITE_URL=f"http://localhost:{port}",
        DATABASE_URL=database_url(),
        LOG_LEVEL="CRITICAL",
    )
    try:
        commands = [web_server_command(port)]
        if with_worker:
            commands.append([*worker_command(settings.BASE_DIR), "--interval", "0.1"])
        with ProcessGroup(commands, settings.BASE_DIR) as processes:
            assert processes.wait_until_answering(port), "the web server did not start"
            yield WebServer(port, processes)
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who has opened the link and stands before the last page."""

    port: int
    cookies: str
    form_token: str

    @classmethod
    def entering(cls, port: int, token: str) -> "Respondent":
        """Open the link and the review page."""
        link = _cookies(_ask(port, "GET", f"/s/{token}")[0])
        answer, page = _ask(port, "GET", "/answer/review/", cookies=link)
        found = FORM_TOKEN.search(page)
        assert found is not None, f"no form on the review page: {answer.status}"
        return cls(port, f"{link}; {_cookies(answer)}", found.group(1))

    def submit(self, **answers: int) -> int:
        """Submit answers and return the status, or NO_ANSWER if the server went away."""
        return self.post(answers)[0]

    def post(self, answers: Mapping[str, int | str]) -> tuple[int, str]:
        """Submit answers and return the status and the page."""
        form = urlencode({"csrfmiddlewaretoken": self.form_token, **answers})
        try:
            answer, page = _ask(
                self.port, "POST", "/answer/submit/", cookies=self.cookies, form=form
            )
        except (OSError, HTTPException):
            return NO_ANSWER, ""
        return answer.status, page


def _ask(
    port: int, method: str, path: str, *, cookies: str = "", form: str | None = None
) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("localhost", port, timeout=SECONDS)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(method, path, body=form, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def _cookies(answer: HTTPResponse) -> str:
    jar = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
