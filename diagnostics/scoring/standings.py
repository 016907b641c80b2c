"""Where a unit stands among the company's units, by thirds and as surely as its interval allows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.method import Method
from diagnostics.scoring.results import ConstructScore, Standing, Third, UnitResult
from diagnostics.scoring.trends import comparable_scores

FEWEST_PEERS: Final = 5  # units; among fewer, a place would tell the others' figures
Scores = Mapping[str, ConstructScore]


def with_standings(units: Sequence[UnitResult], method: Method) -> tuple[UnitResult, ...]:
    """Return the units, those without sub-units with their standings.

    Only units with ten answers of their own are compared, and never on sensitive elements: more or
    less rule-bending than others is no merit.
    """
    parents = {unit.parent for unit in units}
    scores = {unit.unit: comparable_scores(unit) for unit in units[1:] if unit.unit not in parents}
    codes = [code for code in method.codes if code not in method.never_raised]
    known = {
        code: np.array([each[code].score for each in scores.values() if code in each])
        for code in codes
    }
    return tuple(
        replace(unit, standings=_standings(scores[unit.unit], known))
        if unit.unit in scores
        else unit
        for unit in units
    )


def _standings(scores: Scores, known: Mapping[str, NDArray[np.float64]]) -> tuple[Standing, ...]:
    found = []
    for code, everybody in known.items():
        own = scores.get(code)
        if own is None or own.interval is None or len(everybody) < FEWEST_PEERS:
            continue
        others = np.delete(everybody, np.flatnonzero(everybody == own.score)[0])
        found.append(
            Standing(
                construct=code,
                lowest=third_of(own.interval.low, others),
                highest=third_of(own.interval.high, others),
                units=len(everybody),
            )
        )
    return tuple(found)


def third_of(score: float, others: Sequence[float] | NDArray[np.float64]) -> Third:
    """Return the third in which a score lies, by the share of the others below it.

    Ties count half.

    >>> third_of(4.4, [3.0, 4.0, 5.0, 6.0]).value
    'middle'
    """
    values = np.asarray(others)
    below = float((values < score).sum() + 0.5 * (values == score).sum())
    if 3 * below < len(others):
        return Third.LOWER
    return Third.UPPER if 3 * below > 2 * len(others) else Third.MIDDLE
