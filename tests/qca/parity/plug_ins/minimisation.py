"""Compares solutions: prime implicants, charts, models, fit, simplifying assumptions, pairs.

Sets stand for lists whose order carries no meaning. R sets figures under 1e-5 to 0 (under 1e-4
in the fit of single models); the same is done to ours before comparing. Where CCubes stops too
early, R's results are set against ours cut at the same number of literals, and R's exact
algorithms (method_check) against our complete ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from qca.minimisation.counterfactuals import IntermediateSolution, intermediate_solution
from qca.minimisation.expectations import DirectionalExpectations
from qca.minimisation.implicants import implicant_text, prime_implicants_within
from qca.minimisation.row_minimisation import CoverRule, row_models
from qca.minimisation.solutions import ModelFit, Solution, solution_of
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import TruthTable
from tests.qca.parity.deviations_of_r import implicants_of_ccubes
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

OVERALL_FLOOR = 1e-5
MODEL_FLOOR = 1e-4
# R lists all irredundant models, however many.
MODEL_LIMIT = 1_000_000
# The places of conservative terms in the chart without dominated terms, used in the list with them.
UNDIRECTED = "without expectations R lists the conservative terms one by one as models"
MISPLACED = "R takes other conservative terms: it counts places in the list with dominated ones"


def compare(case: Case) -> Iterator[Comparison]:
    """Set every solution of every analysis against R's."""
    if case.multi_value:
        return
    for job, result, path in solved_analyses(case):
        yield from guarded(path, result, _compare_analysis(case, job, result, path))


def _compare_analysis(
    case: Case, job: Mapping[str, Any], result: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    table = table_as_in_r(case, job, result["tt"])
    for variant, expected in (result.get("minimize") or {}).items():
        at = (*path, "minimize", variant)
        yield from guarded(at, expected, compare_variant(table, job, variant, expected, at))
    for method, expected in (result.get("method_check") or {}).items():
        at = (*path, "method_check", method)
        yield from guarded(at, expected, _compare_method(table, expected, at))


def table_as_in_r(case: Case, job: Mapping[str, Any], expected: Mapping[str, Any]) -> TruthTable:
    """The truth table of a job with the rows coded as R coded them.

    They differ where R's recycling bug miscoded rows; its solutions are solutions of those.
    """
    table = build_table(case, job)
    output = table.output.copy()
    for row in expected["rows"]:
        output[np.searchsorted(table.codes, row["row"] - 1)] = row["OUT"]
    return replace(table, output=output)


def compare_variant(
    table: TruthTable,
    job: Mapping[str, Any],
    variant: str,
    expected: Mapping[str, Any],
    path: Quantity,
) -> Iterator[Comparison]:
    if gave_up(expected):
        yield Comparison(path, reason=R_GAVE_UP)
        return
    kind, option = variant.split(".")
    found = attempt(lambda: _solve(table, job, kind, option))
    if isinstance(found, Failure) or failed(expected):
        yield Comparison(path, failure(expected), found)
        return
    yield from _compare_solution(expected, found, path)


def _solve(
    table: TruthTable, job: Mapping[str, Any], kind: str, option: str
) -> Solution | IntermediateSolution:
    kind, _, included = kind.partition("_")
    options: dict[str, Any] = {
        "solution": kind,
        "include_contradictions": included == "C",
        "row_dominance": option == "row_dom",
        "all_models": option == "all_sol",
        "model_limit": MODEL_LIMIT,
    }
    if kind == "intermediate":
        options["directional_expectations"] = expectations_of(job["dir_exp"])
        options["every_expectation"] = False
    return as_found_by_ccubes(minimise(table, **options), options)


def as_found_by_ccubes(
    found: Solution | IntermediateSolution, options: Mapping[str, Any]
) -> Solution | IntermediateSolution:
    """The solution R finds: the same, unless CCubes misses prime implicants."""
    complete = found.parsimonious if isinstance(found, IntermediateSolution) else found
    if complete.kind == "conservative":
        return found
    table = complete.table
    included = table.contradictory if options.get("include_contradictions") else ()
    against = np.setdiff1d(np.union1d(table.negative, table.contradictory), included)
    implicants = implicants_of_ccubes(table.k, table.positive, against)
    if implicants is None:
        return found
    rule = CoverRule(
        options.get("row_dominance", False), options.get("all_models", False), MODEL_LIMIT
    )
    cut = solution_of("parsimonious", table, row_models(implicants, rule))
    if isinstance(found, Solution):
        return cut
    return intermediate_solution(
        found.conservative, cut, found.expectations, allowed=included, rule=rule
    )


def expectations_of(given: str | Sequence[str | int]) -> str | Sequence[str]:
    """R's dir.exp, a vector or one text, as expectations one a condition or as an expression."""
    parts = [given] if isinstance(given, str) else [str(value) for value in given]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",")]
    return parts if all(part in ("0", "1", "-") for part in parts) else " + ".join(parts)


