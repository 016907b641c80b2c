"""How many people are matched with their rows by chance, and how small a leak stands out of it.

A thief puts a team's people into one order and its rows into another, and takes the first for the
first, and so on. Where nothing leaks, the hits are the fixed points of a random permutation: one a
team, whatever its size, with a longer tail than the binomial distribution has (variance 1 and not
1 - 1/size). Teams and waves add up, so the whole distribution is known exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from tests.proofs.figures import Figure, Size

# Six pairs of orders are judged on each database and once over both: 18 tests a run, of which one
# is below this by luck less than once in a million runs. Nothing is tried a second time.
LUCK = 5e-8
USUAL = 1e-4  # the bound that statisticians would take for one such test
POWER = 0.99
MOST_HIDDEN = 2.0  # per cent of people whom a leak may link without being found
MOST_BY_CHANCE = 40  # hits in one team: more have a chance below 1e-48


@dataclass(frozen=True, slots=True)
class Matches:
    """How many people of equal teams were matched with their rows by a pair of orders."""

    orders: str
    found: int
    teams: int
    team: int  # people each

    @property
    def people(self) -> int:
        """How many were tried."""
        return self.teams * self.team

    @property
    def p_value(self) -> float:
        """How often as many are found where nothing leaks."""
        return float(_tail(self.teams, self.team)[self.found])

    @property
    def figure(self) -> Figure:
        """The figure of this pair, which the runs on other databases are added to."""
        return Figure(
            f"opened: p of {self.found} links of {self.people:,} by {self.orders}",
            self.p_value,
            f">= {LUCK:g}",
            is_met=self.p_value >= LUCK,
            matches=(self.orders, self.found, self.teams, self.team),
        )


def least_detectable(teams: int, team: int, luck: float = LUCK) -> int:
    """Return how many people must be linked surely to be found in 99 of 100 runs.

    The others are matched by chance as before. A leak of everybody is the most that there is.
    """
    tail = _tail(teams, team)
    bound = int(np.argmax(tail < luck))
    return next((few for few in range(bound) if tail[bound - few] >= POWER), bound)


def powers(teams: int, team: int, size: Size) -> list[Figure]:
    """Return the least shares that are found at the bound of the proof, and at the usual one.

    The few people of every day's size show a leak of many only.
    """
    people = teams * team
    most = MOST_HIDDEN if size is Size.FULL else 100.0
    found, usual = (least_detectable(teams, team, luck) / people * 100 for luck in (LUCK, USUAL))
    return [
        Figure(f"opened: per cent linked surely, of {people:,}, that 99 % of runs find",
               found, f"<= {most:g}", found <= most),
        Figure(f"opened: the same at p of {USUAL:g}", usual, f"<= {most:g}", usual <= most),
    ]  # fmt: skip


def pooled(runs: Iterable[Sequence[Figure]], size: Size) -> list[Figure]:
    """Return one test a pair of orders over the waves of all databases.

    Pairs are not added up: a leak shows in one of them, and would drown in the chance of the rest.
    """
    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for figures in runs:
        for orders, hits, teams, team in (one.matches for one in figures if one.matches):
            found[orders, team][0] += hits
            found[orders, team][1] += teams
    tests = [Matches(orders, hits, teams, team) for (orders, team), (hits, teams) in found.items()]
    (people,) = {(test.teams, test.team) for test in tests}
    return [*(test.figure for test in tests), *powers(*people, size)]


@cache
def _tail(teams: int, team: int) -> NDArray[np.float64]:
    """Return the chance of that many hits or more, from none to all."""
    whole = np.ones(1)
    for _ in range(teams):
        whole = np.convolve(whole, _fixed_points(team))
    tail = whole[::-1].cumsum()[::-1]
    return np.pad(tail, (0, max(0, teams * team + 1 - len(tail))))


def _fixed_points(team: int) -> NDArray[np.float64]:
    """Return the chance of each number of fixed points of a random permutation."""
    most = min(team, MOST_BY_CHANCE)
    chances = [
        sum((-1) ** free / factorial(free) for free in range(team - hits + 1)) / factorial(hits)
        for hits in range(most + 1)
    ]
    return np.maximum(chances, 0.0)
