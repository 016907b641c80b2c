"""Minimisation against R QCA, setqca and pyqca: python -m bench.minimisation."""

from collections.abc import Iterator
from typing import Literal

from bench.inputs import dense, survey
from bench.timing import ratio, rival_seconds, seconds_of, shown, write_table
from qca.minimisation.implicants import prime_implicants, prime_implicants_within
from qca.minimisation.solutions import Solution
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import TruthTable, truth_table

CONDITIONS = (5, 8, 10, 12, 14, 16)
CASES = 534
FREQUENCIES = (2, 1)
DENSE_CONDITIONS = (5, 8, 10, 12)
# The rivals get the frequency that leaves them the easier table.
RIVALS_FREQUENCY = 2
# Shortest CPU seconds of R QCA 3.25, minimize() with fits on a given truth table, and of its C
# core for the prime implicants alone, as stated in the specification of this benchmark.
R_MINIMIZE = {5: 0.3, 8: 0.9, 10: 1.9, 12: 6.7}
R_CORE = {5: 0.001, 8: 0.001, 10: 0.65}
Kind = Literal["conservative", "parsimonious"]
KINDS: tuple[Kind, ...] = ("conservative", "parsimonious")
HEADER = (
    "table", "k", "rows 1 / 0", "solution", "prime implicants", "models", "ours",
    "of that implicants", "R", "R core", "setqca", "pyqca (all three)", "R / ours",
    "setqca / ours", "pyqca / ours",
)  # fmt: skip


def main() -> None:
    """Time every table and write bench/minimisation.md."""
    rows = [row for frequency in FREQUENCIES for k in CONDITIONS for row in surveyed(k, frequency)]
    rows += [row for k in DENSE_CONDITIONS for row in without_remainders(k)]
    note = (
        f"Frequency: {CASES} simulated cases, rows with as many cases or more, consistency .80,"
        " PRI .50; with 1, most charts have many tied models. Random: an outcome drawn for every"
        " row of the table, half of them positive, no remainders, so that the parsimonious solution"
        " is the conservative one. Models: as many as were listed; what cut the list, if anything."
        " Ours: minimise() on a given truth table with the fit of every term. CPU time of the"
        " quickest of up to five runs, fewer where they take more than 2 s together. R: as stated"
        " for QCA 3.25 on comparable inputs (shortest), not run here, not stated for random tables."
        " Where thousands of models are tied, ours is bound by counting all and listing up to"
        " 10,000 of them. setqca: its minimiser on the same rows, without fit. pyqca: truth table"
        " and all three solutions, which its minimiser derives together."
    )
    write_table("minimisation", "Minimisation", HEADER, rows, note)


def surveyed(k: int, frequency: int) -> Iterator[list[str]]:
    """The lines of a survey with k conditions."""
    data = survey(CASES, k)
    table = truth_table(data, outcome="Y", inclusion_cut=0.8, pri_cut=0.5, frequency_cut=frequency)
    given = {
        "k": k,
        "frequency": frequency,
        "positive": table.positive.tolist(),
        "negative": table.negative.tolist(),
    }
    compared = frequency == RIVALS_FREQUENCY
    pyqca = rival_seconds("pyqca", "solutions", data, given) if compared else "-"
    for kind in KINDS:
        found, ours = minimised(table, kind)
        setqca = rival_seconds("setqca", kind, data, given) if compared else "-"
        r = R_MINIMIZE.get(k, "not stated")
        yield [
            f"frequency {frequency}",
            *described(found),
            shown(ours),
            shown(implicant_seconds(table, kind)),
            shown(r),
            shown(R_CORE.get(k, "not stated")),
            shown(setqca),
            shown(pyqca),
            ratio(r, ours),
            ratio(setqca, ours),
            ratio(pyqca, ours),
        ]


def without_remainders(k: int) -> Iterator[list[str]]:
    """The line of a random table of k conditions."""
    table = truth_table(dense(k), outcome="Y")
    found, ours = minimised(table, "conservative")
    implicants = shown(implicant_seconds(table, "conservative"))
    yield ["random", *described(found), shown(ours), implicants, "not stated", *["-"] * 6]


def minimised(table: TruthTable, kind: Kind) -> tuple[Solution, float]:
    """The solution of a table and the seconds it takes."""
    return minimise(table, solution=kind), seconds_of(lambda: minimise(table, solution=kind))


def implicant_seconds(table: TruthTable, kind: Kind) -> float:
    """Seconds for the prime implicants alone."""
    if kind == "conservative":
        return seconds_of(lambda: prime_implicants_within(table.k, table.positive))
    return seconds_of(lambda: prime_implicants(table.k, table.positive, table.negative))


def described(found: Solution) -> list[str]:
    """Conditions, rows, solution, prime implicants and models."""
    table, models = found.table, f"{len(found.models):,}"
    return [
        str(table.k),
        f"{len(table.positive):,} / {len(table.negative):,}",
        found.kind,
        f"{len(found.primes):,}",
        f"{models} ({found.limit})" if found.limit else models,
    ]


if __name__ == "__main__":
    main()
