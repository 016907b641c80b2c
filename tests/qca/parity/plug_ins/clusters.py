"""Compares pooled, between and within figures with those of SetMethods' cluster()."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from qca.sets.clusters import ClusterFit, ClusterShares, cluster_fit
from qca.sets.expressions import evaluate
from tests.qca.parity.reference_case import Case, Comparison, Quantity, attempt, guarded

NOT_COMPARED = {
    "models": "solutions of the other cases are compared",
    "model": "which of the tied models R took",
    "necessity_argument_ignored": "tells of R's own argument",
}


def compare(case: Case) -> Iterator[Comparison]:
    """Each expression, and each term of a solution."""
    results = case.expected.get("cluster") or {}
    for job in case.spec.get("cluster") or ():
        path: Quantity = ("cluster", job["id"])
        yield from guarded(path, results[job["id"]], _compare(case, job, results[job["id"]], path))


def _compare(
    case: Case, job: Mapping[str, Any], expected: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    if "minimize" not in job:
        figures = attempt(partial(_figures, case, job, job["expr"], job["outcome"]))
        yield Comparison(path, expected, figures)
        return
    outcome = job["minimize"]["outcome"]
    for term, figures in expected["terms"].items():
        found = attempt(partial(_figures, case, {**job, "relation": "sufficiency"}, term, outcome))
        yield Comparison((*path, "terms", term), figures, found)
    for part, reason in NOT_COMPARED.items():
        if part in expected:
            yield Comparison((*path, part), reason=reason)


def _figures(case: Case, job: Mapping[str, Any], text: str, outcome: str) -> dict[str, object]:
    data = case.frame()
    columns = data.reset_index()
    labels = {kind: columns[job[kind]].astype(str).tolist() for kind in ("cluster", "unit")}
    found = cluster_fit(
        evaluate(text, data),
        evaluate(outcome, data),
        clusters=labels["cluster"],
        units=labels["unit"],
        relation=job["relation"],
    )
    consistency = _named(found, found.consistency)
    return {
        **consistency,
        "d_between": found.consistency.between_distance,
        "d_within": found.consistency.within_distance,
        "coverage": _named(found, found.coverage),
        "n_cluster": dict(zip(found.clusters, found.cluster_cases.tolist(), strict=True)),
        "n_unit": dict(zip(found.units, found.unit_cases.tolist(), strict=True)),
    }


def _named(found: ClusterFit, shares: ClusterShares) -> dict[str, object]:
    return {
        "pooled": shares.pooled,
        "between": dict(zip(found.clusters, shares.between.tolist(), strict=True)),
        "within": dict(zip(found.units, shares.within.tolist(), strict=True)),
    }
