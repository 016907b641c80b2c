"""Proof: put all that any two roles have side by side, and look for whose answers are whose.

Of a campaign that tells figures of units nobody has an answer to attribute. Of one that gives
single answers the attacker has them all, with everything that is told, and knows how many people
each team has; the same attacks, where both are given at once, show what they can find: rows that
resemble a team's figures most, and rows that add up to them exactly, found by an integer program.
"""

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from survey.instrument.content import FUNCTIONS, ConstructRole, Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.answers import without_units
from survey.release.tables import ReleasedTables
from survey.release.tree import UnitTree
from tests.proofs.figures import Figure, Size, at_least, at_most, exactly
from tests.survey.release.release_scenes import released, tree_of

SMALLEST, LARGEST = 10, 40  # people of the team that is attacked
TEAMS, PEOPLE = (5, 30), 15  # the other teams, and how many are in each of them on average
BETWEEN = 0.1  # share of the variance of a construct that lies between teams
SMALL = 20  # answers; a set of fewer is what nobody's row may be put into
EACH = 10  # organisations for every size of a team
SOLVED, SECONDS = 8, 20  # teams of ten for the solver, and its time for each
CONFIDENCE = 1.645  # one-sided 95 %
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation's answers; the team that is attacked is its first below the top."""

    tree: UnitTree
    answers: pd.DataFrame
    instrument: Instrument

    @property
    def items(self) -> list[str]:
        """The statements that count."""
        roles = (ConstructRole.ELEMENT, ConstructRole.OUTCOME)
        return [item.code for _, item in self.instrument.items(*roles)]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows put into one team: how many, how many rightly, and how many by chance."""

    people: int
    right: int
    by_chance: float


def measure(size: Size) -> list[Figure]:
    """Attack organisations with a team of every size."""
    sizes = range(SMALLEST, LARGEST + 1, size.of(6, 1))
    tried = [(people, number) for people in sizes for number in range(size.of(1, EACH))]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, size.of(1, 8))) as pool:
        found = list(pool.map(attack, tried, chunksize=size.of(1, 5)))
    research = [hits for one in found for hits in one.research]
    both = [hits for one in found for hits in one.both]
    solved = [solver_hits(number) for number in range(size.of(1, SOLVED))]
    return [
        exactly(f"organisations with a team of {SMALLEST} to {LARGEST}", len(found), len(tried)),
        exactly(
            "sets of a unit that are told where single answers are given",
            sum(one.told_units for one in found),
            0,
        ),
        at_most(
            f"points above chance, rows put into {len(research):,} teams of under {SMALL}",
            upper_points(research),
            2,
        ),
        at_least("the same where rows came with figures of units", points(both), 5),
        at_least(
            f"share of rows of teams of {SMALLEST} that a solver then names in {SECONDS} s",
            sum(solved) / (SMALLEST * len(solved)),
            0.5,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one organisation."""

    told_units: int
    research: tuple[Hits, ...]  # single answers are given
    both: tuple[Hits, ...]  # single answers and figures of units, which no campaign gives


def attack(case: tuple[int, int]) -> Found:
    """Return what an attacker finds who has all that is told of an organisation."""
    people, number = case
    company = random_company(people, np.random.default_rng([people, number]))
    plain, _ = released(company.answers, company.tree, instrument=company.instrument)
    research, _ = released(
        without_units(company.answers, company.tree), company.tree, instrument=company.instrument
    )
    return Found(
        told_units=sum(info.unit != company.tree.keys[0] for info in research.sets),
        research=tuple(hits_of(company, research)),
        both=tuple(hits_of(company, plain)),
    )


