"""A running server writes no secret to its log, whether the page is found, missing or failing."""

import base64
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from logging import LogRecord
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.db.utils import ConnectionHandler
from django.test import Client
from gunicorn.config import Config
from pytest_django import Settings

from diagnostics.project.environment import database
from diagnostics.project.logs import RedactingLogger
from survey.logging import TokenRedaction
from survey.models import User
from survey.policy import WRONG_PASSWORDS
from survey.redaction import redact, secrets_of
from survey.services.organisations.account_mail import set_password_link
from tests.proofs.failing_pages import FAIL
from tests.proofs.logs import logging_server
from tests.survey.staff_scenes import PASSWORD, organisation_with_manager

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"
UID = base64.urlsafe_b64encode(b"0f8fad5b-d9cb-469f-a165-70867728950e").decode()
RESET = "d1a2b3-0123456789abcdef0123456789abcdef"
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LINES = [
    # survey links
    (f"GET /s/{TOKEN} HTTP/1.1", "GET /s/[token] HTTP/1.1"),
    (f"GET /s//{TOKEN}?from=mail HTTP/1.1", "GET /s//[token] HTTP/1.1"),
    (f"/%73%2F{TOKEN}", "/%73%2F[token]"),
    (f"/s%252F{TOKEN[:9]}", "/s%252F[token]"),
    (f"/s/{''.join(f'%{ord(sign):02x}' for sign in TOKEN)}", "/s/[token]"),
    (f"/x/{''.join(f'%{ord(sign):02X}' for sign in TOKEN)}", "/x/[token]"),
    (f"Not Found: /{TOKEN.upper()}", "Not Found: /[token]"),
    (f'"https://host/sign-in/?next=/s/{TOKEN}" 200', '"https://host/sign-in/?next=/s/[token]" 200'),
    (f"rutin-link={TOKEN}", "rutin-link=[secret]"),
    # set-password links
    (f"GET /password/set/{UID}/{RESET}/ HTTP/1.1", "GET /password/set/[uid]/[token] HTTP/1.1"),
    (f"/password/set/{UID}/set-password/", "/password/set/[uid]/[token]"),
    (f"/Password%2Fset/{UID}/{RESET}", "/Password%2Fset/[uid]/[token]"),
    (f"/%70assword//set/{UID[:30]}", "/%70assword//set/[uid]/[token]"),
    (f"/password/reset/{UID}/{RESET}/", "/password/reset/[uid]/[token]/"),
    (f"/{UID}/{RESET.upper()}", "/[uid]/[token]"),
    ("GET /password/set/done/ 200", "GET /password/set/done/ 200"),
    ("GET /password/reset/sent/ 200", "GET /password/reset/sent/ 200"),
    # test mails and typed codes
    ("/trial/0f8fad5b-d9cb-469f-a165-70867728950e/", "/trial/[trial]"),
    ("/code/abcdefghij234567", "/code/[code]"),
    ("GET /code/?code=abcd+efgh+ijkl+2345 HTTP/1.1", "GET /code/[code] HTTP/1.1"),
    ("POST /code/kiosk/ 302", "POST /code/kiosk/ 302"),
    ("/ABCD-efgh-ij23-4567/", "/[code]/"),
    ("Not Found: /abcdefghij234567", "Not Found: /[code]"),
    # headers, cookies, forms
    ("{'Cookie': 'sessionid=a; x=b', 'Host': 'h'}", "{'Cookie': [secret], 'Host': 'h'}"),
    ("Authorization: Basic cnV0aW46b3Blbi1zZXNhbWU=", "Authorization: [secret]"),
    ('"Basic cnV0aW46b3Blbi1zZXNhbWU="', '"Basic [secret]"'),
    ("'HTTP_X_CSRFTOKEN': 'abc', 'A': 1", "'HTTP_X_CSRFTOKEN': [secret], 'A': 1"),
    ("Rutin-Signature: t=1,v1=0123456789abcdef01", "Rutin-Signature: [secret]"),
    ("sessionid=k3; csrftoken=z9", "sessionid=[secret]; csrftoken=[secret]"),
    ("<QueryDict: {'new_password1': ['open sesame']}>", "<QueryDict: {'new_password1': [secret]}>"),
    ("WHERE session_key = 'abc' LIMIT 1", "WHERE session_key = [secret] LIMIT 1"),
    # settings
    (
        "expected imaps://, found 'imap://rutin:p@ss/word@mail.example.com/INBOX'.",
        "expected imaps://, found 'imap://rutin:[password]@mail.example.com/INBOX'.",
    ),
    ("postgres://:12345@host:5432/name", "postgres://:[password]@host:5432/name"),
    ("user=rutin password=sesame host=db", "user=rutin password=[secret] host=db"),
    # what must stay readable
    ("http://localhost:8000/campaigns/a@b", "http://localhost:8000/campaigns/a@b"),
    (f"/campaigns/{UID[:8]}/people.csv 200", f"/campaigns/{UID[:8]}/people.csv 200"),
    (
        "Task id=Zx81kPq05RtYw27LmNb36VcD89Hf04Gs path=survey.tasks.send_set_password_mail",
        "Task id=Zx81kPq05RtYw27LmNb36VcD89Hf04Gs path=survey.tasks.send_set_password_mail",
    ),
    (
        "Expected the address and password of an account, found no match.",
        "Expected the address and password of an account, found no match.",
    ),
]


