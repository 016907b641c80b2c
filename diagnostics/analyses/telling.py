"""What is told of answers that nobody reads one by one: bands, no case, rounded figures.

Tables of one company and different conditions, cuts or functions, less each other, would tell what
each of them hides: so numbers are bands, rows of fewer than five are not listed, every analysis
rests on the same people, and nothing that would find a number out by trying can be chosen.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

import pandas as pd

from diagnostics.analyses.check_results import RobustnessResult
from diagnostics.analyses.forgetting import without_cases
from diagnostics.analyses.recipes import Recipe, SetRule
from diagnostics.analyses.results import AnalysisResult, CalibratedSet, TruthRow
from qca.calibration import IDM
from qca.errors import QcaError
from survey.policy import TOLD_SHARE_DIGITS, told_size

Told = TypeVar("Told")
DIGITS: Final = 3
CUTS: Final = (5, 10, 20, 50)  # cases in a row: where the bands begin that sizes are told in
FREQUENCY: Final = "frequency"


class UntoldError(QcaError):
    """A recipe asks for what is not told where nobody reads single answers."""


def told_cases(scores: pd.DataFrame) -> pd.DataFrame:
    """Return who counts in every analysis: complete in all constructs, used or not.

    An analysis of fewer columns would else have a few people more, and the two, less each other,
    would be about those.
    """
    return scores[scores.notna().all(axis=1)]


def told_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return those whose function is told, or everybody where nobody's is.

    Everybody less operations and sales would be the people of the teams that are too small for it.
    """
    known = rows[rows["function"] != ""]
    return known if len(known) else rows


def told_cut(cases: int) -> int:
    """Return the largest of the cuts that can be chosen up to a number of cases; else the least.

    >>> told_cut(3), told_cut(8), told_cut(30)
    (5, 5, 20)
    """
    return max((cut for cut in CUTS if cut <= cases), default=CUTS[0])


def require_told(recipe: Recipe, anchors: Mapping[str, tuple[float, ...]]) -> None:
    """Raise UntoldError unless sets are calibrated as the campaign's are, and rows cut at a band.

    Sliding an anchor or a cut from value to value would tell the people between two of them.
    """
    for rule in recipe.sets:
        if rule != replace(_own(rule.column, anchors), expectation=rule.expectation):
            raise UntoldError(
                f"expected {rule.column} calibrated as the campaign's results are, found other "
                "anchors or another method"
            )
    if recipe.idm != IDM:
        raise UntoldError(f"expected the calibration constant {IDM:.3f}, found {recipe.idm:.3f}")
    if recipe.frequency_cut not in CUTS:
        listed = ", ".join(map(str, CUTS))
        raise UntoldError(
            f"expected a frequency cut of {listed}, where the bands of sizes begin, found "
            f"{recipe.frequency_cut}"
        )


def told_result(result: AnalysisResult) -> AnalysisResult:
    """Return a result as it may be told; one that is told already stays as it is."""
    kept = without_cases(result)
    return rounded(
        replace(
            kept,
            rows=tuple(_told_row(row) for row in result.rows if _is_told(row)),
            sets=tuple(map(_told_set, kept.sets)),
            cases=told_size(result.cases),
        )
    )


def told_check(result: Told) -> Told:
    """Return a check without numbers of cases, and without the range of the frequency cut.

    The range ends where a row has one case more: it would tell the row's number.
    """
    if not isinstance(result, RobustnessResult):
        return rounded(result)
    kinds = tuple(replace(one, cases=None) for one in result.kinds)
    ranges = tuple(one for one in result.ranges if one.parameter != FREQUENCY)
    told: Told = rounded(replace(result, kinds=kinds, ranges=ranges))
    return told


def rounded(found: Told) -> Told:
    """Return frozen values with every figure rounded."""
    told: Told = _rounded(found)
    return told


def _own(column: str, anchors: Mapping[str, tuple[float, ...]]) -> SetRule:
    return SetRule(column, anchors[column]) if column in anchors else SetRule(column)


def _is_told(row: TruthRow) -> bool:
    """Rows of one to four are as little told as those of nobody, but for what a person excluded."""
    return (row.n or 0) >= CUTS[0] or bool(row.reason)


def _told_row(row: TruthRow) -> TruthRow:
    """Return a row with the lower end of its band; of an excluded small one its code alone."""
    n = row.n or 0
    if n < CUTS[0]:
        return replace(row, n=None, consistency=None, pri=None, cases=(), deviant=())
    return replace(row, n=told_cut(n), cases=(), deviant=())


def _told_set(one: CalibratedSet) -> CalibratedSet:
    """Return a set whose share above .5 is a whole percent: finer shares tell of how many."""
    share = one.share_above_half
    return replace(
        one,
        share_above_half=None if share is None else round(share, TOLD_SHARE_DIGITS),
        at_half=None if one.at_half else one.at_half,
    )


def _rounded(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, tuple):
        return tuple(_rounded(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: _rounded(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **named)
    return value
