"""Models of truth table rows: laws, and brute force up to four conditions."""

import numpy as np
import pytest
from hypothesis import given

from qca.errors import OptionError
from qca.minimisation.row_minimisation import (
    CoverRule,
    RowModels,
    conservative_models,
    parsimonious_models,
)
from tests.qca import brute_force
from tests.qca.strategies import Rows, coded_rows


def _models_as_terms(found: RowModels) -> set[frozenset[tuple[int, int]]]:
    terms = list(
        zip(found.implicants.masks.tolist(), found.implicants.values.tolist(), strict=True)
    )
    return {frozenset(terms[place] for place in model) for model in found.models}


def _by_brute_force(
    rows: Rows, forbidden: set[int], *, irredundant: bool = False
) -> set[frozenset[tuple[int, int]]]:
    terms = sorted(brute_force.primes(rows.k, rows.positive, forbidden))
    sets = [brute_force.rows_of(rows.k, term) & set(rows.positive) for term in terms]
    search = brute_force.irredundant_covers if irredundant else brute_force.smallest_covers
    covers = search(sets, rows.positive)
    return {frozenset(terms[place] for place in cover) for cover in covers}


@given(coded_rows())
def test_parsimonious_models_are_those_found_by_trying_everything(rows: Rows) -> None:
    found = parsimonious_models(rows.k, rows.positive, rows.negative)

    assert _models_as_terms(found) == _by_brute_force(rows, set(rows.negative))


@given(coded_rows())
def test_conservative_models_are_those_found_by_trying_everything(rows: Rows) -> None:
    found = conservative_models(rows.k, rows.positive)

    forbidden = set(rows.negative) | set(rows.remainders)
    assert _models_as_terms(found) == _by_brute_force(rows, forbidden)


@given(coded_rows(most_conditions=3))
def test_irredundant_models_are_those_found_by_trying_everything(rows: Rows) -> None:
    rule = CoverRule(all_models=True)
    found = parsimonious_models(rows.k, rows.positive, rows.negative, rule=rule)

    expected = _by_brute_force(rows, set(rows.negative), irredundant=True)
    assert _models_as_terms(found) == expected


@given(coded_rows(most_conditions=6))
def test_every_model_is_true_in_positive_and_false_in_negative_rows(rows: Rows) -> None:
    found = parsimonious_models(rows.k, rows.positive, rows.negative)

    for model in range(len(found.models)):
        covered = set(found.covered(model).tolist())
        assert covered >= set(rows.positive)
        assert not covered & set(rows.negative)
        assert set(found.assumptions(model).tolist()) == covered - set(rows.positive)
        assert covered - set(rows.positive) <= set(rows.remainders)


@given(coded_rows(most_conditions=6))
def test_no_term_of_a_model_can_be_dropped(rows: Rows) -> None:
    found = parsimonious_models(rows.k, rows.positive, rows.negative)

    for model in found.models:
        for term in model:
            others = [other for other in model if other != term]
            assert not found.implicants.chart[others].any(axis=0).all()


@given(coded_rows(most_conditions=5))
def test_the_conservative_solution_assumes_nothing(rows: Rows) -> None:
    found = conservative_models(rows.k, rows.positive)

    for model in range(len(found.models)):
        assert found.covered(model).tolist() == rows.positive


@given(coded_rows(most_conditions=5))
def test_conservative_terms_lie_within_parsimonious_prime_implicants(rows: Rows) -> None:
    narrow = conservative_models(rows.k, rows.positive).implicants
    wide = parsimonious_models(rows.k, rows.positive, rows.negative).implicants

    for mask, value in zip(narrow.masks, narrow.values, strict=True):
        within = (wide.masks & mask == wide.masks) & (wide.values == value & wide.masks)
        assert within.any()


@given(coded_rows(most_conditions=5))
def test_row_dominance_keeps_the_fewest_terms_and_adds_no_model(rows: Rows) -> None:
    every = parsimonious_models(rows.k, rows.positive, rows.negative)
    rule = CoverRule(row_dominance=True)
    fewer = parsimonious_models(rows.k, rows.positive, rows.negative, rule=rule)

    assert len(fewer.models[0]) == len(every.models[0])
    assert _models_as_terms(fewer) <= _models_as_terms(every)


@given(coded_rows(most_conditions=4))
def test_essential_terms_are_common_to_all_models(rows: Rows) -> None:
    found = parsimonious_models(rows.k, rows.positive, rows.negative)

    assert set(found.essential) <= set(found.common) <= set(found.used)


def test_the_cyclic_table_has_two_models_of_three_terms_and_more_irredundant_ones() -> None:
    tied = parsimonious_models(3, [1, 2, 3, 4, 5, 6], [0, 7])
    rule = CoverRule(all_models=True)
    every = parsimonious_models(3, [1, 2, 3, 4, 5, 6], [0, 7], rule=rule)

    texts = tied.implicants.texts(["A", "B", "C"])
    assert [" + ".join(texts[term] for term in model) for model in tied.models] == [
        "A*~B + ~A*C + B*~C",
        "~A*B + A*~C + ~B*C",
    ]
    assert [len(model) for model in every.models] == [3, 3, 4, 4, 4]
    assert (tied.essential, tied.common) == ((), ())


def test_twenty_conditions_with_few_rows_are_minimised() -> None:
    shuffled = np.random.default_rng(20).choice(1 << 20, 16, replace=False)
    found = parsimonious_models(20, shuffled[:8], shuffled[8:])

    assert len(found.models[0]) <= 3
    assert found.covers.limit == ""


def test_dominance_and_all_models_exclude_each_other() -> None:
    with pytest.raises(OptionError, match="row_dominance or all_models, found both"):
        CoverRule(row_dominance=True, all_models=True)
