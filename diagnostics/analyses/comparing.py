"""Two solutions in the same cases: how far they overlap, and how well each fits there."""

from dataclasses import dataclass

import pandas as pd

from diagnostics.analyses.figures import figure
from diagnostics.analyses.results import AnalysisResult
from qca.sets.coincidence import set_coincidence
from qca.sets.expressions import evaluate
from qca.sets.fit import SufficiencyFit, sufficiency


@dataclass(frozen=True, slots=True)
class Overlap:
    """The first intermediate models of two analyses in the cases of one of them."""

    coincidence: float | None
    first: SufficiencyFit
    second: SufficiencyFit


def overlap_of(
    first: AnalysisResult, second: AnalysisResult, memberships: pd.DataFrame
) -> Overlap | None:
    """Return the overlap; None where a solution is missing or they explain other sets."""
    if first.chart is None or second.chart is None or first.outcome != second.outcome:
        return None
    if not {*first.conditions, *second.conditions} <= set(memberships.columns):
        return None
    outcome = evaluate(first.outcome, memberships)
    one, other = (
        evaluate(result.solutions[-1].models[0].expression, memberships)
        for result in (first, second)
    )
    return Overlap(
        coincidence=figure(set_coincidence(one, other)),
        first=sufficiency(one, outcome),
        second=sufficiency(other, outcome),
    )
