"""People with a browser that speaks HTTP only, and who try again as people do."""

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

SECONDS: Final = 40  # longest wait for an answer
PATIENCE: Final = 60.0  # how long somebody tries again
PAUSE: Final = 0.4  # before another try
REFUSALS: Final = (403, 404, 405, 422)  # no other try will change them
REDIRECTS: Final = (301, 302, 303)


class UnansweredError(Exception):
    """The server went away, or could not do what was asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was answered."""

    address: str
    status: int
    content: bytes
    location: str = ""

    @property
    def text(self) -> str:
        """The page's markup."""
        return self.content.decode(errors="replace")


@dataclass
class Visitor:
    """A browser with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Page:
        """Return a page, redirects not followed."""
        return self._ask("GET", address)

    def follow(self, page: Page) -> Page:
        """Return where a page leads in the end."""
        for _ in range(5):
            if page.status not in REDIRECTS:
                return page
            page = self.get(urljoin(page.address, page.location))
        return page

    def post(self, address: str, form: dict[str, str | int]) -> Page:
        """Send a form, with the token that the browser holds; redirects are not followed."""
        return self._ask("POST", address, urlencode({**form, **self._token()}))

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}

    def _ask(self, method: str, address: str, form: str | None = None) -> Page:
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection = HTTPConnection("localhost", self.port, timeout=SECONDS)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, body=form, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            raise UnansweredError(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        jar = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
        self.cookies |= {name: morsel.value for name, morsel in jar.items()}
        return Page(path, answer.status, content, answer.headers.get("Location", ""))


@dataclass
class Form(HTMLParser):
    """The fields of one of a page's forms that posts, as a browser would send them."""

    fields: dict[str, str | int] = field(default_factory=dict)
    _inside: bool = False
    _select: str = ""
    _area: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field with what stands in it."""
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self.fields:
                self.fields[self._select] = value
        elif not self._inside or not name:
            return
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "input" and _is_sent(given):
            is_tick = given.get("type") == "checkbox"
            self.fields[name] = value or ("on" if is_tick else "")

    def handle_data(self, data: str) -> None:
        """Take the text of a field of several lines."""
        if self._area:
            self.fields[self._area] = f"{self.fields[self._area]}{data}".lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a field, or the form."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    if kind in ("checkbox", "radio"):
        return "checked" in given
    return kind not in ("file", "submit")


COMPLAINT: Final = re.compile(
    r'class="[^"]*(?:invalid-feedback|alert-danger|errorlist)[^>]*>(.*?)</(?:div|span|ul|p)', re.S
)


def complaints_of(page: Page) -> str:
    """Return what a form says is wrong."""
    found = COMPLAINT.findall(page.text)
    return " | ".join(" ".join(re.sub("<[^>]*>", " ", one).split()) for one in found)


def form_of(page: Page) -> dict[str, str | int]:
    """Return the fields of a page's forms as they stand there."""
    form = Form()
    form.feed(page.text)
    return form.fields


class Staff(Visitor):
    """Somebody with an account."""

    def sign_in(self, email: str, password: str) -> None:
        """Sign in, trying again for as long as the server is away."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self.get("/sign-in/")
                answer = self.post("/sign-in/", {"username": email, "password": password})
            except UnansweredError:
                answer = Page("", 0, b"")
            if answer.status in REDIRECTS:
                return
            time.sleep(PAUSE)
        raise AssertionError(f"{email} could not sign in: {answer.status}")

    def insist(self, address: str, form: dict[str, str | int] | None = None) -> Page:
        """Post until it was taken, or the page says that it is in order already."""
        deadline = time.monotonic() + PATIENCE
        status, answer = 0, Page(address, 0, b"")
        while time.monotonic() < deadline:
            try:
                answer = self.post(address, form or {})
            except UnansweredError:
                status = 0
            else:
                if answer.status in REDIRECTS:
                    return answer
                status = answer.status
                if status in REFUSALS:
                    break
            time.sleep(PAUSE)
        raise AssertionError(f"{address} was not taken: {status} {complaints_of(answer)}")


@dataclass
class Respondent(Visitor):
    """Somebody with a link."""

    token: str = ""

    def answer(self, answers: dict[str, int], patience: float = PATIENCE) -> bool:
        """Hand answers in, trying again; tell whether the page of thanks came."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                if self._hand_in(answers):
                    return True
            except UnansweredError:
                pass
            time.sleep(PAUSE)
        return False

    def _hand_in(self, answers: dict[str, int]) -> bool:
        self.get(f"/s/{self.token}")
        page = self.get("/answer/review/")
        if page.status == 200:
            page = self.post("/answer/submit/", {**answers})
        if page.status not in REDIRECTS or not page.location.endswith("/answer/thanks/"):
            return False
        thanks = self.get("/answer/thanks/")
        return thanks.status == 200


UUID_PATTERN: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LINK: Final = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')


def crawl(visitor: Visitor, start: str = "/", *, of_a_kind: int = 1, most: int = 45) -> list[Page]:
    """Return pages along links, a few of each kind."""
    waiting, seen, kinds = [start], {start}, dict[str, int]()
    served: list[Page] = []
    while waiting and len(served) < most:
        address = waiting.pop(0)
        try:
            page = visitor.get(address)
        except UnansweredError as error:
            page = Page(address, 599, str(error).encode())
        served.append(page)
        found = [page.location] if page.location else []
        if page.status == 200 and b"<html" in page.content[:500]:
            found += LINK.findall(page.text)
        for link in found:
            path = urlsplit(urljoin(address, link.replace("&amp;", "&"))).path
            kind = UUID_PATTERN.sub("*", path)
            if path.startswith(("/static", "/sign-out", "/language")) or path in seen:
                continue
            if kinds.get(kind, 0) < of_a_kind:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(path)
                waiting.append(path)
    return served
