"""The verdict on one unit: which pattern leads, how sure that is, and in what words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError, ShapeError
from qca.patterns.leximin import DECIMALS, leading_in_draws
from qca.patterns.named_patterns import Pattern, pattern_signs

ROUNDING = 10.0**-DECIMALS


class VerdictKind(StrEnum):
    """What is said of a unit, in the order in which the rules are tried."""

    PROFILE_ONLY = "profile_only"
    ELEMENT_FIRST = "element_first"
    NONE_YET = "none_yet"
    BETWEEN = "between"
    CLEAR = "clear"
    LEANING = "leaning"
    NOT_CLEAR = "not_clear"


class Level(StrEnum):
    """A membership in words."""

    WELL_INSIDE = "well_inside"
    MORE_IN_THAN_OUT = "more_in_than_out"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class VerdictPolicy:
    """Thresholds of the verdict.

    Parameters
    ----------
    inside : float
        Membership from which a unit is more in than out.
    well_inside : float
        Membership from which it is well inside.
    gap : float
        Two patterns closer than this cannot be told apart.
    clear, leaning : float
        Shares of bootstrap draws with the same leading pattern.

    Raises
    ------
    OptionError
        A threshold is outside [0, 1], or two are in the wrong order.

    Examples
    --------
    >>> VerdictPolicy(clear=0.9).clear
    0.9
    """

    inside: float = 0.50
    well_inside: float = 0.80
    gap: float = 0.05
    clear: float = 0.80
    leaning: float = 0.60

    def __post_init__(self) -> None:
        ordered = (self.inside <= self.well_inside, self.leaning <= self.clear)
        every = (self.inside, self.well_inside, self.gap, self.clear, self.leaning)
        if not all(ordered) or not all(0 <= threshold <= 1 for threshold in every):
            raise OptionError(f"expected ordered thresholds within [0, 1], found {self}")

    def level(self, membership: float) -> Level:
        """Put a membership into words.

        Examples
        --------
        >>> VerdictPolicy().level(0.5).value
        'more_in_than_out'
        """
        if membership >= self.well_inside - ROUNDING:
            return Level.WELL_INSIDE
        return Level.MORE_IN_THAN_OUT if membership >= self.inside - ROUNDING else Level.NOT_YET


DEFAULT_POLICY = VerdictPolicy()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one unit, and the figures behind it.

    Parameters
    ----------
    kind : VerdictKind
        First rule that applies.
    leading, second : str or None
        Names of the two best patterns; for "none yet" `leading` is the nearest.
    membership : float
        In the leading pattern, [0, 1]; NaN for "profile only".
    level : Level or None
        The same in words.
    gap : float
        First differing coordinate of the two best patterns, >= 0; infinite with one pattern.
    stability : float
        Share of draws in which the same pattern leads, [0, 1]; NaN without draws.
    element : str or None
        The element that comes first, with "element first" only.
    borderline : bool
        Another anchor or lens gives another verdict.
    turning_points : tuple of str
        Which ones, such as "A crossover +0.1" or "other lens".
    also : tuple of str
        With "between" only: further patterns that cannot be told apart from the leading one.
    """

    kind: VerdictKind
    leading: str | None = None
    second: str | None = None
    membership: float = math.nan
    level: Level | None = None
    gap: float = math.nan
    stability: float = math.nan
    element: str | None = None
    borderline: bool = False
    turning_points: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def says_the_same(self, other: "Verdict") -> bool:
        """Tell whether two verdicts read the same: kind, element and the patterns that are named.

        "Between A and B" equals "between B and A"; figures may differ.

        Examples
        --------
        >>> first = Verdict(VerdictKind.BETWEEN, "bold", "calm", gap=0.01)
        >>> first.says_the_same(Verdict(VerdictKind.BETWEEN, "calm", "bold", gap=0.04))
        True
        """
        return self._statement == other._statement

    def names(self, pattern: str | None) -> bool:
        """Tell whether the verdict has no objection to a pattern as the leading one.

        "Between A and B" names both; where one element comes first, no pattern is at stake.

        Examples
        --------
        >>> found = Verdict(VerdictKind.BETWEEN, "bold", "calm", gap=0.01)
        >>> found.names("calm"), found.names("brisk")
        (True, False)
        """
        _, element, named = self._statement
        return element is not None or pattern in named

    @property
    def _statement(self) -> tuple[VerdictKind, str | None, frozenset[str | None]]:
        named = {self.leading}
        if self.kind is VerdictKind.BETWEEN:
            named = {self.leading, self.second, *self.also}
        if self.kind is VerdictKind.ELEMENT_FIRST:
            named = set()
        return self.kind, self.element, frozenset(named)


def stability(
    draws: ArrayLike, *, leading: int, patterns: Sequence[Pattern], elements: Sequence[str]
) -> float:
    """Share of bootstrap draws in which a pattern leads.

    Parameters
    ----------
    draws : array (draws, elements)
        Memberships of the unit in each draw.
    leading : int
        Position of the pattern.
    patterns, elements
        As in `pattern_signs`.

    Returns
    -------
    float
        In [0, 1]; NaN without draws. A draw in which no pattern's memberships are known counts
        against the pattern.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `required_memberships` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True}), Pattern("calm", {"B": True})]
    >>> stability([[0.9, 0.1], [0.6, 0.5], [0.2, 0.4], [0.7, 0.1]], leading=0,
    ...           patterns=pair, elements="AB")
    0.75

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    """
    signs = pattern_signs(patterns, elements)
    return share_led(np.asarray(draws, dtype=np.float64), signs, leading)


def share_led(memberships: NDArray[np.float64], signs: NDArray[np.int8], leading: int) -> float:
    """Share of draws in which a pattern leads, from the table of signs.

    Parameters
    ----------
    memberships : array (draws, elements)
        In [0, 1].
    signs : array (patterns, elements)
        From `pattern_signs`.
    leading : int
        Position of the pattern.

    Returns
    -------
    float
        As `stability` gives it.

    Raises
    ------
    ShapeError
        The memberships are not those of draws, or not of these elements.

    Examples
    --------
    >>> share_led(np.array([[0.9, 0.2], [0.4, 0.6]]), np.array([[1, 0], [0, 1]]), 0)
    0.5
    """
    if memberships.ndim != 2 or memberships.shape[1] != signs.shape[1]:
        raise ShapeError(
            f"expected draws of {signs.shape[1]} memberships, found {memberships.shape}"
        )
    leaders = leading_in_draws(memberships, signs)
    return float((leaders == leading).mean()) if leaders.size else math.nan
