"""Proof 3: read everything that every role is served, and take it apart.

Two oracles. Hidden moves: people of one pool change units, leaders change teams, what is left over
is answered anew, and nothing served may differ in a single byte. Influence: answers of one cell
(unit and function) are shifted, and every number that moves adds up that cell; the sums found so
go to the attacker of proof 2. Deliberately weakened releases must not get through.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import time_machine
from django.test import Client

from diagnostics.models import Download
from survey.models import CampaignKey
from tests.proofs.company import (
    CELLS,
    SHIFT,
    Company,
    Person,
    analyse_answers,
    found_company,
    make_files,
    release_anew,
    shifted,
)
from tests.proofs.crawl import MOST_VARIANTS, OK, Output, crawl, every_address
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.planted_rows import planted_rows
from tests.proofs.served import numbers_of, without_new_ids
from tests.proofs.weaknesses.weak_releases import exact_sizes, threshold_only, unit_means
from tests.survey.release.differencing import exposed_group

FLOOR, SENSITIVE = 5, 10
FIGURES = ("/results/", "/workbench/", "/api/")  # where addresses of figures begin
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAWS = 100  # of the bootstrap; its intervals are no sums anyway
ROUNDED = 0.5  # points; what eight numbers of one decimal each may be off together
# What is computed of the whole company's rows is the analyst's by design.
HOLDS_ROWS = "analyst"
Served = dict[str, dict[str, Output]]
WeakRelease = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, from which addresses on, and which files are made before."""

    readers: tuple[str, ...]
    files: tuple[str, ...]
    starts: tuple[str, ...] = ("/",)
    follows_links: bool = True
    variants_read: int = MOST_VARIANTS  # of one page in other orders and with other choices

    def of(self, company: Company, people: Sequence[Person]) -> Served:
        """Release these answers and return what every reader is served."""
        make_files(release_anew(company, people, draws=DRAWS), self.files)
        if HOLDS_ROWS in self.readers:
            analyse_answers(company)
        return {
            name: _without_key(
                crawl(
                    _client(company, name),
                    self.starts,
                    follows_links=self.follows_links,
                    variants_read=self.variants_read,
                )
            )
            for name in self.readers
        }


def measure(size: Size) -> list[Figure]:
    """Crawl, move and shift."""
    with time_machine.travel(NOW, tick=False):
        company = found_company(seed=1)
        if size is Size.QUICK:
            few = Reading(("executive", "leader of N1"), (Download.Kind.FIGURES,))
            main = replace(few, starts=company.main_addresses(), follows_links=False)
            base = main.of(company, company.people)
            return [
                *_moves(company, main, base),
                *_influence(company, main, base, is_sensitive=False),
                *_weakened(company, main, (threshold_only,)),
            ]
        everybody = ("anonymous", *company.readers)
        every = Reading(everybody, (Download.Kind.REPORTS, Download.Kind.FIGURES))
        some = Reading(
            ("executive", "leader of N1", "deputy of N3"), (Download.Kind.FIGURES,), variants_read=2
        )
        whole = every.of(company, company.people)
        routes = [*_routes(company, whole), *_rows(company, whole)]  # while that release stands
        moves = _moves(company, every, whole)
        base = some.of(company, company.people)
        return [
            *moves,
            *routes,
            *_influence(company, some, base, is_sensitive=False),
            *_influence(company, some, base, is_sensitive=True),
            *_weakened(company, some, (threshold_only, unit_means)),
            *_told_exactly(company, some, base),
        ]


def _moves(company: Company, reading: Reading, base: Served) -> list[Figure]:
    moved = reading.of(company, hidden_moves(company))
    outputs = sum(output.status == OK for served in base.values() for output in served.values())
    return [
        at_least(f"outputs served to {len(reading.readers)} people", outputs, len(reading.readers)),
        exactly("of them changed by hidden moves", len(changed(company, base, moved)), 0),
        exactly("numbers told differently to two people", told_differently(base), 0),
    ]


def _routes(company: Company, served: Served) -> list[Figure]:
    """Look for figures that an address gives though no link led a reader there."""
    addresses = [address for address in every_address() if address.startswith(FIGURES)]
    unlinked = 0
    for name, outputs in served.items():
        client = _client(company, name)
        linked = {urlsplit(address).path for address in outputs}
        unlinked += sum(
            client.get(address).status_code == OK for address in addresses if address not in linked
        )
    tried = len(served) * len(addresses)
    return [exactly(f"figures at {tried:,} addresses that no link leads to", unlinked, 0)]


def _rows(company: Company, served: Served) -> list[Figure]:
    """Look for answers and scores of single people, the analyst's tables and files included."""
    contents = {
        f"{name} {address}": output.content
        for name, outputs in served.items()
        for address, output in outputs.items()
    }
    people, scores = planted_rows(company.campaign).found_in(contents)
    return [exactly("people and scores of cases in all that is served", people + scores, 0)]


