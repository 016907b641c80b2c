"""The order of patterns by leximin: the lowest required membership decides, then the next."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships

DECIMALS = 9  # memberships closer than this differ by rounding only: 1 - .7 against .3


def leximin_keys(required: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sort what each pattern requires from low to high, so that patterns compare by leximin.

    Parameters
    ----------
    required : array (..., patterns, elements)
        From `required_memberships`; irrelevant elements count 1 and so pad shorter patterns.

    Returns
    -------
    array (..., patterns, elements)
        Rising along the last axis; all -inf for a pattern with an unknown membership, which
        therefore comes last. Rounded to the ninth decimal, lest 1 - .7 be below .3.

    Examples
    --------
    >>> leximin_keys(np.array([[0.5, 0.25, 1.0], [np.nan, 0.5, 1.0]]))
    array([[0.25, 0.5 , 1.  ],
           [-inf, -inf, -inf]])
    """
    keys = np.asarray(np.round(np.sort(required, axis=-1), DECIMALS), dtype=np.float64)
    keys[np.isnan(keys).any(axis=-1)] = -np.inf
    return keys


def leximin_order(keys: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order patterns from best to worst by leximin.

    The lowest required membership decides, among equals the next lowest, and so on; patterns equal
    in all keep the order in which they were given.

    Parameters
    ----------
    keys : array (..., patterns, elements)
        From `leximin_keys`.

    Returns
    -------
    array (..., patterns)
        Positions of patterns, best first.

    Examples
    --------
    >>> leximin_order(np.array([[0.2, 0.6], [0.4, 0.5], [0.2, 0.7]]))
    array([1, 2, 0])

    Source: Sen (1970), Collective Choice and Social Welfare (lexicographic maximin).
    """
    columns = np.moveaxis(-keys[..., ::-1], -1, 0)
    return np.asarray(np.lexsort(columns, axis=-1), dtype=np.int64)


def leading_patterns(keys: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the first pattern of `leximin_order` without ordering the rest.

    Parameters
    ----------
    keys : array (..., patterns, elements)
        From `leximin_keys`.

    Returns
    -------
    array (...)
        Position of the leading pattern; -1 where no pattern's memberships are known.

    Examples
    --------
    >>> leading_patterns(np.array([[[0.2, 0.6], [0.2, 0.7]], [[-np.inf] * 2] * 2]))
    array([ 1, -1])
    """
    # Patterns first, so that every step runs along the many units or draws.
    columns = np.moveaxis(keys, (-2, -1), (0, 1))
    still_best = np.ones((columns.shape[0], *columns.shape[2:]), dtype=bool)
    for place in range(columns.shape[1]):
        values = np.where(still_best, columns[:, place], -np.inf)
        still_best &= values == values.max(axis=0)
    leading = still_best.argmax(axis=0)
    known = (columns[:, 0] > -np.inf).any(axis=0)
    return np.where(known, leading, -1)


def leading_in_draws(
    memberships: NDArray[np.float64], signs: NDArray[np.int8]
) -> NDArray[np.int64]:
    """Find the leading pattern of thousands of draws: ten times as fast, and the same patterns.

    Parameters
    ----------
    memberships : array (draws, elements)
        In [0, 1]; NaN where unknown.
    signs : array (patterns, elements)
        From `pattern_signs`.

    Returns
    -------
    array (draws,)
        As `leading_patterns` gives it for the keys of what each pattern requires.

    Examples
    --------
    >>> leading_in_draws(np.array([[0.9, 0.2], [0.4, 0.6]]), np.array([[1, 0], [0, 1]]))
    array([0, 1])
    """
    return leading_patterns(keys_in_draws(memberships, signs).T)


def keys_in_draws(memberships: NDArray[np.float64], signs: NDArray[np.int8]) -> NDArray[np.float64]:
    """Sort what each pattern requires in thousands of draws, the draws along memory.

    Parameters
    ----------
    memberships : array (draws, elements)
        In [0, 1]; NaN where unknown.
    signs : array (patterns, elements)
        From `pattern_signs`.

    Returns
    -------
    array (places, patterns, draws)
        As many places as the longest pattern requires elements; otherwise as `leximin_keys`.

    Examples
    --------
    >>> keys_in_draws(np.array([[0.9, 0.2], [0.4, 0.6]]), np.array([[1, 1], [0, 1]]))[0]
    array([[0.2, 0.4],
           [0.2, 0.6]])
    """
    # One row an element: every step then runs along memory.
    present = np.ascontiguousarray(memberships.T)
    longest = max(int(np.count_nonzero(signs, axis=1).max(initial=0)), 1)
    keys = np.ones((longest, len(signs), len(memberships)))
    for pattern, row in enumerate(signs):
        required = [
            present[element] if row[element] > 0 else 1 - present[element]
            for element in np.flatnonzero(row).tolist()
        ]
        for place, values in enumerate(_rising(required)):
            keys[place, pattern] = np.round(values, DECIMALS)
        keys[:, pattern, np.isnan(keys[:, pattern]).any(axis=0)] = -np.inf
    return keys


def _rising(rows: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Sort every column by exchanging neighbours, row against row; NaN spreads."""
    rising = list(rows)
    for last in range(len(rising) - 1, 0, -1):
        for place in range(last):
            low, high = rising[place], rising[place + 1]
            rising[place], rising[place + 1] = np.minimum(low, high), np.maximum(low, high)
    return rising


def rank_patterns(
    memberships: ArrayLike, *, patterns: Sequence[Pattern], elements: Sequence[str]
) -> NDArray[np.int64]:
    """Order the patterns of every unit from best to worst by leximin.

    Parameters
    ----------
    memberships : array (..., elements)
        In [0, 1].
    patterns, elements
        As in `pattern_signs`.

    Returns
    -------
    array (..., patterns)
        Positions in `patterns`, best first.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `required_memberships` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True, "B": True}), Pattern("calm", {"A": True, "B": False})]
    >>> rank_patterns([[0.9, 0.8], [0.9, 0.3]], patterns=pair, elements=["A", "B"])
    array([[0, 1],
           [1, 0]])

    References
    ----------
    Sen (1970), Collective Choice and Social Welfare (lexicographic maximin).
    """
    signs = pattern_signs(patterns, elements)
    return leximin_order(leximin_keys(required_memberships(memberships, signs)))
