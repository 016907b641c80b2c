"""Enhanced standard analysis: which rows are untenable, and the table without them."""

import numpy as np
import pandas as pd
import pytest

from qca.errors import OptionError, UnknownNameError
from qca.minimisation.enhanced import (
    contradictory_assumptions,
    exclude_rows,
    necessity_contradictions,
    simultaneous_subsets,
    untenable_rows,
)
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import TruthTable, truth_table


def _tables() -> tuple[TruthTable, TruthTable]:
    """Rows 7 and 0 observed, for Y and ~Y; row 4 is sufficient for both."""
    data = pd.DataFrame(
        {
            "A": [0.9, 0.8, 0.1, 0.6],
            "B": [0.8, 0.9, 0.2, 0.4],
            "C": [0.7, 0.8, 0.1, 0.4],
            "Y": [0.9, 0.9, 0.1, 0.5],
        }
    )
    first, second = (
        truth_table(data, outcome=outcome, inclusion_cut=0.7) for outcome in ("Y", "~Y")
    )
    return first, second


def test_contradictory_assumptions_are_made_for_both_outcomes() -> None:
    both = [minimise(table, solution="parsimonious") for table in _tables()]

    assumed = [
        {row for place in range(len(each.models)) for row in each.assumptions(place).tolist()}
        for each in both
    ]
    found = contradictory_assumptions(*both)
    assert found.tolist() == sorted(assumed[0] & assumed[1])
    assert found.tolist() == [5, 6]


def test_simultaneous_subsets_are_positive_in_both_tables() -> None:
    table, negated = _tables()

    assert table.positive.tolist() == [4, 7]
    assert negated.positive.tolist() == [0, 4]
    assert simultaneous_subsets(table, negated).tolist() == [4]


def test_rows_without_a_necessary_condition_contradict_it_if_they_are_remainders() -> None:
    table, _ = _tables()

    assert necessity_contradictions(table, "A").tolist() == [1, 2, 3]
    assert necessity_contradictions(table, "A + B").tolist() == [1]


def test_untenable_rows_are_collected_with_their_reasons() -> None:
    found = untenable_rows(*_tables(), necessary="C")

    assert found.codes.tolist() == [2, 4, 5, 6]
    assert found.reasons == {
        2: "contradicts the necessity of C",
        4: "simultaneous subset relation",
        5: "contradictory simplifying assumption",
        6: "contradictory simplifying assumption; contradicts the necessity of C",
    }


def test_excluded_rows_are_coded_0_and_remembered() -> None:
    table, negated = _tables()
    recoded = exclude_rows(table, untenable_rows(table, negated))

    assert recoded.output.tolist() == ["0", "?", "?", "?", "0", "0", "0", "1"]
    assert [row.code for row in recoded.excluded] == [4, 5, 6]
    assert recoded.excluded[0].reason == "simultaneous subset relation"
    assert table.output.tolist() == ["0", "?", "?", "?", "1", "?", "?", "1"]


def test_the_enhanced_solution_rests_on_tenable_rows_only() -> None:
    table, negated = _tables()
    rows = untenable_rows(table, negated)
    found = minimise(exclude_rows(table, rows), solution="parsimonious")

    for model in range(len(found.models)):
        assert not np.isin(found.assumptions(model), rows.codes).any()


def test_excluding_twice_keeps_the_first_rows() -> None:
    table, _ = _tables()
    recoded = exclude_rows(exclude_rows(table, [1]), [2])

    assert [(row.code, row.reason) for row in recoded.excluded] == [(1, "by hand"), (2, "by hand")]
    assert recoded.negative.tolist() == [0, 1, 2]


def test_rows_of_a_large_table_are_held_once_excluded() -> None:
    names = [f"X{place}" for place in range(13)]
    data = pd.DataFrame(np.eye(14, 13), columns=names).assign(Y=[1.0] * 7 + [0.0] * 7)
    table = truth_table(data, outcome="Y")
    recoded = exclude_rows(table, [8191])

    assert 8191 not in table.codes
    assert recoded.codes[-1] == 8191
    assert (recoded.output[-1], recoded.n[-1]) == ("0", 0)
    assert np.isnan(recoded.consistency[-1])
    assert recoded.positive.tolist() == table.positive.tolist()


def test_a_row_outside_the_table_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"from 0 to 7, found \[8\]"):
        exclude_rows(_tables()[0], [8])


def test_tables_of_other_conditions_are_refused() -> None:
    table, _ = _tables()
    data = pd.DataFrame({"A": [1.0, 0.0], "Y": [1.0, 0.0]})

    with pytest.raises(OptionError, match="same conditions, found A, B, C and A"):
        simultaneous_subsets(table, truth_table(data, outcome="Y"))
