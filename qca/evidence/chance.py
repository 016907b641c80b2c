"""What consistency chance alone gives, and how far above it a set lies."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError
from qca.inputs import membership_vector, same_length
from qca.sets.fit import ratio

Relation = Literal["sufficiency", "necessity"]


@dataclass(frozen=True, slots=True)
class Lift:
    """A consistency beside the one that chance gives; NaN for an empty set.

    Parameters
    ----------
    consistency : float
        As observed, [0, 1].
    expected : float
        Its mean over all ways of dealing out the outcome among the cases, [0, 1].
    lift : float
        consistency - expected, [-1, 1].
    deviation : float
        Standard deviation of the consistency over all those ways; NaN for one case.
    """

    consistency: float
    expected: float
    lift: float
    deviation: float

    @property
    def standardised(self) -> float:
        """The lift in standard deviations; NaN where no dealing out changes anything."""
        return self.lift / self.deviation if self.deviation > 0 else float("nan")


def consistency_lift(
    condition: ArrayLike, outcome: ArrayLike, *, relation: Relation = "sufficiency"
) -> Lift:
    """How far a consistency lies above what it would be with the outcomes dealt out at random.

    expected = mean of min(x_i, y_j) over all n^2 pairs / mean(x) (for necessity / mean(y)), which
    is the mean over all n! permutations, exactly. So is the deviation, with
    d_ij = min(x_i, y_j) - row mean - column mean + overall mean:
    sqrt(sum(d_ij^2) / (n - 1)) / sum(x). Both by sorting and sums of prefixes, O(n log n).

    A high outcome alone makes sums of minima high: consistency says little without this.

    Parameters
    ----------
    condition, outcome : array_like of float, shape (cases,), in [0, 1]
    relation : {"sufficiency", "necessity"}

    Returns
    -------
    Lift

    Raises
    ------
    OptionError
        The relation is not offered.
    ShapeError, NotNumericError, NoCasesError, MissingDataError, MembershipRangeError

    Examples
    --------
    >>> consistency_lift([0.0, 1.0], [0.25, 0.75])
    Lift(consistency=0.75, expected=0.5, lift=0.25, deviation=0.25)

    Source: Hoeffding (1951), A combinatorial central limit theorem, Annals of Mathematical
    Statistics 22, 558-566, for the moments; the lift is Rutin's own proposal.
    """
    if relation not in get_args(Relation):
        raise OptionError(f"expected one of {get_args(Relation)}, found {relation!r}")
    x = membership_vector(condition, "the condition")
    y = membership_vector(outcome, "the outcome")
    same_length(x, y)
    mean, deviation = overlap_moments(x, y)
    whole = float((x if relation == "sufficiency" else y).sum())
    consistency = ratio(float(np.minimum(x, y).sum()), whole)
    expected = ratio(mean, whole)
    return Lift(consistency, expected, consistency - expected, ratio(deviation, whole))


def overlap_moments(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation of sum(min(x_i, y_p(i))) over all permutations p.

    Examples
    --------
    >>> overlap_moments(np.array([0.0, 1.0]), np.array([0.25, 0.75]))
    (0.5, 0.25)
    """
    n = len(x)
    rows, columns = _sums_of_minima(x, y), _sums_of_minima(y, x)
    total = float(rows.sum())
    mean = total / n
    if n < 2:
        return mean, float("nan")
    # min(x, y)^2 = min(x^2, y^2), so that squares have the same closed form.
    squares = float(_sums_of_minima(x**2, y**2).sum())
    spread = squares - float(rows @ rows) / n - float(columns @ columns) / n + mean**2
    # What rounding leaves of nothing is nothing.
    spread = 0.0 if spread < 1e-12 * squares else spread
    return mean, float(np.sqrt(spread / (n - 1)))


def _sums_of_minima(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each x its sum of min(x, y_j) over all j: smaller y add themselves, the others x."""
    ordered = np.sort(y)
    smaller = np.searchsorted(ordered, x)
    prefixes = np.concatenate([[0.0], np.cumsum(ordered)])
    return np.asarray(prefixes[smaller] + x * (len(y) - smaller))
