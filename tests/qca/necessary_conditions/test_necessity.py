"""The search for necessary and sufficient combinations against plain enumeration."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qca.necessary_conditions.search import Combination, find_combinations
from tests.qca import by_hand
from tests.qca.lipset import lipset

CONDITIONS = ["DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE"]
# Sixteenths add up exactly, so no cut-off is decided by rounding.
values = st.integers(0, 16).map(lambda step: step / 16)
tables = st.lists(st.lists(values, min_size=4, max_size=4), min_size=2, max_size=10).map(
    lambda rows: pd.DataFrame(rows, columns=["A", "B", "C", "Y"])
)


def text(literals: dict[str, bool], join: str) -> str:
    return join.join(name if present else f"~{name}" for name, present in literals.items())


def sets_of(data: pd.DataFrame, literals: dict[str, bool]) -> list[list[float]]:
    return [(data[n] if present else 1 - data[n]).tolist() for n, present in literals.items()]


def enumerated(data: pd.DataFrame, least: float, coverage: float) -> dict[str, tuple[float, ...]]:
    """Necessity by the definition: supersets of the outcome that hold no smaller one found."""
    found: dict[str, tuple[float, ...]] = {}
    known: list[set[tuple[str, bool]]] = []
    y = data["Y"].tolist()
    for length in (1, 2, 3):
        news = []
        for literals in by_hand.combinations_of(["A", "B", "C"], 3):
            if len(literals) != length:
                continue
            columns = sets_of(data, literals)
            chosen = set(literals.items())
            for join, pick in (("*", min), (" + ", max)):
                x = [pick(values) for values in zip(*columns, strict=True)]
                fit = by_hand.necessity(x, y)
                passed = fit["inclN"] >= least and fit["covN"] >= coverage
                new = join == "*" or not any(old <= chosen for old in known)
                if passed and new:
                    found[text(literals, join)] = tuple(fit.values())
                if passed:
                    news.append(chosen)
                    break
        known += news
    return found


def figures(combinations: tuple[Combination, ...]) -> dict[str, tuple[float, ...]]:
    return {str(c.expression): (c.consistency, c.relevance, c.coverage) for c in combinations}


@settings(max_examples=60)
@given(tables, st.sampled_from([0.75, 0.875]), st.sampled_from([0.25, 0.5]))
def test_the_search_finds_what_enumeration_finds(
    data: pd.DataFrame, least: float, coverage: float
) -> None:
    if data["Y"].sum() == 0:
        return
    combinations = find_combinations(
        data, outcome="Y", consistency_cut=least, coverage_cut=coverage
    )
    found = figures(combinations)
    expected = enumerated(data, least, coverage)
    assert set(found) == set(expected)
    for name, row in expected.items():
        np.testing.assert_allclose(found[name], np.nan_to_num(row), atol=1e-12)


@settings(max_examples=40)
@given(tables)
def test_sufficient_conjunctions_are_minimal_and_complete(data: pd.DataFrame) -> None:
    passed = []
    for literals in by_hand.combinations_of(["A", "B", "C"], 3):
        x = [min(values) for values in zip(*sets_of(data, literals), strict=True)]
        fit = by_hand.sufficiency(x, data["Y"].tolist())
        if fit["inclS"] >= 0.875 and fit["covS"] >= 0.25:
            passed.append(literals)
    minimal = {
        text(one, "*")
        for one in passed
        if not any(set(other.items()) < set(one.items()) for other in passed)
    }
    combinations = find_combinations(
        data, outcome="Y", relation="sufficiency", consistency_cut=0.875, coverage_cut=0.25
    )
    assert {str(one.expression) for one in combinations} == minimal


def test_necessary_conditions_of_survival_are_the_published_ones() -> None:
    """Duşa (2019), QCA with R, ch. 5: superSubset on the data of Ragin (2009)."""
    found = find_combinations(
        lipset(), outcome="SURVIVED", conditions=CONDITIONS, consistency_cut=0.9, relevance_cut=0.6
    )
    shown = {name: tuple(round(x, 3) for x in row) for name, row in figures(found).items()}
    assert shown == {
        "STABLE": (0.920, 0.680, 0.707),
        "LITERATE*STABLE": (0.915, 0.800, 0.793),
        "DEVELOPED + URBAN + INDUSTRIAL": (0.903, 0.704, 0.716),
    }


def test_nothing_found_is_an_empty_answer() -> None:
    data = pd.DataFrame({"A": [0.5, 0.5], "Y": [0.9, 0.1]})
    assert find_combinations(data, outcome="Y", relation="sufficiency") == ()


@pytest.mark.parametrize("depth", [1, 2])
def test_the_depth_limits_the_length(depth: int) -> None:
    found = find_combinations(
        lipset(), outcome="SURVIVED", conditions=CONDITIONS, consistency_cut=0.7, depth=depth
    )
    assert max(len(one.expression.names) for one in found) == depth
