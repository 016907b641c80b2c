"""The five questions: worlds in which it is known what should be said."""

import math
from collections.abc import Hashable, Sequence

import numpy as np
import pytest

from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import ShapeError
from qca.patterns.evidence import SetEvidence, pattern_evidence
from qca.patterns.named_patterns import pattern_memberships
from qca.patterns.support import BetweenUnits, Finding
from tests.qca.patterns.default_patterns import DEFAULT, ELEMENTS

ANCHORS = [Anchors(2, 4.1, 6)] * 6


def spread(generator: np.random.Generator, pools: np.ndarray, columns: int) -> np.ndarray:
    """Scores around 4.4, three tenths of their variance between pools."""
    units = generator.normal(0, 0.55, (pools.max() + 1, columns))[pools]
    return np.asarray(4.4 + units + generator.normal(0, 0.85, units.shape))


def world(kind: str, *, seed: int = 1, pools: int = 40, people: int = 10) -> SetEvidence:
    """Ask about a company in which it is known what the outcome goes with."""
    generator = np.random.default_rng(seed)
    of = np.repeat(np.arange(pools), people)
    x = spread(generator, of, 5)
    noise = spread(generator, of, 1)[:, 0] - 4.4
    if kind == "patterns":
        low = np.sort(x[:, [1, 2, 3]], axis=1)[:, 1]  # the best pattern lacks the lowest of three
        outcome = np.minimum(x[:, 0], low) + noise / 2
    elif kind == "sum":
        outcome = x[:, :4].sum(axis=1) / 2 - 4.4 + noise / 2
    elif kind == "habit":
        habit = generator.normal(0, 1, len(of))
        x, outcome = x + habit[:, np.newaxis], 4.4 + noise + habit
    elif kind == "nothing":
        outcome = 5 + noise
    return asked(np.column_stack([x, outcome]), of.tolist())


def asked(scores: np.ndarray, pools: Sequence[Hashable]) -> SetEvidence:
    return pattern_evidence(
        scores, pools=pools, patterns=DEFAULT, elements=ELEMENTS, anchors=ANCHORS, seed=1,
        halves=40, draws=199,
    )  # fmt: skip


def findings(found: SetEvidence) -> set[Finding]:
    return {one.finding for one in found.patterns}


def test_planted_patterns_are_supported() -> None:
    assert findings(world("patterns", pools=60)) == {Finding.SUPPORTED}


def test_in_few_units_they_are_seen_among_persons_only() -> None:
    found = world("patterns", pools=12, people=25)

    assert found.between_units is BetweenUnits.TOO_FEW_POOLS
    assert findings(found) == {Finding.AMONG_PERSONS}


def test_a_plain_sum_is_called_so() -> None:
    assert findings(world("sum")) == {Finding.PLAIN_SUM}


def test_a_high_outcome_that_goes_with_nothing_shows_nothing() -> None:
    found = world("nothing")

    assert [one.support.reaches_floors for one in found.patterns] == [True, True, True]
    assert findings(found) == {Finding.NOT_SHOWN}


def test_a_habit_of_agreeing_to_everything_beats_chance_and_is_refuted_between_units() -> None:
    found = world("habit", pools=60)

    assert max(one.p for one in found.patterns) < 0.05
    assert found.between_units is BetweenUnits.REFUTED
    assert findings(found) == {Finding.NOT_SHOWN}


def test_neither_the_order_of_people_nor_the_names_of_pools_change_any_figure() -> None:
    generator = np.random.default_rng(3)
    pools = np.repeat(np.arange(20), 8)
    scores = np.round(spread(generator, pools, 6), 1)
    scores[5, 2] = np.nan
    order = generator.permutation(len(pools))
    mixed = asked(scores[order], [f"p{99 - pool}" for pool in pools[order]])

    assert repr(mixed) == repr(asked(scores, pools.tolist()))


def test_between_and_within_pools_by_hand() -> None:
    pools = np.repeat(np.arange(6), 10)
    scores = spread(np.random.default_rng(4), pools, 6)
    found = asked(scores, pools.tolist()).patterns[0]
    sets = calibrate_scores(scores, ANCHORS)
    x = pattern_memberships(sets[:, :5], patterns=DEFAULT, elements=ELEMENTS)[:, 0]
    y = sets[:, 5]
    each = [(x[pools == pool], y[pools == pool]) for pool in range(6)]

    over = sum(min(a.sum(), b.sum()) for a, b in each) / x.sum()
    own = np.mean([np.minimum(a, b).sum() / a.sum() for a, b in each])
    assert (found.between, found.within) == pytest.approx((over, own))
    assert found.pools == sum(bool((a > 0.5).any()) for a, _ in each)


def test_four_pools_of_ten_tell_no_mean_of_their_own_consistencies() -> None:
    pools = np.repeat(np.arange(8), [10, 10, 10, 10, 9, 9, 9, 9])
    found = asked(spread(np.random.default_rng(4), pools, 6), pools.tolist())

    assert [math.isnan(one.within) for one in found.patterns] == [True, True, True]


def test_people_without_a_pool_count_against_chance_only() -> None:
    pools = np.repeat(np.arange(20), 8)
    scores = spread(np.random.default_rng(5), pools, 6)
    labels = [None if place < 16 else int(pool) for place, pool in enumerate(pools)]
    found = asked(scores, labels)

    assert (found.split.people, found.contest.cases) == (144, 144)
    assert [one.support.respondents for one in found.patterns] == [160, 160, 160]


def test_an_element_that_nobody_answered_leaves_its_patterns_out_of_the_set() -> None:
    pools = np.repeat(np.arange(20), 8)
    scores = spread(np.random.default_rng(6), pools, 6)
    scores[:, 3] = np.nan  # rule-bending, which responsive does without
    found = asked(scores, pools.tolist())

    assert found.split.people == 160
    assert [one.finding is Finding.TOO_FEW_ANSWERS for one in found.patterns] == [True, False, True]


@pytest.mark.parametrize("people", [0, 1, 49])
def test_too_few_people_are_told_nothing(people: int) -> None:
    scores = spread(np.random.default_rng(7), np.arange(people), 6) if people else np.empty((0, 6))
    found = asked(scores, list(range(people)))

    assert findings(found) == {Finding.TOO_FEW_ANSWERS}
    assert found.between_units is BetweenUnits.TOO_FEW_POOLS
    assert all(math.isnan(one.p) and math.isnan(one.between) for one in found.patterns)


def test_answers_that_are_all_the_same_show_nothing() -> None:
    found = asked(np.full((100, 6), 5.0), [place % 20 for place in range(100)])

    assert findings(found) == {Finding.NOT_SHOWN}


def test_scores_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"expected 5 elements, .* \(3, 5\) and 3 pools"):
        asked(np.ones((3, 5)), [1, 2, 3])