def _compare_solution(
    expected: Mapping[str, Any], found: object, path: Quantity
) -> Iterator[Comparison]:
    shown = found.parsimonious if isinstance(found, IntermediateSolution) else found
    assert isinstance(shown, Solution)
    yield from _compare_models(expected, shown, path)
    table = shown.table
    rows = shown.rows.implicants.rows
    whole = (1 << table.k) - 1
    initials = {implicant_text(whole, row, table.conditions) for row in rows.tolist()}
    assumptions = [(shown.assumptions(place) + 1).tolist() for place in range(len(shown.models))]
    given = {
        **expected,
        "initials": set(expected.get("initials") or ()),
        "negatives": sorted(expected.get("negatives") or ()),
        "SA": _by_model(expected["models"], [sorted(rows) for rows in expected.get("SA") or ()]),
    }
    ours = {
        "initials": initials,
        "numbers": _numbers(table),
        "negatives": _negatives(table, path),
        "complex": bool(shown.limit),
        "SA": _by_model(shown.models, assumptions),
    }
    for name in (name for name in ours if name in expected):
        yield Comparison((*path, name), given[name], ours[name])
    if isinstance(found, IntermediateSolution) and "i_sol" in expected:
        if found.expectations == DirectionalExpectations(0, 0, every=found.expectations.every):
            yield Comparison((*path, "i_sol"), reason=UNDIRECTED)
            return
        if path[-1] == "intermediate.row_dom" and _misplaced(found.conservative):
            yield Comparison((*path, "i_sol"), reason=MISPLACED)
            return
        yield from _compare_pairs(expected["i_sol"], found, (*path, "i_sol"))


def _misplaced(conservative: Solution) -> bool:
    table = conservative.table
    whole = prime_implicants_within(table.k, table.positive)
    return len(whole) > len(conservative.primes)


def _compare_models(
    expected: Mapping[str, Any], found: Solution, path: Quantity
) -> Iterator[Comparison]:
    chart = found.rows.implicants
    covered = {
        term: [int(row) + 1 for row in chart.rows[line]]
        for term, line in zip(found.primes, chart.chart, strict=True)
    }
    expected_chart = {term: sorted(rows) for term, rows in expected["chart"].items()}
    yield Comparison((*path, "PI"), set(expected["PI"]), set(found.primes))
    yield Comparison((*path, "chart"), expected_chart, covered)
    yield Comparison((*path, "models"), _model_set(expected["models"]), _model_set(found.models))
    yield Comparison((*path, "essential"), set(expected["essential"]), set(found.common))
    yield Comparison(
        (*path, "fit", "overall"),
        expected["fit"]["overall"],
        _fit(found, found.overall, OVERALL_FLOOR, with_cases=True),
    )
    several = expected["fit"]["per_model"]
    fits = [found.fit(place) for place in range(len(found.models))] if several else []
    yield Comparison(
        (*path, "fit", "per_model"),
        _by_model(expected["models"], several),
        _by_model(found.models, [_fit(found, fit, MODEL_FLOOR) for fit in fits]),
    )


