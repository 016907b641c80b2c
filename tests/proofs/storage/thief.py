"""Proof 1: what somebody can do who copied every file of the database, at any time."""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import StringIO
from itertools import product
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models.expressions import RawSQL
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox

from survey.instrument.answers import Answers
from survey.models import Ballot, CampaignKey, Draft, Invitation, Response, Who
from survey.sealing import key_files
from survey.sealing.tokens import token_hash
from survey.services.ballots import save_draft
from survey.services.opening.closing import close_campaign
from survey.services.opening.opening import open_campaign
from tests.proofs.campaigns import AnsweredCampaign, Person, answered_campaign
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.storage.matches import LUCK, Matches, least_detectable, powers
from tests.proofs.storage.stolen_files import stolen_log, stolen_tables
from tests.survey.opening.opening_scenes import invite
from tests.survey.opening.physical_order import physical_place

READABLE_ANSWER = re.compile(rb'"(?:TF|AD|AG|RB|CF|DSO)\d": ?[1-7]')
TOKEN = re.compile(rb"[a-z2-7]{32}")
TEAMS = 2  # of a wave: two, so that a thief who mixes them up is not taken for a clever one
SEEDED = 100  # leaks that are put into the waves
FOUND_OF_SEEDED = 95  # at least; 99 are found on average

Orders = dict[str, list[str]]  # how a thief may sort people; each person by their token
Rows = list[tuple[str, object]]  # team and answers, in some order


@dataclass(frozen=True, slots=True)
class Wave:
    """An opened campaign, the orders in which a thief knew its people, and what was left over."""

    scene: AnsweredCampaign
    orders: Orders
    left_over: int  # boxes and token hashes that still lie somewhere in the stolen tables


def measure(size: Size) -> list[Figure]:
    """Steal a live campaign, then ten opened ones, and a table made the usual way."""
    with captured_log() as log:
        figures = live_copies(answered_campaign(size.of(3, 200), seed=0))
        figures += after_opening(size)
        figures.append(exactly("tokens in the log", _tokens_in([log.getvalue().encode()]), 0))
    return [*figures, naive_table(size)]


