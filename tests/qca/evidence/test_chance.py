"""Lift and its permutation test against all permutations, and laws."""

import math
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca import errors
from qca.errors import QcaError
from qca.evidence.chance import Lift, consistency_lift
from qca.evidence.multiple_tests import holm
from qca.evidence.pattern_permutations import permute_patterns
from qca.sets.fit import necessity, sufficiency

sixteenths = st.integers(0, 16).map(lambda number: number / 16)
pairs = st.lists(st.tuples(sixteenths, sixteenths), min_size=2, max_size=6).map(
    lambda found: np.array(found).T
)


def consistencies_of_all_orders(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.array(
        [np.minimum(x, y[list(order)]).sum() / x.sum() for order in permutations(range(len(x)))]
    )


def test_lift_of_two_cases_is_that_by_hand() -> None:
    # Dealt out either way: (0 + .75) / 1 or (0 + .25) / 1.
    assert consistency_lift([0.0, 1.0], [0.25, 0.75]) == Lift(0.75, 0.5, 0.25, 0.25)


@given(pairs)
def test_expectation_and_deviation_are_those_over_all_permutations(pair: np.ndarray) -> None:
    x, y = pair
    if x.sum() > 0:
        found, all_orders = consistency_lift(x, y), consistencies_of_all_orders(x, y)

        assert found.expected == pytest.approx(all_orders.mean())
        assert found.deviation == pytest.approx(all_orders.std(), abs=1e-7)


@given(pairs)
def test_expectation_is_the_mean_of_the_minimum_over_all_pairs(pair: np.ndarray) -> None:
    x, y = pair
    overlap = np.minimum.outer(x, y).mean()
    for relation, whole in (("sufficiency", x.mean()), ("necessity", y.mean())):
        found = consistency_lift(x, y, relation=relation)  # type: ignore[arg-type]
        assert found.expected == pytest.approx(overlap / whole if whole else math.nan, nan_ok=True)


@given(pairs)
def test_observed_consistency_is_that_of_the_fit(pair: np.ndarray) -> None:
    x, y = pair
    expected = [sufficiency(x, y).consistency, necessity(x, y).consistency]
    found = [consistency_lift(x, y, relation=r).consistency for r in ("sufficiency", "necessity")]

    assert found == pytest.approx(expected, nan_ok=True)


def test_a_high_outcome_alone_is_consistent_and_lifts_nothing() -> None:
    x, y = [0.2, 0.9, 0.4, 0.7], [0.95, 0.95, 0.95, 0.95]
    found = consistency_lift(x, y)

    assert (found.consistency, found.lift, found.deviation) == (1, 0, 0)
    assert math.isnan(found.standardised)


def test_an_empty_set_has_no_lift() -> None:
    assert [math.isnan(part) for part in (
        consistency_lift([0, 0], [0.5, 1]).lift, consistency_lift([0.5], [0.5]).deviation,
    )] == [True, True]  # fmt: skip


def test_p_is_the_share_of_permutations_that_reach_the_observed_consistency() -> None:
    generator = np.random.default_rng(2)
    x, y = np.round(generator.random((2, 6)), 1)
    all_orders = consistencies_of_all_orders(x, y)
    share = (all_orders >= sufficiency(x, y).consistency - 1e-12).mean()
    (found,) = permute_patterns(x[:, None], y, names=["one"], seed=1, draws=20000)

    assert found.p == pytest.approx(share, abs=0.02)  # five standard errors


def test_p_agrees_with_the_exact_moments_where_cases_are_many() -> None:
    generator = np.random.default_rng(4)
    x, noise = generator.random((2, 400))
    (found,) = permute_patterns(
        x[:, None], 0.08 * x + 0.92 * noise, names=["one"], seed=1, draws=20000
    )
    normal = math.erfc(found.consistency.standardised / math.sqrt(2)) / 2

    assert found.p == pytest.approx(normal, abs=0.015)


def test_an_unrelated_outcome_has_uniform_p_however_high_it_is() -> None:
    generator = np.random.default_rng(8)
    ps = []
    for seed in range(300):
        x, y = generator.random((60, 1)), generator.beta(5, 2, 60)
        ps.append(permute_patterns(x, y, names=["one"], seed=seed, draws=199)[0].p)

    assert [float((np.array(ps) <= level).mean()) for level in (0.05, 0.25, 0.5)] == pytest.approx(
        [0.05, 0.25, 0.5], abs=0.09
    )


def test_patterns_with_other_known_cases_are_tested_as_if_alone() -> None:
    generator = np.random.default_rng(6)
    x, y = generator.random((50, 3)), generator.random(50)
    x[:10, 1] = np.nan
    y[45] = np.nan
    together = permute_patterns(x, y, names="abc", seed=3, draws=99)
    alone = [
        permute_patterns(x[:, [place]], y, names=[name], seed=3, draws=99)[0]
        for place, name in enumerate("abc")
    ]

    assert [found.cases for found in together] == [49, 39, 49]
    assert [(a.consistency, a.p) for a in together] == [(b.consistency, b.p) for b in alone]
    assert [found.adjusted for found in together] == holm([one.p for one in alone]).tolist()


def test_a_pattern_that_nobody_belongs_to_has_no_p_and_costs_the_others_nothing() -> None:
    x = np.linspace(0, 1, 30)
    found = permute_patterns(np.column_stack([x, 0 * x]), x, names="ab", seed=1, draws=99)

    assert (found[0].p, found[0].adjusted) == (0.01, 0.01)
    assert math.isnan(found[1].p)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_rejects_what_the_step_down_rejects(p: list[float]) -> None:
    adjusted, level = holm(p), 0.05
    rejected = 0
    for step, value in enumerate(sorted(p)):
        if value * (len(p) - step) > level:
            break
        rejected += 1

    assert int((adjusted <= level).sum()) == rejected
    assert (adjusted >= np.array(p)).all()


def test_holm_passes_missing_values_on_and_does_not_count_them() -> None:
    assert holm([0.01, math.nan, 0.04]).tolist() == pytest.approx(
        [0.02, math.nan, 0.04], nan_ok=True
    )


BAD: list[tuple[Callable[[], object], type[QcaError], str]] = [
    (
        lambda: consistency_lift([0.1, 0.2], [0.3]),
        errors.ShapeError,
        "expected the same number of cases, found 2 and 1",
    ),
    (
        lambda: consistency_lift([0.1], [0.3], relation="both"),  # type: ignore[arg-type]
        errors.OptionError,
        "expected one of ('sufficiency', 'necessity'), found 'both'",
    ),
    (
        lambda: holm([0.2, 1.5]),
        errors.OptionError,
        "expected p in [0, 1], found 1.5 in test 2",
    ),
    (
        lambda: permute_patterns([[0.1], [1.2]], [0.1, 0.2], names=["bold"], seed=1),
        errors.MembershipRangeError,
        "expected memberships of bold in [0, 1], found 1.2 in case 2",
    ),
    (
        lambda: permute_patterns([[0.1], [0.2]], [0.1, 0.2], names="ab", seed=1),
        errors.ShapeError,
        "expected 2 patterns and an outcome for each case, found shapes (2, 1) and (2,)",
    ),
    (
        lambda: permute_patterns([[math.nan]], [0.1], names=["bold"], seed=1),
        errors.NoCasesError,
        "expected at least one case for bold, found none",
    ),
    (
        lambda: permute_patterns([[0.1]], [0.1], names=["bold"], seed=1, draws=0),
        errors.OptionError,
        "expected a permutation and a seed from 0, found 0 and 1",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_is_named(
    call: Callable[[], object], error: type[QcaError], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()

    assert (type(caught.value), str(caught.value)) == (error, message)
