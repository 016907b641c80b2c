"""Proof 4, faults: the database restarts, or its disk is full, while people submit."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from time import sleep

from django.db import connection

from survey.models import Ballot, Invitation
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.storage.broken_storage import full_disk, restarting_database
from tests.proofs.web_server import SECONDS, Respondent, WebServer, web_server
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

ACCEPTED, UNAVAILABLE = 302, 503
AT_ONCE = 8  # people who submit at the same moment
GIVEN = {"TF1": "4", "RB2": "none", "background-role": "selling"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')

Fault = Callable[[WebServer], AbstractContextManager[None]]
Answer = tuple[int, str]  # status and page


def measure(size: Size) -> list[Figure]:
    """Let people submit while each fault lasts, and again on the same server after it."""
    links = size.of(16, 120)
    with web_server() as server:
        return [
            *_figures("a database restart", server, restarting_database, links),
            *_figures("a full disk", server, full_disk, links),
        ]


def _figures(name: str, server: WebServer, fault: Fault, links: int) -> list[Figure]:
    small = open_small_campaign(invitations=links)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        people = [Respondent.entering(server.port, token) for token in small.tokens]
        # Half of them are under way when it begins, and may all be done by then where the machine
        # is busy; the other half come for sure while it lasts.
        sent = [pool.submit(person.post, GIVEN) for person in people[::2]]
        while sum(one.done() for one in sent) < links // 4:
            sleep(0.001)
        with fault(server):
            sent += [pool.submit(person.post, GIVEN) for person in people[1::2]]
            first = [one.result(SECONDS) for one in sent]
        people = [*people[::2], *people[1::2]]
        stored = _stored(small)
        pages = {place: page for place, (status, page) in enumerate(first) if status != ACCEPTED}
        second = [people[place].post(_kept(page))[0] for place, page in pages.items()]
    statuses = [status for status, _ in first]
    unavailable = statuses.count(UNAVAILABLE)
    changed = sum(not _kept(page).items() >= GIVEN.items() for page in pages.values())
    # SQLite has no server to lose: whoever comes waits until the file is free again.
    least = 0 if connection.vendor == "sqlite" and fault is restarting_database else 1
    return [
        at_least(f"{name}: posts of {links} that it met with 503", unavailable, least),
        exactly(f"{name}: answers other than thanks and 503",
                links - statuses.count(ACCEPTED) - unavailable, 0),
        exactly(f"{name}: pages of them without all that was posted", changed, 0),
        exactly(f"{name}: thanked but not stored, or stored without thanks",
                abs(statuses.count(ACCEPTED) - stored), 0),
        exactly(f"{name}: pages sent again afterwards that got no thanks",
                len(second) - second.count(ACCEPTED), 0),
        exactly(f"{name}: ballots in the end", _stored(small), links),
    ]  # fmt: skip


def _kept(page: str) -> dict[str, str]:
    """Return what a page of a lost database would post again."""
    return dict(HIDDEN.findall(page))


def _stored(small: SmallCampaign) -> int:
    """Return the number of ballots, if each has its mark."""
    ballots = Ballot.objects.filter(campaign=small.campaign).count()
    done = Invitation.objects.filter(campaign=small.campaign, done=True).count()
    return ballots if ballots == done else -1
