"""Parameters of fit against plain Python, published figures and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca.sets.fit import (
    expression_necessity,
    expression_sufficiency,
    necessity,
    sufficiency,
    sufficiency_of_terms,
)
from tests.qca import by_hand
from tests.qca.lipset import lipset

pairs = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12).map(
    lambda found: np.array(found).T
)


@given(pairs)
def test_sufficiency_is_the_sum_over_cases(pair: np.ndarray) -> None:
    x, y = pair
    found = sufficiency(x, y)
    expected = by_hand.sufficiency(x.tolist(), y.tolist())
    assert (found.consistency, found.coverage) == pytest.approx(
        (expected["inclS"], expected["covS"]), nan_ok=True
    )


@given(pairs)
def test_necessity_is_the_sum_over_cases(pair: np.ndarray) -> None:
    x, y = pair
    found = necessity(x, y)
    expected = by_hand.necessity(x.tolist(), y.tolist())
    assert [found.consistency, found.coverage] == pytest.approx(
        [expected["inclN"], expected["covN"]], nan_ok=True
    )


@given(pairs)
def test_sufficiency_of_x_for_y_is_necessity_of_y_for_x(pair: np.ndarray) -> None:
    x, y = pair
    forward, backward = sufficiency(x, y), necessity(y, x)
    assert [forward.consistency, forward.coverage] == pytest.approx(
        [backward.consistency, backward.coverage], nan_ok=True
    )


@given(pairs)
def test_a_subset_is_fully_consistent(pair: np.ndarray) -> None:
    x, y = np.minimum(*pair), pair[1]
    if x.sum() > 0:
        assert sufficiency(x, y).consistency == 1


def test_figures_of_an_empty_set_are_nan() -> None:
    fit = sufficiency([0, 0], [0.5, 1])
    assert np.isnan([fit.consistency, fit.pri]).all()
    assert fit.coverage == 0
    assert np.isnan(necessity([0, 0], [0.5, 1]).coverage)


def test_unique_coverage_is_what_no_other_term_covers() -> None:
    terms = np.array([[0.8, 0.1, 0.1], [0.3, 0.7, 0.7], [0.6, 0.6, 0.2]])
    y = np.array([0.9, 0.7, 0.4])
    fit = sufficiency_of_terms(terms, y)
    assert [one.unique_coverage for one in fit.terms] == pytest.approx([0.7 / 2, 0, 0])
    assert fit.solution.coverage == pytest.approx((0.8 + 0.7 + 0.4) / 2)


def test_a_single_term_has_no_unique_coverage() -> None:
    table = expression_sufficiency(lipset(), "STABLE*LITERATE", outcome="SURVIVED")
    assert table.index.tolist() == ["STABLE*LITERATE"]
    assert np.isnan(table["unique_coverage"].iloc[0])


def test_necessity_of_stability_is_the_published_figure() -> None:
    table = expression_necessity(lipset(), "STABLE", outcome="SURVIVED")
    assert table.round(3).to_numpy().tolist() == [[0.920, 0.680, 0.707]]


def test_expression_tables_equal_sums_over_the_cases() -> None:
    data = lipset()
    table = expression_sufficiency(data, "DEVELOPED*~INDUSTRIAL + URBAN", outcome="~SURVIVED")
    x = [
        np.minimum(data["DEVELOPED"], 1 - data["INDUSTRIAL"]).tolist(),
        data["URBAN"].tolist(),
    ]
    y = (1 - data["SURVIVED"]).tolist()
    union = [max(pair) for pair in zip(*x, strict=True)]
    expected = [by_hand.sufficiency(column, y) for column in (*x, union)]
    whole = expected[2]["covS"]
    unique = [whole - expected[1]["covS"], whole - expected[0]["covS"], np.nan]
    np.testing.assert_allclose(
        table.to_numpy(),
        pd.DataFrame(expected).assign(unique=unique).to_numpy(),
        atol=1e-12,
    )
    assert table.index.tolist() == ["DEVELOPED*~INDUSTRIAL", "URBAN", "expression"]
