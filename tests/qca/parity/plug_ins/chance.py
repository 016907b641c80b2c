"""Compares consistency expected by chance, and Holm's adjustment, with those computed in R."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from qca.evidence.chance import consistency_lift
from qca.evidence.multiple_tests import holm
from tests.qca.parity.reference_case import Case, Comparison, attempt

EXACT = 1e-12
RANDOM = "drawn at random, a plausibility check of R's own"


def compare(case: Case) -> Iterator[Comparison]:
    """Expected and observed consistencies of pairs of sets, and adjusted p values."""
    for job in case.spec.get("expected_consistency") or ():
        expected = case.expected["expected_consistency"][job["id"]]
        found = attempt(partial(_figures, case, job))
        for part, value in expected.items():
            place = ("expected_consistency", job["id"], part)
            if part.startswith("mean_of_"):
                yield Comparison(place, reason=RANDOM)
            else:
                figure = found[part] if isinstance(found, dict) else found
                yield Comparison(place, value, figure, EXACT)
    for job in case.spec.get("holm") or ():
        expected = case.expected["holm"][job["id"]]
        yield Comparison(("holm", job["id"], "p"), reason="what R was given")
        adjusted = attempt(partial(_adjusted, job))
        yield Comparison(("holm", job["id"], "adjusted"), expected["adjusted"], adjusted, EXACT)


def _figures(case: Case, job: Mapping[str, Any]) -> dict[str, float]:
    data = case.frame()
    x, y = data[job["x"]], data[job["y"]]
    sufficient = consistency_lift(x, y)
    necessary = consistency_lift(x, y, relation="necessity")
    return {
        "mean_min_all_pairs": sufficient.expected * float(x.mean()),
        "expected_sufficiency": sufficient.expected,
        "expected_necessity": necessary.expected,
        "observed_sufficiency": sufficient.consistency,
        "observed_necessity": necessary.consistency,
    }


def _adjusted(job: Mapping[str, Any]) -> list[float]:
    return [float(p) for p in holm(job["p"])]