@pytest.mark.parametrize(("line", "written"), LINES)
def test_whatever_opens_something_is_redacted(line: str, written: str) -> None:
    assert redact(line) == written
    assert redact(written) == written


@pytest.mark.parametrize(
    "part",
    [
        "/",
        "%2F",
        "a.",
        "x://u:",
        "%25",
        "/password/",
        "password='",
        "?code=",
        "a" * 31 + " ",
        "v1=",
    ],
)
def test_no_text_takes_longer_than_its_length(part: str) -> None:
    text = part * (200_000 // len(part))  # a pattern that goes back would take minutes

    assert len(redact(text)) > 0


def test_the_secrets_of_the_settings_are_known_by_their_value() -> None:
    environment = {
        "SECRET_KEY": "K" * 50,
        "BOUNCE_WEBHOOK_SECRET": "W" * 32,
        "DATABASE_URL": "postgres://rutin:open%20sesame@db/rutin",
        "EMAIL_URL": "smtp://localhost:25",
        "BOUNCE_MAILBOX": "imaps://rutin:short@mail.example.com",
    }

    assert secrets_of(environment) == ("K" * 50, "W" * 32, "open%20sesame", "open sesame")
    assert secrets_of({"EMAIL_URL": "smtp://[nonsense"}) == ()


def test_traceback_stack_and_a_line_that_does_not_fit_are_redacted_too() -> None:
    link = f"/password/set/{UID}/{RESET}/"
    try:
        raise RuntimeError(f"no answer for {link}")
    except RuntimeError:
        record = LogRecord("a", logging.ERROR, "a.py", 1, "%d of %s", (link,), sys.exc_info())
    record.stack_info = f"Stack: {link}"

    assert TokenRedaction().filter(record)
    text = logging.Formatter().format(record)
    assert text.count("/password/set/[uid]/[token]") == 3
    assert not {UID, RESET} & set(re.split(r"[/'\s]", text))


def test_the_web_server_redacts_whatever_handler_writes_its_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "log.conf"
    own.write_text(
        "[loggers]\nkeys=root\n[handlers]\nkeys=own\n[formatters]\nkeys=\n"
        "[logger_root]\nlevel=INFO\nhandlers=own\n"
        "[handler_own]\nclass=StreamHandler\nargs=(sys.stdout,)\n"
    )
    root_handlers = logging.root.handlers[:]
    config = Config()
    config.set("logconfig", str(own))
    try:
        logger = RedactingLogger(config)
        logger.error_log.propagate = True
        logger.error("Error handling request %s", f"/s/{TOKEN}")
        logging.getLogger("gunicorn.http").warning("refused /s/%s", TOKEN)
    finally:
        logging.root.handlers[:] = root_handlers
    written = "".join(capfd.readouterr())
    assert written.count("/s/[token]") >= 2
    assert TOKEN not in written


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


class Browser:
    """Somebody with cookies, at a port that speaks HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> tuple[int, str, str]:
        """Return the status, where the answer leads, and the page."""
        connection = HTTPConnection("localhost", self.port, timeout=60)
        kept = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        known = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(form or {}), known | dict(headers or {}))
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        page = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page


@pytest.mark.django_db(transaction=True)
def test_a_set_password_link_stands_in_no_line_of_the_web_server_s_log(tmp_path: Path) -> None:
    user = User.objects.create_user("lars@example.com")
    link = urlsplit(set_password_link(user)).path
    uid, token = link.strip("/").split("/")[-2:]
    with logging_server(tmp_path / "log") as (port, log):
        browser = Browser(port)
        came = {"Referer": f"http://localhost:{port}{link}"}
        opened = browser.ask("GET", link, came)
        form = browser.ask("GET", opened[1], came)
        found = FORM_TOKEN.search(form[2])
        assert found is not None
        passwords = {"new_password1": "short", "new_password2": "short"}
        wrong = browser.ask(
            "POST", opened[1], came, passwords | {"csrfmiddlewaretoken": found.group(1)}
        )
        refused = browser.ask("POST", opened[1], came, passwords)
        failed = [browser.ask("GET", path, came | {FAIL: "1"})[0] for path in (link, opened[1])]
        gone = [
            browser.ask("GET", path, came)[0]
            for path in (f"{link}x", f"/x{link}", f"/sign-in/?next={link}", f"/{uid}/{token}")
        ]
        kept = [morsel.value for morsel in browser.cookies.values()]
    text = log.read_text()

    assert (opened[0], opened[1]) == (302, f"/password/set/{uid}/set-password/")
    assert (form[0], wrong[0], refused[0], failed) == (200, 200, 403, [500, 500])
    assert gone == [404, 404, 200, 404]
    assert "This password is too short" in wrong[2]
    assert text.count("RuntimeError: no answer for /password/set/[uid]/[token]") >= 2
    assert len(re.findall(r'"GET /password/set/\[uid\]/\[token\] HTTP/1.1" \d+', text)) >= 3
    secrets = [uid, token, *kept, "short", quote(uid), str(user.pk)]
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.django_db
def test_a_set_password_link_is_never_a_referrer_and_its_form_can_be_posted() -> None:
    link = urlsplit(set_password_link(User.objects.create_user("lars@example.com"))).path
    client = Client(enforce_csrf_checks=True)

    opened = client.get(link)
    form = client.get(opened.headers["Location"])
    found = FORM_TOKEN.search(form.content.decode())
    assert found is not None
    # What browsers send for each policy: "no-referrer" would give "Origin: null".
    posted = client.post(
        opened.headers["Location"],
        {"new_password1": "a", "new_password2": "b", "csrfmiddlewaretoken": found.group(1)},
        headers={"origin": "http://testserver"},
    )

    policies = {
        address: client.get(address)["Referrer-Policy"]
        for address in (link, f"{link}x/", opened.headers["Location"], f"/trial/{uuid4()}/",
                        f"/sign-in/?next={link}", f"/S/{TOKEN}", "/sign-in/")
    }  # fmt: skip
    assert list(policies.values()) == [
        "no-referrer", "no-referrer", "strict-origin", "strict-origin",
        "strict-origin", "strict-origin", "same-origin",
    ]  # fmt: skip
    assert (opened["Referrer-Policy"], form["Referrer-Policy"]) == ("no-referrer", "strict-origin")
    assert posted.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_secrets_stay_out_of_logs_and_travel_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    # The real server knows no other.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    _, manager = organisation_with_manager()
    link = urlsplit(set_password_link(manager)).path
    proxies = {"TRUSTED_PROXIES": "127.0.0.1"}
    with logging_server(tmp_path / "log", **proxies) as (port, log):
        opened = Browser(port).ask("GET", link, {"Referer": f"http://localhost{link}"})
        failed = Browser(port).ask("GET", link, {FAIL: "1"})
        # Ten wrong passwords of somebody whose request has no X-Forwarded-For.
        refused = [sign_in(port, "wrong", {}) for _ in range(WRONG_PASSWORDS)]
        everybody_else = sign_in(port, PASSWORD, {"X-Forwarded-For": "198.51.100.7"})
    text = log.read_text()
    monkeypatch.setenv("DATABASE_URL", "postgres://rutin@db/rutin?sslmode=verify-full")
    entry = database(tmp_path)

    assert (opened[0], failed[0]) == (302, 500)
    assert [part for part in link.strip("/").split("/")[2:] if part in text] == []
    assert '"GET /password/set/[uid]/[token] HTTP/1.1"' in text
    assert (refused[0], refused[-1], everybody_else) == (200, 429, 302)
    assert ConnectionHandler({"default": entry})["default"].get_connection_params()[
        "sslmode"
    ] == "verify-full"  # fmt: skip


def sign_in(port: int, password: str, headers: dict[str, str]) -> int:
    """Return the status of signing in as the manager."""
    browser = Browser(port)
    found = FORM_TOKEN.search(browser.ask("GET", "/sign-in/", headers)[2])
    assert found is not None
    form = {"username": "maria@example.com", "password": password}
    token = {"csrfmiddlewaretoken": found.group(1)}
    return browser.ask("POST", "/sign-in/", headers, form | token)[0]
