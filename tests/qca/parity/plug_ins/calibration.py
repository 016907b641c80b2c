"""Compares calibrated memberships and found thresholds."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration import (
    IDM,
    calibrate_bell,
    calibrate_by_frequencies,
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    calibrate_linear,
    find_thresholds,
)
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
    setting,
)

BELL_ANCHORS = 6
ANCHOR_NAMES = (("e", "c", "i"), ("e1", "c1", "i1", "i2", "c2", "e2"))


def compare(case: Case) -> Iterator[Comparison]:
    """Run every calibration job of spec.json."""
    places = {result["id"]: i for i, result in enumerate(case.expected.get("calibration") or ())}
    for job in case.spec.get("calibration") or ():
        if job["id"] not in places:
            continue
        result = case.expected["calibration"][places[job["id"]]]
        path = ("calibration", places[job["id"]], "values" if "values" in result else "error")
        yield from guarded(path, result, _compare_job(case, job, result, path))


def _compare_job(
    case: Case, job: Mapping[str, Any], result: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    scores = case.frame(job.get("raw"))[job["var"]].to_numpy(dtype=np.float64)
    passed_on = bool(np.isnan(scores).any()) and not failed(result)
    found = attempt(partial(_known_values if passed_on else _values, job, scores))
    if gave_up(result):
        yield Comparison(path, reason=R_GAVE_UP)
    elif _out_of_order(job) and isinstance(found, Failure):
        reason = "R calibrates with anchors out of order; ours raises AnchorError, as checked"
        yield Comparison(path, reason=reason)
    elif failed(result) and "non-missing" in result["error"]:
        reason = "R finds no scores between the anchors where none lies outside them"
        yield Comparison(path, reason=reason)
    else:
        yield Comparison(path, result.get("values", failure(result)), found)


def calibrated(job: Mapping[str, Any], scores: ArrayLike) -> NDArray[np.generic]:
    """The memberships that a job asks for, by the public function that it means."""
    thresholds = anchors_of(job)
    method = setting(job, "method", "direct")
    exponents = {"below": setting(job, "below", 1), "above": setting(job, "above", 1)}
    if method == "findTh":
        return find_thresholds(scores, count=setting(job, "n", 1))
    if setting(job, "type", "fuzzy") == "crisp":
        return calibrate_crisp(scores, thresholds)
    if method == "TFR":
        return calibrate_by_frequencies(scores)
    if method == "indirect":
        return calibrate_indirect(scores, thresholds)
    if len(thresholds) == BELL_ANCHORS:
        return calibrate_bell(scores, thresholds, **exponents)
    if setting(job, "logistic", True):
        return calibrate_direct(scores, thresholds, idm=setting(job, "idm", IDM))
    return calibrate_linear(scores, thresholds, cumulative=setting(job, "ecdf", False), **exponents)


def anchors_of(job: Mapping[str, Any]) -> list[float]:
    """Thresholds as a number, a list, a text such as "20, 50, 80" or by R's names."""
    given = job.get("thresholds")
    if isinstance(given, str):
        named = [part.partition("=") for part in given.split(",")]
        pairs = {name.strip(): value for name, equals, value in named if equals}
        given = pairs or [name for name, _, _ in named]
    if isinstance(given, Mapping):
        names = next(names for names in ANCHOR_NAMES if set(names) == set(given))
        given = [given[name] for name in names]
    return [] if given is None else [float(anchor) for anchor in np.atleast_1d(given)]


def _values(job: Mapping[str, Any], scores: NDArray[np.float64]) -> object:
    return calibrated(job, scores).tolist()


def _known_values(job: Mapping[str, Any], scores: NDArray[np.float64]) -> object:
    """R passes missing scores on as NA, and findTh leaves them out; ours refuses them."""
    refused = attempt(partial(_values, job, scores))
    assert isinstance(refused, Failure)
    assert refused.message.startswith("MissingDataError")
    known = ~np.isnan(scores)
    if job.get("method") == "findTh":
        return _values(job, scores[known])
    values = np.full(len(scores), np.nan)
    values[known] = calibrated(job, scores[known])
    return values.tolist()


def _out_of_order(job: Mapping[str, Any]) -> bool:
    """Whether the anchors of a direct calibration are in none of the orders that ours accepts."""
    if setting(job, "type", "fuzzy") != "fuzzy" or setting(job, "method", "direct") != "direct":
        return False
    anchors = anchors_of(job)
    if len(anchors) == BELL_ANCHORS:
        inside_out = [anchors[place] for place in (2, 1, 0, 5, 4, 3)]
        return not any(_bell(points) for points in (anchors, inside_out))
    steps = np.diff(anchors)
    return len(anchors) == 3 and not ((steps > 0).all() or (steps < 0).all())


def _bell(points: list[float]) -> bool:
    first, second, third, fourth, fifth, sixth = points
    return first < second < third <= fourth < fifth < sixth
