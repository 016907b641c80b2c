"""No text of a page goes around gettext: every page is walked through in a made-up language."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import resolve

from diagnostics.models import CalibrationRule, PatternSet
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.models import (
    Campaign,
    HeadCountConfirmation,
    InstrumentVersion,
    Role,
    Unit,
    User,
)
from tests.diagnostics.stored_example import store_example
from tests.pseudo_language import CLOSING, CODE, OPENING, in_pseudo_language, pseudo_language
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import draft_campaign

pytestmark = pytest.mark.django_db
SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt"})
SILENT = frozenset({"script", "style", "code", "option", "textarea"})  # option: names and zones
WORD = re.compile(r"[A-Za-z]{3,}")
NOT_WORDS = (
    "Rutin", "CSV", "XLSX", "YAML", "JSON", "UTC", "PDF", "PRI", CODE,
    "English", "Suomi", "Svenska", "Deutsch", "Pseudo",
    "http://localhost:8000/s/…", "maria@example.com (en)", "a" * 64, "b" * 64,
)  # fmt: skip
PER_ROUTE = 2  # pages of one kind are alike


class Texts(HTMLParser):
    """Collects what a page says, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and spoken attributes."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and values.get("href", "").startswith("/"):
            self.links.append(values["href"].split("#")[0])
        self.texts += [values[name] for name in SPOKEN & values.keys()]
        if tag in SILENT:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave what is not read out."""
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self.inside:
            self.texts.append(data)


def unwrapped(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return what is neither marked as translated nor one of the names, longest names first.

    The marks of one translation may stand in several texts, with tags between them.
    """
    rest = "\n".join(" ".join(text.split()) for text in texts if text.strip())
    for name in sorted({*names, *NOT_WORDS} - {""}, key=len, reverse=True):
        rest = rest.replace(name, "")
    inner = re.compile(f"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}")
    while inner.search(rest):
        rest = inner.sub("", rest)
    return [line for line in rest.splitlines() if WORD.search(line)]


def walk(client: Client, start: str) -> Iterator[tuple[str, Texts]]:
    """Yield the pages that links lead to, two of each kind."""
    waiting, seen, kinds = [start], set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        route = resolve(path.split("?")[0]).view_name
        if path in seen or kinds.get(route, 0) >= PER_ROUTE:
            continue
        seen.add(path)
        kinds[route] = kinds.get(route, 0) + 1
        answer = client.get(path)
        if answer.status_code == 302:
            waiting.append(answer.headers["Location"])
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            page = Texts()
            page.feed(answer.content.decode())
            waiting += page.links
            yield path, page


def names_in_data() -> set[str]:
    """Return what people have called things, and content that has languages of its own."""
    shipped = [read_instrument_file(path) for path in SHIPPED_INSTRUMENTS]
    names = {"".join(texts) for texts in _english(shipped)}
    for pattern_set in PatternSet.objects.prefetch_related("patterns"):
        names |= {pattern_set.title, pattern_set.note.strip()}
        for pattern in pattern_set.patterns.all():
            names |= {pattern.name["en"], pattern.summary["en"]}
    for rule in CalibrationRule.objects.all():
        names |= {rule.title, rule.note.strip()}
    names |= set(InstrumentVersion.objects.values_list("title", flat=True))
    names |= {text for unit in Unit.objects.all() for text in (unit.name, unit.code)}
    names |= set(HeadCountConfirmation.objects.values_list("digest", flat=True))
    for campaign in Campaign.objects.select_related("organisation"):
        names |= {
            campaign.name, campaign.organisation.name, campaign.controller, campaign.contact,
            campaign.purpose, campaign.background_purpose, campaign.time_zone,
        }  # fmt: skip
    for user in User.objects.all():
        names |= {user.name, user.email}
    return names


def _english(content: object) -> Iterator[str]:
    if isinstance(content, list):
        for part in content:
            yield from _english(part)
    elif isinstance(content, dict):
        for key, part in content.items():
            if key == "en" and isinstance(part, str):
                yield part
            yield from _english(part)


def test_staff_pages_say_nothing_that_cannot_be_translated(client: Client) -> None:
    example = store_example()
    person = example.person("mona@example.com", role=Role.MANAGER, leads="oulu")
    for role in (Role.EXECUTIVE, Role.COUNCIL):
        person.memberships.create(organisation=example.campaign.organisation, role=role)
    analyst = example.person("ann@example.com", role=Role.ANALYST)
    draft_campaign(example.campaign.organisation)
    for version in InstrumentVersion.objects.all():
        InstrumentVersion.objects.filter(pk=version.pk).update(
            content=in_pseudo_language(version.content)
        )
    Campaign.objects.update(languages=[CODE])
    User.objects.update(language=CODE)
    client.force_login(person)

    with pseudo_language():
        pages = dict(walk(client, "/"))
        client.force_login(analyst)  # answers and figures of units are never one account's
        pages |= dict(walk(client, "/"))
        names = names_in_data()

    assert len(pages) > 20
    found = {path: unwrapped(page.texts, names) for path, page in pages.items()}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_respondents_pages_say_nothing_that_cannot_be_translated(client: Client) -> None:
    small = open_small_campaign()
    InstrumentVersion.objects.update(content=in_pseudo_language(small.campaign.instrument.content))
    Campaign.objects.update(languages=[CODE])
    client.get(f"/s/{small.tokens[0]}")

    with pseudo_language():
        pages = dict(walk(client, "/answer/"))
        for name in ("4", "8", "review", "withdraw"):
            pages |= dict(walk(client, f"/answer/{name}/"))
        names = names_in_data()

    found = {path: unwrapped(page.texts, names) for path, page in pages.items()}
    assert {path: texts for path, texts in found.items() if texts} == {}
