"""Rows of answers without unit, in an order that tells nothing."""

import pandas as pd


def sorted_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return DataFrame[pool, function, <items>] sorted by content.

    The order in which answers came in, or lie in a table, is gone, and the same answers always
    make the same rows.
    """
    typed = rows.astype({"pool": "str", "function": "str"})
    return typed.sort_values(list(typed.columns), ignore_index=True)
