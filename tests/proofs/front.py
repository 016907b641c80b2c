"""Proof 6, the web server in front: nginx as documented writes down nobody's link, code or mail.

The configuration is the block of docs/web-server.md with other ports and folders. The same flows
pass another nginx that logs as nginx does by itself, so that the search is known to find them.
"""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import quote, urlsplit

from django.conf import settings

from survey.models import Function, User, Who
from survey.sealing.codes import grouped
from survey.services.organisations.account_mail import set_password_link
from survey.services.running.code_sheets import make_code_sheet
from survey.views.respondent.access import cookie_name
from tests.flows.running_site import free_port
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.logs import ADDRESSES, SECONDS, SET_PASSWORD, logging_server
from tests.survey.small_campaign import open_small_campaign

NGINX, OPENSSL = shutil.which("nginx"), shutil.which("openssl")
DOCUMENT = Path("docs", "web-server.md")
# Addresses of this machine, of which nginx may write down the second only, at pages of staff.
RESPONDENT, STAFF = "127.0.0.77", "127.0.0.78"
EMAIL = "lars.lead@example.com"
WRONG_TOKEN = "z2y3x4w5v6u7t2s3r4q5p6o7n2m3l4k5"  # of nobody: somebody's with a slip of the pen
TOO_LONG = 9_000  # bytes: more than the 8 kB that nginx allows to one line of a head
TOO_LARGE = 13 * 1024**2  # bytes: more than the 12 MB of the configuration
KEY = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
WRAPPED = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """A running nginx: its two ports, and the folder with everything that it writes."""

    http: int
    https: int
    folder: Path

    def log(self) -> str:
        """Return all lines of all logs, and of what it told its starter."""
        return "".join(
            path.read_text(errors="replace").lower() for path in sorted(self.folder.glob("*.log"))
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One request as its bytes, who sends it, and whether encrypted."""

    sender: str
    content: bytes
    is_encrypted: bool = True


def measure(size: Size) -> list[Figure]:
    """Send the same flows through both, with Rutin up and down, and read what they wrote."""
    if not NGINX or not OPENSSL:
        return [Figure("nginx: not run, there is none on this machine", 0, "-", is_met=True)]
    small = open_small_campaign(invitations=size.of(3, 30))
    sheet = make_code_sheet(unit=small.unit, function=Function.SALES, count=3, by=Who.WORKER)
    codes = [code.text for code in sheet.codes]
    link = urlsplit(set_password_link(User.objects.create_user(EMAIL))).path
    requests = [*_of_respondents([*small.tokens, WRONG_TOKEN], codes), *_of_staff(link, codes)]
    secrets = {
        "survey links": [*small.tokens, WRONG_TOKEN],
        "typed codes": [*codes, *(grouped(code) for code in codes)],
        "set-password links": link.removeprefix("/password/set/").strip("/").split("/"),
        "e-mail addresses": [EMAIL, quote(EMAIL)],
        "addresses of respondents": [RESPONDENT],
    }
    with TemporaryDirectory() as place, ExitStack() as fronts:
        folder = Path(place)
        with logging_server(
            folder / "rutin", SITE_URL="https://localhost", TRUSTED_PROXIES="127.0.0.1"
        ) as (port, _):
            configured = documented()
            front = fronts.enter_context(nginx(folder / "documented", configured, port))
            usual = fronts.enter_context(nginx(folder / "usual", as_usual(configured), port))
            statuses = _sent(front, requests)
            _sent(usual, requests)
        statuses += _sent(front, requests)
        _sent(usual, requests)
        log, usual_log = front.log(), usual.log()
    return [
        *_met(statuses, log),
        *(
            exactly(f"nginx as documented: {kind} in its logs", _found(log, words), 0)
            for kind, words in secrets.items()
        ),
        *(
            at_least(f"nginx by itself: {kind} in its logs", _found(usual_log, words), 1)
            for kind, words in secrets.items()
        ),
    ]


def documented() -> str:
    """Return the whole configuration that docs/web-server.md gives for nginx."""
    text = Path(settings.BASE_DIR, DOCUMENT).read_text(encoding="utf-8")
    (found,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    return str(found)


def as_usual(configured: str) -> str:
    """Return the same configuration with the logs that nginx writes by itself."""
    configured = re.sub(r"(access_log \S+) rutin;", r"\1 combined;", configured)
    return re.sub(r"(error_log \S+) emerg;", r"\1 info;", configured)


@contextmanager
def nginx(folder: Path, configured: str, upstream: int) -> Iterator[Front]:
    """Run nginx in a folder of its own, on ports that need no rights, before a Rutin."""
    folder.mkdir()
    front = Front(free_port(), free_port(), folder)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{front.http};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{front.https} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/ssl/rutin": str(folder),
        "/var/log/nginx": str(folder),
        "rutin.example.com": "localhost",
    }
    _make_certificate(folder)
    file = folder / "nginx.conf"
    file.write_text(WRAPPED.format(folder=folder, site=_changed(configured, changes)))
    with (folder / "told.log").open("wb") as told:
        server = subprocess.Popen(
            [str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(file)],
            stdout=told, stderr=told,
        )  # fmt: skip
        try:
            _wait_for(front, server)
            yield front
        finally:
            server.terminate()
            server.wait(timeout=30)


def _changed(configured: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        if old not in configured:
            raise ValueError(f"{DOCUMENT}: expected {old!r} in the configuration, found none.")
        configured = configured.replace(old, new)
    return configured


def _make_certificate(folder: Path) -> None:
    """Make a certificate of this run, under the names of the document."""
    subprocess.run(
        [str(OPENSSL), *KEY, "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def _wait_for(front: Front, server: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + SECONDS
    while monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", front.https), timeout=1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise AssertionError(f"nginx did not start:\n{front.log()}")


def _of_respondents(tokens: list[str], codes: list[str]) -> Iterator[Request]:
    """Yield what people send who answer: links in many spellings, codes, and broken requests."""
    for token in tokens:
        cookie = f"{cookie_name()}={token}"
        for form in ADDRESSES:
            address = form.format(token=token)
            yield _request(RESPONDENT, "GET", address, cookie=cookie)
            yield _request(RESPONDENT, "GET", address, is_encrypted=False)
        yield _request(RESPONDENT, "GET", "/answer/1/", cookie=cookie, referrer=f"/s/{token}")
        yield _request(RESPONDENT, "POST", "/answer/save/", cookie=cookie, form="TF1=4")
        yield _request(RESPONDENT, "GET", f"/s/{token}?{'a' * TOO_LONG}")  # 414
        yield Request(RESPONDENT, f"GET /s/{token} is no request\r\n\r\n".encode())  # 400
        yield Request(RESPONDENT, f"GET /s/{token} HTTP/1.1\r\n\r\n".encode())  # no host: 400
        head = f"GET /s/{token} HTTP/1.1\r\nHost: localhost\r\nCookie: {'a' * TOO_LONG}"
        yield Request(RESPONDENT, f"{head}\r\n\r\n".encode())
    for code in codes:
        for text in (code, grouped(code)):
            yield _request(RESPONDENT, "POST", "/code/", form=f"code={quote(text)}")
            yield _request(RESPONDENT, "GET", f"/code/?code={quote(text)}")
            yield _request(RESPONDENT, "GET", f"/code/{quote(text)}")


def _of_staff(link: str, codes: list[str]) -> Iterator[Request]:
    """Yield set-password links in many spellings, a sign-in, and uploads that are refused."""
    parts = link.removeprefix("/password/set/")
    for form in SET_PASSWORD:
        address = form.format(link=link, parts=parts)
        yield _request(STAFF, "GET", address)
        yield _request(STAFF, "GET", address, is_encrypted=False)
        yield _request(STAFF, "POST", address, form=f"new_password1={codes[0]}")
    yield _request(STAFF, "POST", "/sign-in/", form=f"username={quote(EMAIL)}&password=wrong")
    yield _request(STAFF, "GET", f"/sign-in/?username={EMAIL}", referrer=f"/?mail={EMAIL}")
    yield _request(STAFF, "GET", f"/password/reset/?email={quote(EMAIL)}")
    for address in (f"/campaigns/{EMAIL}/files/?of={EMAIL}", link):
        yield _request(STAFF, "POST", address, length=TOO_LARGE)  # 413 before any of it is sent


def _request(
    sender: str, method: str, address: str, *, cookie: str = "", referrer: str = "",
    form: str = "", length: int = 0, is_encrypted: bool = True,
) -> Request:  # fmt: skip
    lines = [
        f"{method} {address} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {length or len(form)}",
        f"Referer: https://localhost{referrer or address[:1000]}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return Request(sender, ("\r\n".join(lines) + f"\r\n\r\n{form}").encode(), is_encrypted)


def _sent(front: Front, requests: list[Request]) -> list[int]:
    """Return the status of every request, in their order."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    return [_status(front, request, unchecked) for request in requests]


def _status(front: Front, request: Request, context: ssl.SSLContext) -> int:
    port = front.https if request.is_encrypted else front.http
    plain = socket.create_connection(
        ("127.0.0.1", port), timeout=SECONDS, source_address=(request.sender, 0)
    )
    with ExitStack() as stack:
        connection = stack.enter_context(plain)
        if request.is_encrypted:
            connection = stack.enter_context(
                context.wrap_socket(plain, server_hostname="localhost")
            )
        connection.sendall(request.content)
        answer = connection.makefile("rb").readline()
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    if found is None:
        raise AssertionError(f"nginx: expected a status, found {answer!r}.")
    return int(found[1])


def _met(statuses: list[int], log: str) -> list[Figure]:
    """Return that every kind of failure has happened, and a line of the log for each request."""
    lines = len(re.findall(r" /\S* \d{3} \d+ ", log))
    return [
        *(
            at_least(f"nginx as documented: {what}", statuses.count(status), 1)
            for status, what in (
                (301, "requests sent on to the encrypted site"),
                (302, "requests that Rutin sent on"),
                (400, "broken requests"),
                (404, "wrong links"),
                (413, "uploads refused"),
                (414, "request lines too long"),
                (502, "requests while Rutin was down"),
            )
        ),
        at_least(f"nginx as documented: lines of {len(statuses)} requests", lines, len(statuses)),
        at_least("nginx as documented: addresses of staff, at their pages", log.count(STAFF), 1),
    ]


def _found(log: str, words: list[str]) -> int:
    return sum(log.count(word.lower()) for word in words)
