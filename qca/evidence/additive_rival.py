"""Whether patterns foretell the outcome better than a plain sum, of pools not yet seen."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from qca.errors import MissingDataError, OptionError, ShapeError
from qca.inputs import membership_vector, refuse_impossible, same_length

FOLDS = 10
FEWEST_POOLS_TO_PREDICT = 4  # with fewer, pools left out leave too few to learn from


@dataclass(frozen=True, slots=True)
class PlainSumContest:
    """A pattern against a plain sum, in predicting outcomes of pools left out.

    Parameters
    ----------
    pools, cases : int
        How many there are.
    can_be_told : bool
        Whether there are at least 4 pools and the outcome varies; if not, the rest is NaN.
    pattern, plain_sum : float
        R^2 out of sample: 1 - squared errors / squared errors of the mean of the other pools; at
        most 1, below 0 where the mean foretells better.
    lead : float
        pattern - plain_sum.
    lead_low, lead_high : float
        Interval of the lead by Student's t over pools.
    """

    pools: int
    cases: int
    can_be_told: bool
    pattern: float
    plain_sum: float
    lead: float
    lead_low: float
    lead_high: float

    @property
    def lost(self) -> bool:
        """Whether the plain sum foretells surely better: the whole interval lies below 0."""
        return self.lead_high < 0

    @property
    def won(self) -> bool:
        """Whether the pattern foretells surely better: the whole interval lies above 0."""
        return self.lead_low > 0


def plain_sum_contest(
    pattern: ArrayLike,
    elements: ArrayLike,
    outcome: ArrayLike,
    *,
    pools: Sequence[Hashable],
    seed: int,
    folds: int = FOLDS,
    level: float = 0.95,
) -> PlainSumContest:
    """Let a pattern and a plain sum of its elements foretell the outcome of pools left out.

    Pools are dealt into folds. For each fold, a + b m (m the membership in the best pattern) and
    a + sum(b_k x_k) (x the elements) are fitted by least squares to the cases of the other folds,
    and foretell those of this one. The lead is (squared errors of the sum - those of the pattern) /
    squared errors of the mean of the other folds. Its error comes from the spread of these
    differences over pools, as cases of one pool are alike. The sum has more coefficients, which
    costs it something in few cases: not to lose is less than to win. Linear in the cases.

    Parameters
    ----------
    pattern : array_like (cases,), in [0, 1]
        Membership in the best pattern: the highest over the set.
    elements : array_like (cases, elements), in [0, 1]
    outcome : array_like (cases,), in [0, 1]
    pools : sequence
        Label of each case's pool.
    seed : int
        At least 0; deals out the pools.
    folds : int
        At least 2; as many as there are pools where these are fewer.
    level : float
        Of the interval, in (0, 1).

    Returns
    -------
    PlainSumContest
        With fewer than 4 pools, or an outcome that does not vary, one that says so.

    Raises
    ------
    ShapeError, NotNumericError, NoCasesError, MembershipRangeError
        The memberships do not belong together or are none.
    MissingDataError
        A membership is NaN, or a case has no pool.
    OptionError
        Seed, folds or level are out of range.

    Examples
    --------
    >>> x = np.random.default_rng(1).random((200, 3))
    >>> m = x.min(axis=1)
    >>> found = plain_sum_contest(m, x, 0.2 + 0.6 * m, pools=[c % 20 for c in range(200)], seed=1)
    >>> round(found.pattern, 3), found.plain_sum < 0.8, found.won
    (1.0, True, True)

    Source: Stone (1974), Cross-validatory choice and assessment of statistical predictions, Journal
    of the Royal Statistical Society B 36, 111-147; the comparison is Rutin's own proposal.
    """
    if folds < 2 or seed < 0 or not 0 < level < 1:
        raise OptionError(
            f"expected 2 folds, a seed from 0 and a level in (0, 1), found {folds}, {seed}, {level}"
        )
    m, x, y = _sets(pattern, elements, outcome)
    pool_of, count = _pools(pools, len(y))
    nothing = PlainSumContest(count, len(y), False, *[float("nan")] * 5)
    if count < FEWEST_POOLS_TO_PREDICT or np.ptp(y) == 0:
        return nothing
    generator = np.random.Generator(np.random.PCG64(seed))
    fold_of = (generator.permutation(count) % min(folds, count))[pool_of]
    mean, by_pattern, by_sum = (
        (y - _foretold(columns, y, fold_of)) ** 2 for columns in (m[:, :0], m, x)
    )
    whole = float(mean.sum())
    differences = np.bincount(pool_of, by_sum - by_pattern, minlength=count)
    lead = float(differences.sum()) / whole
    error = float(differences.std(ddof=1) * np.sqrt(count)) / whole
    reach = float(stdtrit(count - 1, (1 + level) / 2)) * error
    return PlainSumContest(
        pools=count,
        cases=len(y),
        can_be_told=True,
        pattern=1 - float(by_pattern.sum()) / whole,
        plain_sum=1 - float(by_sum.sum()) / whole,
        lead=lead,
        lead_low=lead - reach,
        lead_high=lead + reach,
    )


def _sets(
    pattern: ArrayLike, elements: ArrayLike, outcome: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    m, y = membership_vector(pattern, "the pattern"), membership_vector(outcome, "the outcome")
    same_length(m, y)
    x = np.asarray(elements, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(y) or not x.shape[1]:
        raise ShapeError(f"expected elements for each of {len(y)} cases, found shape {x.shape}")
    for number, column in enumerate(x.T, start=1):
        refuse_impossible(column, f"element {number}")
    return m[:, np.newaxis], x, y


def _pools(pools: Sequence[Hashable], cases: int) -> tuple[NDArray[np.int64], int]:
    labels = pd.Series(list(pools), dtype=object)
    if len(labels) != cases:
        raise ShapeError(f"expected a pool for each of {cases} cases, found {len(labels)}")
    codes, names = pd.factorize(labels)
    if (codes < 0).any():
        place = int((codes < 0).argmax())
        raise MissingDataError(f"expected a pool for every case, found none for case {place + 1}")
    return codes.astype(np.int64), len(names)


def _foretold(
    columns: NDArray[np.float64], outcome: NDArray[np.float64], fold_of: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The outcome of each case by least squares over the cases of all other folds."""
    design = np.column_stack([np.ones(len(outcome)), columns])
    found = np.empty(len(outcome))
    for fold in range(int(fold_of.max()) + 1):
        left_out = fold_of == fold
        learnt = np.linalg.lstsq(design[~left_out], outcome[~left_out], rcond=None)[0]
        found[left_out] = design[left_out] @ learnt
    return found
