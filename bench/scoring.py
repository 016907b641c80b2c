"""Time the scoring of a large organisation, every draw of every unit: python -m bench.scoring."""

import os
import resource
import time

import numpy as np

from bench.inputs import SEED
from bench.release_plan import random_answers
from bench.timing import shown, write_table
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from survey.instrument.content import parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tree import NOWHERE, ROOT, UnitTree

UNITS = 2000
REGIONS = 60
ANSWERS = (12, 41)  # of a team: from, to before


def company(units: int, regions: int) -> UnitTree:
    """Return a company of regions with teams under them, in turn."""
    keys = tuple(f"u{place}" for place in range(units))
    of_team = [1 + place % regions for place in range(units - 1 - regions)]
    return UnitTree(keys, (NOWHERE, *[ROOT] * regions, *of_team), keys)


def main() -> None:
    """Write the table."""
    instrument = parse_instrument(read_instrument_file())
    method = default_method(instrument)
    tree = company(UNITS, REGIONS)
    random = np.random.default_rng(SEED)
    sizes = random.integers(*ANSWERS, size=len(tree))
    sizes[: REGIONS + 1] = 0
    answers = random_answers(tree, instrument, random, sizes)
    tables, rows = release(
        answers,
        tree,
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    before = memory(resource.RUSAGE_SELF)
    started, first = time.perf_counter(), os.times()
    result = assess(tables, rows, instrument=instrument, method=method)
    seconds, last = time.perf_counter() - started, os.times()
    own = last.user + last.system - first.user - first.system
    other = last.children_user + last.children_system
    units = sum(unit.own_diagnosis is not None for unit in result.units)
    parts = sum(part.diagnosis is not None for unit in result.units for part in unit.functions)
    rows_shown = [
        ("answers", f"{len(rows):,}"),
        ("units with a verdict of their own", f"{units:,} of {len(tree):,}"),
        ("functions of units with a verdict", f"{parts:,}"),
        ("bootstrap draws of each", f"{method.draws:,}"),
        ("CPU of the first process", shown(own)),
        ("CPU of the second process, its start included", shown(other)),
        ("by the clock", shown(seconds)),
        ("most memory of the first process", f"{memory(resource.RUSAGE_SELF)} MB"),
        ("of that, before scoring", f"{before} MB"),
        ("most memory of the second process", f"{memory(resource.RUSAGE_CHILDREN)} MB"),
    ]
    write_table(
        "scoring",
        "Scoring a large organisation",
        ["What", "Measured"],
        rows_shown,
        "Aims: 20 s on two free cores, which the dearer process's CPU time stands for where the "
        "machine is busy with other work; 1 GB together. The release plan is not counted.",
    )


def memory(whose: int) -> int:
    """Return the most memory that a process or its children have held, in MB."""
    return resource.getrusage(whose).ru_maxrss // 1024


if __name__ == "__main__":
    main()
