"""Expressions: parse, print, evaluate, negate, absorb, simplify."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca.errors import ExpressionError, UnknownNameError
from qca.sets.expression_rows import holds
from qca.sets.expressions import (
    Expression,
    Literal,
    absorb,
    evaluate,
    negate,
    parse,
    term_memberships,
)
from qca.sets.simplification import implies, simplify

NAMES = ["A", "B", "C", "D"]
CORNERS = np.arange(2 ** len(NAMES))
literals = st.builds(Literal, st.sampled_from(NAMES), st.booleans())
terms = st.lists(literals, min_size=1, max_size=4, unique=True).map(tuple)
expressions = st.lists(terms, min_size=1, max_size=5, unique=True).map(
    lambda found: Expression(tuple(found))
)
memberships = st.lists(
    st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=8
).map(lambda rows: pd.DataFrame(rows, columns=NAMES))


@given(expressions)
def test_a_printed_expression_parses_to_itself(expression: Expression) -> None:
    assert parse(str(expression)) == expression


@given(expressions, memberships)
def test_the_negation_has_one_minus_the_membership(
    expression: Expression, data: pd.DataFrame
) -> None:
    found = evaluate(negate(expression), data)
    np.testing.assert_allclose(found, 1 - evaluate(expression, data), atol=1e-15)


@given(expressions, expressions, memberships)
def test_de_morgan_holds_for_memberships(
    first: Expression, second: Expression, data: pd.DataFrame
) -> None:
    joint = evaluate(f"~(({first}) * ({second}))", data)
    np.testing.assert_allclose(joint, evaluate(f"~({first}) + ~({second})", data), atol=1e-15)


@given(expressions, memberships)
def test_and_or_and_absorption_are_idempotent_for_memberships(
    expression: Expression, data: pd.DataFrame
) -> None:
    expected = evaluate(expression, data)
    for text in (f"({expression}) * ({expression})", f"({expression}) + ({expression})"):
        np.testing.assert_array_equal(evaluate(text, data), expected)
    np.testing.assert_array_equal(evaluate(absorb(expression), data), expected)


@given(expressions)
def test_a_row_holds_exactly_where_the_crisp_membership_is_one(expression: Expression) -> None:
    corners = pd.DataFrame(list(product((0.0, 1.0), repeat=4)), columns=NAMES)
    expected = evaluate(expression, corners) == 1
    np.testing.assert_array_equal(holds(expression, NAMES, CORNERS), expected)


@given(expressions)
def test_simplifying_keeps_every_corner_and_leaves_nothing_to_drop(expression: Expression) -> None:
    simple = simplify(expression)
    expected = holds(expression, NAMES, CORNERS)
    np.testing.assert_array_equal(holds(simple, NAMES, CORNERS), expected)
    for place, term in enumerate(simple.terms):
        others = Expression(simple.terms[:place] + simple.terms[place + 1 :])
        assert (holds(others, NAMES, CORNERS) != expected).any()
        for literal in term:
            shorter = Expression((tuple(one for one in term if one != literal),))
            assert (holds(shorter, NAMES, CORNERS) & ~expected).any()


@given(expressions, expressions)
def test_implication_is_inclusion_of_corners(first: Expression, second: Expression) -> None:
    inside = holds(first, NAMES, CORNERS) <= holds(second, NAMES, CORNERS)
    assert implies(first, second) == bool(inside.all())


def test_parentheses_multiply_out_in_reading_order() -> None:
    assert str(parse(" A*(B + ~C)*~(D*A) ")) == "A*B*~D + A*B*~A + A*~C*~D + A*~C*~A"


def test_dots_digits_and_accents_belong_to_names() -> None:
    assert parse("X1*é.b + ~lit_2").names == ("X1", "é.b", "lit_2")


def test_true_and_false_are_one_and_zero() -> None:
    data = pd.DataFrame({"A": [0.3, 0.6]})
    assert evaluate("1", data).tolist() == [1, 1]
    assert evaluate("0 + A", data).tolist() == [0.3, 0.6]
    assert (str(negate("1")), str(negate("0")), str(simplify("A + ~A"))) == ("0", "1", "1")


def test_term_memberships_keep_the_order_of_terms() -> None:
    data = pd.DataFrame({"A": [0.7, 0.4], "B": [0.2, 0.9]})
    found = term_memberships("B + A*~B", data)
    np.testing.assert_allclose(found, [[0.2, 0.7], [0.9, 0.1]], atol=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a condition after '', found the end"),
        ("A +", "expected a condition after 'A +', found the end"),
        ("A B", "expected the end after 'A', found 'B'"),
        ("(A + B", "expected ')' after '(A + B', found the end"),
        ("A * + B", "expected a condition after 'A *', found '+'"),
        ("A{1}", "expected names, ~, *, + and parentheses, found '{1}'"),
    ],
)
def test_a_malformed_expression_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_an_unknown_condition_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"^expected names among A, B, found \['Z'\]$"):
        holds("A*Z", ["A", "B"], CORNERS)
