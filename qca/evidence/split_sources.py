"""Association over pools of people, with elements and outcome told by different people."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from qca.bootstrap import DRAWS
from qca.errors import MissingDataError, OptionError, ShapeError
from qca.inputs import as_numbers

FEWEST_TO_TELL = 16  # pools; below, nothing but an association near 1 could be told from none
FEWEST_IN_POOL = 4  # people, two in each half
RANDOM_HALVES = 200
# Associations this little below the observed one are ties that rounding has parted.
SLACK = 1e-12

Membership = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class SplitSource:
    """Whether elements told by some people go with the outcome told by others.

    Parameters
    ----------
    pools, people : int
        Pools with people enough, and the people in them whose scores are all known.
    halves : int
        How often every pool was halved.
    can_be_told : bool
        Whether there are at least 16 pools and both sides vary between them; if not, the rest is
        NaN.
    association : float
        Mean over the halvings, both ways, of the rank correlation over pools, [-1, 1].
    attainable : float
        What it would be if pools stood in the same order in both, but for the error of their
        people: sqrt(a b), with a the mean rank correlation of both halves' memberships and b that
        of their outcomes; [0, 1], and 0 where either is negative.
    deviation : float
        Standard deviation of that mean over all ways of dealing out the pools' outcomes, exactly.
    p : float
        (1 + permutations of pools with an association at least as high) / (1 + permutations).
    """

    pools: int
    people: int
    halves: int
    can_be_told: bool
    association: float
    attainable: float
    deviation: float
    p: float


def split_source(
    elements: ArrayLike,
    outcome: ArrayLike,
    *,
    pools: Sequence[Hashable],
    membership: Membership,
    seed: int,
    halves: int = RANDOM_HALVES,
    draws: int = DRAWS,
) -> SplitSource:
    """Ask whether a set holds between pools when other people tell the outcome.

    In every halving each pool's people are split at random. Pool by pool the means of one half's
    elements give a membership, the mean of the other half's outcome stands against it, and the
    other way round. The association is Spearman's rank correlation over pools: what anchors do to
    the outcome's scale does not change it, and no single pool far out can carry it. Its mean over
    halvings is kept. What one person adds to all answers alike, halo or a habit of answering, is
    never on both sides.

    Permutation: the pools' outcomes are dealt out anew, all halvings alike. Ranks stay, so that
    each permutation is a sum over one matrix of pools by pools. 2,000 pools and 20,000 people take
    about two seconds, 60 pools and 600 people a tenth of one.

    Parameters
    ----------
    elements : array_like (people, elements)
        Personal scores; who lacks one is left out.
    outcome : array_like (people,)
        Personal scores, likewise.
    pools : sequence
        Label of each person's pool. Pools with fewer than 4 people are left out.
    membership : function
        Of means (pools, elements) to memberships (pools,): calibrates, and takes the best pattern.
    seed : int
        At least 0; the same one gives the same result.
    halves, draws : int
        Halvings and permutations, at least 1.

    Returns
    -------
    SplitSource
        With fewer than 16 pools one that says so; never an error.

    Raises
    ------
    ShapeError
        Elements, outcome and pools do not belong together, or the function gives another shape.
    MissingDataError
        A person has no pool, or the function gives NaN.
    OptionError
        There is no halving or permutation, or the seed is negative.
    NotNumericError

    Examples
    --------
    >>> generator = np.random.default_rng(3)
    >>> pools = np.repeat(np.arange(40), 10)
    >>> level = generator.normal(0, 1, 40)[pools]
    >>> elements = level[:, None] + generator.normal(0, 1, (400, 2))
    >>> outcome = level + generator.normal(0, 1, 400)
    >>> found = split_source(elements, outcome, pools=pools.tolist(), seed=1,
    ...                      membership=lambda means: means.min(axis=1))
    >>> found.pools, found.can_be_told, round(found.association, 1), found.p < 0.001
    (40, True, 0.9, True)
    >>> split_source(elements[:150], outcome[:150], pools=pools[:150].tolist(), seed=1,
    ...              membership=lambda means: means.min(axis=1)).can_be_told
    False

    Source: Podsakoff, MacKenzie & Podsakoff (2012), Sources of method bias in social science
    research, Annual Review of Psychology 63, on different sources; Ostroff, Kinicki & Clark (2002),
    Journal of Applied Psychology 87, on split samples. The rank correlation over many halvings and
    its permutation are Rutin's own proposal.
    """
    if halves < 1 or draws < 1 or seed < 0:
        raise OptionError(
            "expected a halving, a permutation and a seed from 0,"
            f" found {halves}, {draws} and {seed}"
        )
    scores, starts = _sorted_scores(elements, outcome, pools)
    count, people = len(starts), len(scores)
    nothing = SplitSource(count, people, halves, False, *[float("nan")] * 4)
    if count < FEWEST_TO_TELL:
        return nothing
    generator = np.random.Generator(np.random.PCG64(seed))
    x, y = np.empty((2, 2, halves, count))  # elements and outcome; first and second half
    for place, sides in enumerate(_halvings(scores, starts, halves, generator)):
        x[:, place] = _ranks(np.stack([_checked(membership, side[:, :-1]) for side in sides]))
        y[:, place] = _ranks(sides[:, :, -1])
    pairs = (x[0].T @ y[1] + x[1].T @ y[0]) / (2 * halves)
    if not pairs.any():
        return nothing
    association = float(np.trace(pairs))
    reached = 1
    for _ in range(draws):
        order = generator.permutation(count)
        reached += pairs[np.arange(count), order].sum() >= association - SLACK
    # Rows and columns sum to 0, so that the variance over all permutations is this.
    deviation = float(np.sqrt((pairs**2).sum() / (count - 1)))
    p = float(reached / (1 + draws))
    return SplitSource(count, people, halves, True, association, _attainable(x, y), deviation, p)


def _sorted_scores(
    elements: ArrayLike, outcome: ArrayLike, pools: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Elements and outcome of complete people, pool after pool, and where each pool begins."""
    x, y = as_numbers(elements, "elements"), as_numbers(outcome, "the outcome")
    labels = pd.Series(list(pools), dtype=object)
    if x.ndim != 2 or y.shape != x.shape[:1] or len(labels) != len(y):
        raise ShapeError(
            "expected elements, an outcome and a pool for each person,"
            f" found shapes {x.shape}, {y.shape} and {len(labels)} pools"
        )
    if labels.isna().any():
        place = int(labels.isna().to_numpy().argmax())
        raise MissingDataError(f"expected a pool for every person, found none for {place + 1}")
    table = np.column_stack([x, y])
    known = ~np.isnan(table).any(axis=1)
    codes = pd.factorize(labels)[0][known]
    table = table[known]
    enough = np.bincount(codes, minlength=1)[codes] >= FEWEST_IN_POOL
    codes, table = codes[enough], table[enough]
    order = np.argsort(codes, kind="stable")
    _, starts = np.unique(codes[order], return_index=True)
    return table[order], starts


