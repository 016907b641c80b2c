"""Configuration chart: core and peripheral marks, order, names and text."""

import pandas as pd
import pytest

from qca.errors import OptionError
from qca.minimisation.configurations import Mark, configuration_chart
from qca.minimisation.counterfactuals import IntermediateSolution
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import truth_table


def _solution() -> IntermediateSolution:
    """A*~B*C and A*B*~C cause Y; A alone would do without contrary cases."""
    data = pd.DataFrame(
        [
            ("p", 1, 0, 1, 1),
            ("q", 1, 1, 0, 1),
            ("r", 1, 1, 0, 1),
            ("s", 0, 0, 1, 0),
            ("t", 0, 1, 0, 0),
        ],
        columns=["case", "A", "B", "C", "Y"],
    ).set_index("case")
    return minimise(
        truth_table(data, outcome="Y"),
        solution="intermediate",
        directional_expectations=["1", "-", "-"],
    )


def test_core_conditions_are_those_of_the_parsimonious_term_around_it() -> None:
    solution = _solution()
    chart = configuration_chart(solution)

    assert solution.parsimonious.expressions == ("A",)
    assert solution.expressions == ("A*B*~C + A*~B*C",)
    assert [column.term for column in chart.configurations] == ["A*B*~C", "A*~B*C"]
    assert [column.marks for column in chart.configurations] == [
        (Mark.CORE_PRESENT, Mark.PERIPHERAL_PRESENT, Mark.PERIPHERAL_ABSENT),
        (Mark.CORE_PRESENT, Mark.PERIPHERAL_ABSENT, Mark.PERIPHERAL_PRESENT),
    ]


def test_configurations_with_the_same_core_share_a_number() -> None:
    chart = configuration_chart(_solution())

    assert [column.name for column in chart.configurations] == ["1a", "1b"]


def test_columns_carry_fit_and_cases() -> None:
    first, second = configuration_chart(_solution()).configurations

    assert (first.consistency, first.pri, first.coverage) == (1.0, 1.0, 2 / 3)
    assert (second.coverage, second.unique_coverage) == (1 / 3, 1 / 3)
    assert (first.cases, second.cases) == (("q", "r"), ("p",))


def test_an_absent_core_condition_is_crossed_out() -> None:
    data = pd.DataFrame({"A": [0, 1], "B": [1, 1], "Y": [1, 0]})
    solution = minimise(
        truth_table(data, outcome="Y"),
        solution="intermediate",
        directional_expectations={"B": "1"},
    )

    marks = configuration_chart(solution).configurations[0].marks
    assert marks == (Mark.CORE_ABSENT, Mark.PERIPHERAL_PRESENT)
    assert [mark.required for mark in Mark] == [True, True, False, False, None]
    assert [mark.core for mark in Mark] == [True, False, True, False, False]


def test_the_text_of_a_chart() -> None:
    assert str(configuration_chart(_solution())) == "\n".join(
        [
            "Y                     1a      1b",
            "A                      ●       ●",
            "B                      •       ×",
            "C                      ×       •",
            "Consistency         1.00    1.00",
            "PRI                 1.00    1.00",
            "Raw coverage        0.67    0.33",
            "Unique coverage     0.67    0.33",
            "",
            "Solution consistency 1.00, PRI 1.00, coverage 1.00 (C1P1, model 1 of 1)",
            "● core, present   • peripheral, present   ⊗ core, absent   × peripheral, absent",
        ]
    )


def test_an_unknown_pair_or_model_is_named() -> None:
    with pytest.raises(OptionError, match="a pair among C1P1, found 'C2P1'"):
        configuration_chart(_solution(), pair="C2P1")
    with pytest.raises(OptionError, match="a model from 0 to 0, found 1"):
        configuration_chart(_solution(), model=1)
