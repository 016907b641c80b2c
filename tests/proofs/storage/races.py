"""Proof 4, submits: many posts of one link at once, and all killed while people submit."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

from survey.models import Ballot, Campaign, Invitation, Who
from survey.selectors.respondents import find_respondent
from survey.services.opening.closing import close_campaign
from survey.services.opening.opening import open_campaign
from tests.proofs.figures import Figure, Size, exactly
from tests.proofs.web_server import NO_ANSWER, SECONDS, Respondent, web_server
from tests.survey.small_campaign import SmallCampaign, open_small_campaign, opened_ballots

POSTS = 20  # at once, of one link
ACCEPTED, UNAVAILABLE = 302, 503
AT_ONCE = 8  # people who submit while the server is killed


def measure(size: Size) -> list[Figure]:
    """Race the posts of every link, then kill installations under load."""
    return [*raced(size.of(5, 120)), *killed(size.of(1, 5), size.of(24, 60))]


def raced(links: int) -> list[Figure]:
    """Post every link twenty times at once."""
    small = open_small_campaign(invitations=links)
    statuses: Counter[int] = Counter()
    with web_server() as server, ThreadPoolExecutor(POSTS) as pool:
        for token in small.tokens:
            respondent = Respondent.entering(server.port, token)
            together = Barrier(POSTS)

            def post(number: int, one: Respondent = respondent, start: Barrier = together) -> int:
                start.wait(SECONDS)
                return one.submit(TF1=number % 7 + 1)

            statuses.update(pool.map(post, range(POSTS)))
    ballots = Ballot.objects.filter(campaign=small.campaign).count()
    return [
        exactly(f"ballots of {links} links posted {POSTS} times at once", ballots, links),
        exactly("posts that did not end on the thank-you page", _not(statuses, ACCEPTED), 0),
    ]


def killed(installations: int, links: int) -> list[Figure]:
    """Kill web server and worker while people submit; whoever was thanked is stored, once.

    Then a new server takes the answers of those who were not thanked, and the ballots are opened.
    """
    thanked = lost = doubled = errors = missing = 0
    for _ in range(installations):
        small = open_small_campaign(invitations=links)
        statuses = _killed_under_load(small)
        stored, done = _stored(small.campaign)
        thanked += statuses[ACCEPTED]
        lost += max(0, statuses[ACCEPTED] - stored)
        doubled += abs(stored - done)
        errors += _not(statuses, ACCEPTED, NO_ANSWER, UNAVAILABLE)
        missing += links - _opened_after_all(small)
    return [
        exactly(f"thanked but not stored, of {thanked}, {installations} times killed", lost, 0),
        exactly("ballots without their mark, or marks without a ballot", doubled, 0),
        exactly("answers other than thanks, 503 or a lost connection", errors, 0),
        exactly("ballots missing or doubled at the opening after a new start", missing, 0),
    ]


def _killed_under_load(small: SmallCampaign) -> Counter[int]:
    with web_server(with_worker=True) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        people = [Respondent.entering(server.port, token) for token in small.tokens]
        sent = [pool.submit(person.submit, TF1=4) for person in people]
        while sum(one.done() for one in sent) < len(people) // 4:
            sleep(0.001)
        server.kill()
        return Counter(one.result(SECONDS) for one in sent)


def _opened_after_all(small: SmallCampaign) -> int:
    """Let those who have no thanks submit to a new server; return the ballots then opened."""
    with web_server() as server:
        for token in small.tokens:
            respondent = find_respondent(token)
            if respondent is not None and not respondent.invitation.done:
                Respondent.entering(server.port, token).submit(TF1=4)
    close_campaign(campaign=small.campaign, without_grace=True, by=Who.WORKER)
    open_campaign(campaign_id=small.campaign.pk)
    return opened_ballots(small.campaign)


def _stored(campaign: Campaign) -> tuple[int, int]:
    ballots = Ballot.objects.filter(campaign=campaign).count()
    return ballots, Invitation.objects.filter(campaign=campaign, done=True).count()


def _not(statuses: Counter[int], *expected: int) -> int:
    return sum(number for status, number in statuses.items() if status not in expected)
