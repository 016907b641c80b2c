"""Compares the enhanced standard analysis: untenable rows and the solutions without them."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

import numpy as np

from qca.minimisation.enhanced import (
    contradictory_assumptions,
    exclude_rows,
    necessity_contradictions,
    simultaneous_subsets,
)
from qca.minimisation.solutions import Solution
from qca.minimisation.three_solutions import minimise
from qca.sets.expressions import negate
from qca.truth_tables.truth_table import TruthTable
from tests.qca.parity.deviations_of_r import lost_by_row_names
from tests.qca.parity.plug_ins.minimisation import (
    as_found_by_ccubes,
    compare_variant,
    table_as_in_r,
)
from tests.qca.parity.plug_ins.truth_table import R_COMPLETE, build_table, solved_analyses
from tests.qca.parity.reference_case import (
    R_GAVE_UP,
    Case,
    Comparison,
    Failure,
    Quantity,
    attempt,
    failed,
    failure,
    gave_up,
    guarded,
)


def compare(case: Case) -> Iterator[Comparison]:
    """Set the enhanced standard analysis of every analysis against R's."""
    if case.multi_value:
        return
    for job, result, path in solved_analyses(case):
        if "esa" in result:
            at = (*path, "esa")
            yield from guarded(at, result["esa"], _compare_analysis(case, job, result, at))


def _compare_analysis(
    case: Case, job: Mapping[str, Any], result: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    if gave_up(result["esa"]):
        yield Comparison(path, reason=R_GAVE_UP)
        return
    table = table_as_in_r(case, job, result["tt"])
    yield from _compare_rows(table, _negated(case, job), job, result["esa"], path)
    yield from _compare_solutions(table, job, result["esa"], path)


def _negated(case: Case, job: Mapping[str, Any]) -> TruthTable:
    """The table of the negated outcome; R reverses a pair of cuts, so only the lower counts."""
    outcome = job["outcome"]
    contrary = outcome[1:] if outcome.startswith("~") else f"~{outcome}"
    lower = float(np.atleast_1d(job.get("incl_cut", 1))[-1])
    return build_table(case, {**job, "outcome": contrary, "incl_cut": lower})


def _compare_rows(
    table: TruthTable,
    negated: TruthTable,
    job: Mapping[str, Any],
    expected: Mapping[str, Any],
    path: Quantity,
) -> Iterator[Comparison]:
    rows = yield from _compare_assumptions(table, negated, expected["type2"], (*path, "type2"))
    both = set((simultaneous_subsets(table, negated) + 1).tolist())
    yield Comparison((*path, "type3"), set(expected["type3"]["rows"]), both)
    rows |= both
    if "nec_exclude" in expected:
        claimed = negate(job["nec_exclude"])
        without = set((necessity_contradictions(table, claimed) + 1).tolist())
        yield Comparison((*path, "nec_exclude"), set(expected["nec_exclude"]["rows"]), without)
        rows |= without
    yield Comparison((*path, "exclude"), set(expected["exclude"]), rows)


def _compare_assumptions(
    table: TruthTable, negated: TruthTable, expected: Mapping[str, Any], path: Quantity
) -> Generator[Comparison, None, set[int]]:
    """Compare the contradictory assumptions and return those R reports as rows."""
    if gave_up(expected):
        yield Comparison(path, reason=R_GAVE_UP)
        return set()
    both = attempt(lambda: [_parsimonious(each) for each in (table, negated)])
    if isinstance(both, Failure) or failed(expected):
        yield Comparison(path, failure(expected), both)
        return set()
    assert isinstance(both, list)
    found = set((contradictory_assumptions(*both) + 1).tolist())
    reported = set(expected["rows"])
    named = {int(row) + 1 for each in both for row in _assumed(each)}
    several = any(len(each.models) > 1 for each in both)
    if several and reported < found and lost_by_row_names(found - reported, named):
        found = reported
    yield Comparison(path, reported, found)
    return reported


def _parsimonious(table: TruthTable) -> Solution:
    solution = as_found_by_ccubes(minimise(table, solution="parsimonious"), {})
    assert isinstance(solution, Solution)
    return solution


def _assumed(solution: Solution) -> np.ndarray:
    return np.concatenate([solution.assumptions(place) for place in range(len(solution.models))])


def _compare_solutions(
    table: TruthTable, job: Mapping[str, Any], expected: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    """Solve the table without the rows that R excluded."""
    excluded = np.array(sorted(expected["exclude"]), dtype=np.int64) - 1
    twice = table.k > R_COMPLETE and bool(np.isin(excluded, table.positive).any())
    recoded = exclude_rows(table, excluded.tolist())
    for kind in ("parsimonious", "intermediate"):
        if kind in expected and twice:
            reason = "above 7 conditions R keeps an excluded positive row and adds it as negative"
            yield Comparison((*path, kind), reason=reason)
        elif kind in expected:
            at, result = (*path, kind), expected[kind]
            found = compare_variant(recoded, job, f"{kind}.default", result, at)
            yield from guarded(at, result, found)
