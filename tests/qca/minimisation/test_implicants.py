"""Prime implicants: against brute force, and what they must satisfy."""

import numpy as np
import pytest
from hypothesis import given

from qca.errors import AllPositiveError, NoPositiveRowError, OptionError, TooManyConditionsError
from qca.minimisation.implicants import Implicants, prime_implicants, prime_implicants_within
from tests.qca.brute_force import primes, rows_of
from tests.qca.strategies import Rows, coded_rows


def _terms(implicants: Implicants) -> set[tuple[int, int]]:
    return set(zip(implicants.masks.tolist(), implicants.values.tolist(), strict=True))


@given(coded_rows())
def test_they_are_exactly_those_found_by_trying_every_term(rows: Rows) -> None:
    found = prime_implicants(rows.k, rows.positive, rows.negative)

    assert _terms(found) == primes(rows.k, rows.positive, rows.negative)


@given(coded_rows())
def test_within_allowed_rows_they_are_exactly_those_found_by_trying_every_term(rows: Rows) -> None:
    found = prime_implicants_within(rows.k, rows.positive, rows.remainders[::2])

    forbidden = set(range(1 << rows.k)) - set(rows.positive) - set(rows.remainders[::2])
    assert _terms(found) == primes(rows.k, rows.positive, forbidden)


@given(coded_rows())
def test_the_chart_says_which_positive_rows_a_term_covers(rows: Rows) -> None:
    found = prime_implicants(rows.k, rows.positive, rows.negative)

    for term, line in zip(
        zip(found.masks.tolist(), found.values.tolist(), strict=True), found.chart, strict=True
    ):
        assert set(found.rows[line].tolist()) == rows_of(rows.k, term) & set(rows.positive)


@given(coded_rows(most_conditions=7))
def test_exchanging_presence_and_absence_exchanges_it_in_every_term(rows: Rows) -> None:
    whole = (1 << rows.k) - 1
    found = prime_implicants(rows.k, rows.positive, rows.negative)
    mirrored = prime_implicants(
        rows.k, [whole ^ row for row in rows.positive], [whole ^ row for row in rows.negative]
    )

    assert _terms(mirrored) == {(mask, mask ^ value) for mask, value in _terms(found)}


@pytest.mark.parametrize("k", [5, 9, 13])
def test_many_rows_in_several_blocks_give_primes_and_nothing_else(k: int) -> None:
    shuffled = np.random.default_rng(k).permutation(1 << k)
    positive, negative = np.split(shuffled[: (1 << k) // 2], 2)
    found = prime_implicants(k, positive, negative)

    for mask, value in zip(found.masks[:200].tolist(), found.values[:200].tolist(), strict=True):
        assert not (negative & mask == value).any()
        for place in range(k):
            if mask >> place & 1:
                wider = mask & ~(1 << place)
                assert (negative & wider == value & wider).any()
    assert found.chart.any(axis=0).all()


def test_terms_are_sorted_by_length_then_condition_then_presence() -> None:
    cyclic = prime_implicants(3, [1, 2, 3, 4, 5, 6], [0, 7])
    mixed = prime_implicants(3, [0b100, 0b011], [0b000, 0b001, 0b010, 0b111])

    assert cyclic.texts(["A", "B", "C"]) == ("A*~B", "~A*B", "A*~C", "~A*C", "B*~C", "~B*C")
    assert mixed.texts(["A", "B", "C"]) == ("A*~B", "A*~C", "~A*B*C")


def test_without_a_positive_row_there_is_nothing_to_explain() -> None:
    with pytest.raises(NoPositiveRowError, match="at least one positive row, found none"):
        prime_implicants(2, [], [1])


def test_without_a_negative_row_nothing_is_left_of_the_conditions() -> None:
    with pytest.raises(AllPositiveError, match="at least one negative row, found none"):
        prime_implicants(2, [1], [])
    with pytest.raises(AllPositiveError, match="found all 4 rows positive or allowed"):
        prime_implicants_within(2, [0, 1], [2, 3])


def test_a_row_cannot_be_positive_and_negative() -> None:
    with pytest.raises(OptionError, match=r"found both for rows \[1\]"):
        prime_implicants(2, [1, 2], [1])


def test_codes_and_conditions_have_a_range() -> None:
    with pytest.raises(OptionError, match="from 0 to 3, found 4 to 4"):
        prime_implicants(2, [4], [0])
    with pytest.raises(TooManyConditionsError, match="1 to 20 conditions, found 21"):
        prime_implicants(21, [4], [0])
