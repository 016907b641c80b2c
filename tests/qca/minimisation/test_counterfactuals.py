"""Intermediate solutions: what counts as an easy counterfactual, and laws of the pairs."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca.errors import ExpressionError, OptionError, UnknownNameError
from qca.minimisation.counterfactuals import easy_counterfactuals, intermediate_solution
from qca.minimisation.expectations import DirectionalExpectations, read_expectations
from qca.minimisation.row_minimisation import (
    RowModels,
    conservative_models,
    covered_rows,
    parsimonious_models,
)
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import TruthTable, truth_table
from tests.qca.strategies import Rows, coded_rows

NAMES = ["A", "B", "C"]


def _pair(rows: Rows) -> tuple[RowModels, RowModels]:
    parsimonious = parsimonious_models(rows.k, rows.positive, rows.negative)
    return conservative_models(rows.k, rows.positive), parsimonious


def _cyclic_with_a_gap() -> TruthTable:
    rows = [(0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (0, 0, 0), (1, 1, 1)]
    data = pd.DataFrame(rows, columns=NAMES).assign(Y=[1, 1, 1, 1, 1, 0, 0])
    return truth_table(data, outcome="Y")


@given(coded_rows(most_conditions=5), st.integers(0, 31), st.integers(0, 31))
def test_a_row_is_easy_if_it_differs_from_a_conservative_term_as_expected(
    rows: Rows, present: int, absent: int
) -> None:
    present, absent = (bits & (1 << rows.k) - 1 for bits in (present, absent))
    expectations = DirectionalExpectations(present & ~absent, absent & ~present)
    conservative, parsimonious = _pair(rows)

    found = set(easy_counterfactuals(conservative, parsimonious, expectations).tolist())

    expected = set()
    for row in parsimonious.assumptions(0).tolist():
        for term in conservative.models[0]:
            mask = int(conservative.implicants.masks[term])
            value = int(conservative.implicants.values[term])
            for core in parsimonious.models[0]:
                kept = int(parsimonious.implicants.masks[core])
                sign = int(parsimonious.implicants.values[core])
                if mask & kept == kept and value & kept == sign and row & kept == sign:
                    changed = (row ^ value) & mask
                    towards = row & expectations.present | ~row & expectations.absent
                    if changed & ~towards == 0:
                        expected.add(row)
    assert found == expected


@given(coded_rows(most_conditions=5))
def test_without_expectations_no_counterfactual_is_easy(rows: Rows) -> None:
    found = easy_counterfactuals(*_pair(rows), DirectionalExpectations(0, 0))

    assert found.tolist() == []


@given(coded_rows(most_conditions=4), st.lists(st.sampled_from("10-"), min_size=4, max_size=4))
def test_the_intermediate_solution_lies_between_the_two_others(
    rows: Rows, signs: list[str]
) -> None:
    names = ["A", "B", "C", "D"][: rows.k]
    codes = rows.positive + rows.negative
    bits = [[code >> place & 1 for place in range(rows.k - 1, -1, -1)] for code in codes]
    data = pd.DataFrame(bits, columns=names).assign(
        Y=[1.0] * len(rows.positive) + [0.0] * len(rows.negative)
    )
    found = minimise(
        truth_table(data, outcome="Y"),
        solution="intermediate",
        directional_expectations=signs[: rows.k],
    )

    for pair in found.pairs:
        assumed = found.parsimonious.assumptions(pair.parsimonious_model).tolist()
        assert sorted([*pair.easy, *pair.difficult]) == assumed
        for model in range(len(pair.solution.models)):
            covered = set(pair.solution.rows.covered(model).tolist())
            assert set(rows.positive) <= covered <= set(rows.positive) | set(pair.easy.tolist())


def test_every_pair_of_models_has_an_intermediate_solution() -> None:
    found = minimise(
        _cyclic_with_a_gap(), solution="intermediate", directional_expectations=["1", "1", "0"]
    )

    counts = len(found.conservative.models), len(found.parsimonious.models)
    assert counts == (2, 4)
    assert [pair.name for pair in found.pairs] == [
        f"C{first}P{second}" for first in (1, 2) for second in (1, 2, 3, 4)
    ]
    assert found.models == tuple(
        dict.fromkeys(model for pair in found.pairs for model in pair.solution.models)
    )


def test_a_shorter_list_of_pairs_says_so() -> None:
    table = _cyclic_with_a_gap()
    both = minimise(table), minimise(table, solution="parsimonious")

    found = intermediate_solution(*both, DirectionalExpectations(0b111, 0), pair_limit=1)

    assert [pair.name for pair in found.pairs] == ["C1P1"]
    assert found.limit == "1 of 8 pairs of models solved"


@pytest.mark.parametrize(
    ("given_as", "present", "absent"),
    [
        (["1", "0", "-"], 0b100, 0b010),
        ([1, 0, None], 0b100, 0b010),
        ({"C": 1}, 0b001, 0),
        ("A + ~B", 0b100, 0b010),
        ("A + A*B", 0b100, 0),
        ("A*B + A*~B", 0b100, 0),
    ],
)
def test_expectations_may_be_values_names_or_an_expression(
    given_as: object, present: int, absent: int
) -> None:
    assert read_expectations(given_as, NAMES) == DirectionalExpectations(  # type: ignore[arg-type]
        present, absent
    )


def test_conjunctions_are_kept_in_the_order_of_r() -> None:
    found = read_expectations("A*D*E + C*D + A*B + ~A*C", list("ABCDE"))

    assert found.conjunctions == (
        (0b10100, 0b00100),
        (0b11000, 0b11000),
        (0b00110, 0b00110),
        (0b10011, 0b10011),
    )


@pytest.mark.parametrize(("every", "contrary"), [(False, 0b011), (True, 0b111)])
def test_a_conjunction_silences_single_literals_unless_every_expectation_counts(
    every: bool, contrary: int
) -> None:
    expectations = read_expectations("A + B*C", NAMES, every=every)

    assert expectations.unexpected(0b111, 0b010) == contrary
    assert expectations.unexpected(0b111, 0b011) == contrary & 0b100


def test_conditions_outside_the_term_contradict_nothing() -> None:
    expectations = read_expectations("~A + B", NAMES)

    assert expectations.unexpected(0b001, 0b001) == 0
    assert expectations.unexpected(0b110, 0b100) == 0b110


@pytest.mark.parametrize(
    ("given_as", "error", "message"),
    [
        (["1"], OptionError, "3 expectations, one a condition, found 1"),
        (["1", "x", "0"], OptionError, "1, 0 or - for condition B, found 'x'"),
        ({"D": 1}, UnknownNameError, "among A, B, C, found D"),
        ("D", UnknownNameError, "among A, B, C, found D"),
        ("A + ~A", ExpressionError, "conditions as expectations, found 1"),
        ("A*~A", ExpressionError, "conditions as expectations, found 0"),
    ],
)
def test_unreadable_expectations_are_named(
    given_as: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_expectations(given_as, NAMES)  # type: ignore[arg-type]


def test_covered_rows_are_the_union_over_terms() -> None:
    assert covered_rows(3, [0b110, 0b001], [0b100, 0b001]).tolist() == [1, 3, 4, 5, 7]