def random_company(people: int, random: np.random.Generator) -> Company:
    """Return a company of teams below it, in which people of a team are a little alike."""
    sizes = [people, *random.poisson(PEOPLE, size=int(random.integers(*TEAMS))).tolist()]
    tree = tree_of(-1, *(0 for _ in sizes))
    team = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    instrument = parse_instrument(read_instrument_file())
    columns: dict[str, object] = {
        "unit": [tree.keys[place] for place in team],
        "function": random.choice(FUNCTIONS, size=len(team)),
        "leads": False,
    }
    for construct in instrument.constructs:
        shared = random.normal(0, np.sqrt(BETWEEN), len(sizes) + 1)[team]
        own = random.normal(0, np.sqrt(1 - BETWEEN), len(team))
        for item in construct.items:
            points = 4.6 + 1.1 * (shared + own) + random.normal(0, 0.9, len(team))
            whole = np.clip(np.rint(points), 1, instrument.scale.points)
            columns[item.code] = instrument.scale.points + 1 - whole if item.is_reversed else whole
        if construct.role is ConstructRole.CHECK:
            columns |= {item.code: float(item.expected or 1) for item in construct.items}
    # Rows come in an order that tells nothing, as they do to an analyst.
    mixed = pd.DataFrame(columns).iloc[random.permutation(len(team))].reset_index(drop=True)
    return Company(tree, mixed, instrument)


def hits_of(company: Company, tables: ReleasedTables) -> list[Hits]:
    """Put rows into every team of fewer than twenty by the nearest figures that are told of it."""
    units = company.answers["unit"].to_numpy()
    rows = company.answers[company.items].to_numpy(dtype=float)
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    found = []
    for unit, people in Counter(units.tolist()).items():
        if people >= SMALL:
            continue
        figures = told_means(company, tables, unit)
        # Rows of a team lie where its figures do, as far as these differ from everybody's.
        likeness = ((rows - centre) / spread) @ ((figures - centre) / spread)
        chosen = np.argsort(-likeness, kind="stable")[:people]
        right = int((units[chosen] == unit).sum())
        found.append(Hits(people, right, people * people / len(rows)))
    return found


def told_means(company: Company, tables: ReleasedTables, unit: str) -> Floats:
    """Return the item means of the smallest set told that holds a team, else of everybody."""
    root = company.tree.keys[0]
    means = company.answers[company.items].mean()
    own = [info for info in tables.sets if info.unit == unit and not info.function]
    whole = [info for info in tables.sets if info.unit == root and not info.function]
    for info in [*whole, *own]:
        told = tables.cells_of(info.key)["mean"]
        means.update(told)
    return means.to_numpy(dtype=float)


def points(hits: Sequence[Hits]) -> float:
    """Return by how many points more rows are put rightly than by chance."""
    people = sum(one.people for one in hits)
    return 100 * sum(one.right - one.by_chance for one in hits) / people


def upper_points(hits: Sequence[Hits]) -> float:
    """Return the upper end of what that may be, teams being the units of chance."""
    people = np.array([one.people for one in hits], dtype=float)
    excess = np.array([one.right - one.by_chance for one in hits])
    mean = excess.sum() / people.sum()
    error = np.sqrt(((excess - mean * people) ** 2).sum()) / people.sum()
    return float(100 * (mean + CONFIDENCE * error))


def solver_hits(number: int) -> int:
    """Return how many rows of a team of ten a solver names rightly, given item means and rows.

    An integer program: so many rows whose sums are the team's, to what a mean of one decimal
    leaves open.
    """
    company = random_company(SMALLEST, np.random.default_rng([number, 99]))
    rows = company.answers[company.items].to_numpy(dtype=float)
    is_own = (company.answers["unit"] == company.tree.keys[1]).to_numpy()
    means = np.round(rows[is_own].mean(axis=0), 1)
    sums = LinearConstraint(
        rows.T, SMALLEST * (means - 0.05) - 1e-6, SMALLEST * (means + 0.05) + 1e-6
    )
    size = LinearConstraint(np.ones((1, len(rows))), SMALLEST, SMALLEST)
    found = milp(
        np.zeros(len(rows)), constraints=[sums, size], bounds=Bounds(0, 1),
        integrality=np.ones(len(rows), dtype=np.int64), options={"time_limit": SECONDS},
    )  # fmt: skip
    if found.x is None:
        return 0
    return int(is_own[np.rint(found.x).astype(bool)].sum())
