"""Invented companies of which it is known what goes with what."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Scores of people in pools, in standard deviations."""

    elements: np.ndarray
    outcome: np.ndarray
    pools: Sequence[Hashable]


def lowest(means: np.ndarray) -> np.ndarray:
    """Membership in the one pattern that requires all elements."""
    return np.asarray(means.min(axis=1))


def unrelated(generator: np.random.Generator, pools: int, people: int) -> World:
    """Pools differ in elements and outcome, the one without the other."""
    labels = np.repeat(np.arange(pools), people)
    levels = generator.normal(0, 0.5, (pools, 3))[labels]
    scores = levels + generator.normal(0, 1, levels.shape)
    return World(scores[:, :2], scores[:, 2], labels.tolist())


def style_only(generator: np.random.Generator, pools: int, people: int) -> World:
    """The same, and whoever likes to agree does so with everything."""
    world = unrelated(generator, pools, people)
    habit = generator.normal(0, 1.5, len(world.outcome))
    return World(world.elements + habit[:, np.newaxis], world.outcome + habit, world.pools)