@contextmanager
def captured_log() -> Iterator[StringIO]:
    """Keep all that is logged meanwhile."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(handler)


def live_copies(scene: AnsweredCampaign) -> list[Figure]:
    """Count what can be read while people answer; a draft lies there as well."""
    unit = scene.campaign.units.first()
    assert unit is not None
    token = invite(scene.campaign, unit, "sales", leads=False)
    save_draft(token=token, answers=Answers({"TF1": 4}))
    files = [*stolen_tables(), *stolen_log()]
    answers = sum(len(READABLE_ANSWER.findall(file)) for file in files)
    secrets = key_files.read(scene.campaign.id)
    keys = (secrets.private_key, secrets.token_key)
    key_bytes = sum(file.count(key) for file in files for key in keys)
    tokens = {person.token for person in scene.people} | {token}
    return [
        exactly(f"live: answers readable in all files, of {len(scene.people)}", answers, 0),
        exactly("live: tokens found in all files", _tokens_in(files, tokens), 0),
        exactly("live: private and token keys found in all files", key_bytes, 0),
        exactly("live: boxes and drafts opened with any stored value", _opened_with_stored(), 0),
        exactly("live: sizes of boxes and drafts", len(_sizes()), 2),
    ]


def one_wave(seed: int, size: Size) -> Wave:
    """Open a campaign before the eyes of a thief who watched every submit.

    So this thief knows whose ballot is whose and when it came. Teams are large: in each of them
    one is right by chance, so that there are fewer of these the fewer teams there are.
    """
    scene = answered_campaign(TEAMS, seed, people_each=size.of(20, 100))
    submitted = [person.token for person in scene.people]
    ballots = _in_physical_order(Ballot.objects.filter(campaign=scene.campaign))
    orders = {
        "submission": submitted,
        "ballot id": [token for _, token in sorted(zip(ballots, submitted, strict=True))],
        "invitation": _by_invitation(scene),
    }
    secrets = _secrets_of(scene)
    close_campaign(campaign=scene.campaign, without_grace=True, by=Who.WORKER)
    open_campaign(campaign_id=scene.campaign.pk)
    left = list(stolen_tables())
    return Wave(scene, orders, sum(any(secret in file for file in left) for secret in secrets))


def after_opening(size: Size) -> list[Figure]:
    """Look for what is left over, and match people with rows by every pair of orders.

    The order of rows comes from the machine's own chance, not from a seed: LUCK says how seldom
    that alone makes a run red.
    """
    waves = [one_wave(seed, size) for seed in range(1, size.of(3, 10) + 1)]
    left = sum(wave.left_over for wave in waves)
    tests = matches(waves)
    teams, team = tests[0].teams, tests[0].team
    return [
        exactly("opened: boxes and token hashes left in tables, free pages, dead rows", left, 0),
        *(test.figure for test in tests),
        *powers(teams, team, size),
        seeded_leaks(waves, least_detectable(teams, team)),
    ]


def matches(waves: Sequence[Wave]) -> list[Matches]:
    """Return for every pair of orders how many people were matched with their own rows."""
    found: dict[str, int] = defaultdict(int)
    for wave in waves:
        pairs = product(wave.orders.items(), _rows(wave.scene).items())
        for (how, people), (where, rows) in pairs:
            found[f"{how} and {where} of rows"] += linked(wave.scene.people, people, rows)
    teams = TEAMS * len(waves)
    team = sum(len(wave.scene.people) for wave in waves) // teams
    return [Matches(orders, hits, teams, team) for orders, hits in found.items()]


def seeded_leaks(waves: Sequence[Wave], leaking: int) -> Figure:
    """Put the rows of so many people where they submitted, and count how often that is found.

    Again and again, over rows that are mixed from a seed, so that no luck is in this figure.
    """
    seen = 0
    share = leaking / sum(len(wave.scene.people) for wave in waves)
    for seed in range(SEEDED):
        random = np.random.default_rng(seed)
        found = 0
        chosen = random.permutation([
            (number, place) for number, wave in enumerate(waves)
            for place in range(len(wave.scene.people))
        ])[:leaking]  # fmt: skip
        for number, wave in enumerate(waves):
            people = wave.scene.people
            leaks = {people[place].token for wave_of, place in chosen if wave_of == number}
            rows = rows_with_leak(people, leaks, random)
            found += linked(people, wave.orders["submission"], rows)
        teams = TEAMS * len(waves)
        size = sum(len(wave.scene.people) for wave in waves) // teams
        seen += Matches("seeded", found, teams, size).p_value < LUCK
    return at_least(
        f"harness: of {SEEDED} leaks that link {share:.2%} surely, found", seen, FOUND_OF_SEEDED
    )


def rows_with_leak(
    people: Sequence[Person], leaking: Collection[str], random: np.random.Generator
) -> Rows:
    """Return everybody's rows mixed, but those of some people in the place in which they came."""
    rows: Rows = []
    for team in dict.fromkeys(person.team for person in people):
        members = [person for person in people if person.team == team]
        mixed = random.permutation(len(members)).tolist()
        for place, person in enumerate(members):
            if person.token in leaking:
                other = mixed.index(place)
                mixed[place], mixed[other] = mixed[other], mixed[place]
        rows += [(team, members[place].answers) for place in mixed]
    return rows


def linked(
    people: Sequence[Person], order: Sequence[str], rows: Sequence[tuple[str, object]]
) -> int:
    """Return how many are right if a team's people are matched with its rows in these orders."""
    known = {person.token: person for person in people}
    by_team: dict[str, list[object]] = defaultdict(list)
    for team, answers in rows:
        by_team[team].append(answers)
    guesses = {team: iter(answers) for team, answers in by_team.items()}
    return sum(next(guesses[known[t].team]) == known[t].answers for t in order)


