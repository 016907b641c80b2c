"""Solutions of truth tables: published results, fit, options and errors."""

import math

import pandas as pd
import pytest

from qca.errors import AllPositiveError, NoPositiveRowError, OptionError, ShapeError
from qca.minimisation.counterfactuals import IntermediateSolution
from qca.minimisation.enhanced import exclude_rows
from qca.minimisation.implicants import prime_implicants
from qca.minimisation.solutions import Solution, model_fit
from qca.minimisation.three_solutions import minimise
from qca.sets.fit import sufficiency
from qca.sets.memberships import implicant_membership
from qca.truth_tables.truth_table import TruthTable, truth_table
from tests.qca.lipset import lipset

CONDITIONS = ["DEV", "URB", "LIT", "IND", "STB"]


def _survival(outcome: str = "SURV") -> TruthTable:
    """The crisp table of Rihoux & De Meur (2009), p. 55: the memberships cut at .5."""
    crisp = (lipset() > 0.5).astype(float).set_axis(["SURV", *CONDITIONS], axis=1)
    return truth_table(crisp, outcome=outcome, conditions=CONDITIONS)


def test_the_published_conservative_solution_for_survival() -> None:
    # Rihoux & De Meur (2009), formula 1: DEV*~URB*LIT*STB + DEV*LIT*IND*STB.
    assert minimise(_survival()).expressions == ("DEV*~URB*LIT*STB + DEV*LIT*IND*STB",)


def test_the_published_conservative_solution_for_breakdown() -> None:
    # Rihoux & De Meur (2009), formula 3.
    assert minimise(_survival("~SURV")).expressions == ("~DEV*~URB*~IND + DEV*LIT*IND*~STB",)


def test_the_published_parsimonious_solutions() -> None:
    # Rihoux & De Meur (2009), formulas 5 and 6.
    survival = minimise(_survival(), solution="parsimonious")
    breakdown = minimise(_survival("~SURV"), solution="parsimonious")

    assert survival.expressions == ("DEV*STB",)
    assert breakdown.expressions == ("~DEV + ~STB",)


def test_the_intermediate_solution_with_every_condition_expected_present() -> None:
    found = minimise(_survival(), solution="intermediate", directional_expectations=["1"] * 5)

    assert found.expressions == ("DEV*LIT*STB",)
    assert [pair.name for pair in found.pairs] == ["C1P1"]
    assert found.pairs[0].easy.tolist() == [0b11101]
    assert found.pairs[0].difficult.tolist() == [17, 19, 25, 27]


def test_terms_carry_fit_rows_and_cases() -> None:
    found = minimise(_survival())
    first = found.overall.terms[0]

    assert (first.term, first.rows) == ("DEV*~URB*LIT*STB", (0b10101, 0b10111))
    assert found.cases(first) == (("Finland", "Ireland"), ("France", "Sweden"))
    assert (first.consistency, first.pri, first.coverage) == (1.0, 1.0, 0.5)
    assert (first.unique_coverage, found.overall.coverage) == (0.25, 1.0)
    assert found.fit().expression == found.expressions[0]


def test_a_single_term_has_no_unique_coverage() -> None:
    found = minimise(_survival(), solution="parsimonious")

    assert math.isnan(found.overall.terms[0].unique_coverage)


def test_fit_of_a_term_is_the_sufficiency_of_its_membership() -> None:
    data = pd.DataFrame(
        {
            "A": [0.9, 0.7, 0.2, 0.4, 0.8],
            "B": [0.6, 0.1, 0.8, 0.3, 0.9],
            "Y": [0.8, 0.6, 0.3, 0.2, 1.0],
        }
    )
    table = truth_table(data, outcome="Y", inclusion_cut=0.8)
    term = minimise(table).overall.terms[0]

    expected = sufficiency(
        implicant_membership(table.memberships, term.mask, term.value), data["Y"]
    )
    assert (term.consistency, term.pri, term.coverage) == (
        expected.consistency,
        expected.pri,
        expected.coverage,
    )


