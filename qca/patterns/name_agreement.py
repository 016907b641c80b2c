"""How far the name of the leading pattern depends on which set of patterns is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import PatternError
from qca.inputs import as_numbers
from qca.patterns.leximin import leximin_keys, leximin_order
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships


@dataclass(frozen=True, slots=True, eq=False)
class NameAgreement:
    """Which name leads under the chosen set of patterns, and in which share of others.

    Parameters
    ----------
    names : tuple of str
        Of the chosen set's patterns, in its order.
    leading : array (...) of int
        Position of the name that leads under the chosen set; -1 where none is known.
    shares : array (..., names)
        Share of the sets in which each name leads, in [0, 1]. They add up to 1, or to less where
        in some sets no pattern's memberships are known.
    sets : int
        How many sets were read.
    """

    names: tuple[str, ...]
    leading: NDArray[np.int64]
    shares: NDArray[np.float64]
    sets: int

    @property
    def same_name(self) -> NDArray[np.float64]:
        """Share of the sets in which the chosen set's name leads, array (...); NaN where none."""
        place = np.maximum(self.leading, 0)[..., np.newaxis]
        share = np.take_along_axis(self.shares, place, axis=-1)[..., 0]
        return np.where(self.leading < 0, np.nan, share)

    def ranked(self, unit: int | tuple[int, ...]) -> tuple[tuple[str, float], ...]:
        """Names that lead in some set for one unit, with their shares, the most frequent first."""
        found = zip(self.names, self.shares[unit].tolist(), strict=True)
        return tuple(sorted((pair for pair in found if pair[1] > 0), key=lambda pair: -pair[1]))


def name_agreement(
    memberships: ArrayLike,
    *,
    chosen: Sequence[Pattern],
    sets: Sequence[Sequence[Pattern]],
    elements: Sequence[str],
) -> NameAgreement:
    """Find the share of pattern sets in which the same name leads as under the chosen set.

    Under each set the leader is that of leximin; of patterns equal in all the first one leads.
    Every set counts the same: a share says how many readings agree, and is no probability. Where
    the sets hold every order of the names for each structure, every share is 1 / names whatever
    the memberships: then only what ties a name to an element makes a share mean anything.

    Parameters
    ----------
    memberships : array (..., elements)
        In [0, 1]; units, draws, or both in the leading axes; NaN where unknown. Over the draws of
        a unit `shares` is averaged.
    chosen : sequence of Pattern
        The set whose name is told.
    sets : sequence of sequences of Pattern
        The sets to read, such as `admissible_sets`; each with the chosen set's names.
    elements : sequence of str
        Names of the columns.

    Returns
    -------
    NameAgreement

    Raises
    ------
    PatternError
        There is no set, or one has other names than the chosen set.
    ShapeError, DuplicateNameError, UnknownNameError, NotNumericError
        As in `pattern_memberships`, or a membership is no number.

    Examples
    --------
    >>> first = [Pattern("bold", {"A": True}), Pattern("calm", {"B": True})]
    >>> other = [Pattern("bold", {"A": True, "C": True}), Pattern("calm", {"B": True})]
    >>> units = [[0.9, 0.6, 0.7], [0.9, 0.6, 0.2]]
    >>> found = name_agreement(units, chosen=first, sets=[first, other], elements=["A", "B", "C"])
    >>> found.same_name, found.ranked(1)
    (array([1. , 0.5]), (('bold', 0.5), ('calm', 0.5)))

    References
    ----------
    Rutin's own proposal, after the multiverse of Steegen, Tuerlinckx, Gelman & Vanpaemel (2016),
    Perspectives on Psychological Science 11.
    """
    names = tuple(pattern.name for pattern in chosen)
    _refuse_other_names(names, sets)
    ordered = [sorted(one, key=lambda pattern: names.index(pattern.name)) for one in sets]
    shapes, signs = _distinct_signs([list(chosen), *ordered], elements)
    values = as_numbers(memberships, "memberships")
    ranks = _dense_ranks(leximin_keys(required_memberships(values, signs)))
    counts = np.zeros((*ranks.shape[:-1], len(names)))
    for places in shapes[1:]:
        counts += _leaders(ranks, places)[..., np.newaxis] == np.arange(len(names))
    return NameAgreement(names, _leaders(ranks, shapes[0]), counts / len(sets), len(sets))


def _refuse_other_names(names: tuple[str, ...], sets: Sequence[Sequence[Pattern]]) -> None:
    if not sets:
        raise PatternError("expected at least one set of patterns to read, found none")
    for place, one in enumerate(sets, start=1):
        found = [pattern.name for pattern in one]
        if sorted(found) != sorted(names):
            raise PatternError(f"expected the names {list(names)} in set {place}, found {found}")


def _distinct_signs(
    sets: Sequence[Sequence[Pattern]], elements: Sequence[str]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int8]]:
    """Each set as places in one table of signs, in which no row stands twice."""
    tables = [pattern_signs(one, elements) for one in sets]
    signs, places = np.unique(np.concatenate(tables), axis=0, return_inverse=True)
    return np.split(places.reshape(-1), len(sets)), signs


def _dense_ranks(keys: NDArray[np.float64]) -> NDArray[np.int64]:
    """Place of each pattern by leximin, 0 the best, equal ones alike; -1 where it is unknown."""
    order = leximin_order(keys)
    sorted_keys = np.take_along_axis(keys, order[..., np.newaxis], axis=-2)
    steps = (sorted_keys[..., 1:, :] != sorted_keys[..., :-1, :]).any(axis=-1)
    rising = np.concatenate([np.zeros((*steps.shape[:-1], 1), bool), steps], axis=-1).cumsum(-1)
    ranks = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, rising, axis=-1)
    return np.where(keys[..., 0] == -np.inf, -1, ranks)


def _leaders(ranks: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the leading pattern among those at some places; -1 where none is known."""
    chosen = ranks[..., places]
    leading = np.where(chosen < 0, np.iinfo(np.int64).max, chosen).argmin(axis=-1)
    return np.where((chosen < 0).all(axis=-1), -1, leading)
