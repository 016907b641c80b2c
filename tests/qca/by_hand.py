"""The formulas written out case by case in plain Python, independent of the package."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, product

Cases = Sequence[Mapping[str, float]]
TOLERANCE = math.sqrt(2.0**-52)


def divided(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.nan


def membership(case: Mapping[str, float], literals: Mapping[str, bool]) -> float:
    """Least membership over literals, absent ones negated."""
    return min(case[name] if present else 1 - case[name] for name, present in literals.items())


def sufficiency(x: Sequence[float], y: Sequence[float]) -> dict[str, float]:
    both = sum(map(min, x, y))
    shared = sum(min(a, b, 1 - b) for a, b in zip(x, y, strict=True))
    return {
        "inclS": divided(both, sum(x)),
        "PRI": divided(both - shared, sum(x) - shared),
        "covS": divided(both, sum(y)),
    }


def necessity(x: Sequence[float], y: Sequence[float]) -> dict[str, float]:
    both = sum(map(min, x, y))
    outside = sum(1 - a for a in x)
    return {
        "inclN": divided(both, sum(y)),
        "RoN": divided(outside, sum(1 - min(a, b) for a, b in zip(x, y, strict=True))),
        "covN": divided(both, sum(x)),
    }


def rows(conditions: Sequence[str]) -> list[dict[str, bool]]:
    """All corners, the first condition changing slowest."""
    signs = product((False, True), repeat=len(conditions))
    return [dict(zip(conditions, sign, strict=True)) for sign in signs]


def outcome_of(cases: Cases, outcome: str) -> list[float]:
    name = outcome.removeprefix("~")
    return [1 - case[name] if outcome.startswith("~") else case[name] for case in cases]


def code(fit: Mapping[str, float], inclusion: Sequence[float], pri: float) -> str:
    upper, lower = (*inclusion, 1.0)[:2]
    if fit["inclS"] < upper and fit["inclS"] + TOLERANCE > lower:
        return "C"
    return "1" if fit["inclS"] + TOLERANCE > upper and fit["PRI"] + TOLERANCE > pri else "0"


def truth_table_rows(
    cases: Mapping[str, Mapping[str, float]],
    conditions: Sequence[str],
    outcome: str,
    inclusion: Sequence[float],
    pri: float,
    frequency: int,
) -> list[dict[str, object]]:
    """Every row with its code, figures, cases and deviant cases; None where nothing is near."""
    table = []
    y = outcome_of(list(cases.values()), outcome)
    for number, corner in enumerate(rows(conditions), start=1):
        x = [membership(case, corner) for case in cases.values()]
        members = [name for name, value in zip(cases, x, strict=True) if value > 0.5]
        near = any(all((case[c] > 0.5) == corner[c] for c in conditions) for case in cases.values())
        fit = sufficiency(x, y)
        kept = code(fit, inclusion, pri) if near else "?"
        table.append(
            {
                "row": number,
                "config": [int(corner[c]) for c in conditions],
                "OUT": kept if near and len(members) >= frequency else "?",
                "OUT_if_kept": kept,
                "n": len(members),
                "incl": fit["inclS"] if near else None,
                "PRI": fit["PRI"] if near else None,
                "cases": members,
                "deviant": [
                    name
                    for name, value, result in zip(cases, x, y, strict=True)
                    if value > 0.5 and result < 0.5
                ],
            }
        )
    return table


def combinations_of(conditions: Sequence[str], depth: int) -> list[dict[str, bool]]:
    """All choices of up to `depth` literals, shortest first."""
    return [
        dict(zip(chosen, signs, strict=True))
        for length in range(1, depth + 1)
        for chosen in combinations(conditions, length)
        for signs in product((False, True), repeat=length)
    ]


def calibrated(score: float, scores: Sequence[float], job: Mapping[str, object]) -> float:
    """One score calibrated by the formula of the job."""
    if job["method"] == "TFR":
        return _relative_frequency(score, scores)
    anchors = [float(anchor) for anchor in job["thresholds"]]  # type: ignore[attr-defined]
    if job["type"] == "crisp":
        return float(score >= anchors[0])
    if anchors[0] > anchors[2]:
        low, middle, high = reversed(anchors)
        turned = {**job, "thresholds": [low, middle, high]}
        turned["below"], turned["above"] = job.get("above", 1), job.get("below", 1)
        return 1 - calibrated(score, scores, turned)
    value = _logistic(score, anchors, job) if "idm" in job else _linear(score, anchors, job)
    return 0.0 if value < 0.0001 else 1.0 if value > 0.9999 else value


def _relative_frequency(score: float, scores: Sequence[float]) -> float:
    up_to, bottom = (sum(s <= limit for s in scores) / len(scores) for limit in (score, 1))
    return max(0.0, (up_to - bottom) / (1 - bottom))


def _logistic(score: float, anchors: Sequence[float], job: Mapping[str, object]) -> float:
    low, middle, high = anchors
    idm = float(str(job["idm"]))
    span = middle - low if score < middle else high - middle
    return 1 / (1 + math.exp(-math.log(idm / (1 - idm)) * (score - middle) / span))


def _linear(score: float, anchors: Sequence[float], job: Mapping[str, object]) -> float:
    low, middle, high = anchors
    if score <= low or score >= high:
        return float(score >= high)
    if score <= middle:
        return float(((score - low) / (middle - low)) ** float(str(job.get("below", 1))) / 2)
    return float(1 - ((high - score) / (high - middle)) ** float(str(job.get("above", 1))) / 2)
