"""Errors of R QCA 3.25 in minimisation, imitated to show that they explain its results.

Each imitation is applied to our complete result; what R reports must come out. The complete
results themselves are proven by brute force in tests/qca/parity/test_deviations_of_r.py.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from qca.minimisation.implicants import Implicants, prime_implicants
from qca.minimisation.solutions import Solution


def literals_reached_by_ccubes(implicants: Implicants) -> int:
    """The number of literals at which CCubes stops looking for prime implicants.

    It goes from one literal upwards and stops after the second number of literals in a row that
    brings no new prime implicant, once those found cover all positive rows.
    """
    counts = np.bitwise_count(implicants.masks)
    idle = 0
    for literals in range(1, implicants.k + 1):
        if implicants.chart[counts <= literals].any(axis=0).all():
            idle = 0 if (counts == literals).any() else idle + 1
        if idle > 1:
            return literals
    return implicants.k


def implicants_of_ccubes(
    k: int, positive: NDArray[np.int64], negative: NDArray[np.int64]
) -> Implicants | None:
    """The prime implicants that CCubes finds, None where they are all there are."""
    whole = prime_implicants(k, positive, negative)
    counts = np.bitwise_count(whole.masks)
    found = np.flatnonzero(counts <= literals_reached_by_ccubes(whole))
    return whole.keep(found) if len(found) < len(whole) else None


def undirected_models_of_r(conservative: Solution) -> list[tuple[str, ...]]:
    """What R lists as intermediate models where nothing is expected of any condition.

    It leaves the terms of the conservative solution as they are, rightly, and then takes every
    term for a model of its own.
    """
    return [(term,) for model in conservative.models for term in model]


def lost_by_row_names(lost: Iterable[int], named: Iterable[int]) -> bool:
    """Whether findRows(type = 2) can have lost these rows by its use of row names.

    It binds the assumptions of several models into one data frame and takes their row names for
    row numbers. R makes repeated names unique by appending digits, so that a second row 4 is
    renamed 41, a third 42; the true row 42 then becomes 421 and is lost.
    """
    texts = {str(row) for row in named}
    return all(any(str(row)[:cut] in texts for cut in range(1, len(str(row)))) for row in lost)