def _influence(
    company: Company, reading: Reading, base: Served, *, is_sensitive: bool
) -> list[Figure]:
    """Combine the means that sensitive answers move, or those that all others move."""
    sums = sums_served(company, reading, base, is_sensitive=is_sensitive)
    floor, name = (SENSITIVE, "sensitive") if is_sensitive else (FLOOR, "other")
    exposed = exposed_group(sums, len(company.people), floor)
    return [
        at_least(f"means of {name} answers served", len(sums), 1),
        exactly(f"groups below {floor} that they expose", exposed, 0),
    ]


def _weakened(
    company: Company, reading: Reading, weak_releases: Sequence[WeakRelease]
) -> list[Figure]:
    """Show that hidden moves change what a weakened release serves."""
    figures = []
    for weak_release in weak_releases:
        with weak_release():
            base = reading.of(company, company.people)
            moved = reading.of(company, hidden_moves(company))
        name = weak_release.__name__.replace("_", " ")
        seen = len(changed(company, base, moved))
        figures.append(at_least(f"outputs changed by hidden moves, {name}", seen, 1))
    return figures


def _told_exactly(company: Company, reading: Reading, base: Served) -> list[Figure]:
    told = sizes_told(company, reading, base)
    with exact_sizes():
        weak = sizes_told(company, reading, reading.of(company, company.people))
    return [
        exactly("sizes below ten told exactly", told, 0),
        at_least("sizes below ten told exactly without bands", weak, 1),
    ]


def hidden_moves(company: Company) -> list[Person]:
    """Return the answers after moves that nobody may notice."""
    south = {"S2": "S3", "S3": "S2"}  # one pool
    leading = {"N2": "S1", "S1": "N2"}
    people = []
    for number, person in enumerate(company.people):
        moved = person
        if person.leads:
            moved = replace(person, unit=leading[person.unit])
        elif person.unit in south and number % 2:
            moved = replace(person, unit=south[person.unit])
        if person.leads or person.unit == "A":
            moved = shifted(moved, company.instrument, is_sensitive=False)
        people.append(moved)
    return people[::-1]  # the order in which they came


def changed(company: Company, base: Served, other: Served) -> list[tuple[str, str]]:
    """Return reader and address of everything that differs."""
    known = company.known_ids()
    return [
        (name, address)
        for name, served in base.items()
        for address, content in without_new_ids(served, known).items()
        if without_new_ids(other[name], known).get(address) != content
    ]


def told_differently(served: Served) -> int:
    """Return how many numbers of one place are not the same for everybody who reads it."""
    told: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for outputs in served.values():
        for name, number in numbers_of(outputs).items():
            told[name].add(number)
    return sum(len(numbers) > 1 for numbers in told.values())


def sums_served(
    company: Company, reading: Reading, base: Served, *, is_sensitive: bool
) -> Mapping[str, set[int]]:
    """Return whose answers each mean adds up, by the number's name.

    The moves of a mean over all its cells add up to the shift itself, whatever it is a mean of;
    intervals, memberships and differences are functions of means and do not.
    """
    first = _numbers(base)
    moving: dict[str, set[int]] = defaultdict(set)
    moves: dict[str, float] = defaultdict(float)
    for unit, function, _ in CELLS:
        group = {
            number
            for number, person in enumerate(company.people)
            if (person.unit, person.function, person.leads) == (unit, function, False)
        }
        people = [
            shifted(person, company.instrument, is_sensitive=is_sensitive)
            if number in group
            else person
            for number, person in enumerate(company.people)
        ]
        after = _numbers(reading.of(company, people))
        for name, number in first.items():
            if "." in number and after.get(name, number) != number:
                moving[name] |= group
                moves[name] += float(after[name]) - float(number)
    is_mean = {name for name, move in moves.items() if abs(abs(move) - SHIFT) <= ROUNDED}
    return {name: moving[name] for name in is_mean}


def sizes_told(company: Company, reading: Reading, base: Served) -> int:
    """Return how many numbers follow the size of a group below ten as people leave it."""
    first = _numbers(base)
    second, third = (
        _numbers(reading.of(company, _without(company, leaving))) for leaving in (1, 2)
    )
    follows = {tuple(str(size - step) for step in range(3)) for size in range(7, SENSITIVE)}
    return sum((first[key], second.get(key), third.get(key)) in follows for key in first)


def _without(company: Company, leaving: int) -> list[Person]:
    """Return everybody but some of S1 and as many of S2."""
    gone = {"S1": leaving, "S2": leaving}
    people = []
    for person in company.people:
        if person.leads or not gone.get(person.unit):
            people.append(person)
        else:
            gone[person.unit] -= 1
    return people


def _numbers(served: Served) -> Mapping[str, str]:
    return {
        " ".join((name, *key)): number
        for name, outputs in served.items()
        if name != HOLDS_ROWS
        for key, number in numbers_of(outputs).items()
    }


def _without_key(served: dict[str, Output]) -> dict[str, Output]:
    """Return what was served without the fingerprint of the key, which each release has anew."""
    key = CampaignKey.objects.get().fingerprint.encode()
    return {
        address: replace(output, content=output.content.replace(key, b""))
        for address, output in served.items()
    }


def _client(company: Company, name: str) -> Client:
    client = Client()
    if name in company.readers:
        client.force_login(company.readers[name])
    return client
