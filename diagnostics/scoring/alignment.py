"""Operations and sales of one unit side by side, from what is told of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.results import AlignmentResult, ElementDifference, Interval
from diagnostics.scoring.sets import SetFigures
from qca.patterns.alignment import Alignment, alignment
from survey.policy import INTERVAL_FLOOR, MEAN_HIGH, MEAN_LOW
from survey.release.tables import Plan

Pair = tuple[SetFigures, ...]  # operations and sales; empty where they are not told apart
FEWEST_ELEMENTS: Final = 2  # one difference alone is no comparison of two functions


@dataclass(frozen=True, slots=True)
class _Side:
    """One function: float[element], and float[draw, element] with NaN where none may be used."""

    scores: NDArray[np.float64]
    draws: NDArray[np.float64]


def functions_compared(pairs: Mapping[Plan, Pair], lens: Lens) -> AlignmentResult | None:
    """Return the differences of both functions, None where there is nothing to compare."""
    general, sensitive = pairs[Plan.GENERAL], pairs[Plan.SENSITIVE]
    if not general and not sensitive:
        return None
    operations, sales = (
        _side([pair[place] for pair in (general, sensitive) if pair], lens) for place in (0, 1)
    )
    elements = lens.method.elements
    found = alignment(
        operations.scores,
        sales.scores,
        patterns=lens.method.pattern_set.qca_patterns(),
        elements=elements,
        anchors=lens.of_elements,
        first_draws=operations.draws,
        second_draws=sales.draws,
    )
    if (~np.isnan(found.differences)).sum() < FEWEST_ELEMENTS:
        return None
    # Memberships are told of sets of the sensitive plan only, and their overlap of all of them.
    is_whole = bool(sensitive) and not np.isnan(found.differences).any()
    return AlignmentResult(
        differences=tuple(
            ElementDifference(
                construct=code,
                operations=float(operations.scores[place]),
                sales=float(sales.scores[place]),
                difference=float(found.differences[place]),
                interval=_interval(found, place),
            )
            for place, code in enumerate(elements)
            if not np.isnan(found.differences[place])
        ),
        overlap=found.overlap if is_whole else None,
    )


def _side(sets: list[SetFigures], lens: Lens) -> _Side:
    """Take each element from the first set that tells it: the sensitive plan tells few of them."""
    count = len(lens.method.elements)
    scores = np.full(count, np.nan)
    draws = np.full((lens.method.draws, count), np.nan)
    for place in range(count):
        told = next((each for each in sets if not np.isnan(each.scores[place])), None)
        if told is None:
            continue
        scores[place] = told.scores[place]
        # Draws around a score at the end of what is shown would tell where beyond it lies.
        is_inside = MEAN_LOW < scores[place] < MEAN_HIGH
        if told.draws is not None and told.valid[place] >= INTERVAL_FLOOR and is_inside:
            draws[:, place] = told.draws[:, place]
    return _Side(scores, draws)


def _interval(found: Alignment, place: int) -> Interval | None:
    """The interval of one difference, widened to hold it as those of scores are."""
    low, high = found.intervals[place].tolist()
    if np.isnan(low) or np.isnan(high):
        return None
    difference = float(found.differences[place])
    return Interval(min(low, difference), max(high, difference))
