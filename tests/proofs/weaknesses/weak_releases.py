"""Releases weakened on purpose: what a harness must see, or it is broken."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from survey import policy
from survey.policy import RELEASE_FLOOR
from survey.release import plan, sets
from survey.release.items import item_parts
from survey.release.pooling import Pooling, pool_answers
from survey.release.tree import UnitTree


@contextmanager
def unit_means() -> Iterator[None]:
    """Publish every unit that has an answer, without an audit."""
    with ExitStack() as stack:
        for place, name, weak in (
            (sets, "pool_answers", _without_floor),
            (sets, "pool_again", _same_pools),
            (plan, "item_parts", _items_without_floor),
            (plan._Tabulation, "audit", _no_audit),
        ):
            stack.enter_context(patch.object(place, name, weak))
        yield


@contextmanager
def threshold_only() -> Iterator[None]:
    """Publish every unit of five answers or more, with all answers below it."""
    with unit_means(), patch.object(Pooling, "published", property(_enough)):
        yield


@contextmanager
def exact_sizes() -> Iterator[None]:
    """Tell how many answers a group has."""
    with patch.object(policy, "BANDS", tuple((n, str(n)) for n in range(99, 4, -1))):
        yield


def _without_floor(tree: UnitTree, sizes: NDArray[np.int64], _floor: int) -> Pooling:
    return pool_answers(tree, sizes, 1)


def _same_pools(pooling: Pooling, _floor: int) -> Pooling:
    return pooling


def _items_without_floor(
    tree: UnitTree, counts: NDArray[np.int64], _floor: int
) -> NDArray[np.int64]:
    return item_parts(tree, counts, 1)


def _no_audit(*_: object) -> None:
    return None


def _enough(pooling: Pooling) -> NDArray[np.bool_]:
    enough: NDArray[np.bool_] = pooling.unit_sizes.sum(axis=1) >= RELEASE_FLOOR
    return enough
