"""Invented companies of which it is known what goes with what, as answers to the shipped items.

A person's latent score of an element is a mean, a part of the unit, a part of the person, and what
the elements have in common; answers are that score with an error of their own, rounded to points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.named_patterns import Pattern, pattern_memberships
from survey.instrument.content import ConstructRole, Instrument

ITEM_ERROR: Final = 0.8  # points, of one answer around its score
PLANTED: Final = Anchors(2, 4.1, 6)  # by which planted patterns are members


class Outcome(StrEnum):
    """What a person's outcome goes with, besides a part of its own."""

    NOTHING = "nothing"
    FORESIGHT = "foresight"  # the first element alone
    PLAIN_SUM = "plain sum"  # the first four elements, added up
    PATTERNS = "patterns"  # membership in the best pattern
    CONTRARY = "contrary"  # between units the opposite of the first four elements' mean


@dataclass(frozen=True, slots=True)
class World:
    """One kind of company; its people are dealt out evenly over its units."""

    name: str
    units: int = 24
    people: int = 270  # of each function
    functions: tuple[str, ...] = ("operations",)
    sizes: tuple[int, ...] = ()  # people of each unit and function, instead of even ones
    icc: float = 0.20  # share of the variance of scores that lies between units
    element_means: tuple[float, ...] = (4.6, 4.6, 4.5, 4.0, 4.8)
    outcome_mean: float = 4.6
    outcome: Outcome = Outcome.NOTHING
    own: float = 0.6  # standard deviation of what the outcome shares with nothing, in points
    common: float = 0.3  # share of an element's variance that it shares with the others
    habit: float = 0.0  # standard deviation of a person's liking to agree with everything
    clicks: bool = False  # every answer is any point, each as likely


@dataclass(frozen=True, slots=True)
class Drawn:
    """A company as it was drawn: who is where, and latent scores [person, element and outcome]."""

    unit: NDArray[np.int64]
    function: NDArray[np.str_]
    scores: NDArray[np.float64]


def unit_keys(world: World) -> tuple[str, ...]:
    """Return the keys of the units in their order, without the company's."""
    return tuple(f"u{place}" for place in range(1, world.units + 1))


def drawn(world: World, patterns: Sequence[Pattern], elements: Sequence[str], seed: int) -> Drawn:
    """Draw the people of a world; the same seed draws the same ones."""
    generator = np.random.Generator(np.random.PCG64(seed))
    units, functions = _places(world)
    spread = _Spread(generator, units, world.icc)
    shared, own = np.sqrt(world.common), np.sqrt(1 - world.common)
    around = own * spread(len(elements)) + shared * spread(1)
    habit = world.habit * generator.normal(0, 1, (len(units), 1))
    x = np.array(world.element_means) + around
    y = _outcome(world, x, around, units, patterns, elements) + world.own * spread(1)[:, 0]
    return Drawn(units, functions, np.column_stack([x, y]) + habit)


def answers_of(world: World, instrument: Instrument, found: Drawn, seed: int) -> pd.DataFrame:
    """Return DataFrame[unit, function, leads, <items>] as the survey would hold it."""
    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    scored = [
        construct.code
        for role in (ConstructRole.ELEMENT, ConstructRole.OUTCOME)
        for construct in instrument.constructs
        if construct.role is role
    ]
    points = instrument.scale.points
    columns: dict[str, NDArray[np.float64]] = {}
    for construct, item in instrument.items():
        people = len(found.unit)
        if item.expected is not None:
            columns[item.code] = np.full(people, float(item.expected))
            continue
        place = scored.index(construct.code) if construct.code in scored else None
        latent = generator.normal(4, 1, people) if place is None else found.scores[:, place]
        answer = np.clip(np.rint(latent + generator.normal(0, ITEM_ERROR, people)), 1, points)
        if world.clicks:
            answer = generator.integers(1, points + 1, people).astype(np.float64)
        columns[item.code] = points + 1 - answer if item.is_reversed else answer
    table = pd.DataFrame(columns)
    table.insert(0, "unit", np.array(unit_keys(world))[found.unit])
    table.insert(1, "function", found.function)
    table.insert(2, "leads", np.zeros(len(table), dtype=bool))
    return table


def _points_of(memberships: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores that have these memberships."""
    ends = np.where(memberships > 0.5, PLANTED.full_in, PLANTED.full_out)
    share = logit(memberships) / logit(PLANTED.idm)
    return np.asarray(PLANTED.crossover + share * np.abs(ends - PLANTED.crossover))


@dataclass(frozen=True)
class _Spread:
    """Draws around 0 with variance 1, a share of it between units."""

    generator: np.random.Generator
    units: NDArray[np.int64]
    icc: float

    def __call__(self, columns: int) -> NDArray[np.float64]:
        between = self.generator.normal(0, 1, (int(self.units.max()) + 1, columns))[self.units]
        within = self.generator.normal(0, 1, between.shape)
        return np.asarray(np.sqrt(self.icc) * between + np.sqrt(1 - self.icc) * within)


def _places(world: World) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    even = np.bincount(np.arange(world.people) % world.units, minlength=world.units)
    sizes = np.array(world.sizes or even)
    unit = np.tile(np.repeat(np.arange(world.units), sizes), len(world.functions))
    return unit, np.repeat(np.array(world.functions), sizes.sum())


def _outcome(
    world: World,
    x: NDArray[np.float64],
    around: NDArray[np.float64],
    units: NDArray[np.int64],
    patterns: Sequence[Pattern],
    elements: Sequence[str],
) -> NDArray[np.float64]:
    """The part of the outcome that follows from the elements, in points."""

    def of_patterns() -> NDArray[np.float64]:
        sets = calibrate_scores(x, [PLANTED] * len(elements))
        best = pattern_memberships(sets, patterns=patterns, elements=elements).max(axis=1)
        return _points_of(best)

    def contrary() -> NDArray[np.float64]:
        size = np.bincount(units)
        means = np.bincount(units, around[:, :4].mean(axis=1)) / size
        turned = -(means - means.mean()) / means.std()
        return np.asarray(world.outcome_mean + np.sqrt(world.icc) * turned[units])

    follows: dict[Outcome, Callable[[], NDArray[np.float64]]] = {
        Outcome.NOTHING: lambda: np.full(len(x), world.outcome_mean),
        Outcome.FORESIGHT: lambda: world.outcome_mean + 0.7 * around[:, 0],
        Outcome.PLAIN_SUM: lambda: world.outcome_mean + 1.2 * around[:, :4].mean(axis=1),
        Outcome.PATTERNS: of_patterns,
        Outcome.CONTRARY: contrary,
    }
    return follows[world.outcome]()
