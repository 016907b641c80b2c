"""Compares necessary condition analyses with those of R's NCA."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from qca.necessary_conditions.bottleneck_levels import bottleneck_table
from qca.necessary_conditions.ceiling_permutations import (
    ceiling_permutation,
    effect_sizes_of_orders,
)
from qca.necessary_conditions.ceilings import Ceiling, CeilingAnalysis, Technique, ceiling_analysis
from qca.necessary_conditions.scopes import Scope, read_field
from tests.qca.parity.reference_case import Case, Comparison, Quantity, attempt, guarded

TECHNIQUES: tuple[Technique, ...] = ("ce_fdh", "cr_fdh")
Job = Mapping[str, Any]
EXACT = 1e-8  # relative above 1
UNITS = {"percentage_range": "percent", "actual": "actual"}
RANDOM = "depends on R's generator; p and the mean are compared"
INPUT = "what R was given"
CORNER = "a line through the corner of the scope, where R's own rounding decides"


def compare(case: Case) -> Iterator[Comparison]:
    """Each condition of each job."""
    results = case.expected.get("nca") or {}
    data = case.frame() if results else pd.DataFrame()
    for job in case.spec.get("nca") or ():
        for name, expected in results[job["id"]]["x"].items():
            path: Quantity = ("nca", job["id"], "x", name)
            yield from guarded(path, expected, _compare(data, job, name, expected, path))


def _compare(
    data: pd.DataFrame,
    job: Job,
    name: str,
    expected: Job,
    path: Quantity,
) -> Iterator[Comparison]:
    figures = attempt(partial(_figures, data, job, name))
    told = {part: value for part, value in expected.items() if part in figures_of(expected)}
    for part, value in told.items():
        found = figures[part] if isinstance(figures, dict) else figures
        yield Comparison((*path, part), value, found, EXACT)
    if "warnings" in expected:
        warned = isinstance(figures, dict) and figures["widened"]
        yield Comparison((*path, "warnings"), bool(expected["warnings"]), warned)
    yield from _compare_bottlenecks(data, job, name, expected, path)
    if "test" in expected:
        yield from _compare_test(data, job, name, expected, path)


def figures_of(expected: Job) -> set[str]:
    """What is deterministic of one condition."""
    return set(expected) - {"bottleneck", "test", "permuted", "warnings"}


def _settings(job: Job, name: str) -> dict[str, Any]:
    given = job["scope"]
    scope = None if given is None else Scope(*map(float, given))
    return {"condition": name, "outcome": job["y"], "corner": job["corner"], "scope": scope}


def _figures(data: pd.DataFrame, job: Job, name: str) -> dict[str, object]:
    found = ceiling_analysis(data, **_settings(job, name))
    inside = ceiling_analysis(data, **{**_settings(job, name), "scope": None})
    theory = None if found.scope == inside.scope else _scope(found.scope)
    return {
        "n": found.cases,
        "scope_empirical": _scope(inside.scope),
        "scope_theoretical": theory,
        "peers": [{"case": peer.case, "x": peer.x, "y": peer.y} for peer in found.peers],
        "n_peers_cr": 0 if math.isnan(found.cr_fdh.slope) else len(found.peers),
        "ce_fdh": {**_ceiling(found, found.ce_fdh), "accuracy_n": None},
        "cr_fdh": _ceiling(found, found.cr_fdh),
        "widened": found.widened,
    }


def _scope(scope: Scope) -> dict[str, float]:
    names = ("area", "x_min", "x_max", "y_min", "y_max")
    return {name: float(getattr(scope, name)) for name in names}


def _ceiling(found: CeilingAnalysis, ceiling: Ceiling) -> dict[str, float]:
    return {
        "ceiling_zone": ceiling.zone,
        "effect_size": ceiling.effect_size,
        "n_above": ceiling.cases_above,
        "slope": ceiling.slope,
        "intercept": ceiling.intercept,
        "complexity": ceiling.complexity,
        "fit": ceiling.fit,
        "accuracy": ceiling.accuracy,
        "accuracy_n": found.cases - ceiling.cases_above,
        "ineff_condition": ceiling.condition_inefficiency,
        "ineff_outcome": ceiling.outcome_inefficiency,
        "ineff_rel": ceiling.relative_inefficiency,
        "ineff_abs": ceiling.absolute_inefficiency,
    }


def _compare_bottlenecks(
    data: pd.DataFrame,
    job: Job,
    name: str,
    expected: Job,
    path: Quantity,
) -> Iterator[Comparison]:
    settings = _settings(job, name)
    scope = ceiling_analysis(data, **settings).scope
    chosen = {key: settings[key] for key in ("outcome", "corner", "scope")}
    for unit, shown in expected["bottleneck"].items():
        for technique in TECHNIQUES:
            table = bottleneck_table(
                data,
                conditions=[name],
                technique=technique,
                steps=job["steps"],
                cutoff=job["cutoff"],
                unit=unit,
                **chosen,
            )
            place = (*path, "bottleneck", unit)
            yield Comparison((*place, "y"), shown["y"], table.levels.tolist(), EXACT)
            yield Comparison((*place, "y_actual"), shown["y_actual"], table.outcomes.tolist())
            yield from _compare_rows(
                shown[technique], table.required[name], table.printed[name], scope,
                (*place, technique),
            )  # fmt: skip


def _compare_rows(
    shown: Mapping[str, Any],
    required: np.ndarray,
    printed: tuple[str, ...],
    scope: Scope,
    place: Quantity,
) -> Iterator[Comparison]:
    """Row by row, since a line through the corner of the scope is R's rounding."""
    percent = 100 * (required - scope.x_min) / np.float64(scope.x_max - scope.x_min or np.nan)
    for row, text in enumerate(shown["printed"]):
        found = {"printed": printed[row], "x_actual": required[row], "x_percent": percent[row]}
        for part, value in found.items():
            if part not in shown:
                continue
            spot = (*place, part, row)
            reference = shown[part][row]
            if text != printed[row] and _at_a_border(text, printed[row], required[row], scope):
                yield Comparison(spot, reason=CORNER)
            elif text == printed[row] == "NN" and part != "printed":
                yield Comparison(spot, True, reference in ("-Inf", "Inf"))
            else:
                yield Comparison(spot, reference, value, EXACT)


