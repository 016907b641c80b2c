"""Leave out careless answers and items that do not belong, decided once before pooling."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import InputError
from survey.instrument.content import Construct, ConstructRole, Instrument
from survey.release.tables import FUNCTIONS, Counts

ITEM_ROLES = (ConstructRole.ELEMENT, ConstructRole.OUTCOME)


@dataclass(frozen=True, slots=True)
class ExclusionRules:
    """Rules that a campaign freezes at launch.

    attention_check: leave out who answered a check with another point than it asks for; a check
    left open is no wrong answer. uniform_share: leave out who gave one and the same answer on at
    least this share of all items. item_total: drop an item whose correlation with the mean of
    its construct's other items, reverse items turned, is lower. item_total_answers: judge an item
    only where this many answered; with 25 answers chance alone moves a correlation by .2.
    """

    attention_check: bool = True
    uniform_share: float = 0.9
    item_total: float = 0.30
    item_total_answers: int = 50

    def as_mapping(self) -> dict[str, float]:
        """Return the rules as a campaign stores them."""
        return asdict(self)

    @classmethod
    def from_mapping(cls, stored: Mapping[str, float]) -> "ExclusionRules":
        """Return stored rules; what is not stored stays at its default."""
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(stored) - set(known))
        if unknown:
            raise InputError(
                f"Exclusion rules: expected {', '.join(known)}, found {', '.join(unknown)}."
            )
        return cls(
            attention_check=bool(stored.get("attention_check", True)),
            uniform_share=float(stored.get("uniform_share", 0.9)),
            item_total=float(stored.get("item_total", 0.30)),
            item_total_answers=int(stored.get("item_total_answers", 50)),
        )


def exclusion_reasons(
    answers: pd.DataFrame, instrument: Instrument, rules: ExclusionRules
) -> pd.Series:
    """Return the rule that leaves each answer out, the first that applies, or ""."""
    reasons = pd.Series("", index=answers.index)
    reasons[_is_uniform(answers, instrument, rules.uniform_share)] = "uniform_share"
    if rules.attention_check:
        reasons[_failed_check(answers, instrument)] = "attention_check"
    return reasons


def _failed_check(answers: pd.DataFrame, instrument: Instrument) -> NDArray[np.bool_]:
    failed = np.zeros(len(answers), dtype=np.bool_)
    for _, item in instrument.items(ConstructRole.CHECK):
        if item.code in answers:
            given = answers[item.code]
            failed |= (given.notna() & (given != item.expected)).to_numpy()
    return failed


def _is_uniform(answers: pd.DataFrame, instrument: Instrument, share: float) -> NDArray[np.bool_]:
    items = [
        item
        for construct, item in instrument.items()
        if construct.role is not ConstructRole.CHECK and item.code in answers
    ]
    given = answers[[item.code for item in items]].to_numpy(dtype=float)
    asked = {name: sum(item.is_asked_of(name) for item in items) for name in FUNCTIONS}
    asked_of_each = answers["function"].map(asked).to_numpy(dtype=float)
    points = range(1, instrument.scale.points + 1)
    most = np.max([(given == point).sum(axis=1) for point in points], axis=0)
    # Less one part in a million, so that 9 of 10 is not less than .9 in floating point.
    return most >= share * asked_of_each * (1 - 1e-6)


def exclusion_counts(answers: pd.DataFrame, reasons: pd.Series) -> Counts:
    """Count by function who is counted and who is left out by which rule."""

    functions, found = answers["function"].to_numpy(), reasons.to_numpy()

    def by_function(reason: str) -> dict[str, int]:
        chosen = functions[found == reason]
        return {function: int((chosen == function).sum()) for function in FUNCTIONS}

    return Counts(
        answers=by_function(""),
        excluded={rule: by_function(rule) for rule in ("attention_check", "uniform_share")},
    )


def weak_items(
    answers: pd.DataFrame, instrument: Instrument, rules: ExclusionRules
) -> tuple[str, ...]:
    """Return the items to drop; one whose correlation is undefined or little known stays.

    An item without others in its construct has no correlation.
    """
    dropped: list[str] = []
    for construct in instrument.constructs:
        if construct.role not in ITEM_ROLES or len(construct.items) == 1:
            continue
        known = answers[[item.code for item in construct.items]].notna().sum()
        if known.max() < rules.item_total_answers:
            continue
        correlations = _item_totals(answers, construct, instrument.scale.points)
        dropped += [
            code
            for code, r in correlations.items()
            if r < rules.item_total and known[code] >= rules.item_total_answers
        ]
    return tuple(dropped)


def _item_totals(answers: pd.DataFrame, construct: Construct, points: int) -> dict[str, float]:
    turned = pd.DataFrame(
        {
            item.code: points + 1 - answers[item.code] if item.is_reversed else answers[item.code]
            for item in construct.items
        },
        dtype=float,
    )
    return {
        code: _correlation(
            turned[code].to_numpy(), turned.drop(columns=code).mean(axis=1).to_numpy()
        )
        for code in turned.columns
    }


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < 2 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return float("nan")
    return float(np.corrcoef(one[both], other[both])[0, 1])
