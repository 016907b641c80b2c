"""Fixed patterns against outcomes dealt out at random."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.bootstrap import DRAWS
from qca.errors import OptionError, ShapeError
from qca.evidence.chance import Lift, consistency_lift
from qca.evidence.multiple_tests import holm
from qca.inputs import as_numbers, refuse_impossible, unique_names

# Permuted sums this little below the observed one, a part of it, are ties that rounding has parted.
TIED = 1e-12
_BLOCK = 1 << 19  # cases times permutations held at once, so that they stay in the cache


@dataclass(frozen=True, slots=True)
class ChanceTest:
    """One pattern held against chance.

    Parameters
    ----------
    pattern : str
        Name.
    cases : int
        With known memberships in pattern and outcome.
    consistency : Lift
        Observed, expected, their difference, and its standard deviation.
    p : float
        (1 + permutations with a consistency at least as high) / (1 + permutations); NaN for a
        pattern that nobody belongs to, or that no permutation changes.
    adjusted : float
        p after Holm's correction for the number of patterns.
    """

    pattern: str
    cases: int
    consistency: Lift
    p: float
    adjusted: float


def permute_patterns(
    memberships: ArrayLike,
    outcome: ArrayLike,
    *,
    names: Sequence[str],
    seed: int,
    draws: int = DRAWS,
) -> tuple[ChanceTest, ...]:
    """Test patterns that were fixed beforehand: do they beat outcomes dealt out at random?

    The same permutations serve every pattern with the same known cases. A pattern or solution that
    was found on these very cases must be found anew in each permutation, as `permute_solution`
    does. Cases times patterns times permutations: 3 patterns, 20,000 cases and 2,000 permutations
    take one to two seconds.

    Parameters
    ----------
    memberships : array_like (cases, patterns), in [0, 1]
        NaN where unknown: the case is left out of that pattern's test.
    outcome : array_like (cases,), in [0, 1]
        NaN where unknown.
    names : sequence of str
        One a pattern.
    seed : int
        At least 0; the same one gives the same permutations.
    draws : int
        Permutations, at least 1.

    Returns
    -------
    tuple of ChanceTest
        In the order of the patterns.

    Raises
    ------
    OptionError
        There is no permutation, or the seed is negative.
    ShapeError
        Names, memberships and outcome do not belong together.
    DuplicateNameError, NotNumericError, MembershipRangeError
    NoCasesError
        A pattern has no case with known memberships.

    Examples
    --------
    >>> x = np.linspace(0, 1, 40)
    >>> good, bad = permute_patterns(
    ...     np.column_stack([x, 1 - x]), x, names=["good", "bad"], seed=1, draws=999)
    >>> good.p, good.adjusted, round(good.consistency.lift, 3), bad.p
    (0.001, 0.002, 0.342, 1.0)

    Source: Fisher (1935), The Design of Experiments, chapter 3; Braumoeller (2015), Guarding
    against false positives in qualitative comparative analysis, Political Analysis 23.
    """
    if draws < 1 or seed < 0:
        raise OptionError(f"expected a permutation and a seed from 0, found {draws} and {seed}")
    patterns = unique_names(names, "pattern")
    x, y = as_numbers(memberships, "the patterns"), as_numbers(outcome, "the outcome")
    if x.ndim != 2 or x.shape[1] != len(patterns) or y.shape != x.shape[:1]:
        raise ShapeError(
            f"expected {len(patterns)} patterns and an outcome for each case,"
            f" found shapes {x.shape} and {y.shape}"
        )
    known = ~(np.isnan(x) | np.isnan(y)[:, np.newaxis])
    for column, name in enumerate(patterns):
        refuse_impossible(x[known[:, column], column], name)
        refuse_impossible(y[known[:, column]], "the outcome")
    p = np.full(len(patterns), np.nan)
    for mask in np.unique(known, axis=1).T:
        alike = np.flatnonzero((known == mask[:, np.newaxis]).all(axis=0))
        p[alike] = _p_values(x[np.ix_(mask, alike)], y[mask], seed, draws)
    lifts = [consistency_lift(x[there, column], y[there]) for column, there in enumerate(known.T)]
    p[[not lift.deviation > 0 for lift in lifts]] = np.nan
    rows = zip(patterns, known.sum(axis=0).tolist(), lifts, p.tolist(), holm(p), strict=True)
    return tuple(ChanceTest(*row[:4], float(row[4])) for row in rows)


def dealt_out(outcome: NDArray[np.float64], seed: int, draws: int) -> Iterator[NDArray[np.float64]]:
    """Random permutations of an outcome, in blocks (permutations, cases) of bounded memory.

    Examples
    --------
    >>> [block.sum(axis=1) for block in dealt_out(np.array([0.25, 0.5]), 1, 3)]
    [array([0.75, 0.75, 0.75])]
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    step = max(1, _BLOCK // len(outcome))
    for start in range(0, draws, step):
        rows = np.tile(outcome, (min(step, draws - start), 1))
        yield generator.permuted(rows, axis=1, out=rows)


def _p_values(
    x: NDArray[np.float64], y: NDArray[np.float64], seed: int, draws: int
) -> NDArray[np.float64]:
    """p of each column of x; the sum of x stays, so sums of minima order as consistencies do."""
    columns = np.ascontiguousarray(x.T)
    observed = np.minimum(columns, y).sum(axis=1)
    least = observed - TIED * np.maximum(observed, 1)
    reached = np.ones(len(columns))
    for block in dealt_out(y, seed, draws):
        for place, column in enumerate(columns):
            reached[place] += (np.minimum(block, column).sum(axis=1) >= least[place]).sum()
    return reached / (1 + draws)