def _at_a_border(text: str, printed: str, required: float, scope: Scope) -> bool:
    """Whether what differs is a mark on one side and a border of the scope on the other."""
    marks = {"NN", "NA"} & {text, printed}
    values = {text, printed} - marks
    slack = 1e-9 * (scope.x_max - scope.x_min)
    at_border = min(abs(required - scope.x_min), abs(required - scope.x_max)) <= slack
    borders = {"0.0", "100.0", f"{scope.x_min:.3f}", f"{scope.x_max:.3f}"}
    return len(marks) == 1 and (at_border or values <= borders)


def _compare_test(
    data: pd.DataFrame,
    job: Job,
    name: str,
    expected: Job,
    path: Quantity,
) -> Iterator[Comparison]:
    settings, test = _settings(job, name), expected["test"]
    found = ceiling_permutation(data, **settings, seed=test["seed"], draws=test["rep"])
    for technique in TECHNIQUES:
        ours, theirs = getattr(found, technique), test[technique]
        spot = (*path, "test", technique)
        if not theirs["n_permutations"]:
            yield Comparison(spot, True, math.isnan(ours.p))
            continue
        tied = max((theirs["n_ge_tolerant"] + 1) / (test["rep"] + 1), 1 / test["rep"])
        yield Comparison((*spot, "p_value"), True, abs(ours.p - tied) <= theirs["p_tolerance"])
        yield Comparison((*spot, "mean"), theirs["mean"], float(ours.permuted.mean()), 0.02)
        for part in set(theirs) - {"p_value", "mean"}:
            yield Comparison((*spot, part), reason=RANDOM)
    for part in ("rep", "seed"):
        yield Comparison((*path, "test", part), reason=INPUT)
    field = read_field(data, **settings)
    for place, order in enumerate(expected.get("permuted") or ()):
        sizes = effect_sizes_of_orders(field, [[number - 1 for number in order["order"]]])[0]
        yield Comparison((*path, "permuted", place, "order"), reason=INPUT)
        for technique, size in zip(TECHNIQUES, sizes.tolist(), strict=True):
            spot = (*path, "permuted", place, technique)
            yield Comparison(spot, order[technique], size, EXACT)
