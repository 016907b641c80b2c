"""Names that an expression cannot hold are refused, so that what is printed reads back."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import qca
from qca.errors import DuplicateNameError, SetNameError
from qca.inputs import name_problem, set_names

REFUSED = {
    "A+B": "'A+B', in which + has a meaning of its own",
    "A*B": "'A*B', in which * has a meaning of its own",
    "~b": "'~b', in which ~ has a meaning of its own",
    "(A": "'(A', in which ( has a meaning of its own",
    "1": "'1', which is always true",
    "0": "'0', which is never true",
    "": "'', which is empty",
    " ": "' ', which is empty",
    "a b": "'a b', in which ' ' cannot stand",
    " A": "' A', in which ' ' cannot stand",
    "A\n": "'A\\n', in which U+000A cannot stand",
    "A-B": "'A-B', in which '-' cannot stand",
    "A=>B": "'A=>B', in which '=' cannot stand",
    "2x": "'2x', which begins with '2'",
    ".A": "'.A', which begins with '.'",
    "A\u0301": "'A\u0301', in which U+0301 cannot stand",  # a letter and its accent apart
    "A\u00a0B": "'A\\xa0B', in which U+00A0 cannot stand",
}
WANTED = "expected names of {}s from letters, digits, _ and ., a letter or _ first, found {}"


def data_with(name: object) -> pd.DataFrame:
    return pd.DataFrame({name: [0.9, 0.8, 0.1], "B": [0.2, 0.9, 0.7], "Y": [0.8, 0.9, 0.2]})


DOORS: dict[str, tuple[Callable[[str], object], str]] = {
    "truth_table": (lambda name: qca.truth_table(data_with(name), outcome="Y"), "condition"),
    "chosen conditions": (
        lambda name: qca.truth_table(data_with(name), outcome="Y", conditions=[name]),
        "condition",
    ),
    "find_combinations": (
        lambda name: qca.find_combinations(data_with(name), outcome="Y"),
        "condition",
    ),
    "AnalysisRule": (lambda name: qca.AnalysisRule("Y", (name, "B"), qca.Cuts(0.8)), "condition"),
    "read_expectations": (lambda name: qca.read_expectations("1-", [name, "B"]), "condition"),
    "holds": (lambda name: qca.holds("B", [name, "B"], np.arange(4)), "condition"),
    "texts": (
        lambda name: qca.prime_implicants(2, [3], [0]).texts([name, "B"]),
        "condition",
    ),
    "Literal": (lambda name: qca.Literal(name), "condition"),
    "Pattern": (lambda name: qca.Pattern("bold", {name: True}), "element"),
    "elements": (
        lambda name: qca.pattern_memberships(
            [0.2, 0.3], patterns=[qca.Pattern("bold", {"B": True})], elements=[name, "B"]
        ),
        "element",
    ),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_reads_as_something_else_is_refused_with_the_reason(
    door: str, name: str
) -> None:
    call, kind = DOORS[door]

    with pytest.raises(SetNameError) as caught:
        call(name)

    assert str(caught.value) == WANTED.format(kind, REFUSED[name])


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(SetNameError, match="found 3, which is no text"):
        qca.truth_table(data_with(3), outcome="Y")


@pytest.mark.parametrize("pair", [("A", "a"), ("Straße", "STRASSE"), ("Ä", "ä"), ("Y", "y")])
def test_names_that_differ_by_case_only_are_refused_together(pair: tuple[str, str]) -> None:
    first, second = pair
    wanted = (
        "that differ by more than case, since lower case can be read as absence,"
        f" found {first!r} and {second!r}"
    )
    with pytest.raises(DuplicateNameError, match=wanted):
        set_names(pair)
    with pytest.raises(DuplicateNameError, match=wanted):
        qca.Pattern("bold", {first: True, second: False})


def test_a_condition_that_is_the_outcome_in_another_case_is_refused() -> None:
    data = pd.DataFrame({"y": [0.9, 0.1], "Y": [0.8, 0.2]})
    with pytest.raises(DuplicateNameError, match="found 'y' and 'Y'"):
        qca.truth_table(data, outcome="~Y")


@pytest.mark.parametrize("name", ["n", "pri", "output", "consistency", "cases", "deviant"])
def test_a_condition_called_as_a_column_of_the_truth_table_is_refused(name: str) -> None:
    """`to_frame` wrote the figures over the condition."""
    wanted = f"than output, n, .*, which the result uses itself, found '{name}'"
    with pytest.raises(SetNameError, match=wanted):
        qca.truth_table(data_with(name), outcome="Y")
    assert "N" in qca.truth_table(data_with("N"), outcome="Y").to_frame().columns


def test_a_set_called_as_the_row_of_the_whole_expression_is_refused() -> None:
    for fit in (qca.expression_sufficiency, qca.expression_necessity):
        with pytest.raises(SetNameError, match="which the result uses itself, found 'expression'"):
            fit(data_with("expression"), "expression + B", outcome="Y")


@pytest.mark.parametrize("column", ["~Y", "A+B", "1"])
def test_an_outcome_that_is_an_expression_and_a_column_is_refused(column: str) -> None:
    data = data_with("A").assign(**{column: [0.1, 0.2, 0.9]})
    wanted = "to be an expression or a column, found a column"
    for call in (
        lambda: qca.truth_table(data, outcome=column, conditions=["A", "B"]),
        lambda: qca.evaluate(column, data),
        lambda: qca.expression_sufficiency(data, "A", outcome=column),
    ):
        with pytest.raises(SetNameError) as caught:
            call()
        assert wanted in str(caught.value)


def test_a_column_that_nothing_uses_may_be_called_anything() -> None:
    data = data_with("A").assign(**{"a label": ["x", "y", "z"]})
    table = qca.truth_table(data, outcome="Y", conditions=["A", "B"], inclusion_cut=0.8)
    assert str(qca.minimise(table)).startswith("M1: ")


@given(st.text(max_size=6) | st.from_regex(r"[A-Za-z_.0-9~*+() ]{0,5}", fullmatch=True))
def test_a_name_is_accepted_if_and_only_if_it_reads_back_as_itself(name: str) -> None:
    try:
        reads_back = qca.parse(name).terms == ((qca.Literal(name),),)
    except qca.QcaError:
        reads_back = False
    assert (name_problem(name) == "") == reads_back


NAMES = st.from_regex(r"[^\W\d][\w.]{0,3}", fullmatch=True)


@st.composite
def accepted_sums(draw: st.DrawFn) -> qca.Expression:
    literals = st.builds(qca.Literal, NAMES, st.booleans())
    terms = st.lists(literals, min_size=1, max_size=3, unique=True).map(tuple)
    return qca.Expression(tuple(draw(st.lists(terms, min_size=1, max_size=4, unique=True))))


@given(accepted_sums())
def test_what_is_printed_reads_back_as_the_same_expression(expression: qca.Expression) -> None:
    assert qca.parse(str(expression)) == expression


@given(st.lists(NAMES, min_size=3, max_size=3, unique_by=str.casefold), st.data())
def test_a_printed_solution_reads_back_as_the_same_sets(
    names: list[str], data: st.DataObject
) -> None:
    codes = data.draw(st.lists(st.sampled_from("10?"), min_size=8, max_size=8))
    positive, negative = ([row for row in range(8) if codes[row] == code] for code in "10")
    assume(positive and negative)
    found = qca.prime_implicants(3, positive, negative)
    for place, text in enumerate(found.texts(names)):
        mask, value = int(found.masks[place]), int(found.values[place])
        rows = np.arange(8)
        assert qca.holds(text, names, rows).tolist() == ((rows & mask) == value).tolist()