def _halvings(
    scores: NDArray[np.float64],
    starts: NDArray[np.int64],
    halves: int,
    generator: np.random.Generator,
) -> Iterator[NDArray[np.float64]]:
    """Means (2, pools, scores) of both halves of every pool, one halving after the other."""
    people = len(scores)
    sizes = np.diff(np.append(starts, people))
    pool_of = np.repeat(np.arange(len(starts)), sizes)
    cuts = starts + sizes // 2
    borders = np.column_stack([starts, cuts]).ravel()
    numbers = np.column_stack([cuts - starts, sizes - (cuts - starts)]).ravel()
    for _ in range(halves):
        # Random places within each pool: sorting a random number that stays between its bounds.
        order = np.argsort(pool_of + generator.random(people))
        sums = np.add.reduceat(scores[order], borders, axis=0)
        means = sums / numbers[:, np.newaxis]
        yield means.reshape(len(starts), 2, -1).swapaxes(0, 1)


def _attainable(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Geometric mean of what both halves agree on; ranks are [half, halving, pool]."""
    agreed = [max(0.0, float((one[0] * one[1]).sum(axis=1).mean())) for one in (x, y)]
    return float(np.sqrt(agreed[0] * agreed[1]))


def _checked(membership: Membership, means: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.asarray(membership(means), dtype=np.float64)
    if found.shape != means.shape[:1]:
        raise ShapeError(f"expected a membership for each of {len(means)} pools, {found.shape}")
    if np.isnan(found).any():
        raise MissingDataError("expected a membership for every pool, found NaN")
    return found


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks of each row with mean 0 and length 1; 0 throughout where all values are equal."""
    ranks = rankdata(values, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    length = np.sqrt((ranks**2).sum(axis=1, keepdims=True))
    return np.divide(ranks, length, out=np.zeros_like(ranks), where=length > 0)
