"""Drawn and swept analyses of two functions: python -m bench.draws."""

import numpy as np
import pandas as pd

from bench.inputs import SEED, survey
from bench.timing import seconds_of, shown, write_table
from qca.bootstrap import bootstrap_units
from qca.minimisation.analysis_rule import AnalysisRule
from qca.minimisation.row_solver import Kind
from qca.robustness.sensitivity import solve_cuts
from qca.robustness.solution_draws import bootstrap_solution, half_split, permute_outcome
from qca.truth_tables.row_coding import Cuts

FUNCTIONS = {"operations": 270, "sales": 264}
CONDITIONS = tuple(f"X{place}" for place in range(1, 6))
EXPECTATIONS = ["1", "1", "1", "1", "-"]
DRAWS = 2000
UNITS = 2000
ITEMS = [range(5), range(5, 10), range(10, 14), range(14, 19), range(19, 23)]
HEADER = ("work", "ours", "aim")


def main() -> None:
    """Time each kind of work and write bench/draws.md."""
    both = [survey(cases, 5, SEED + cases) for cases in FUNCTIONS.values()]
    rows = [
        [f"{DRAWS:,} bootstrap draws of both functions, {kind}", *measured(both, kind)]
        for kind in ("conservative", "parsimonious", "intermediate")
    ]
    permuted = seconds_of(lambda: [permute_outcome(d, rule(), seed=1, draws=DRAWS) for d in both])
    halved = seconds_of(lambda: [half_split(data, rule(), seed=1) for data in both])
    rows += [
        [f"{DRAWS:,} permutations of both functions", shown(permuted), "-"],
        ["100 half-splits of both functions, both ways", shown(halved), "-"],
        ["robustness sweep of 500 settings, both functions", shown(swept(both)), "-"],
        [f"{DRAWS:,} bootstrap draws of each of {UNITS:,} units", shown(units_drawn()), "20 s"],
    ]
    note = (
        f"n = {sum(FUNCTIONS.values())}, {len(CONDITIONS)} conditions, consistency .80, PRI .65,"
        " frequency 4; every coding that"
        " a draw brings for the first time is minimised. CPU time of the quickest of up to five"
        " runs, fewer where they take more than 2 s together."
    )
    write_table("draws", "Drawn and swept analyses", HEADER, rows, note)


def rule(kind: Kind = "parsimonious") -> AnalysisRule:
    """The analysis of one function."""
    expectations = EXPECTATIONS if kind == "intermediate" else None
    return AnalysisRule("Y", CONDITIONS, Cuts(0.80, 0.65, 4), kind, expectations)


def measured(both: list[pd.DataFrame], kind: Kind) -> tuple[str, str]:
    """Seconds for the bootstrap of all functions, and the aim."""
    seconds = seconds_of(
        lambda: [bootstrap_solution(data, rule(kind), seed=1, draws=DRAWS) for data in both]
    )
    return shown(seconds), "2 s"


def swept(both: list[pd.DataFrame]) -> float:
    """Seconds for 500 settings of the cut-offs."""
    settings = [
        Cuts(inclusion, pri, frequency)
        for inclusion in np.linspace(0.75, 0.95, 25)
        for pri in np.linspace(0.50, 0.75, 5)
        for frequency in (2, 3, 4, 5)
    ]
    return seconds_of(
        lambda: [solve_cuts(rule().table(data), settings, rule().solver()) for data in both]
    )


def units_drawn() -> float:
    """Seconds for the bootstrap of many units of 10 to 60 answers on 23 items."""
    generator = np.random.default_rng(SEED)
    answers = {
        f"unit {number}": generator.integers(1, 8, (generator.integers(10, 61), 23))
        for number in range(UNITS)
    }
    return seconds_of(
        lambda: [None for _ in bootstrap_units(answers, constructs=ITEMS, seed=1)], repeats=1
    )


if __name__ == "__main__":
    main()
