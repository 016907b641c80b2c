"""The truth table: cases sorted into configurations, and what each says about the outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import ConstantSetError, NoRowError
from qca.inputs import case_names, membership_matrix
from qca.messages import digits
from qca.sets.crossover import at_half
from qca.sets.expressions import evaluate
from qca.truth_tables.exclusions import ExcludedRow, exclusions
from qca.truth_tables.observed_rows import Half, condition_names, observed_rows, shifted
from qca.truth_tables.row_coding import Cuts, code_rows, cuts_of

MOST_CONDITIONS_COMPLETE = 12  # up to here all 2**k rows are held
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class TruthTable:
    """Rows by code: 0-based, the first condition is the most significant bit (R: code + 1).

    Attributes
    ----------
    conditions : tuple of str
        Names of the k conditions.
    outcome : str
        The outcome as written, e.g. "DEV" or "~DEV".
    codes : ndarray of int, shape (rows,)
        Ascending; all 2**k for k <= 12 or on demand, else the observed and the excluded ones.
    n : ndarray of int, shape (rows,)
        Cases with a membership above .5 in the row.
    consistency, pri : ndarray of float, shape (rows,), in [0, 1]
        NaN where no case comes near the row.
    output : ndarray of str, shape (rows,)
        "1", "0", "C" (contradiction) or "?" (remainder).
    memberships : ndarray of float, shape (cases, k), in [0, 1]
        As used, each condition contiguous.
    outcome_membership : ndarray of float, shape (cases,), in [0, 1]
    case_names : tuple of str or None
        Index of the data, unless it only counts.
    case_codes : ndarray of int, shape (cases,)
        Row of each case, -1 for cases at .5 (within 1.49e-8) in a condition.
    undecided : ndarray of int
        Positions of the cases that were at .5 (within 1.49e-8) in a condition of the data.
    excluded : tuple of ExcludedRow
    cuts : Cuts
    half : str
        What was done about .5: "none", "add" or "subtract" .001.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.6, 0.1, 0.5], "Y": [0.8, 0.4, 0.2, 0.1]},
    ...                     index=["p", "q", "r", "s"])
    >>> table = truth_table(data, outcome="Y", inclusion_cut=0.65)
    >>> table.k, table.observed, table.positive, table.negative, table.remainders
    (1, array([0, 1]), array([1]), array([0]), array([], dtype=int64))
    >>> table.cases_of(1), table.deviant_cases_of(1), table.names_of(table.undecided)
    (('p', 'q'), ('q',), ('s',))
    """

    conditions: tuple[str, ...]
    outcome: str
    codes: NDArray[np.int64]
    n: NDArray[np.int64]
    consistency: NDArray[np.float64]
    pri: NDArray[np.float64]
    output: NDArray[np.str_]
    memberships: NDArray[np.float64]
    outcome_membership: NDArray[np.float64]
    case_names: tuple[str, ...] | None
    case_codes: NDArray[np.int64]
    undecided: NDArray[np.int64]
    excluded: tuple[ExcludedRow, ...]
    cuts: Cuts
    half: Half

    @property
    def k(self) -> int:
        """Number of conditions."""
        return len(self.conditions)

    @property
    def positive(self) -> NDArray[np.int64]:
        """Codes of the rows coded 1."""
        return self.codes[self.output == "1"]

    @property
    def negative(self) -> NDArray[np.int64]:
        """Codes of the rows coded 0, excluded rows among them."""
        return self.codes[self.output == "0"]

    @property
    def contradictory(self) -> NDArray[np.int64]:
        """Codes of the rows coded C."""
        return self.codes[self.output == "C"]

    @property
    def remainders(self) -> NDArray[np.int64]:
        """Codes of all rows without an output, also where they are not held (2**k entries)."""
        coded = self.codes[self.output != "?"]
        return np.setdiff1d(np.arange(1 << self.k), coded, assume_unique=True)

    @property
    def observed(self) -> NDArray[np.int64]:
        """Codes of the rows near which there are cases, those under the frequency cut too."""
        return self.codes[~np.isnan(self.consistency)]

    @property
    def output_if_kept(self) -> NDArray[np.str_]:
        """The code each observed row would have without frequency cut and exclusions, else "?"."""
        coded = code_rows(self.consistency, self.pri, self.cuts)
        return np.where(np.isnan(self.consistency), "?", coded)

    def __str__(self) -> str:
        return self.to_frame().to_string()

    def names_of(self, positions: NDArray[np.int64]) -> tuple[str, ...]:
        """Names of cases by position; without names, their numbers from 1."""
        if self.case_names is None:
            return tuple(str(position + 1) for position in positions)
        return tuple(self.case_names[position] for position in positions)

    def cases_of(self, code: int) -> tuple[str, ...]:
        """Names of the cases that belong to a row."""
        return self.names_of(np.flatnonzero(self.case_codes == code))

    def deviant_cases_of(self, code: int) -> tuple[str, ...]:
        """Names of the deviant cases consistency (DCC): in the row, but outcome below .5."""
        deviant = (self.case_codes == code) & (self.outcome_membership < 0.5)
        return self.names_of(np.flatnonzero(deviant))

    def to_frame(self) -> pd.DataFrame:
        """The rows held as a DataFrame, index the row number of R.

        Columns: one of 0 and 1 a condition, then output, n, consistency, pri, cases, deviant
        (names joined by a comma).
        """
        bits = (self.codes[:, None] >> np.arange(self.k - 1, -1, -1)) & 1
        frame = pd.DataFrame(bits, columns=list(self.conditions), index=self.codes + 1)
        frame = frame.assign(
            output=self.output, n=self.n, consistency=self.consistency, pri=self.pri
        )
        deviant = self.outcome_membership < 0.5
        for column, wanted in (("cases", np.ones_like(deviant)), ("deviant", deviant)):
            frame[column] = self._listed(np.flatnonzero(wanted & (self.case_codes >= 0)))
        return frame

    def _listed(self, positions: NDArray[np.int64]) -> list[str]:
        """The names of some cases, joined row by row."""
        order = positions[np.argsort(self.case_codes[positions], kind="stable")]
        ends = np.searchsorted(self.case_codes[order], self.codes, side="right")
        return [",".join(self.names_of(part)) for part in np.split(order, ends)[: len(self.codes)]]


def truth_table(
    data: pd.DataFrame,
    *,
    outcome: str,
    conditions: Sequence[str] | None = None,
    inclusion_cut: float | Sequence[float] = 1.0,
    pri_cut: float = 0.0,
    frequency_cut: int = 1,
    excluded: Mapping[int, str] | Iterable[int] | str = (),
    half: Half = "none",
    complete: bool = False,
) -> TruthTable:
    """Build the truth table of an outcome over conditions.

    A case belongs to the row in which its membership is above .5. Consistency and PRI of a row
    are those of its sufficiency for the outcome, over all cases (see `qca.sets.fit`).

    Parameters
    ----------
    data : DataFrame
        One row a case, memberships in [0, 1]; an index other than a count names the cases.
    outcome : str
        A column, or an expression of columns such as "~DEV".
    conditions : sequence of str, optional
        Columns, at most 20, the first the most significant; by default all not in the outcome.
    inclusion_cut, pri_cut, frequency_cut
        See `qca.truth_tables.row_coding.Cuts`.
    excluded : mapping of int to str, iterable of int, or str
        Row codes to set to 0, with reasons; or an expression that sets the remainders in which
        it holds to 0.
    half : {"none", "add", "subtract"}
        Whether condition memberships of exactly .5 are shifted by .001, and which way.
    complete : bool
        Hold all 2**k rows also for k > 12.

    Returns
    -------
    TruthTable

    Raises
    ------
    UnknownNameError, DuplicateNameError, MissingDataError, MembershipRangeError, NoCasesError
        The data cannot be read as memberships.
    TooManyConditionsError
        There are no conditions, or more than 20.
    ConstantSetError
        The outcome is the same for every case.
    CutError, OptionError
        A cut or `half` is not as above.
    NoRowError
        No row has `frequency_cut` cases.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1, 0.3], "B": [0.2, 0.9, 0.7, 0.4],
    ...                      "Y": [0.8, 0.9, 0.2, 0.1]}, index=["p", "q", "r", "s"])
    >>> table = truth_table(data, outcome="Y", inclusion_cut=0.8)
    >>> table.to_frame().round(3)[["A", "B", "output", "n", "consistency", "cases"]]
       A  B output  n  consistency cases
    1  0  0      0  1        0.455     s
    2  0  1      0  1        0.429     r
    3  1  0      1  1        0.846     p
    4  1  1      1  1        0.857     q

    Source: Ragin (2008), Redesigning Social Inquiry, ch. 7; conventions of R QCA 3.25.
    """
    cuts = cuts_of(inclusion_cut, pri_cut, frequency_cut)
    names = condition_names(data, outcome, conditions)
    raw, y = membership_matrix(data, names), evaluate(outcome, data)
    if y.min() == y.max():
        raise ConstantSetError(
            f"expected an outcome that varies, found {outcome} = {digits(y[0])} in every case"
        )
    memberships = shifted(raw, half)
    rows = observed_rows(memberships, y, cuts)
    kept = rows.n >= cuts.frequency
    if not kept.any():
        raise NoRowError(
            f"expected a row with {cuts.frequency} cases or more, found at most {rows.n.max()}"
        )
    rules = exclusions(excluded, names, rows.codes[kept])
    coded = np.where(kept, code_rows(rows.consistency, rows.pri, cuts), "?")
    codes, output = _held(rows.codes, coded, rules, len(names), complete=complete)
    places = np.searchsorted(codes, rows.codes)
    return TruthTable(
        conditions=names,
        outcome=outcome,
        codes=codes,
        n=_spread(rows.n, places, len(codes), np.int64(0)),
        consistency=_spread(rows.consistency, places, len(codes), np.float64("nan")),
        pri=_spread(rows.pri, places, len(codes), np.float64("nan")),
        output=output,
        memberships=memberships,
        outcome_membership=y,
        case_names=case_names(data),
        case_codes=rows.case_codes,
        undecided=np.flatnonzero(
            at_half(raw).any(axis=1) if half != "none" else rows.case_codes < 0
        ),
        excluded=rules,
        cuts=cuts,
        half=half,
    )


def _held(
    observed: NDArray[np.int64],
    coded: NDArray[np.str_],
    rules: tuple[ExcludedRow, ...],
    k: int,
    *,
    complete: bool,
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Codes of the rows to hold, and their outputs with the excluded rows as 0."""
    barred = np.array([row.code for row in rules], dtype=np.int64)
    whole = complete or k <= MOST_CONDITIONS_COMPLETE
    codes = np.union1d(observed, np.arange(1 << k) if whole else barred)
    output = _spread(coded, np.searchsorted(codes, observed), len(codes), np.str_("?"))
    output[np.searchsorted(codes, barred)] = "0"
    return codes, output


def _spread(
    values: NDArray[Scalar], places: NDArray[np.intp], length: int, filling: Scalar
) -> NDArray[Scalar]:
    """Values of the observed rows at their places among all rows held."""
    spread = np.full(length, filling, dtype=values.dtype)
    spread[places] = values
    return spread