def test_each_of_several_models_has_a_fit_of_its_own() -> None:
    rows = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    data = pd.DataFrame(rows, columns=["A", "B", "C"]).assign(
        Y=[float(0 < sum(row) < 3) for row in rows]
    )
    found = minimise(truth_table(data, outcome="Y"))

    assert found.models == (("A*~B", "~A*C", "B*~C"), ("~A*B", "A*~C", "~B*C"))
    assert [fit.term for fit in found.fit(1).terms] == list(found.models[1])
    assert [fit.unique_coverage for fit in found.fit(0).terms] == pytest.approx([1 / 3] * 3)
    assert [fit.unique_coverage for fit in found.overall.terms] == [0.0] * 6
    assert (found.essential, found.common) == ((), ())
    assert list(found.chart.loc["A*~B"]) == [False, False, False, True, True, False]
    assert str(found).splitlines()[0] == "M1: A*~B + ~A*C + B*~C => Y"


def test_a_cut_list_of_models_says_so() -> None:
    rows = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    data = pd.DataFrame(rows, columns=["A", "B", "C"]).assign(
        Y=[float(0 < sum(row) < 3) for row in rows]
    )
    found = minimise(truth_table(data, outcome="Y"), model_limit=1)

    assert len(found.models) == 1
    assert found.limit == "1 of 2 models listed"
    assert str(found).endswith(found.limit)


def test_contradictions_count_as_negative_unless_included() -> None:
    data = pd.DataFrame({"A": [1, 1, 1, 1, 0, 0], "B": [1, 1, 0, 0, 1, 0], "Y": [1, 1, 1, 0, 0, 0]})
    table = truth_table(data, outcome="Y", inclusion_cut=(0.8, 0.4))

    assert table.contradictory.tolist() == [0b10]
    assert minimise(table).expressions == ("A*B",)
    assert minimise(table, solution="parsimonious").expressions == ("A*B",)
    assert minimise(table, include_contradictions=True).expressions == ("A",)


def test_excluded_rows_carry_no_solution() -> None:
    table = exclude_rows(_survival(), [0b11101])
    found = minimise(table, solution="intermediate", directional_expectations=["1"] * 5)

    assert isinstance(found, IntermediateSolution)
    assert found.expressions == ("DEV*~URB*LIT*STB + DEV*LIT*IND*STB",)


def test_all_models_hold_the_tied_ones_and_more() -> None:
    table = _survival("~SURV")
    tied = minimise(table, solution="parsimonious")
    every = minimise(table, solution="parsimonious", all_models=True)

    assert isinstance(every, Solution)
    assert set(tied.models) <= set(every.models)


def test_no_positive_row_names_what_was_found() -> None:
    data = pd.DataFrame({"A": [1.0, 0.0], "Y": [0.4, 0.0]})

    with pytest.raises(NoPositiveRowError, match="a row coded 1 to explain, found 2 coded 0"):
        minimise(truth_table(data, outcome="Y", conditions=["A"]))


def test_all_rows_positive_leave_nothing_of_the_conditions() -> None:
    data = pd.DataFrame({"A": [1.0, 0.0], "Y": [1.0, 0.9]})
    table = truth_table(data, outcome="Y", conditions=["A"], inclusion_cut=0.8)

    with pytest.raises(AllPositiveError, match="all 2 rows positive or allowed"):
        minimise(table)
    with pytest.raises(AllPositiveError, match="at least one negative row, found none"):
        minimise(table, solution="parsimonious")


def test_expectations_belong_to_the_intermediate_solution_only() -> None:
    with pytest.raises(OptionError, match="found None for the intermediate one"):
        minimise(_survival(), solution="intermediate")  # type: ignore[call-overload]
    with pytest.raises(OptionError, match="for the parsimonious one"):
        minimise(  # type: ignore[call-overload]
            _survival(), solution="parsimonious", directional_expectations="DEV"
        )


def test_models_of_other_conditions_have_no_fit() -> None:
    with pytest.raises(ShapeError, match="terms over 5 conditions, found 2"):
        model_fit(_survival(), prime_implicants(2, [3], [0]), [0])


def test_an_unknown_solution_is_named() -> None:
    with pytest.raises(OptionError, match="conservative, parsimonious or intermediate, found 'x'"):
        minimise(_survival(), solution="x")  # type: ignore[call-overload]
