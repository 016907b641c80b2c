"""Enhanced standard analysis: rows whose use as evidence or assumption would be untenable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qca.errors import OptionError
from qca.minimisation.solutions import Solution
from qca.minimisation.three_solutions import minimise
from qca.sets.expression_rows import holds
from qca.sets.expressions import Expression
from qca.truth_tables.exclusions import ExcludedRow, exclusions
from qca.truth_tables.truth_table import TruthTable

CONTRADICTORY = "contradictory simplifying assumption"
SIMULTANEOUS = "simultaneous subset relation"
NECESSITY = "contradicts the necessity of {}"


@dataclass(frozen=True, slots=True, eq=False)
class UntenableRows:
    """Rows that must not carry a solution, by reason; int64 arrays of codes, ascending.

    Attributes
    ----------
    contradictory : remainders assumed to lead to the outcome and to its negation
    simultaneous : rows coded 1 for the outcome and for its negation
    necessity : remainders without a condition claimed to be necessary
    necessary : that condition as text, empty if none was claimed
    """

    contradictory: NDArray[np.int64]
    simultaneous: NDArray[np.int64]
    necessity: NDArray[np.int64]
    necessary: str = ""

    @property
    def codes(self) -> NDArray[np.int64]:
        """All untenable rows, ascending."""
        return np.unique(np.concatenate([self.contradictory, self.simultaneous, self.necessity]))

    @property
    def reasons(self) -> dict[int, str]:
        """Why each row is untenable, as `truth_table(excluded=...)` takes it."""
        found: dict[int, list[str]] = {code: [] for code in self.codes.tolist()}
        for rows, reason in (
            (self.contradictory, CONTRADICTORY),
            (self.simultaneous, SIMULTANEOUS),
            (self.necessity, NECESSITY.format(self.necessary)),
        ):
            for code in rows.tolist():
                found[code].append(reason)
        return {code: "; ".join(reasons) for code, reasons in found.items()}


def contradictory_assumptions(solution: Solution, negated: Solution) -> NDArray[np.int64]:
    """Find simplifying assumptions made for the outcome and for its negation.

    Parameters
    ----------
    solution, negated : parsimonious solutions for the outcome and for its negation

    Returns
    -------
    ndarray of int
        Codes of the rows that some model of each assumes, ascending (R: findRows type 2).

    Raises
    ------
    OptionError
        The solutions have different conditions.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]})
    >>> both = [minimise(truth_table(data, outcome=name), solution="parsimonious")
    ...         for name in ("Y", "~Y")]
    >>> contradictory_assumptions(*both)
    array([1, 2])

    References
    ----------
    Schneider & Wagemann (2012), Set-Theoretic Methods for the Social Sciences, 8.2.
    """
    _same_conditions(solution.table, negated.table)
    return np.intersect1d(_assumed(solution), _assumed(negated), assume_unique=True)


def simultaneous_subsets(table: TruthTable, negated: TruthTable) -> NDArray[np.int64]:
    """Find rows coded 1 for the outcome and for its negation.

    Parameters
    ----------
    table, negated : truth tables of the outcome and of its negation

    Returns
    -------
    ndarray of int
        Row codes, ascending (R: findRows type 3).

    Raises
    ------
    OptionError
        The tables have different conditions.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [0.9, 0.6], "Y": [0.8, 0.45]})
    >>> both = [truth_table(data, outcome=name, inclusion_cut=0.5) for name in ("Y", "~Y")]
    >>> simultaneous_subsets(*both)
    array([1])

    References
    ----------
    Schneider & Wagemann (2012), Set-Theoretic Methods for the Social Sciences, 9.1.
    """
    _same_conditions(table, negated)
    return np.intersect1d(table.positive, negated.positive, assume_unique=True)


def necessity_contradictions(table: TruthTable, necessary: Expression | str) -> NDArray[np.int64]:
    """Find remainders in which a condition claimed to be necessary for the outcome is absent.

    Parameters
    ----------
    table : truth table of the outcome
    necessary : expression such as "LIT*STB"

    Returns
    -------
    ndarray of int
        Row codes, ascending (R: findRows type 1 with the negated expression).

    Raises
    ------
    ExpressionError, UnknownNameError

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]})
    >>> necessity_contradictions(truth_table(data, outcome="Y"), "A")
    array([1])

    References
    ----------
    Schneider & Wagemann (2013), Doing justice to logical remainders in QCA.
    """
    remainders = table.remainders
    return remainders[~holds(necessary, table.conditions, remainders)]


def untenable_rows(
    table: TruthTable, negated: TruthTable, *, necessary: Expression | str | None = None
) -> UntenableRows:
    """Collect the untenable rows of a truth table by all three rules.

    Parameters
    ----------
    table, negated : truth tables of the outcome and of its negation
    necessary : expression claimed to be necessary for the outcome

    Returns
    -------
    UntenableRows

    Raises
    ------
    NoPositiveRowError, AllPositiveError
        One of the tables cannot be minimised.
    OptionError, ExpressionError, UnknownNameError
        The tables or the expression do not fit together.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]})
    >>> both = [truth_table(data, outcome=name) for name in ("Y", "~Y")]
    >>> untenable_rows(*both, necessary="A").reasons[2]
    'contradictory simplifying assumption'

    References
    ----------
    Schneider & Wagemann (2013), Doing justice to logical remainders in QCA.
    """
    solution = minimise(table, solution="parsimonious")
    contrary = minimise(negated, solution="parsimonious")
    nothing = np.empty(0, dtype=np.int64)
    return UntenableRows(
        contradictory=contradictory_assumptions(solution, contrary),
        simultaneous=simultaneous_subsets(table, negated),
        necessity=nothing if necessary is None else necessity_contradictions(table, necessary),
        necessary="" if necessary is None else str(necessary),
    )


def exclude_rows(table: TruthTable, rows: UntenableRows | Iterable[int]) -> TruthTable:
    """Code rows 0, whatever the cases say, and note why.

    Parameters
    ----------
    table : truth table
    rows : untenable rows, or row codes excluded by hand

    Returns
    -------
    TruthTable
        The same table with these rows coded 0 and added to `excluded`.

    Raises
    ------
    UnknownNameError
        A code is no row of the table.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]})
    >>> exclude_rows(truth_table(data, outcome="Y"), [1]).output.tolist()
    ['0', '0', '?', '1']

    References
    ----------
    Schneider & Wagemann (2013), Doing justice to logical remainders in QCA, Political Research
    Quarterly 66.
    """
    given = rows.reasons if isinstance(rows, UntenableRows) else rows
    added = exclusions(given, table.conditions, table.codes[table.output != "?"])
    barred = np.array([row.code for row in added], dtype=np.int64)
    held = _holding(table, np.union1d(table.codes, barred))
    output = held.output.copy()
    output[np.searchsorted(held.codes, barred)] = "0"
    known = {row.code: row for row in (*table.excluded, *added)}
    excluded: tuple[ExcludedRow, ...] = tuple(known[code] for code in sorted(known))
    return replace(held, output=output, excluded=excluded)


def _holding(table: TruthTable, codes: NDArray[np.int64]) -> TruthTable:
    """The table with further rows held, as remainders without cases."""
    places = np.searchsorted(codes, table.codes)
    n = np.zeros(len(codes), dtype=table.n.dtype)
    consistency, pri = np.full((2, len(codes)), np.nan)
    output = np.full(len(codes), "?", dtype=table.output.dtype)
    n[places], output[places] = table.n, table.output
    consistency[places], pri[places] = table.consistency, table.pri
    return replace(table, codes=codes, n=n, consistency=consistency, pri=pri, output=output)


def _assumed(solution: Solution) -> NDArray[np.int64]:
    models = range(len(solution.rows.models))
    return np.unique(np.concatenate([solution.assumptions(model) for model in models]))


def _same_conditions(table: TruthTable, negated: TruthTable) -> None:
    if table.conditions != negated.conditions:
        raise OptionError(
            f"expected tables over the same conditions, found {', '.join(table.conditions)}"
            f" and {', '.join(negated.conditions)}"
        )
