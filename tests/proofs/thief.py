"""Proof 1: what somebody can do who copied every file of the database, at any time."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import StringIO
from itertools import product
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from scipy.stats import binomtest

from survey.instrument.answers import Answers
from survey.models import Ballot, CampaignKey, Draft, Invitation, Response
from survey.sealing import key_files
from survey.sealing.tokens import token_hash
from survey.services.ballots import save_draft
from survey.services.closing import close_campaign
from survey.services.opening import open_campaign
from tests.proofs.campaigns import TEAM, AnsweredCampaign, Person, answered_campaign
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.stolen_files import stolen_log, stolen_tables
from tests.survey.opening_scenes import invite

READABLE_ANSWER = re.compile(rb'"(?:TF|AD|AG|RB|CF|DSO)\d": ?[1-7]')
TOKEN = re.compile(rb"[a-z2-7]{32}")
SEEDS = 10
NO_BETTER_THAN_CHANCE = 1e-4  # of the exact binomial test

Orders = dict[str, list[str]]  # how a thief may sort people; each person by their token


def measure(size: Size) -> list[Figure]:
    """Steal a live campaign, then ten opened ones, and a table made the usual way."""
    with captured_log() as log:
        figures = live_copies(answered_campaign(size.of(3, 200), seed=0))
        figures += after_opening([one_wave(seed, size) for seed in range(1, SEEDS + 1)])
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


def one_wave(seed: int, size: Size) -> tuple[AnsweredCampaign, Orders]:
    """Return an opened campaign and the orders in which a thief knew its people.

    This thief watched every submit, and so knows whose ballot is whose and when it came.
    """
    scene = answered_campaign(size.of(2, 20), seed)
    submitted = [person.token for person in scene.people]
    ballots = _in_physical_order(Ballot.objects.filter(campaign=scene.campaign))
    orders = {
        "submission": submitted,
        "ballot id": [token for _, token in sorted(zip(ballots, submitted, strict=True))],
        "invitation": _by_invitation(scene),
    }
    secrets = _secrets_of(scene)
    close_campaign(campaign=scene.campaign, without_grace=True)
    open_campaign(campaign_id=scene.campaign.pk)
    left = list(stolen_tables())
    orders["left over"] = [s.hex() for s in secrets if any(s in file for file in left)]
    return scene, orders


def after_opening(waves: Sequence[tuple[AnsweredCampaign, Orders]]) -> list[Figure]:
    """Match people with rows by every pair of orders and test the hits against chance."""
    left = sum(len(orders.pop("left over")) for _, orders in waves)
    hits: dict[tuple[str, str], int] = defaultdict(int)
    for scene, orders in waves:
        rows = _rows(scene)
        for (how, people), (where, stored) in product(orders.items(), rows.items()):
            hits[how, where] += linked(scene.people, people, stored)
    trials = sum(len(scene.people) for scene, _ in waves)
    return [
        exactly("opened: boxes and token hashes left in tables, free pages, dead rows", left, 0),
        *(
            at_least(
                f"opened: p of {found} links of {trials:,} by {how} and {where} of rows",
                float(binomtest(found, trials, 1 / TEAM, alternative="greater").pvalue),
                NO_BETTER_THAN_CHANCE,
            )
            for (how, where), found in hits.items()
        ),
    ]


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
        cursor.execute(f"SELECT place FROM naive_answer ORDER BY {_place()}")  # noqa: S608
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


def _place() -> str:
    """Return the hidden column that tells where a row lies."""
    return "ctid" if connection.vendor == "postgresql" else "rowid"


def _in_physical_order(rows: models.QuerySet[Any]) -> list[str]:
    ordered = rows.order_by(RawSQL(_place(), []))  # noqa: S611 - a constant
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
