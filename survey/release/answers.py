"""Check a table of answers once, where it enters the release."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from survey.errors import InputError
from survey.instrument.content import Instrument
from survey.release.exclusions import ITEM_ROLES
from survey.release.tables import FUNCTIONS
from survey.release.tree import UnitTree

KEYS = ("unit", "function", "leads")


def checked_answers(answers: pd.DataFrame, tree: UnitTree, instrument: Instrument) -> pd.DataFrame:
    """Return DataFrame[unit, function, leads, <every item>] with a fresh index.

    Checks and marker items that were not asked become missing.
    """
    codes = [item.code for _, item in instrument.items()]
    needed = [*KEYS, *(item.code for _, item in instrument.items(*ITEM_ROLES))]
    missing = [column for column in needed if column not in answers]
    if missing:
        raise InputError(f"Answers: expected the columns {', '.join(missing)}, found none of them.")
    whole = answers.reindex(columns=[*KEYS, *codes]).reset_index(drop=True)
    whole["leads"] = whole["leads"].astype(bool)
    _check_known(whole["unit"], tree.position, "unit")
    _check_known(whole["function"], FUNCTIONS, "function")
    given = whole[codes]
    points = _points(given)
    wrong = given.notna().to_numpy() & ~np.isin(points, range(1, instrument.scale.points + 1))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"Answers: expected 1 to {instrument.scale.points} or nothing for {codes[column]}, "
            f"found {given.iloc[row, column]}."
        )
    _check_asked(whole, instrument)
    whole[codes] = points
    return whole


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
                raise InputError(
                    f"Answers: expected none of {answers['function'][given].iloc[0]} to "
                    f"{item.code}, which {item.function} is asked, found one."
                )


def _check_known(column: pd.Series, known: Iterable[str], what: str) -> None:
    strange = column[~column.isin(list(known))]
    if len(strange):
        raise InputError(f"Answers: expected a known {what}, found {strange.iloc[0]!r}.")
