"""From released answers to the frame of an analysis: construct scores of persons, unnamed."""

import pandas as pd

from diagnostics.analyses.recipes import Recipe
from diagnostics.scoring.scales import Scales


def scores_frame(rows: pd.DataFrame, scales: Scales, function: str) -> pd.DataFrame:
    """Return float[case, construct] of one function's answers, or of all.

    rows: DataFrame[pool, function, <items>]. The cases are numbered in the order of their
    scores, so that a number tells nothing of pool, unit or order of answering.
    """
    chosen = rows[rows["function"] == function] if function else rows
    scores = scales.personal_scores(scales.turned_answers(chosen), chosen["function"].tolist())
    frame = pd.DataFrame(scores, columns=list(scales.items))
    frame = frame.sort_values(list(frame.columns), ignore_index=True)
    return frame.set_axis([str(number) for number in range(1, len(frame) + 1)], axis="index")


def local_cases(scores: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Return float[case, column] of the columns that a recipe uses, cases numbered anew.

    Complete cases come first, in the order of their own values, and are numbered by it: a number
    says nothing that the values do not, and means another case in another analysis.
    """
    used = scores[[rule.column for rule in recipe.sets]]
    is_complete = used.notna().all(axis=1)
    complete = used[is_complete].sort_values(list(used.columns), ignore_index=True)
    ordered = pd.concat([complete, used[~is_complete]], ignore_index=True)
    return ordered.set_axis([str(number) for number in range(1, len(ordered) + 1)], axis="index")
