"""What is said of the whole company: pattern test, warnings, scales, counts."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.method import anchor_list
from diagnostics.scoring.pattern_tests import hold_patterns
from diagnostics.scoring.results import (
    METHOD_VERSION,
    CompanyResult,
    ScaleProperties,
    Skew,
    UnitResult,
    VerdictResult,
)
from diagnostics.scoring.sets import ReleasedAnswers
from qca.calibration.anchors import calibrate_scores
from qca.errors import ConstantSetError, NoCasesError, ShapeError
from qca.patterns.calibration_warnings import dominating_pattern, skewed_sets
from qca.psychometrics import alpha, intraclass_correlation
from survey.release.tables import FUNCTIONS
from survey.release.tree import ROOT

FEWEST_UNITS: Final = 5  # with a verdict, of which a pattern may be said to lead in most
FEWEST_FOR_SCALES: Final = 10  # persons; the floor of everything told about the company by rows


def company_result(
    released: ReleasedAnswers, lens: Lens, units: Sequence[UnitResult]
) -> CompanyResult:
    """Return the company's result; units come as they are in the tree, the root first."""
    tables = released.tables
    # Regions repeat their units' answers, so only units that are nobody's parent are counted.
    parents = {unit.parent for unit in units}
    own = [unit.own_diagnosis for unit in units[1:] if unit.unit not in parents]
    known = [diagnosis for diagnosis in own if diagnosis is not None]
    held = [hold_patterns(released, lens, function) for function in FUNCTIONS]
    return CompanyResult(
        root=tables.tree.keys[ROOT],
        answers=dict(tables.counts.answers),
        excluded={rule: dict(counts) for rule, counts in tables.counts.excluded.items()},
        invited=dict(tables.counts.invited),
        dropped_items=tables.dropped_items,
        method_version=METHOD_VERSION,
        pattern_tests=tuple(test for tests, _ in held for test in tests),
        set_tests=tuple(test for _, test in held),
        scales=scale_properties(released),
        skewed=tuple(skew for function in FUNCTIONS for skew in skewness(released, lens, function)),
        dominating_pattern=most_often_leading([diagnosis.verdict for diagnosis in known]),
        dominating_by_other_lens=most_often_leading([diagnosis.other_lens for diagnosis in known]),
        verdicts=_shares([diagnosis.verdict for diagnosis in known]),
    )


def scale_properties(released: ReleasedAnswers) -> tuple[ScaleProperties, ...]:
    """Describe every scale over all rows; nothing where too few persons have a score."""
    pools = np.array(released.pools, dtype=str)
    found = []
    common = released.scales.asked_of("").items  # nobody answered the items of both functions
    for place, (code, items) in enumerate(released.scales.items.items()):
        scores = released.personal[:, place]
        known = ~np.isnan(scores)
        if known.sum() < FEWEST_FOR_SCALES:
            continue
        in_pool = known & (pools != "")
        found.append(
            ScaleProperties(
                construct=code,
                items=len(items),
                respondents=int(known.sum()),
                # Beside exact item means, an exact mean of personal scores tells who skipped one.
                mean=round(float(scores[known].mean()), 1),
                standard_deviation=round(float(scores[known].std(ddof=1)), 1),
                alpha=_alpha(released.answers[list(common[code])].to_numpy()),
                icc1=_icc1(scores[in_pool], pools[in_pool].tolist()),
            )
        )
    return tuple(found)


def skewness(released: ReleasedAnswers, lens: Lens, function: str) -> tuple[Skew, ...]:
    """Name the sets that hold too few or too many of a function's persons."""
    memberships = _memberships(released, lens, function)
    if len(memberships) < FEWEST_FOR_SCALES:
        return ()
    found = skewed_sets(memberships, names=lens.method.codes)
    return tuple(
        Skew(code, function, round(min(max(share, 0.1), 0.9), 1))
        for code, share in found.items()
        if not math.isnan(share)
    )


def _memberships(released: ReleasedAnswers, lens: Lens, function: str) -> np.ndarray:
    """float[person, construct] of the persons of one function."""
    members = (released.rows["function"] == function).to_numpy()
    return calibrate_scores(
        released.personal[members], anchor_list(lens.anchors, lens.method.codes)
    )


def _alpha(items: np.ndarray) -> float | None:
    try:
        return _known(alpha(items).raw)
    except (ShapeError, NoCasesError, ConstantSetError):
        return None


def _icc1(scores: np.ndarray, groups: list[str]) -> float | None:
    try:
        return _known(intraclass_correlation(scores, groups).single)
    except NoCasesError:
        return None


def most_often_leading(verdicts: Sequence[VerdictResult | None]) -> str | None:
    """Name the pattern that dominates, from five units on: of fewer it would name a unit's."""
    if len(verdicts) < FEWEST_UNITS:
        return None
    return dominating_pattern([verdict.leading for verdict in verdicts if verdict is not None])


def _shares(verdicts: Sequence[VerdictResult]) -> Mapping[str, int]:
    return dict(Counter(verdict.kind.value for verdict in verdicts))


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
