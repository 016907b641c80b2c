"""What is claimed of a world: shares that are counted over companies, and their bounds."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from diagnostics.scoring.results import AssessmentResult
from tests.claims.worlds import World

SEED: Final = 20261130


@dataclass(frozen=True, slots=True)
class Bound:
    """A share that may not be larger, or smaller, than a number."""

    words: str  # what is counted
    count: Callable[[AssessmentResult], tuple[int, int]]  # of one company: how many, of how many
    at_most: float = 1.0
    at_least: float = 0.0

    @property
    def is_one(self) -> bool:
        """Whether any share would miss it; others are only told."""
        return self.at_least > 0 or self.at_most < 1

    @property
    def text(self) -> str:
        """The bound as the table says it."""
        if self.at_least > 0:
            return f"at least {self.at_least:.0%}"
        return f"at most {self.at_most:.0%}" if self.at_most < 1 else "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """The bounds of one world, and how many of its companies are scored."""

    section: str
    world: World
    bounds: tuple[Bound, ...]
    repetitions: int = 100
    draws: int | None = None  # of the units' bootstrap; None for as many as the method has

    def seed(self, repetition: int) -> int:
        """Return the seed of one company, which no other world shares."""
        return SEED + zlib.crc32(self.world.name.encode()) + repetition


@dataclass(frozen=True, slots=True)
class Measured:
    """A bound with what was counted."""

    claim: Claim
    bound: Bound
    companies: int
    hits: int
    total: int

    @property
    def share(self) -> float:
        """The share; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def is_met(self) -> bool:
        """Whether anything was counted, and the share keeps the bound."""
        return self.total > 0 and self.bound.at_least <= self.share <= self.bound.at_most
