"""Proof 2: combine what random organisations publish and look for a group below the floor."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from time import process_time
from unittest.mock import DEFAULT, patch

import numpy as np
import pandas as pd

from survey.instrument.content import ConstructRole
from survey.release.sets import ReleasePlan, counted_sizes
from survey.release.tables import Plan, ReleasedTables
from survey.release.tree import UnitTree
from tests.proofs.figures import Figure, Size, at_least, at_most, exactly, seconds_at_most
from tests.survey.release.differencing import exposed_group
from tests.survey.release.published_sums import people_behind, people_of_pools
from tests.survey.release.release_scenes import (
    random_answers,
    random_tree,
    released,
    short_instrument,
    tree_of,
)

FLOOR, SENSITIVE = 5, 10
INSTRUMENT = short_instrument(items=1)  # every item has a plan of its own; two are attacked
SAID = [
    item.code for construct, item in INSTRUMENT.items() if construct.role is not ConstructRole.CHECK
]
SMALLEST, LARGEST = 5, 200  # units of an organisation
MOVED = 0.2  # share of units that a reorganisation hangs elsewhere
CELL = ("set", "item", "distribution")
LINES = ["set", "item", "n"]
ADDED = 0.05  # share of the people who answer
ORGANISATIONS = 4_000
MISSED = 0.05  # chance that none of a sample shows what is so of that share of all
INVENTED = 4  # one organisation in so many is attacked by somebody who adds people
PLANNED_UNITS, PLAN_SECONDS = 1000, 0.05
Found = Counter[str]


def measure(size: Size) -> list[Figure]:
    """Attack every organisation, and each fourth once more after a reorganisation."""
    number = size.of(12, ORGANISATIONS)
    found: Found = Counter()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, size.of(1, 8))) as pool:
        for one in pool.map(attack, range(number), chunksize=size.of(6, 25)):
            found.update(one)
    return [
        exactly(f"organisations attacked, {found['waves']:,} waves", number, number),
        exactly("groups below the floor that published figures expose", found["exposed"], 0),
        at_most(
            "share of organisations that could be exposed, and be in no such sample in 1 of 20",
            1 - MISSED ** (1 / number),
            3 / number,
        ),
        exactly(
            f"the same for who knows all but one of the added, {found['invented']:,} organisations",
            found["exposed by the added"],
            0,
        ),
        exactly("figures that change who or what is told when people are added", found["moved"], 0),
        at_least(
            "share exposed where added people count for the floor",
            found["naive with added"] / found["invented"],
            0.5,
        ),
        *lost_points(size.of(12, 200)),
        exactly("units with enough answers of their own and no report", found["unpublished"], 0),
        at_least("share exposed by a threshold alone", found["naive"] / number, 0.95),
        seconds_at_most(f"seconds to plan {PLANNED_UNITS} units", plan_seconds(), PLAN_SECONDS),
    ]


def attack(seed: int) -> Found:
    """Return what an attacker finds in the waves of one organisation.

    Most plans have to hold without the audit that would refuse to release what the attacker finds,
    and without rows, which nobody outside the worker gets.
    """
    random = np.random.default_rng(seed)
    # Many small organisations, in which single people are easiest to find, and some large ones.
    units = int(SMALLEST * ((LARGEST + 1) / SMALLEST) ** (random.random() ** 2))
    missing = float(random.choice([0.0, 0.04, 0.12]))
    found: Found = Counter()
    published = []
    is_audited = seed % 20 == 0
    without = patch.multiple("survey.release.plan._Tabulation", audit=DEFAULT, rows=DEFAULT)
    for wave, tree in enumerate(waves(units, 2 if seed % 4 == 0 else 1, random)):
        answers = counted(random_answers(tree, random, missing=missing, instrument=INSTRUMENT))
        with nullcontext() if is_audited else without:
            tables, _ = released(answers, tree, instrument=INSTRUMENT)
        if sum(tables.counts.answers.values()) != len(answers):
            raise AssertionError(f"Organisation {seed}: expected all of its answers to count.")
        published.append((tables, answers))
        found["waves"] += 1
        found["unpublished"] += unpublished(tables, answers)
        if wave == 0:
            found["naive"] += is_exposed_by_threshold(tree, answers)
        if wave == 0 and seed % INVENTED == 1:
            with without:
                found.update(invented(tree, answers, random))
    found["exposed"] += exposed_figures(published)
    return found


def invented(tree: UnitTree, answers: pd.DataFrame, random: np.random.Generator) -> Found:
    """Return what somebody finds who has added people, and answered for all of them but one.

    In every third unit most answers are by people who were added, in every third some are.
    """
    share = dict(zip(tree.keys, random.choice([0.0, 0.3, 0.9], size=len(tree)), strict=True))
    planned = random.random(len(answers)) >= answers["unit"].map(share)
    added = np.flatnonzero(~planned)
    known = frozenset(random.permutation(added)[1:].tolist())
    told, _ = released(answers.assign(planned=planned), tree, instrument=INSTRUMENT)
    plain, _ = released(answers[planned].reset_index(drop=True), tree, instrument=INSTRUMENT)
    naive, _ = released(answers, tree, instrument=INSTRUMENT)
    is_moved = told.sets != plain.sets or not told.cells[LINES].equals(plain.cells[LINES])
    with_word = answers.assign(planned=planned)
    return Counter(
        {
            "invented": 1,
            "exposed by the added": exposed_figures([(told, with_word)], known),
            "moved": int(is_moved),
            "naive with added": int(exposed_figures([(naive, answers)], known) > 0),
        }
    )


def waves(units: int, number: int, random: np.random.Generator) -> Iterator[UnitTree]:
    """Yield the trees of an organisation; before another wave, some units hang elsewhere."""
    tree = random_tree(units, random)
    yield tree
    for _ in range(1, number):
        moved = random.random(units) < MOVED
        tree = tree_of(
            -1,
            *(
                int(random.integers(0, unit)) if moved[unit] else tree.parents[unit]
                for unit in range(1, units)
            ),
        )
        yield tree


def counted(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers that no rule excludes: of random ones a few say the same everywhere."""
    points = answers[SAID].to_numpy(dtype=float)
    says_the_same = (points == points[:, :1]).all(axis=1)
    return answers[~says_the_same].reset_index(drop=True)


