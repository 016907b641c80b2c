"""Time the release plan and a whole release: python -m bench.release_plan."""

import resource

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.timing import seconds_of, shown, write_table
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.sets import ReleasePlan, counted_sizes
from survey.release.tables import FUNCTIONS
from survey.release.tree import UnitTree

SEED = 1
SIZES = (1000, 5000)
HEADER = ("units", "answers", "release plan", "whole release", "peak memory")


def random_tree(units: int, random: np.random.Generator) -> UnitTree:
    """Return a tree three to six levels deep: each unit hangs under one of the first third."""
    parents = [-1] + [
        int(random.integers(0, max(1, position // 3))) for position in range(1, units)
    ]
    keys = tuple(f"u{position}" for position in range(units))
    return UnitTree(keys, tuple(parents), keys)


def random_answers(
    tree: UnitTree,
    instrument: Instrument,
    random: np.random.Generator,
    sizes: NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Return answers with one latent tendency and 3 % missing; of 0 to 16 people a unit by default.

    sizes: int64[unit].
    """
    if sizes is None:
        sizes = random.integers(0, 17, size=len(tree))
    units = np.repeat(np.array(tree.keys), sizes)
    items = [item for _, item in instrument.items()]
    latent = random.normal(4.8, 1.0, size=(len(units), 1))
    points = np.clip(np.rint(latent + random.normal(0, 1, (len(units), len(items)))), 1, 7)
    reversed_items = np.array([item.is_reversed for item in items])
    points[:, reversed_items] = 8 - points[:, reversed_items]
    points[random.random(points.shape) < 0.03] = np.nan
    answers = pd.DataFrame(points, columns=[item.code for item in items])
    for item in items:
        if item.expected is not None:
            answers[item.code] = float(item.expected)
    answers.insert(0, "unit", units)
    answers.insert(1, "function", random.choice(list(FUNCTIONS), size=len(units), p=[0.6, 0.4]))
    answers.insert(2, "leads", random.random(len(units)) < 0.05)
    return answers


def main() -> None:
    """Time every size and write bench/release_plan.md."""
    instrument = parse_instrument(read_instrument_file())
    note = (
        "A company of three to six levels, 0 to 16 answers a unit. Plan: which sets of answers may"
        " be shown. Whole release: exclusions, plan and tables. CPU time, the plan's of the"
        " quickest of up to five runs; memory of the process so far."
    )
    rows = [measured(units, instrument) for units in SIZES]
    write_table("release_plan", "Release plan", HEADER, rows, note)


def measured(units: int, instrument: Instrument) -> list[str]:
    """The line of a company of so many units."""
    random = np.random.default_rng(SEED)
    tree = random_tree(units, random)
    answers = random_answers(tree, instrument, random)
    positions = answers["unit"].map(tree.position).to_numpy()
    sizes = counted_sizes(tree, positions.astype(np.int64), answers["function"])

    def plan() -> object:
        made = ReleasePlan(UnitTree(tree.keys, tree.parents, tree.names), sizes, 5, 10)
        return made.sets(), made.labelled

    def whole() -> object:
        rules = ExclusionRules()
        return release(
            answers, tree, instrument, floor=5, sensitive_floor=10, exclusion_rules=rules
        )

    planning, releasing = seconds_of(plan), seconds_of(whole, repeats=1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [f"{units:,}", f"{len(answers):,}", shown(planning), shown(releasing), f"{peak} MB"]


if __name__ == "__main__":
    main()
