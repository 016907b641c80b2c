"""Compares parameters of fit: single conditions, expressions, and the necessity search."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from qca.necessary_conditions.search import find_combinations
from qca.sets.expressions import parse, term_text
from qca.sets.fit import expression_necessity, expression_sufficiency
from tests.qca.parity.reference_case import (
    R_GAVE_UP,
    Case,
    Comparison,
    Quantity,
    attempt,
    failed,
    failure,
    gave_up,
    guarded,
    setting,
)

# R's pof() gives figures under this as 0.
R_SMALLEST = 1e-5
COLUMNS = {
    "necessity": {"consistency": "inclN", "relevance": "RoN", "coverage": "covN"},
    "sufficiency": {"consistency": "inclS", "pri": "PRI", "coverage": "covS"},
}


def compare(case: Case) -> Iterator[Comparison]:
    """Set fit tables, expressions and searches against R's."""
    parts = ("fit", "pof", "superset")
    if case.multi_value:
        for part in (part for part in parts if part in case.expected):
            yield Comparison((part,), reason="multi-value conditions are outside fuzzy-set QCA")
        return
    yield from guarded(("fit",), case.expected.get("fit"), _compare_fits(case))
    for part, comparing in (("pof", _compare_expression), ("superset", _compare_search)):
        for place, result in enumerate(case.expected.get(part) or ()):
            yield from guarded((part, place), result, comparing(case, result, place))


def _compare_fits(case: Case) -> Iterator[Comparison]:
    fits = case.expected.get("fit") or {}
    if failed(fits):
        yield from _compare_relation(case, fits, ("fit",))
        return
    for outcome, relations in fits.items():
        if failed(relations):
            yield from _compare_relation(case, relations, ("fit", outcome))
            continue
        for relation, rows in (relations or {}).items():
            path = ("fit", outcome, relation)
            yield from guarded(path, rows, _compare_relation(case, rows, path))


def _compare_relation(
    case: Case, expected: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[Comparison]:
    """Compare one fit table; where R failed, sufficiency for Y stands for what is not named."""
    outcome = path[1] if len(path) > 1 else case.spec["outcome"]
    relation = path[2] if len(path) > 2 else "sufficiency"
    names = case.spec["conditions"] if failed(expected) else list(expected)
    rows = partial(_rows, case, outcome=outcome, relation=relation)
    yield Comparison(path, expected, attempt(lambda: {name: rows(name)[name] for name in names}))


def _table(case: Case, text: str, outcome: str, relation: str) -> pd.DataFrame:
    fit = expression_necessity if relation == "necessity" else expression_sufficiency
    return fit(case.frame(), text, outcome=outcome)


def _rows(case: Case, text: str, outcome: str, relation: str) -> dict[str, dict[str, float]]:
    """Figures by term under R's names, small ones as R's 0."""
    table = _table(case, text, outcome, relation)
    wanted = table[list(COLUMNS[relation])].rename(columns=COLUMNS[relation])
    shown = wanted.where(~(wanted < R_SMALLEST), 0.0)
    return {str(term): dict(figures) for term, figures in shown.iterrows()}


def _compare_expression(case: Case, result: Mapping[str, Any], place: int) -> Iterator[Comparison]:
    job = result["job"]
    text, relation = job["expr"], setting(job, "relation", "sufficiency")
    path: Quantity = ("pof", place, "rows" if "rows" in result else "error")
    if "error" in result and "row.names" in result["error"]:
        yield Comparison(path, reason="R fails on a term that stands twice; ours takes it once")
        return
    if gave_up(result):
        yield Comparison(path, reason=R_GAVE_UP)
        return
    rows = attempt(partial(_expression_rows, case, text, job["outcome"], relation))
    yield Comparison(path, result.get("rows", {"error": result.get("error")}), rows)


def _expression_rows(case: Case, text: str, outcome: str, relation: str) -> object:
    rows = _rows(case, text, outcome, relation)
    if relation == "sufficiency":
        unique = _table(case, text, outcome, relation)["unique_coverage"]
        for name in rows:
            rows[name]["covU"] = 0.0 if unique[name] < R_SMALLEST else unique[name]
    assert [term_text(term) for term in parse(text).terms] == [n for n in rows if n != "expression"]
    return rows


def _compare_search(case: Case, result: Mapping[str, Any], place: int) -> Iterator[Comparison]:
    """R raises an error, or returns nothing, where nothing passes; ours returns no combination."""
    path: Quantity = ("superset", place, "rows" if "rows" in result else "error")
    if gave_up(result):
        yield Comparison(path, reason=R_GAVE_UP)
        return
    found = attempt(partial(_search_rows, case, result["job"]))
    nothing = not failed(result) or "no combinations" in result["error"]
    yield Comparison(path, result.get("rows") or ({} if nothing else failure(result)), found)


def _search_rows(case: Case, job: Mapping[str, Any]) -> object:
    relation = setting(job, "relation", "necessity")
    names = COLUMNS[relation].values()
    combinations = find_combinations(
        case.frame(),
        outcome=job["outcome"],
        conditions=case.conditions_of(job),
        relation=relation,
        consistency_cut=setting(job, "incl_cut", 1),
        coverage_cut=setting(job, "cov_cut", 0),
        relevance_cut=setting(job, "ron_cut" if relation == "necessity" else "pri_cut", 0),
        depth=setting(job, "depth", None),
    )
    figures = ((str(c.expression), (c.consistency, c.relevance, c.coverage)) for c in combinations)
    return {text: dict(zip(names, values, strict=True)) for text, values in figures}