def lost_points(organisations: int) -> list[Figure]:
    """Return by how many points fewer units have figures and verdicts, as added people count not.

    Of all who answered, one in twenty was added after the launch: hired, or moved to another unit.
    """
    units, told = 0, np.zeros((2, 2))  # by whether everybody counts, and by plan
    for seed in range(organisations):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(SMALLEST, LARGEST)), random)
        answers = random_answers(tree, random, instrument=INSTRUMENT)
        places = answers["unit"].map(tree.position).to_numpy(dtype=np.int64)
        planned = random.random(len(answers)) >= ADDED
        units += len(tree)
        for row, chosen in enumerate((np.ones_like(planned), planned)):
            sizes = counted_sizes(tree, places[chosen], answers["function"][chosen])
            plan = ReleasePlan(tree, sizes, FLOOR, SENSITIVE)
            told[row] += plan.general.published.sum(), plan.sensitive.published.sum()
    general, sensitive = (100 * (told[0] - told[1]) / units).tolist()
    return [
        at_most("points fewer units with figures, one in twenty added", general, 3),
        at_most("points fewer units with a verdict, one in twenty added", sensitive, 3),
    ]


def exposed_figures(
    published: Sequence[tuple[ReleasedTables, pd.DataFrame]], known: frozenset[int] = frozenset()
) -> int:
    """Return how many kinds of figures expose somebody: means, sensitive means, distributions.

    The figures of all waves are combined; an answer of another wave is another unknown. known:
    answers of the first wave that the attacker takes away from every figure.
    """
    pools = [people_of_pools(tables, answers) for tables, answers in published]
    people = sum(len(answers) for _, answers in published)
    exposed = 0
    for item, floor in (("TF1", FLOOR), ("RB1", SENSITIVE)):
        means: dict[str, set[int]] = {}
        spread: dict[str, set[int]] = {}
        before = 0
        for wave, (tables, answers) in enumerate(published):
            sums = people_behind(tables, answers, pools[wave], item)
            here = {
                key: {before + person for person in group if before + person not in known}
                for key, group in sums.items()
            }
            means |= {f"{wave}/{key}": group for key, group in here.items()}
            cells = zip(*(tables.cells[name] for name in CELL), strict=True)
            spread |= {
                f"{wave}/{key}": here[key] for key, code, told in cells if told and code == item
            }
            before += len(answers)
        exposed += exposed_group(means, people, floor) > 0
        exposed += exposed_group(spread, people, SENSITIVE) > 0
    return exposed


def unpublished(tables: ReleasedTables, answers: pd.DataFrame) -> int:
    """Return how many units have enough answers of their own but no figures."""
    own = Counter(answers["unit"][~answers["leads"]])
    enough = [unit for unit, number in own.items() if number >= FLOOR]
    return sum(tables.unit_set(unit, Plan.GENERAL) is None for unit in enough)


def is_exposed_by_threshold(tree: UnitTree, answers: pd.DataFrame) -> bool:
    """Tell whether showing every unit and function of five or more exposes a smaller group."""
    sums: dict[str, set[int]] = defaultdict(set)
    of_team: dict[tuple[str, str], set[int]] = defaultdict(set)
    for person, team in enumerate(zip(answers["unit"], answers["function"], strict=True)):
        of_team[team].add(person)
    for (unit, function), people in of_team.items():
        for key in tree.path_to_root(unit):
            sums[key] |= people
            sums[f"{key}/{function}"] |= people
    shown = {key: group for key, group in sums.items() if len(group) >= FLOOR}
    return exposed_group(shown, len(answers), FLOOR) > 0


def plan_seconds() -> float:
    """Return the processor time that a plan of a large organisation takes, best of three."""
    random = np.random.default_rng(1)
    tree = random_tree(PLANNED_UNITS, random)
    sizes = random.integers(0, 12, size=(PLANNED_UNITS, 2))
    times = []
    for _ in range(3):
        begun = process_time()
        ReleasePlan(tree, sizes, FLOOR, SENSITIVE).sets()
        times.append(process_time() - begun)
    return min(times)
