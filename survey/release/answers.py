"""Check a table of answers once, where it enters the release."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from survey.errors import AnswersError
from survey.instrument.content import Instrument
from survey.release.exclusions import ITEM_ROLES
from survey.release.tables import FUNCTIONS
from survey.release.tree import ROOT, UnitTree

KEYS = ("unit", "function", "leads", "planned")
TAKEN = frozenset({*KEYS, "pool"})  # columns that stand beside the items, pool in the rows


def checked_answers(answers: pd.DataFrame, tree: UnitTree, instrument: Instrument) -> pd.DataFrame:
    """Return DataFrame[unit, function, leads, planned, <every item>] with a fresh index.

    planned: whether somebody was invited at the launch; where the table does not say, everybody
    was. Checks and marker items that were not asked become missing. No error quotes an answer.
    """
    codes = [item.code for _, item in instrument.items()]
    require_free_codes(codes)
    answers = answers if "planned" in answers else answers.assign(planned=True)
    needed = [*KEYS, *(item.code for _, item in instrument.items(*ITEM_ROLES))]
    missing = [column for column in needed if column not in answers]
    if missing:
        raise AnswersError(
            f"Answers: expected the columns {', '.join(missing)}, found none of them."
        )
    whole = answers.reindex(columns=[*KEYS, *codes]).reset_index(drop=True)
    whole[["leads", "planned"]] = whole[["leads", "planned"]].astype(bool)
    _check_known(whole["unit"], tree.position, "unit")
    _check_known(whole["function"], FUNCTIONS, "function")
    given = whole[codes]
    points = _points(given)
    wrong = given.notna().to_numpy() & ~np.isin(points, range(1, instrument.scale.points + 1))
    if wrong.any():
        column = int(np.flatnonzero(wrong.any(axis=0))[0])
        raise AnswersError(
            f"Answers: expected 1 to {instrument.scale.points} or nothing for {codes[column]}, "
            "found another value."
        )
    _check_asked(whole, instrument)
    whole[codes] = points
    return whole


def without_units(answers: pd.DataFrame, tree: UnitTree) -> pd.DataFrame:
    """Return the answers as if everybody worked at the top of the tree.

    Of a campaign that gives single answers: figures of a unit beside them would tell which answers
    are its people's.
    """
    return answers.assign(unit=tree.keys[ROOT])


def require_free_codes(codes: Iterable[str]) -> None:
    """Raise AnswersError if an item would stand in a column that is not its own.

    Questionnaires of today cannot have such codes (survey.instrument.codes); one that was launched
    before that rule may.
    """
    taken = sorted(TAKEN.intersection(codes))
    if taken:
        raise AnswersError(
            f"Answers: expected codes of items other than {', '.join(sorted(TAKEN))}, "
            f"found {', '.join(taken)}."
        )


def _points(given: pd.DataFrame) -> NDArray[np.float64]:
    """Return the answers as numbers, NaN for what is none."""
    if not all(is_numeric_dtype(kind) for kind in given.dtypes):
        given = given.apply(pd.to_numeric, errors="coerce")
    return given.to_numpy(dtype=np.float64, na_value=np.nan)


def _check_asked(answers: pd.DataFrame, instrument: Instrument) -> None:
    for _, item in instrument.items():
        if item.function:
            given = answers[item.code].notna() & (answers["function"] != item.function)
            if given.any():
                raise AnswersError(
                    f"Answers: expected {item.code} from {item.function} only, which is asked, "
                    "found it from others."
                )


def _check_known(column: pd.Series, known: Iterable[str], what: str) -> None:
    if not column.isin(list(known)).all():
        raise AnswersError(f"Answers: expected a known {what} with each, found another.")
