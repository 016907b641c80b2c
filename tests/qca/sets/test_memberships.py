"""Memberships of configurations: laws of min, max and 1 - x, and the row of a case."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qca.sets.memberships import (
    configuration_memberships,
    fuzzy_and,
    fuzzy_not,
    fuzzy_or,
    implicant_membership,
    row_codes,
    touched_codes,
)

K = 4
CODES = np.arange(2**K)
matrices = st.lists(
    st.lists(st.integers(0, 20).map(lambda step: step / 20), min_size=K, max_size=K),
    min_size=1,
    max_size=10,
).map(np.array)


@given(matrices)
def test_and_or_not_obey_de_morgan_idempotence_and_absorption(x: np.ndarray) -> None:
    a, b = x[:, 0], x[:, 1]
    np.testing.assert_allclose(
        fuzzy_not(fuzzy_and(a, b)), fuzzy_or(fuzzy_not(a), fuzzy_not(b)), atol=1e-15
    )
    np.testing.assert_array_equal(fuzzy_and(a, a), a)
    np.testing.assert_array_equal(fuzzy_or(a, fuzzy_and(a, b)), a)


@given(matrices)
def test_a_case_is_above_a_half_in_its_own_row_only(x: np.ndarray) -> None:
    inside = configuration_memberships(x, CODES) > 0.5
    codes = row_codes(x)
    for case, code in enumerate(codes):
        expected = [] if code < 0 else [code]
        assert np.flatnonzero(inside[case]).tolist() == expected


@given(matrices)
def test_a_case_at_a_half_touches_the_row_with_that_condition_absent(x: np.ndarray) -> None:
    lowered = np.where(x == 0.5, 0.25, x)
    np.testing.assert_array_equal(touched_codes(x), row_codes(lowered))


@given(matrices, st.integers(0, 2**K - 1), st.integers(0, 2**K - 1))
def test_an_implicant_is_the_minimum_over_its_literals(
    x: np.ndarray, mask: int, values: int
) -> None:
    found = implicant_membership(x, mask, values & mask)
    for case, row in enumerate(x):
        literals = [
            value if values >> (K - 1 - place) & 1 else 1 - value
            for place, value in enumerate(row)
            if mask >> (K - 1 - place) & 1
        ]
        assert found[case] == min(literals, default=1.0)
