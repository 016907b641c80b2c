"""Read everything that a person may read: every route with every object, every link and form."""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import product
from unittest.mock import patch
from urllib.parse import urlencode, urljoin, urlsplit

from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter
from django.urls.exceptions import NoReverseMatch

from diagnostics.dossier.document import dossier_markup
from diagnostics.dossier.reading import DossierReading

OK = 200  # status of a page
MOST_VARIANTS = 12  # addresses of one page that differ by what is asked of it
MOST_ADDRESSES = 4000  # of one reader
NEW_EVERY_TIME = re.compile(
    rb'(name="csrfmiddlewaretoken" value="|nonce=")[^"]*|csrfToken[^,}]*|(?<=&quot;)[A-Za-z0-9]{64}'
)
WORDS = {"slug": ("reports", "figures", "answers"), "int": (1,), "str": ("x",)}


@dataclass(frozen=True, slots=True)
class Output:
    """What was served: the status, and the content without what is new with every request."""

    status: int
    kind: str
    content: bytes


@dataclass
class Links(HTMLParser):
    """The addresses that a page leads to, forms that only read among them."""

    found: list[str] = field(default_factory=list)
    _action: str | None = None
    _fields: dict[str, list[str]] = field(default_factory=dict)
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, or a field of a form."""
        given = {name: value or "" for name, value in attrs}
        self.found += [given[name] for name in ("href", "hx-get", "src") if given.get(name)]
        if tag == "form":
            reads = given.get("method", "get").lower() == "get"
            self._action, self._fields = given.get("action", "") if reads else None, {}
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            self._fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and given.get("name") and given.get("type") != "file":
            self._fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Send a form once with every choice."""
        if tag == "select":
            self._select = ""
        if tag == "form" and self._action is not None:
            first = {name: values[0] for name, values in self._fields.items()}
            for name, values in self._fields.items():
                self.found += [
                    f"{self._action}?{urlencode({**first, name: value})}" for value in values
                ]
            self._action = None


def without_contexts() -> AbstractContextManager[object]:
    """Have the test client not keep a copy of the context of every template."""
    return patch("django.test.client.store_rendered_templates", lambda *_, **__: None)


def dossiers_as_markup() -> AbstractContextManager[object]:
    """Have a dossier sent as what it is rendered from, without the minute of its making."""

    def read(reading: DossierReading) -> bytes:
        return dossier_markup(replace(reading, made_at="")).encode()

    return patch("diagnostics.dossier.views.dossier_document", read)


def crawl(
    client: Client,
    starts: Collection[str],
    *,
    follows_links: bool = True,
    variants_read: int = MOST_VARIANTS,
) -> dict[str, Output]:
    """Return everything served, by address, from some addresses on along links and forms."""
    waiting, seen = deque(starts), set(starts)
    variants: Counter[str] = Counter()
    served: dict[str, Output] = {}
    while waiting:
        address = waiting.popleft()
        with without_contexts(), dossiers_as_markup():
            output = _output(client.get(address))
        served[address] = output
        if len(served) > MOST_ADDRESSES:
            raise AssertionError(f"Crawl: expected an end, found {address} and more.")
        for link in _links(address, output) if follows_links else ():
            path = urlsplit(link).path
            if link not in seen and variants[path] < variants_read:
                variants[path] += 1
                seen.add(link)
                waiting.append(link)
    return served


def every_address() -> list[str]:
    """Return every route with every object of the database that its name may mean."""
    known = _ids_by_word()
    return sorted(set(_addresses(get_resolver().url_patterns, "", {}, known)))


def _addresses(
    patterns: Iterable[URLPattern | URLResolver],
    namespace: str,
    outer: dict[str, object],
    known: dict[str, list[object]],
) -> Iterator[str]:
    for pattern in patterns:
        kinds = {**outer, **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, inner, kinds, known)
        elif pattern.name:
            choices = [_choices(name, kind, known) for name, kind in kinds.items()]
            for chosen in product(*choices):
                try:
                    arguments = dict(zip(kinds, chosen, strict=True))
                    yield reverse(f"{namespace}{pattern.name}", kwargs=arguments)
                except NoReverseMatch:
                    continue


def _choices(name: str, kind: object, known: dict[str, list[object]]) -> list[object]:
    if isinstance(kind, UUIDConverter):
        return known.get(name.removesuffix("_id"), [])
    word = type(kind).__name__.removesuffix("Converter").lower()
    return list(WORDS.get("str" if word == "string" else word, ()))


def _ids_by_word() -> dict[str, list[object]]:
    """Return the ids of all objects by the last word of their model's name: units of campaigns."""
    known: dict[str, list[object]] = {}
    for model in [*apps.get_app_config("survey").get_models(),
                  *apps.get_app_config("diagnostics").get_models()]:  # fmt: skip
        if model._meta.pk.get_internal_type() == "UUIDField":
            ids = list(model._default_manager.values_list("pk", flat=True))
            word = re.findall("[A-Z][a-z]+", model.__name__)[-1].lower()
            known.setdefault(word, []).extend(ids)
    return known


def _output(answer: object) -> Output:
    status: int = answer.status_code  # type: ignore[attr-defined]
    headers = answer.headers  # type: ignore[attr-defined]
    kind = headers.get("Content-Type", "").partition(";")[0]
    if getattr(answer, "streaming", False):
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        answer.close()  # type: ignore[attr-defined]
    else:
        content = answer.content  # type: ignore[attr-defined]
    content = headers.get("Location", "").encode() + NEW_EVERY_TIME.sub(b"", content)
    return Output(status, kind, content)


def _links(address: str, output: Output) -> Iterator[str]:
    if output.status != OK or output.kind != "text/html":
        return
    parser = Links()
    parser.feed(output.content.decode())
    for link in parser.found:
        parts = urlsplit(urljoin(address, link))
        if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("/static"):
            yield parts._replace(fragment="").geturl()


def unpacked(output: Output) -> dict[str, bytes]:
    """Return the files inside an output, a workbook's among them, or the output itself."""
    if output.content[:2] != b"PK":
        return {"": output.content}
    inside: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(output.content)) as archive:
        for name in archive.namelist():
            member = Output(OK, "", archive.read(name))
            inside |= {f"{name}{below}": content for below, content in unpacked(member).items()}
    return inside
