"""Solutions by trying out every implicant and every sum of them, in plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product

from tests.qca import by_hand

Literals = dict[str, bool]
Row = dict[str, bool]


def text(literals: Literals) -> str:
    return "*".join(name if present else f"~{name}" for name, present in literals.items())


def covers(literals: Literals, row: Row) -> bool:
    return all(row[name] == present for name, present in literals.items())


def implicants(
    conditions: Sequence[str], positive: list[Row], allowed: list[Row]
) -> list[Literals]:
    """Shortest products that cover a positive row and none outside the allowed ones."""
    outside = [row for row in by_hand.rows(conditions) if row not in allowed]
    found: list[Literals] = []
    for signs in sorted(
        product((None, False, True), repeat=len(conditions)), key=lambda s: len(s) - s.count(None)
    ):
        pairs = zip(conditions, signs, strict=True)
        literals = {name: sign for name, sign in pairs if sign is not None}
        shorter = any(other.items() <= literals.items() for other in found)
        if not shorter and not any(covers(literals, row) for row in outside):
            found.append(literals)
    return [one for one in found if any(covers(one, row) for row in positive)]


def models(primes: list[Literals], positive: list[Row]) -> list[list[Literals]]:
    """The sums with the fewest terms that cover every positive row."""
    for size in range(1, len(primes) + 1):
        found = [
            list(chosen)
            for chosen in combinations(primes, size)
            if all(any(covers(one, row) for one in chosen) for row in positive)
        ]
        if found:
            return found
    return []


def solution(
    cases: Mapping[str, Mapping[str, float]],
    conditions: Sequence[str],
    outcome: str,
    table: Sequence[Mapping[str, object]],
    kind: str,
) -> dict[str, object]:
    """A solution with a single model in the reference format; contradictions count as negative."""
    corners = by_hand.rows(conditions)
    coded = [str(row["OUT"]) for row in table]
    positive = [corner for corner, out in zip(corners, coded, strict=True) if out == "1"]
    free = [corner for corner, out in zip(corners, coded, strict=True) if out == "?"]
    allowed = positive if kind == "conservative" else [*positive, *free]
    primes = implicants(conditions, positive, allowed)
    (model,) = models(primes, positive)
    numbers = {
        f"OUT{code}": sum(int(str(row["n"])) for row in table if row["OUT"] == code)
        for code in "10C"
    }
    assumed = [row for row in free if any(covers(one, row) for one in model)]
    return {
        "PI": [text(one) for one in primes],
        "chart": {text(one): _numbers_of(corners, _covered(one, positive)) for one in primes},
        "models": [[text(one) for one in model]],
        "essential": [text(one) for one in model],
        "initials": [text(row) for row in positive],
        "negatives": [n for n, out in enumerate(coded, start=1) if out in "0C"],
        "numbers": {**numbers, "Total": sum(numbers.values())},
        "complex": False,
        "SA": [_numbers_of(corners, assumed)],
        "fit": {
            "overall": _fit(cases, outcome, table, model, _covered_by_term(model, corners, coded)),
            "per_model": [],
        },
    }


def tied_models(
    conditions: Sequence[str], table: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """Prime implicants and all parsimonious models with the fewest terms."""
    corners = by_hand.rows(conditions)
    outs = [str(row["OUT"]) for row in table]
    positive = [corner for corner, out in zip(corners, outs, strict=True) if out == "1"]
    allowed = [corner for corner, out in zip(corners, outs, strict=True) if out in "1?"]
    primes = implicants(conditions, positive, allowed)
    return {
        "error": None,
        "PI": [text(one) for one in primes],
        "models": [[text(one) for one in model] for model in models(primes, positive)],
    }


def _covered(literals: Literals, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if covers(literals, row)]


def _numbers_of(corners: list[Row], rows: list[Row]) -> list[int]:
    return [corners.index(row) + 1 for row in rows]


def _covered_by_term(
    model: list[Literals], corners: list[Row], coded: list[str]
) -> list[list[int]]:
    """Places of the positive rows under each term."""
    return [
        [i for i, row in enumerate(corners) if coded[i] == "1" and covers(one, row)]
        for one in model
    ]


def _fit(
    cases: Mapping[str, Mapping[str, float]],
    outcome: str,
    table: Sequence[Mapping[str, object]],
    model: list[Literals],
    covered: list[list[int]],
) -> dict[str, object]:
    y = by_hand.outcome_of(list(cases.values()), outcome)
    columns = [[by_hand.membership(case, one) for case in cases.values()] for one in model]
    union = [max(values) for values in zip(*columns, strict=True)]
    whole = by_hand.sufficiency(union, y)
    terms = {}
    for place, one in enumerate(model):
        others = [column for other, column in enumerate(columns) if other != place]
        unique = None
        if others:
            rest = [max(values) for values in zip(*others, strict=True)]
            unique = whole["covS"] - by_hand.sufficiency(rest, y)["covS"]
        names = [",".join(map(str, table[row]["cases"])) for row in covered[place]]  # type: ignore[call-overload]
        fit = by_hand.sufficiency(columns[place], y)
        terms[text(one)] = {**fit, "covU": unique, "cases": "; ".join(names)}
    return {"terms": terms, "solution": whole}
