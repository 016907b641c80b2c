"""From columns of a matrix to sets: calibration, and what it did to each column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.analyses.recipes import Calibration, Recipe, SetRule
from diagnostics.analyses.results import CalibratedSet
from qca.calibration import (
    calibrate_by_frequencies,
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    percentile_anchors,
)
from qca.patterns.calibration_warnings import skewed_sets

BINS: Final = 24


@dataclass(frozen=True, slots=True)
class Sets:
    """The memberships of an analysis; cases with a missing value are left out."""

    raw: pd.DataFrame  # float[case, column], points of the columns
    memberships: pd.DataFrame  # float[case, column], in [0, 1]
    anchors: Mapping[str, tuple[float, ...]]  # column -> points of the column
    left_out: tuple[str, ...]


def sets_of(frame: pd.DataFrame, recipe: Recipe) -> Sets:
    """Calibrate the columns that a recipe uses; raise a QcaError where that cannot be done."""
    columns = [rule.column for rule in recipe.sets]
    used = frame[columns]
    is_missing = used.isna().any(axis=1)
    raw = used[~is_missing]
    anchors = {rule.column: anchors_of(raw[rule.column], rule) for rule in recipe.sets}
    memberships = pd.DataFrame(
        {
            rule.column: _membership(raw[rule.column], rule, anchors[rule.column], recipe.idm)
            for rule in recipe.sets
        },
        index=raw.index,
    )
    return Sets(raw, memberships, anchors, tuple(str(name) for name in used.index[is_missing]))


def anchors_of(raw: pd.Series, rule: SetRule) -> tuple[float, ...]:
    """Return a rule's numbers in points of the column."""
    if rule.method is Calibration.PERCENTILE:
        return percentile_anchors(raw, rule.anchors)
    return rule.anchors


def _membership(
    raw: pd.Series, rule: SetRule, anchors: tuple[float, ...], idm: float
) -> NDArray[np.float64]:
    if not rule.is_calibrated:
        return raw.to_numpy(dtype=np.float64)
    if rule.method is Calibration.INDIRECT:
        return calibrate_indirect(raw, anchors)
    if rule.method is Calibration.CRISP:
        return calibrate_crisp(raw, anchors).astype(np.float64)
    if rule.method is Calibration.FREQUENCY:
        return calibrate_by_frequencies(raw)
    return calibrate_direct(raw, anchors, idm=idm)


def describe_sets(sets: Sets, recipe: Recipe) -> tuple[CalibratedSet, ...]:
    """Say what calibration did to each column: histogram, share above .5, cases at .5."""
    skewed = set(skewed_sets(sets.memberships, names=list(sets.memberships.columns)))
    return tuple(
        _described(sets, rule, skewed, is_outcome=rule is recipe.outcome) for rule in recipe.sets
    )


def _described(sets: Sets, rule: SetRule, skewed: set[str], *, is_outcome: bool) -> CalibratedSet:
    raw, membership = sets.raw[rule.column], sets.memberships[rule.column].to_numpy()
    anchors = sets.anchors[rule.column]
    lowest, highest = _range(raw, anchors, is_calibrated=rule.is_calibrated)
    counts, _ = np.histogram(raw, bins=BINS, range=(lowest, highest))
    return CalibratedSet(
        column=rule.column,
        anchors=anchors,
        method=rule.method,
        is_outcome=is_outcome,
        lowest=lowest,
        highest=highest,
        counts=tuple(counts.tolist()),
        mean=float(membership.mean()),
        share_above_half=float((membership > 0.5).mean()),
        at_half=int((membership == 0.5).sum()),
        is_skewed=rule.column in skewed,
    )


def _range(raw: pd.Series, anchors: Sequence[float], *, is_calibrated: bool) -> tuple[float, float]:
    """Lowest and highest value or anchor; memberships always span 0 to 1."""
    if not is_calibrated:
        return 0.0, 1.0
    return min([float(raw.min()), *anchors]), max([float(raw.max()), *anchors])
