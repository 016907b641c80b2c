"""The truth table sorted and printed as text."""

from collections.abc import Sequence

import pandas as pd

from qca.errors import UnknownNameError
from qca.messages import digits
from qca.truth_tables.row_coding import Cuts
from qca.truth_tables.truth_table import TruthTable

ORDER = ("output", "n", "consistency")


def sorted_rows(
    table: TruthTable, sort_by: Sequence[str] = ORDER, *, remainders: bool = False
) -> pd.DataFrame:
    """Rows of `TruthTable.to_frame`, highest first by the given columns, remainders last.

    Parameters
    ----------
    table : TruthTable
    sort_by : sequence of str
        Columns of the frame; ties stay in the order of the rows. An empty sequence: by row.
    remainders : bool
        Whether to include rows without an output.

    Returns
    -------
    DataFrame

    Raises
    ------
    UnknownNameError
        `sort_by` names no column.

    Examples
    --------
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1, 0.3], "Y": [0.8, 0.9, 0.2, 0.1]})
    >>> sorted_rows(truth_table(data, outcome="Y", inclusion_cut=0.8))["cases"].to_dict()
    {2: '1,2', 1: '3,4'}

    References
    ----------
    R QCA truthTable(sort.by).
    """
    frame = table.to_frame()
    unknown = [column for column in sort_by if column not in frame.columns]
    if unknown:
        columns = ", ".join(map(str, frame.columns))
        raise UnknownNameError(f"expected columns among {columns}, found {unknown}")
    for column in reversed(sort_by):
        frame = frame.sort_values(column, ascending=False, kind="stable")
    coded = frame[frame["output"] != "?"]
    return pd.concat([coded, frame[frame["output"] == "?"]]) if remainders else coded


def truth_table_text(
    table: TruthTable,
    *,
    sort_by: Sequence[str] = ORDER,
    remainders: bool = False,
    digits: int = 3,
    most_names: int = 8,
) -> str:
    """Print a truth table: a heading with outcome and cuts, the rows, and who is left out.

    Parameters
    ----------
    table : TruthTable
    sort_by, remainders
        See `sorted_rows`.
    digits : int
        Decimals of consistency and PRI.
    most_names : int
        Cases named in a cell; further ones are counted.

    Returns
    -------
    str

    Raises
    ------
    UnknownNameError
        `sort_by` names no column.

    Examples
    --------
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1, 0.5], "Y": [0.8, 0.9, 0.2, 0.1]})
    >>> print(truth_table_text(truth_table(data, outcome="Y", inclusion_cut=0.75)))
    Outcome Y; consistency 0.75, PRI 0, at least 1 case
       A output  n  consistency   pri cases deviant
    2  1      1  2        0.783 0.722   1,2
    1  0      0  1        0.353 0.083     3       3
    Undecided, at .5 in a condition: 4

    References
    ----------
    R QCA print of truthTable.
    """
    frame = sorted_rows(table, sort_by, remainders=remainders)
    for column in ("cases", "deviant"):
        frame[column] = [_shortened(cell, most_names) for cell in frame[column]]
    lines = [
        f"Outcome {table.outcome}; {_cuts_text(table.cuts)}",
        frame.to_string(float_format=f"{{:.{digits}f}}".format, na_rep="-"),
    ]
    if len(table.undecided):
        names = ", ".join(table.names_of(table.undecided))
        lines.append(f"Undecided, at .5 in a condition: {names}")
    lines += [f"Row {row.code + 1} set to 0: {row.reason}" for row in table.excluded]
    return "\n".join(lines)


def _cuts_text(cuts: Cuts) -> str:
    pair = cuts.pair if isinstance(cuts.inclusion, tuple) else (cuts.upper,)
    consistency = " and ".join(digits(cut) for cut in pair)
    cases = "1 case" if cuts.frequency == 1 else f"{cuts.frequency} cases"
    return f"consistency {consistency}, PRI {digits(cuts.pri)}, at least {cases}"


def _shortened(cell: str, most_names: int) -> str:
    names = cell.split(",")
    rest = len(names) - most_names
    return cell if rest <= 0 else f"{','.join(names[:most_names])} +{rest}"
