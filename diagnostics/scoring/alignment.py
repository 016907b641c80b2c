"""Operations and sales of one unit side by side, from what is told of each."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.pooling import PooledFigures
from diagnostics.scoring.results import AlignmentResult, ElementDifference, Interval
from qca.bootstrap import percentile_interval
from qca.patterns.alignment import alignment
from survey.release.tables import Plan

Pair = tuple[PooledFigures, ...]  # operations and sales; empty where they are not told apart
FEWEST_ELEMENTS: Final = 2  # one difference alone is no comparison of two functions


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
        operations.estimate,
        sales.estimate,
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
                operations=float(operations.estimate[place]),
                sales=float(sales.estimate[place]),
                difference=float(found.differences[place]),
                interval=_interval(operations, sales, place),
            )
            for place, code in enumerate(elements)
            if not np.isnan(found.differences[place])
        ),
        overlap=found.overlap if is_whole else None,
    )


def _side(sets: list[PooledFigures], lens: Lens) -> PooledFigures:
    """Take each element from the first set that tells it: the sensitive plan tells few of them."""
    count = len(lens.method.elements)
    estimate = np.full(count, np.nan)
    intervals = np.full((count, 2), np.nan)
    draws = np.full((lens.method.draws, count), np.nan)
    for place in range(count):
        told = next((each for each in sets if not np.isnan(each.estimate[place])), None)
        if told is not None:
            estimate[place], intervals[place] = told.estimate[place], told.intervals[place]
            draws[:, place] = told.draws[:, place]
    return PooledFigures(estimate, intervals, draws)


def _interval(operations: PooledFigures, sales: PooledFigures, place: int) -> Interval:
    """The interval of one difference, of draws that know nothing of each other."""
    bounds = percentile_interval(operations.draws[:, [place]] - sales.draws[:, [place]])
    return Interval(float(bounds[0, 0]), float(bounds[0, 1]))