def _compare_pairs(
    expected: Mapping[str, Any], found: IntermediateSolution, path: Quantity
) -> Iterator[Comparison]:
    """Match the pairs by their two models: R numbers models in another order."""
    pairs = {}
    for pair in found.pairs:
        conservative = found.conservative.models[pair.conservative_model]
        parsimonious = found.parsimonious.models[pair.parsimonious_model]
        pairs[_sum(conservative), _sum(parsimonious)] = pair
    given = {name: (_sum(pair["c_sol"]), _sum(pair["p_sol"])) for name, pair in expected.items()}
    yield Comparison(path, set(map(str, given.values())), set(map(str, pairs)))
    for name, models in given.items():
        if models in pairs:
            pair, r_pair, place = pairs[models], expected[name], (*path, name)
            yield Comparison((*place, "c_sol"), models[0], models[0])
            yield from _compare_models(r_pair, pair.solution, place)
            yield Comparison((*place, "EC"), sorted(r_pair["EC"]), (pair.easy + 1).tolist())
            yield Comparison((*place, "DC"), sorted(r_pair["DC"]), (pair.difficult + 1).tolist())


def _compare_method(
    table: TruthTable, expected: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    """Set the parsimonious solution against R's slower, exact algorithms."""
    if gave_up(expected):
        yield Comparison(path, reason=R_GAVE_UP)
        return
    found = attempt(lambda: minimise(table, solution="parsimonious"))
    if isinstance(found, Failure) or failed(expected):
        yield Comparison(path, failure(expected), found)
        return
    assert isinstance(found, Solution)
    by_ccubes = as_found_by_ccubes(found, {})
    assert isinstance(by_ccubes, Solution)
    complete = {
        "error": None,
        "n_PI": len(found.primes),
        "n_models": len(found.models),
        "same_PI": set(by_ccubes.primes) == set(found.primes),
        "same_models": _model_set(by_ccubes.models) == _model_set(found.models),
        "PI": set(found.primes),
        "models": _model_set(found.models),
    }
    given = {**expected, "PI": set(expected.get("PI", ()))}
    given["models"] = _model_set(expected.get("models", ()))
    yield Comparison(path, given, {key: complete[key] for key in given})


def _fit(
    solution: Solution, fit: ModelFit, floor: float, *, with_cases: bool = False
) -> dict[str, Any]:
    terms: dict[str, dict[str, Any]] = {}
    for term in fit.terms:
        terms[term.term] = {
            "inclS": _floored(term.consistency, floor),
            "PRI": _floored(term.pri, floor),
            "covS": _floored(term.coverage, floor),
            "covU": _floored(term.unique_coverage, floor),
        }
        if with_cases:
            rows = solution.cases(term)
            terms[term.term]["cases"] = "; ".join(",".join(names) for names in rows)
    whole = {"inclS": fit.consistency, "PRI": fit.pri, "covS": fit.coverage}
    return {
        "terms": terms,
        "solution": {name: _floored(value, floor) for name, value in whole.items()},
    }


def _floored(value: float, floor: float) -> float:
    return 0.0 if value < floor else value


def _numbers(table: TruthTable) -> dict[str, int]:
    """Cases by code; above 7 conditions R forgets those of excluded rows under the cut."""
    counted = (table.k <= R_COMPLETE) | (table.n >= table.cuts.frequency)
    counts = {
        f"OUT{code}": int(table.n[counted & (table.output == code)].sum())
        for code in ("1", "0", "C")
    }
    return {**counts, "Total": sum(counts.values())}


def _negatives(table: TruthTable, path: Quantity) -> list[int]:
    included = any(isinstance(part, str) and "_C." in part for part in path)
    codes = table.negative if included else np.union1d(table.negative, table.contradictory)
    return (codes + 1).tolist()


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(sorted(terms))


def _model_set(models: Sequence[Sequence[str]]) -> set[str]:
    return {_sum(model) for model in models}


def _by_model(models: Sequence[Sequence[str]], values: Sequence[Any]) -> dict[str, Any]:
    return {_sum(model): value for model, value in zip(models, values, strict=False)}