def naive_table(size: Size) -> Figure:
    """Link a table as it is usually made: a row inserted in the submit's transaction."""
    scene = answered_campaign(size.of(2, 20), seed=99)
    rows = [(person.team, person.answers) for person in scene.people]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_answer (id char(32) PRIMARY KEY, place integer)")
        for place in range(len(rows)):
            number = f"{place * 7919 % 10007:032x}"  # a key that tells no order
            cursor.execute("INSERT INTO naive_answer VALUES (%s, %s)", [number, place])
        cursor.execute(f"SELECT place FROM naive_answer ORDER BY {physical_place()}")  # noqa: S608
        stored = [rows[place] for (place,) in cursor.fetchall()]
        cursor.execute("DROP TABLE naive_answer")
    order = [person.token for person in scene.people]
    share = linked(scene.people, order, stored) / len(rows)
    return at_least("harness: share linked in a naive table", share, 0.95)


def _rows(scene: AnsweredCampaign) -> dict[str, list[tuple[str, object]]]:
    release = scene.campaign.release
    teams = {str(pool.pk): str(pool.owner_id) for pool in release.pools.all()}
    stored = {
        str(row.pk): (teams[str(row.pool_id)], tuple(sorted(row.answers.items())))
        for row in Response.objects.filter(campaign=scene.campaign)
    }
    physical = _in_physical_order(Response.objects.filter(campaign=scene.campaign))
    return {
        "place": [stored[key] for key in physical],
        "id": [stored[key] for key in sorted(stored)],
    }


def _in_physical_order(rows: models.QuerySet[Any]) -> list[str]:
    ordered = rows.order_by(RawSQL(physical_place(), []))  # noqa: S611 - a constant
    return [str(key) for key in ordered.values_list("pk", flat=True)]


def _secrets_of(scene: AnsweredCampaign) -> list[bytes]:
    boxes = Ballot.objects.filter(campaign=scene.campaign).values_list("box", flat=True)
    hashes = Invitation.objects.filter(campaign=scene.campaign).values_list("token_hash", flat=True)
    return [bytes(box)[:32] for box in boxes] + [bytes(digest) for digest in hashes]


def _by_invitation(scene: AnsweredCampaign) -> list[str]:
    tokens = {token_hash(person.token): person.token for person in scene.people}
    stored = Invitation.objects.filter(campaign=scene.campaign).order_by("id")
    return [tokens[bytes(digest)] for digest in stored.values_list("token_hash", flat=True)]


def _tokens_in(files: Iterable[bytes], tokens: set[str] | None = None) -> int:
    """Return how many of the tokens, or of everything that looks like one, lie in the files."""
    found = {match.decode() for file in files for match in TOKEN.findall(file)}
    return len(found if tokens is None else found & tokens)


def _opened_with_stored() -> int:
    """Return how many boxes and drafts open with some 32 bytes that the database holds."""
    sealed = [bytes(box) for box in Ballot.objects.values_list("box", flat=True)[:50]]
    drafts = [bytes(text) for text in Draft.objects.values_list("ciphertext", flat=True)]
    return sum(_opens(key, sealed, drafts) for key in _stored_keys())


def _stored_keys() -> Iterator[bytes]:
    for key in CampaignKey.objects.all():
        yield from (bytes(key.public_key), bytes.fromhex(key.fingerprint), bytes(key.canary)[:32])
    yield from (bytes(one) for one in Invitation.objects.values_list("token_hash", flat=True)[:50])
    yield from (bytes(one) for one in Draft.objects.values_list("pk", flat=True))


def _opens(key: bytes, boxes: Sequence[bytes], drafts: Sequence[bytes]) -> int:
    opened = 0
    for opener, texts in ((SealedBox(PrivateKey(key)), boxes), (SecretBox(key), drafts)):
        for text in texts:
            with suppress(CryptoError):
                opener.decrypt(text)
                opened += 1
    return opened


def _sizes() -> set[int]:
    boxes = Ballot.objects.values_list("box", flat=True)
    drafts = Draft.objects.values_list("ciphertext", flat=True)
    return {len(text) for text in (*boxes, *drafts)}
