"""Bootstrap of construct scores within units, reproducible unit by unit."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError, ShapeError

DRAWS = 2000
# OpenBLAS multiplies on one thread up to this many products. Thousands of larger ones, on two
# cores with other work to do, were measured eight times slower for their waiting threads.
_SERIAL_PRODUCTS = 1 << 18


def unit_seed(seed: int, unit: str) -> np.random.SeedSequence:
    """Derive a seed that depends on the run and on the unit's name, on nothing else.

    Parameters
    ----------
    seed : int
        Of the run, >= 0.
    unit : str
        Stable identity of the unit.

    Returns
    -------
    SeedSequence

    Raises
    ------
    OptionError
        The seed is negative.

    Examples
    --------
    >>> north, south = unit_seed(7, "north"), unit_seed(7, "south")
    >>> north.entropy == south.entropy, north.entropy == unit_seed(7, "north").entropy
    (False, True)

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    if seed < 0:
        raise OptionError(f"expected a seed >= 0, found {seed}")
    digest = hashlib.sha256(unit.encode()).digest()
    return np.random.SeedSequence([seed, *np.frombuffer(digest, dtype="<u4").tolist()])


def construct_scores(
    answers: ArrayLike, constructs: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Score a unit: the mean over a construct's items of the item means over respondents.

    Parameters
    ----------
    answers : array (respondents, items)
        In points, reverse-keyed items already turned; NaN where missing.
    constructs : sequence of sequences of int
        Columns of each construct.

    Returns
    -------
    array (constructs,)
        An item without any valid answer is left out; NaN where all are.

    Raises
    ------
    ShapeError
        The answers are no table, or a construct has no column in it.

    Examples
    --------
    >>> construct_scores([[4, 6], [5, np.nan]], [[0, 1], [1]])
    array([5.25, 6.  ])

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    table = _table(answers, constructs)
    counts = np.ones((1, len(table)))
    items = _membership_of_items(constructs, table.shape[1])
    return _scores_of_counts(counts, _filled(table), items)[0]


def unit_bootstrap(
    answers: ArrayLike,
    *,
    constructs: Sequence[Sequence[int]],
    seed: np.random.SeedSequence | int,
    draws: int = DRAWS,
) -> NDArray[np.float64]:
    """Bootstrap a unit's construct scores by drawing its respondents with replacement.

    A draw is a vector of counts, so that all draws are one matrix product with the answers. No
    correction for a finite population is made: it would give away how many were invited.

    Parameters
    ----------
    answers : array (respondents, items)
        As in `construct_scores`.
    constructs : sequence of sequences of int
        Columns of each construct.
    seed : SeedSequence or int
        From `unit_seed`.
    draws : int
        How many, >= 1.

    Returns
    -------
    array (draws, constructs)
        Scores as `construct_scores` gives them for the respondents drawn.

    Raises
    ------
    OptionError
        There is no draw.
    ShapeError
        As in `construct_scores`, or there is no respondent.

    Examples
    --------
    >>> unit_bootstrap([[4.0], [4.0]], constructs=[[0]], seed=1, draws=3)
    array([[4.],
           [4.],
           [4.]])

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    """
    table = _table(answers, constructs)
    if draws < 1:
        raise OptionError(f"expected at least one draw, found {draws}")
    if not len(table):
        raise ShapeError("expected at least one respondent, found none")
    generator = np.random.Generator(np.random.PCG64(seed))
    items, filled = _membership_of_items(constructs, table.shape[1]), _filled(table)
    scores = np.empty((draws, len(constructs)))
    step = max(1, _SERIAL_PRODUCTS // table.size)
    for start in range(0, draws, step):
        block = scores[start : start + step]
        counts = respondent_counts(generator, len(block), len(table))
        block[:] = _scores_of_counts(counts, filled, items)
    return scores


def bootstrap_units(
    answers: Mapping[str, ArrayLike],
    *,
    constructs: Sequence[Sequence[int]],
    seed: int,
    draws: int = DRAWS,
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Bootstrap many units one after the other, so that memory stays that of one.

    Parameters
    ----------
    answers : mapping of str to array (respondents, items)
        Answers of every unit, by its name.
    constructs, draws
        As in `unit_bootstrap`.
    seed : int
        Of the run; a unit's draws depend on it and on the unit's own name and answers only.

    Yields
    ------
    tuple of str and array (draws, constructs)
        Name of the unit and its scores.

    Raises
    ------
    OptionError, ShapeError
        As in `unit_seed` and `unit_bootstrap`.

    Examples
    --------
    >>> [(unit, scores.shape) for unit, scores in bootstrap_units(
    ...     {"north": [[3.0], [5.0]]}, constructs=[[0]], seed=1, draws=10)]
    [('north', (10, 1))]

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    """
    for unit, rows in answers.items():
        own_seed = unit_seed(seed, unit)
        yield unit, unit_bootstrap(rows, constructs=constructs, seed=own_seed, draws=draws)


def percentile_interval(draws: ArrayLike, *, level: float = 0.95) -> NDArray[np.float64]:
    """Percentile interval of every column of draws.

    Parameters
    ----------
    draws : array (draws, quantities)
        NaN is left out.
    level : float
        In (0, 1).

    Returns
    -------
    array (quantities, 2)
        Lower and upper bound; NaN where a column has no number.

    Raises
    ------
    OptionError
        The level is not in (0, 1).

    Examples
    --------
    >>> percentile_interval(np.arange(101.0).reshape(-1, 1), level=0.9)
    array([[ 5., 95.]])

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    if not 0 < level < 1:
        raise OptionError(f"expected a level in (0, 1), found {level}")
    values = np.asarray(draws, dtype=np.float64)
    columns = np.ascontiguousarray(values.T)
    unknown = np.isnan(columns)
    whole, known = ~unknown.any(axis=1), ~unknown.all(axis=1)
    bounds = np.full((len(columns), 2), np.nan)
    tails = [50 * (1 - level), 50 * (1 + level)]
    # The same numbers either way; looking for NaN column by column takes four times as long.
    if (whole & known).any():
        bounds[whole] = np.percentile(columns[whole], tails, axis=1).T
    if (known & ~whole).any():
        bounds[known & ~whole] = np.nanpercentile(columns[known & ~whole], tails, axis=1).T
    return bounds


def respondent_counts(
    generator: np.random.Generator, draws: int, respondents: int
) -> NDArray[np.float64]:
    """Draw with replacement, and count how often each respondent or case is drawn.

    Examples
    --------
    >>> respondent_counts(np.random.default_rng(1), 3, 4).sum(axis=1)
    array([4., 4., 4.])
    """
    drawn = generator.integers(0, respondents, size=(draws, respondents), dtype=np.int32)
    drawn += np.arange(0, draws * respondents, respondents, dtype=np.int32)[:, np.newaxis]
    counts = np.bincount(drawn.ravel(), minlength=draws * respondents)
    return counts.reshape(draws, respondents).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Filled:
    """Answers with 0 where missing, the columns that miss any, and 1 where those are missing."""

    answers: NDArray[np.float64]
    gaps: NDArray[np.int64]
    missing: NDArray[np.float64]


def _table(answers: ArrayLike, constructs: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    table = np.asarray(answers, dtype=np.float64)
    if table.ndim != 2:
        raise ShapeError(f"expected a table of respondents by items, found shape {table.shape}")
    for columns in constructs:
        if not columns or not all(0 <= column < table.shape[1] for column in columns):
            raise ShapeError(f"expected columns within 0-{table.shape[1] - 1}, found {columns}")
    return table


def _membership_of_items(
    constructs: Sequence[Sequence[int]], item_count: int
) -> NDArray[np.float64]:
    """Table (items, constructs) with 1 where an item belongs to a construct."""
    table = np.zeros((item_count, len(constructs)))
    for construct, columns in enumerate(constructs):
        table[list(columns), construct] = 1
    return table


def _filled(table: NDArray[np.float64]) -> _Filled:
    missing = np.isnan(table)
    gaps = np.flatnonzero(missing.any(axis=0))
    return _Filled(np.where(missing, 0, table), gaps, missing[:, gaps].astype(np.float64))


def _scores_of_counts(
    counts: NDArray[np.float64], table: _Filled, items: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Construct scores (draws, constructs) of respondents counted `counts` times."""
    sums = counts @ table.answers
    numbers = counts.sum(axis=1, keepdims=True)
    if table.gaps.size:
        numbers = np.repeat(numbers, sums.shape[1], axis=1)
        numbers[:, table.gaps] -= counts @ table.missing
    if (numbers > 0).all():
        return np.asarray((sums / numbers) @ items / items.sum(axis=0))
    answered = np.broadcast_to(numbers > 0, sums.shape)
    means = np.divide(sums, numbers, out=np.zeros_like(sums), where=answered)
    used = answered.astype(np.float64) @ items
    total = means @ items
    return np.divide(total, used, out=np.full_like(total, np.nan), where=used > 0)
