"""Measurement invariance between groups: laws of the three models."""

import numpy as np
import pandas as pd
import pytest

from qca.errors import NoCasesError, ShapeError
from qca.psychometrics import confirmatory_factors, invariance

SCALES = {"F": ["a", "b", "c", "d"], "G": ["e", "f", "g", "h"]}
ITEMS = [item for items in SCALES.values() for item in items]
LOADINGS = np.array([0.8, 0.7, 0.9, 0.6])


def group(
    seed: int, *, loadings: np.ndarray = LOADINGS, shift: float = 0.0, mean: float = 0.0
) -> pd.DataFrame:
    """250 respondents; `shift` moves one item's intercept, `mean` the first factor."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(250, 1))
    factors = [0.6 * common + 0.8 * rng.normal(size=(250, 1)) for _ in range(2)]
    rows = [(factors[0] + mean) * loadings, factors[1] * LOADINGS]
    answers = np.hstack(rows) + 0.5 * rng.normal(size=(250, 8))
    answers[:, 0] += shift
    return pd.DataFrame(answers, columns=ITEMS)


def together(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    return pd.concat([first, second], ignore_index=True), ["ops"] * 250 + ["sales"] * 250


def test_configural_model_is_a_separate_model_in_each_group() -> None:
    first, second = group(1), group(2)

    found = invariance(together(first, second)[0], SCALES, together(first, second)[1])

    alone = [confirmatory_factors(one, SCALES).fit for one in (first, second)]
    assert found.configural.chi_square == pytest.approx(sum(f.chi_square for f in alone), abs=1e-6)
    assert found.configural.degrees == sum(f.degrees for f in alone)
    assert found.configural.log_likelihood == pytest.approx(sum(f.log_likelihood for f in alone))
    assert found.groups == ("ops", "sales")


def test_groups_with_the_same_answers_lose_nothing() -> None:
    both, labels = together(group(3), group(3))

    found = invariance(both, SCALES, labels)

    chi_squares = [f.chi_square for f in (found.configural, found.metric, found.scalar)]
    assert chi_squares == pytest.approx([chi_squares[0]] * 3, abs=1e-6)


def test_each_step_frees_the_known_number_of_degrees() -> None:
    both, labels = together(group(4), group(5))

    found = invariance(both, SCALES, labels)

    # Metric: 8 equal loadings less 2 free variances. Scalar: 8 intercepts less 2 free means.
    configural = found.configural.degrees
    assert (found.metric.degrees, found.scalar.degrees) == (configural + 6, configural + 12)
    assert found.configural.chi_square < found.metric.chi_square < found.scalar.chi_square


def test_groups_that_differ_in_their_factors_only_are_invariant() -> None:
    both, labels = together(group(6), group(7, mean=1.0))

    found = invariance(both, SCALES, labels)

    assert found.is_metric()
    assert found.is_scalar()


def test_unequal_loadings_are_noticed() -> None:
    both, labels = together(group(8), group(9, loadings=LOADINGS[::-1] * [0.2, 1, 1.5, 1]))

    found = invariance(both, SCALES, labels)

    assert not found.is_metric()
    assert not found.is_scalar()


def test_shifted_item_is_noticed_by_the_scalar_model_only() -> None:
    both, labels = together(group(10), group(11, shift=1.5))

    found = invariance(both, SCALES, labels)

    assert found.is_metric()
    assert not found.is_scalar()


def test_order_of_groups_does_not_matter() -> None:
    first, second = group(12), group(13, mean=0.5)

    one = invariance(together(first, second)[0], SCALES, together(first, second)[1])
    other = invariance(together(second, first)[0], SCALES, ["sales"] * 250 + ["ops"] * 250)

    for left, right in ((one.metric, other.metric), (one.scalar, other.scalar)):
        assert left.chi_square == pytest.approx(right.chi_square, abs=1e-5)


def test_wrong_input_is_named() -> None:
    first = group(14)
    with pytest.raises(ShapeError, match="group for each"):
        invariance(first, SCALES, ["ops"])
    with pytest.raises(NoCasesError, match="two groups"):
        invariance(first, SCALES, ["ops"] * 250)
    with pytest.raises(NoCasesError, match="more than 8 respondents"):
        invariance(first, SCALES, ["ops"] * 245 + ["sales"] * 5)
