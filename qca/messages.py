"""What an error says of numbers and cases: every digit, and the case by its label."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def digits(value: float) -> str:
    """Write a number with all its digits, so that an error shows why it was refused.

    Examples
    --------
    >>> digits(1.0000000002), digits(-3.0), digits(np.float64(0.1))
    ('1.0000000002', '-3', '0.1')
    """
    return repr(float(value)).removesuffix(".0")


def all_digits(values: ArrayLike) -> str:
    """Write numbers with all their digits, separated by commas.

    Examples
    --------
    >>> all_digits([2, 4.25])
    '2, 4.25'
    """
    return ", ".join(map(digits, np.asarray(values, dtype=np.float64).ravel().tolist()))


def case_labels(data: object) -> pd.Index | None:
    """Labels of the cases of a Series or DataFrame, or None where they only count from 0.

    Examples
    --------
    >>> case_labels(pd.Series([0.2], index=["Finland"])).tolist()
    ['Finland']
    >>> case_labels([0.2])
    """
    if not isinstance(data, pd.Series | pd.DataFrame):
        return None
    return None if data.index.equals(pd.RangeIndex(len(data))) else data.index


def label_of(labels: pd.Index | None, place: int) -> str:
    """Say which case it is, as the end of a message; nothing where cases have no labels.

    Examples
    --------
    >>> label_of(pd.Index(["Finland"]), 0), label_of(None, 0)
    (', in case Finland', '')
    """
    return "" if labels is None else f", in case {labels[place]}"
