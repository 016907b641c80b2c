"""Input of the wrong kind, which a person could well pass, gets a named error or a plain answer."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import qca
from qca import errors
from qca.minimisation.analysis_rule import AnalysisRule
from qca.minimisation.expectations import read_expectations

DATA = pd.DataFrame(
    {"A": [0.9, 0.8, 0.1, 0.3], "B": [0.2, 0.9, 0.7, 0.4], "Y": [0.8, 0.9, 0.2, 0.1]}
)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"outcome": None}, errors.ExpressionError, "as text, found None"),
        ({"pri_cut": "x"}, errors.CutError, "numbers as cuts, found 'x'"),
        ({"frequency_cut": "2"}, errors.CutError, "numbers as cuts, found '2'"),
        ({"frequency_cut": float("nan")}, errors.CutError, "whole frequency cut from 0, found nan"),
        ({"frequency_cut": float("inf")}, errors.CutError, "whole frequency cut from 0, found inf"),
        ({"inclusion_cut": "0.8"}, errors.CutError, "as inclusion cuts, found '0.8'"),
        ({"excluded": ["x"]}, errors.OptionError, r"as row codes, found \['x'\]"),
        ({"excluded": [1.5]}, errors.OptionError, r"as row codes, found \[1.5\]"),
        ({"conditions": "AB"}, errors.OptionError, "sequence of names, found the text 'AB'"),
    ],
)
def test_a_truth_table_names_what_it_cannot_use(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        qca.truth_table(DATA, **{"outcome": "Y", **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: qca.truth_table(DATA.to_numpy(), outcome="Y"),  # type: ignore[arg-type]
            errors.ShapeError,
            "a DataFrame of cases, found ndarray",
        ),
        (lambda: qca.calibrate_crisp([1, 7], "x"), errors.NotNumericError, "for thresholds"),  # type: ignore[arg-type]
        (lambda: qca.calibrate_indirect([1, 7], "x"), errors.NotNumericError, "for thresholds"),  # type: ignore[arg-type]
        (
            lambda: qca.calibrate_direct([1], [2, 4, 6], idm="a"),  # type: ignore[arg-type]
            errors.OptionError,
            "idm between .5 and 1, found a",
        ),
        (
            lambda: qca.calibrate_linear([1], [2, 4, 6], below=float("nan")),
            errors.OptionError,
            "greater than 0, found nan, 1",
        ),
        (lambda: qca.prime_implicants(2, ["x"], [0]), errors.OptionError, "whole numbers as row"),
        (lambda: qca.prime_implicants(2, [2.7], [0]), errors.OptionError, "found float64 values"),
        (lambda: qca.parse(None), errors.ExpressionError, "as text, found None"),  # type: ignore[arg-type]
        (
            lambda: qca.parse("(" * 3000 + "A" + ")" * 3000),
            errors.ExpressionError,
            "at most 100 nested parentheses, found 3000",
        ),
        (
            lambda: qca.sufficiency_of_terms(np.array([[np.nan]]), np.array([0.5])),
            errors.MissingDataError,
            "a membership of a term",
        ),
        (
            lambda: qca.set_coincidence([0.5], [1.5]),
            errors.MembershipRangeError,
            r"the sets in \[0, 1\], found 1.5",
        ),
    ],
)
def test_functions_name_what_they_cannot_use(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


def test_one_number_is_one_threshold() -> None:
    assert qca.calibrate_crisp([1, 4, 7], 4).tolist() == [0, 1, 1]  # type: ignore[arg-type]


def test_an_expression_that_never_holds_has_no_terms_to_fit() -> None:
    found = qca.expression_sufficiency(DATA, "0", outcome="Y")
    assert found.empty
    assert list(found.columns) == ["consistency", "pri", "coverage", "unique_coverage"]


def test_cases_of_a_slice_keep_the_numbers_of_the_whole_data() -> None:
    table = qca.truth_table(DATA.iloc[1:], outcome="Y", inclusion_cut=0.8)
    assert table.cases_of(3) == ("1",)
    assert qca.truth_table(DATA, outcome="Y", inclusion_cut=0.8).cases_of(3) == ("2",)


def test_tables_compare_by_identity_and_print_their_rows() -> None:
    first, second = (qca.truth_table(DATA, outcome="Y", inclusion_cut=0.8) for _ in range(2))
    assert first == first
    assert first != second
    assert str(first) == first.to_frame().to_string()


def test_every_expectation_counts_unless_the_numbers_of_r_are_asked_for() -> None:
    names = ["A", "B", "C"]
    assert read_expectations("A + B*C", names).unexpected(0b111, 0b010) == 0b111
    assert read_expectations("A + B*C", names, every=False).unexpected(0b111, 0b010) == 0b011


@pytest.mark.parametrize("draw", [qca.bootstrap_solution, qca.permute_outcome, qca.half_split])
def test_draws_refuse_a_rule_that_excludes_rows(draw: Callable[..., object]) -> None:
    rule = AnalysisRule("Y", ("A", "B"), qca.Cuts(0.8), excluded=(0,))
    with pytest.raises(errors.OptionError, match=r"without excluded rows for draws, found \(0,\)"):
        draw(DATA, rule, seed=1)


def test_a_rule_passes_on_exclusions_halves_and_expectations() -> None:
    data = DATA.assign(B=[0.2, 0.5, 0.7, 0.4])
    rule = AnalysisRule("Y", ("A", "B"), qca.Cuts(0.8), excluded=(2,), half="add")
    table = rule.table(data)
    assert table.output.tolist() == ["0", "0", "0", "1"]
    assert table.cases_of(3) == ("2",)
    expected = AnalysisRule(
        "Y", ("A", "B"), qca.Cuts(0.8), "intermediate", "A + B", every_expectation=False
    )
    read = expected.solver().expectations
    assert read == qca.DirectionalExpectations(0b11, 0, every=False)
