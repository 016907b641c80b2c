"""Proof 6, logs: whatever fails, no log line of a real server holds a token, code or account."""

import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings

from diagnostics.project.processes import web_server_command
from survey.models import Function, User, Who
from survey.sealing.codes import grouped
from survey.services.organisations.account_mail import set_password_link
from survey.services.running.code_sheets import make_code_sheet
from survey.views.respondent.access import cookie_name
from tests.flows.running_site import database_url, free_port
from tests.proofs.failing_pages import FAIL
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.survey.small_campaign import open_small_campaign

SECONDS = 60  # longest wait for an answer
AT_ONCE = 8
FAILED = 500
ADDRESSES = (
    "/s/{token}", "/s/{token}/", "/s/{token}x", "/s//{token}", "/S/{token}", "//s/{token}",
    "/s/%20{token}", "/s/{token}?from=mail", "/answer/?link=https://localhost/s/{token}",
    "/{token}", "/s%2F{token}",
)  # fmt: skip
SET_PASSWORD = (
    "{link}", "/{link}", "{link}?from=mail", "/Password/set/{parts}", "/password%2Fset/{parts}",
    "/answer/?link={link}", "/sign-in/?next={link}", "/{parts}",
)  # fmt: skip


def measure(size: Size) -> list[Figure]:
    """Go through many flows in which every second page fails, and read the log."""
    flows = size.of(22, 1_000)
    small = open_small_campaign(invitations=20)
    sheet = make_code_sheet(unit=small.unit, function=Function.OPERATIONS, count=20, by=Who.WORKER)
    codes = [code.text for code in sheet.codes]
    link = urlsplit(set_password_link(User.objects.create_user("lars@example.com"))).path
    parts = link.removeprefix("/password/set/")
    with TemporaryDirectory() as folder, logging_server(Path(folder, "log")) as (port, log):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tokens = [*small.tokens, *(code.token for code in sheet.codes)]
            sent = [
                pool.submit(_flow, port, number, tokens[number % len(tokens)], codes[number % 20])
                for number in range(flows)
            ]
            sent += [
                pool.submit(_visit, port, form.format(link=link, parts=parts), fails=fails)
                for form in SET_PASSWORD
                for fails in (False, True)
            ]
            statuses = [status for flow in sent for status in flow.result(SECONDS)]
        text = log.read_text(encoding="utf-8", errors="replace").lower()
    secrets = [*tokens, *codes, *(grouped(code).lower() for code in codes)]
    secrets += parts.lower().strip("/").split("/")
    return [
        at_least(f"pages of {flows:,} flows that failed with 500", statuses.count(FAILED), flows),
        at_least("lines of the log with an address", len(re.findall(r"/s/\[token\]", text)), 1),
        exactly(
            "tokens, codes and accounts in the log",
            sum(text.count(secret) for secret in secrets),
            0,
        ),
    ]


def _flow(port: int, number: int, token: str, code: str) -> list[int]:
    """Open the link, a page, save and type a code; the first two or the last two fail."""
    first, last = (True, False) if number % 2 else (False, True)
    cookie = f"{cookie_name()}={token}"
    link = ADDRESSES[number % len(ADDRESSES)].format(token=token)
    return [
        _ask(port, "GET", link, fails=first),
        _ask(port, "GET", "/answer/1/", cookie=cookie, fails=first),
        _ask(port, "POST", "/answer/save/", cookie=cookie, fails=last),
        _ask(port, "POST", "/code/", form=f"code={code}", fails=last),
    ]


def _visit(port: int, address: str, *, fails: bool) -> list[int]:
    """Open a set-password link, or what somebody made of it."""
    return [_ask(port, "GET", address, fails=fails)]


def _ask(
    port: int, method: str, path: str, *, cookie: str = "", form: str = "", fails: bool
) -> int:
    connection = HTTPConnection("localhost", port, timeout=SECONDS)
    headers = {"Cookie": cookie, "Referer": f"http://localhost:{port}{path}"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} | (
        {FAIL: "1"} if fails else {}
    )
    try:
        connection.request(method, path, body=form, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def logging_server(log: Path, **changes: str) -> Iterator[tuple[int, Path]]:
    """Run a real web server that logs as much as it can, with further settings."""
    port = free_port()
    environment = os.environ | {
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "tests.proofs.failing_settings",
        "SECRET_KEY": settings.SECRET_KEY,  # so that links made here open there
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": database_url(),
        "LOG_LEVEL": "DEBUG",
        **changes,
    }
    command = [*web_server_command(port), "--log-level", "debug", "--access-logfile", "-"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_for(port, server)
            yield port, log
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + SECONDS
    while monotonic() < deadline and server.poll() is None:
        try:
            HTTPConnection("localhost", port, timeout=1).connect()
        except OSError:
            sleep(0.1)
        else:
            return
    raise AssertionError("the web server did not start")
