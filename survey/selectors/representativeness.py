"""Where fewer or more answer than elsewhere, as far as the bands tell it surely."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from survey.policy import SENSITIVE_FLOOR, SHARE_HIGH, SHARE_LOW, band_ends

LEAST_INVITED: Final = SENSITIVE_FLOOR  # in a smaller group a band says next to nothing
GAP: Final = 10  # percentage points; a smaller difference is not worth a word


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group are invited, and between which numbers its answers lie."""

    name: str
    invited: int
    least: int
    most: int

    @property
    def low(self) -> int:
        """The share that has answered at least, in per cent; "all" is never told."""
        return min(floor(100 * self.least / self.invited), round(100 * SHARE_HIGH))

    @property
    def high(self) -> int:
        """The share that has answered at most, in per cent; "nobody" is never told."""
        return max(ceil(100 * self.most / self.invited), round(100 * SHARE_LOW))


@dataclass(frozen=True, slots=True)
class Representativeness:
    """The whole campaign, and the groups that surely lie below or above it."""

    whole: Group
    below: tuple[Group, ...]
    above: tuple[Group, ...]


def band_group(name: str, invited: int, band: str) -> Group:
    """Return one group's bounds.

    >>> group = band_group("Workshop", 12, "5-9")
    >>> group.low, group.high
    (41, 75)
    """
    least, most = band_ends(band)
    return Group(
        name, invited, min(least, invited), invited if most is None else min(most, invited)
    )


def merge_groups(name: str, groups: Iterable[Group]) -> Group:
    """Return several groups as one: its bounds are their bounds' sums."""
    parts = tuple(groups)
    return Group(
        name,
        sum(part.invited for part in parts),
        sum(part.least for part in parts),
        sum(part.most for part in parts),
    )


def representativeness(whole: Group, groups: Sequence[Group]) -> Representativeness:
    """Return which groups lie well below or above the whole, whatever the true numbers are."""
    large = [group for group in groups if group.invited >= LEAST_INVITED]
    return Representativeness(
        whole,
        tuple(group for group in large if group.high + GAP <= whole.low),
        tuple(group for group in large if group.low >= whole.high + GAP),
    )
