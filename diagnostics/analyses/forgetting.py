"""What stays of a result once the answers behind it are deleted: what all cases say together.

Lists of cases, their order, histograms, ends of a column and numbers of fewer than five people go.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Final

from diagnostics.analyses.check_results import RobustnessResult
from diagnostics.analyses.results import AnalysisResult, CalibratedSet

FEWEST: Final = 5  # people that a number must be about


def without_cases(result: AnalysisResult) -> AnalysisResult:
    """Return a result with solutions, fits, cuts and truth table, but without its cases."""
    undecided = () if result.undecided is None else result.undecided
    is_told = told_counts([row.n or 0 for row in result.rows], untold=len(undecided))
    rows = tuple(
        replace(row, n=row.n if told else None, cases=(), deviant=())
        for row, told in zip(result.rows, is_told, strict=True)
    )
    sets = tuple(_without_cases(one, result.cases) for one in result.sets)
    return replace(result, rows=rows, sets=sets, left_out=None, undecided=None)


def without_few(result: RobustnessResult) -> RobustnessResult:
    """Return a check without numbers of few cases."""
    is_told = told_counts([one.cases or 0 for one in result.kinds])
    kinds = tuple(
        replace(one, cases=one.cases if told else None)
        for one, told in zip(result.kinds, is_told, strict=True)
    )
    return replace(result, kinds=kinds)


def told_counts(counts: Sequence[int], *, untold: int = 0) -> list[bool]:
    """Return which parts of a known sum may be told: none that is, or isolates, one to four.

    Where all that is not told comes to fewer than five together, subtraction would tell it: the
    next smallest number is not told either. `untold` of the sum are in no part and never told.

    >>> told_counts([0, 7, 30, 60])
    [True, True, True, True]
    >>> told_counts([2, 7, 30, 60])
    [False, False, True, True]
    """
    is_told = [not 0 < count < FEWEST for count in counts]
    hidden = untold + sum(counts) - sum(compress(counts, is_told))
    by_size = sorted(range(len(counts)), key=counts.__getitem__)
    for place in by_size:
        if not 0 < hidden < FEWEST:
            break
        if is_told[place] and counts[place]:
            is_told[place] = False
            hidden += counts[place]
    return is_told


def _without_cases(one: CalibratedSet, cases: int) -> CalibratedSet:
    """Without its histogram; without a share that is that of one to four people, in or out."""
    above = 0 if one.share_above_half is None else round(one.share_above_half * cases)
    is_told = not (0 < above < FEWEST or 0 < cases - above < FEWEST)
    at_half = one.at_half or 0
    return replace(
        one,
        lowest=None,
        highest=None,
        counts=(),
        mean=one.mean if is_told else None,  # of a crisp set it is the share
        share_above_half=one.share_above_half if is_told else None,
        at_half=None if 0 < at_half < FEWEST else one.at_half,
    )
