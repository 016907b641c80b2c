"""Proofs by trying everything where results of R QCA 3.25 are incomplete or wrong."""

import numpy as np

from qca.minimisation.implicants import prime_implicants
from qca.minimisation.row_minimisation import parsimonious_models
from qca.minimisation.three_solutions import minimise
from qca.truth_tables.truth_table import truth_table
from tests.qca.brute_force import primes, rows_of, smallest_covers
from tests.qca.lipset import lipset
from tests.qca.parity.deviations_of_r import (
    implicants_of_ccubes,
    literals_reached_by_ccubes,
    lost_by_row_names,
    undirected_models_of_r,
)

# Six conditions, positive 100000 and 011111, negative 00 with fewer than four of the last four.
K = 6
POSITIVE = [0b100000, 0b011111]
NEGATIVE = list(range(0b001111))
NAMES = ["A", "B", "C", "D", "E", "F"]


def test_ccubes_misses_a_prime_implicant_after_two_empty_lengths() -> None:
    complete = prime_implicants(K, POSITIVE, NEGATIVE)
    cut = implicants_of_ccubes(K, np.array(POSITIVE), np.array(NEGATIVE))

    found = set(zip(complete.masks.tolist(), complete.values.tolist(), strict=True))
    assert found == primes(K, POSITIVE, NEGATIVE)
    assert complete.texts(NAMES) == ("A", "B", "C*D*E*F")
    assert literals_reached_by_ccubes(complete) == 3
    assert cut is not None
    assert cut.texts(NAMES) == ("A", "B")


def test_ccubes_misses_a_tied_model_with_it() -> None:
    found = parsimonious_models(K, POSITIVE, NEGATIVE)
    terms = sorted(primes(K, POSITIVE, NEGATIVE))
    covers = smallest_covers([rows_of(K, term) & set(POSITIVE) for term in terms], POSITIVE)

    texts = found.implicants.texts(NAMES)
    assert [[texts[term] for term in model] for model in found.models] == [
        ["A", "B"],
        ["A", "C*D*E*F"],
    ]
    assert len(covers) == len(found.models)


def test_terms_taken_for_models_leave_positive_rows_unexplained() -> None:
    table = truth_table(lipset(), outcome="SURVIVED", inclusion_cut=0.8)
    conservative = minimise(table)
    found = minimise(table, solution="intermediate", directional_expectations=["-"] * table.k)

    assert found.models == conservative.models
    assert [pair.easy.tolist() for pair in found.pairs] == [[]] * len(found.pairs)
    places = dict(zip(conservative.primes, conservative.rows.implicants.chart, strict=True))
    of_r = undirected_models_of_r(conservative)
    assert len(of_r) > 1
    assert not any(places[term].all() for (term,) in of_r)
    assert np.logical_or.reduce([places[term] for (term,) in of_r]).all()


def test_a_renamed_row_is_recognised_by_its_leading_digits() -> None:
    # The third row 4 bound together is named 42; the true 42 then becomes 421.
    assert lost_by_row_names([42], [4, 7])
    assert not lost_by_row_names([42], [2, 7])
    assert not lost_by_row_names([4], [4])
