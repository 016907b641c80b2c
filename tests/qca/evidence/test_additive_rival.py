"""A pattern against a plain sum: worlds in which it is known who should win, and brute force."""

import math

import numpy as np
import pytest

from qca.errors import MembershipRangeError, MissingDataError, OptionError, ShapeError
from qca.evidence.additive_rival import PlainSumContest, plain_sum_contest

POOLS = [f"pool {place % 24}" for place in range(240)]


def contest(kind: str, seed: int = 1, *, noise: float = 0.15) -> PlainSumContest:
    generator = np.random.default_rng(seed)
    x = generator.random((240, 4))
    m = x.min(axis=1)
    truth = {"pattern": 0.1 + m, "sum": x.mean(axis=1), "nothing": np.full(240, 0.5)}[kind]
    y = np.clip(truth + generator.normal(0, noise, 240), 0, 1)
    return plain_sum_contest(m, x, y, pools=POOLS, seed=seed)


def test_a_true_pattern_wins_and_a_plain_sum_makes_it_lose() -> None:
    assert [(contest(kind).won, contest(kind).lost) for kind in ("pattern", "sum")] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_where_nothing_foretells_neither_wins_and_the_mean_does_no_worse() -> None:
    found = contest("nothing")

    assert (found.won, found.lost) == (False, False)
    assert max(found.pattern, found.plain_sum) < 0.05


def test_each_pool_left_out_alone_gives_the_errors_by_hand() -> None:
    generator = np.random.default_rng(3)
    x, y = generator.random((15, 1)), generator.random(15)
    pools = [place // 3 for place in range(15)]
    found = plain_sum_contest(x[:, 0] ** 2, x, y, pools=pools, seed=1, folds=99)
    errors = np.zeros(3)
    for pool in range(5):
        left_out = np.arange(15) // 3 == pool
        for place, column in enumerate((x[:, 0] ** 2, x[:, 0])):
            slope, start = np.polyfit(column[~left_out], y[~left_out], 1)
            errors[place] += ((y - start - slope * column)[left_out] ** 2).sum()
        errors[2] += ((y[left_out] - y[~left_out].mean()) ** 2).sum()

    assert (found.pattern, found.plain_sum) == pytest.approx(tuple(1 - errors[:2] / errors[2]))
    assert found.lead == pytest.approx((errors[1] - errors[0]) / errors[2])


def test_a_pattern_of_one_element_and_that_element_foretell_alike() -> None:
    x, y = np.random.default_rng(4).random((2, 60))
    found = plain_sum_contest(x, x[:, None], y, pools=[p % 12 for p in range(60)], seed=1)

    assert (found.lead, found.lead_low, found.lead_high) == pytest.approx((0, 0, 0), abs=1e-12)


def test_elements_that_say_the_same_do_no_harm() -> None:
    x = np.random.default_rng(5).random((60, 1))
    twice = np.column_stack([x, x])
    pools = [place % 12 for place in range(60)]
    once = plain_sum_contest(x[:, 0], x, x[:, 0] / 2, pools=pools, seed=1)
    again = plain_sum_contest(x[:, 0], twice, x[:, 0] / 2, pools=pools, seed=1)

    assert again.plain_sum == pytest.approx(once.plain_sum)


def test_few_pools_or_an_outcome_that_does_not_vary_cannot_be_told() -> None:
    x, y = np.random.default_rng(6).random((2, 30))
    few = plain_sum_contest(x, x[:, None], y, pools=[p % 3 for p in range(30)], seed=1)
    flat = plain_sum_contest(x, x[:, None], 0 * y, pools=[p % 9 for p in range(30)], seed=1)

    assert [(one.pools, one.can_be_told, math.isnan(one.lead)) for one in (few, flat)] == [
        (3, False, True), (9, False, True),
    ]  # fmt: skip
    assert (few.lost, few.won) == (False, False)


def test_bad_input_is_named() -> None:
    with pytest.raises(ShapeError, match="expected a pool for each of 2 cases, found 1"):
        plain_sum_contest([0.1, 0.2], [[0.1], [0.2]], [0.1, 0.2], pools="a", seed=1)
    with pytest.raises(MissingDataError, match="found none for case 2"):
        plain_sum_contest([0.1, 0.2], [[0.1], [0.2]], [0.1, 0.2], pools=["a", None], seed=1)
    with pytest.raises(MembershipRangeError, match=r"of element 1 in .0, 1., found 4.5 in case 2"):
        plain_sum_contest([0.1, 0.2], [[0.1], [4.5]], [0.1, 0.2], pools="ab", seed=1)
    with pytest.raises(OptionError, match=r"found 1, 1, 0.95"):
        plain_sum_contest([0.1], [[0.1]], [0.1], pools="a", seed=1, folds=1)
