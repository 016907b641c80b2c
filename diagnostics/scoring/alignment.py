"""Operations and sales of one unit side by side, from what is told of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.results import AlignmentResult, ElementDifference, Interval
from diagnostics.scoring.sets import SetFigures
from qca.patterns.alignment import alignment
from qca.patterns.changes import change_interval
from survey.policy import MEAN_HIGH, MEAN_LOW
from survey.release.tables import Plan

Pair = tuple[SetFigures, ...]  # operations and sales; empty where they are not told apart
FEWEST_ELEMENTS: Final = 2  # one difference alone is no comparison of two functions


@dataclass(frozen=True, slots=True)
class _Side:
    """One function: float[element], and float[element, 2] with NaN where none may be used."""

    scores: NDArray[np.float64]
    intervals: NDArray[np.float64]


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
                interval=_interval(operations, sales, place),
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
    intervals = np.full((count, 2), np.nan)
    for place in range(count):
        told = next((each for each in sets if not np.isnan(each.scores[place])), None)
        if told is None:
            continue
        scores[place] = told.scores[place]
        # An interval around a score at the end of what is shown would tell how far beyond it lies.
        if MEAN_LOW < scores[place] < MEAN_HIGH:
            intervals[place] = told.intervals[place]
    return _Side(scores, intervals)


def _interval(operations: _Side, sales: _Side, place: int) -> Interval | None:
    """The interval of one difference, from those of both scores."""
    first, second = operations.intervals[place].tolist(), sales.intervals[place].tolist()
    if np.isnan([*first, *second]).any():
        return None
    return Interval(
        *change_interval(
            float(sales.scores[place]),
            float(operations.scores[place]),
            before_interval=(second[0], second[1]),
            now_interval=(first[0], first[1]),
        )
    )
