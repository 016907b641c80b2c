"""The numbers behind a calibration: points as they are, or percentiles of the company's answers."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.method import CalibrationContent, CalibrationKind, Method

FEWEST_FOR_PERCENTILES: Final = 50  # persons; fewer would let a percentile tell of one of them
STEP: Final = 0.1  # scale points; percentiles are rounded to it, and lie at least this far apart

AnchorNumbers = Mapping[str, tuple[float, ...]]  # construct -> full out, crossover, full in


def anchors_of(
    method: Method, personal: NDArray[np.float64]
) -> tuple[AnchorNumbers, AnchorNumbers]:
    """Return the anchors in points and those of the other lens, which may be none.

    personal: float[person, construct]. Percentiles need fifty scores of each construct: with
    fewer, relative anchors give way to the fixed ones, and there is no other lens.
    """
    enough = bool((~np.isnan(personal)).sum(axis=0).min() >= FEWEST_FOR_PERCENTILES)
    chosen, other = method.calibration, method.other_lens
    if not enough:
        fixed = chosen if chosen.kind is CalibrationKind.ABSOLUTE else other
        return _numbers(fixed, method, personal), {}
    return _numbers(chosen, method, personal), _numbers(other, method, personal)


def _numbers(
    rule: CalibrationContent, method: Method, personal: NDArray[np.float64]
) -> AnchorNumbers:
    if rule.kind is CalibrationKind.ABSOLUTE:
        return {code: rule.three(code) for code in method.codes}
    return {
        code: _percentiles(personal[:, column], rule.three(code))
        for column, code in enumerate(method.codes)
    }


def _percentiles(scores: NDArray[np.float64], ranks: tuple[float, ...]) -> tuple[float, ...]:
    low, middle, high = np.round(np.nanpercentile(scores, ranks) / STEP) * STEP
    # Where many persons score alike two percentiles may coincide, and anchors must rise.
    return (
        round(float(min(low, middle - STEP)), 1),
        round(float(middle), 1),
        round(float(max(high, middle + STEP)), 1),
    )
