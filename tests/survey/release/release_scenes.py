"""A short instrument, random organisations and their answers for tests of the release."""

from typing import Any

import numpy as np
import pandas as pd

from survey.instrument.content import Instrument, parse_instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import FUNCTIONS, ReleasedTables
from survey.release.tree import UnitTree

KEEP_ALL_ITEMS = ExclusionRules(item_total=-1.0)


def _items(prefix: str, number: int, **extra: object) -> list[dict[str, object]]:
    return [{"code": f"{prefix}{i}", "text": {"en": "x"}, **extra} for i in range(1, number + 1)]


def _construct(
    code: str, role: str, items: list[dict[str, object]], **extra: object
) -> dict[str, object]:
    return {"code": code, "role": role, "name": {"en": code}, "items": items, **extra}


def short_instrument(items: int = 2) -> Instrument:
    """Return one or two items an element (RB sensitive) and the outcome, a check and a marker."""
    return parse_instrument(short_content(items=items))


def short_content(*, items: int) -> dict[str, Any]:
    """Return the same as plain content."""
    foresight = _items("TF", items)
    if items > 1:
        foresight[1]["reversed"] = True
    return {
        "code": "short",
        "version": 1,
        "title": {"en": "Short"},
        "opening": {"en": "x"},
        "scale": {"points": 7, "labels": {"en": list("1234567")}, "opt_out": {"en": "x"}},
        "constructs": [
            _construct("TF", "element", foresight),
            _construct("RB", "element", _items("RB", items), sensitive=True),
            _construct("CK", "check", _items("CHECK", 1, expected=3)),
            _construct("MV", "marker", _items("MV", 1)),
            _construct("DSO", "outcome", _items("DSO", items)),
        ],
    }


INSTRUMENT = short_instrument()
CODES = [item.code for _, item in INSTRUMENT.items()]
TABULATED = ["TF1", "TF2", "RB1", "RB2", "DSO1", "DSO2"]


def tree_of(*parents: int) -> UnitTree:
    """Return a tree of units u0, u1, ... with the given parents."""
    keys = tuple(f"u{position}" for position in range(len(parents)))
    return UnitTree(keys, parents, keys)


def random_tree(units: int, random: np.random.Generator) -> UnitTree:
    """Return a tree in which every unit hangs under any earlier one."""
    return tree_of(-1, *(int(random.integers(0, position)) for position in range(1, units)))


def answers_of(
    *groups: tuple[str, int, int],
    random: np.random.Generator,
    missing: float = 0.0,
    instrument: Instrument = INSTRUMENT,
) -> pd.DataFrame:
    """Return answers of (unit, people in operations, people in sales)."""
    people = [
        (unit, function)
        for unit, *numbers in groups
        for function, number in zip(FUNCTIONS, numbers, strict=True)
        for _ in range(number)
    ]
    answers = pd.DataFrame(people, columns=["unit", "function"], dtype=object)
    points: dict[str, Any] = {"leads": False}
    for _, item in instrument.items():
        given = random.integers(2, 7, size=len(people)).astype(float)
        given[random.random(len(people)) < missing] = np.nan
        if item.function:
            given[(answers["function"] != item.function).to_numpy(dtype=np.bool_)] = np.nan
        points[item.code] = given
    return answers.assign(**points | {"CHECK1": 3.0})


def random_answers(
    tree: UnitTree,
    random: np.random.Generator,
    *,
    missing: float = 0.0,
    most: int = 12,
    instrument: Instrument = INSTRUMENT,
) -> pd.DataFrame:
    """Return answers of 0 to most people a unit, sales in the minority, a few leaders."""
    sales = random.choice([0.0, 0.2, 0.5], size=len(tree))
    groups = []
    for unit, share in zip(tree.keys, sales, strict=True):
        people = int(random.integers(0, most + 1))
        number = int(random.binomial(people, share))
        groups.append((unit, people - number, number))
    answers = answers_of(*groups, random=random, missing=missing, instrument=instrument)
    answers["leads"] = random.random(len(answers)) < 0.05
    return answers


def released(
    answers: pd.DataFrame,
    tree: UnitTree,
    *,
    rules: ExclusionRules = KEEP_ALL_ITEMS,
    instrument: Instrument = INSTRUMENT,
) -> tuple[ReleasedTables, pd.DataFrame]:
    """Release the answers under the floors 5 and 10."""
    return release(answers, tree, instrument, floor=5, sensitive_floor=10, exclusion_rules=rules)
