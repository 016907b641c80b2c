"""Truth tables of many reweighted samples of the same cases at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.minimisation.row_solver import Models, RowSolver
from qca.sets.memberships import configuration_memberships, row_codes, touched_codes
from qca.truth_tables.row_coding import Cuts, code_rows


@dataclass(frozen=True, slots=True, eq=False)
class RowParts:
    """What every case adds to the sums of every row, arrays (cases, rows).

    Parameters
    ----------
    codes : array (rows,) of int
        Rows near which there are cases, ascending.
    size, overlap, shared : arrays
        Memberships x, min(x, y) and min(x, y, 1 - y).
    belongs : array
        1 in the row to which a case belongs, else 0.
    """

    codes: NDArray[np.int64]
    size: NDArray[np.float64]
    overlap: NDArray[np.float64]
    shared: NDArray[np.float64]
    belongs: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CodedDraws:
    """How the rows of every draw are coded, arrays (draws, rows) of bool.

    Parameters
    ----------
    codes : array (rows,) of int
        Row codes, ascending.
    positive, negative, contradictory : arrays
        Coded 1, 0 and C. None of them: a remainder.
    """

    codes: NDArray[np.int64]
    positive: NDArray[np.bool_]
    negative: NDArray[np.bool_]
    contradictory: NDArray[np.bool_]


def row_parts(memberships: NDArray[np.float64], outcome: NDArray[np.float64]) -> RowParts:
    """Lay out what every case adds to the rows.

    Parameters
    ----------
    memberships : array (cases, conditions), in [0, 1]
    outcome : array (cases,), in [0, 1]

    Examples
    --------
    >>> parts = row_parts(np.array([[0.75], [0.25]]), np.array([0.5, 0.25]))
    >>> parts.codes, parts.overlap.sum(axis=0), parts.belongs.sum(axis=0)
    (array([0, 1]), array([0.5 , 0.75]), array([1., 1.]))
    """
    codes = np.unique(touched_codes(memberships))
    size = configuration_memberships(memberships, codes)
    overlap = np.minimum(size, outcome[:, np.newaxis])
    shared = np.minimum(overlap, 1 - outcome[:, np.newaxis])
    belongs = (row_codes(memberships)[:, np.newaxis] == codes).astype(np.float64)
    return RowParts(codes, size, overlap, shared, belongs)


def coded_draws(parts: RowParts, weights: NDArray[np.float64], cuts: Cuts) -> CodedDraws:
    """Code the rows of reweighted samples: four matrix products, whatever their number.

    Parameters
    ----------
    parts : RowParts
        From `row_parts`.
    weights : array (draws, cases)
        How often each case is in each draw, >= 0.
    cuts : Cuts
        As for the truth table.

    Examples
    --------
    >>> parts = row_parts(np.array([[0.75], [0.25]]), np.array([0.75, 0.25]))
    >>> coded_draws(parts, np.array([[1.0, 1.0], [0.0, 2.0]]), Cuts(0.8)).positive
    array([[False,  True],
           [False, False]])
    """
    size, overlap, shared = (weights @ part for part in (parts.size, parts.overlap, parts.shared))
    frequent = weights @ parts.belongs >= max(cuts.frequency, 1)
    coded = coded_rows(size, overlap, shared, cuts)
    return CodedDraws(parts.codes, *(frequent & (coded == code) for code in ("1", "0", "C")))


def coded_rows(
    size: NDArray[np.float64],
    overlap: NDArray[np.float64],
    shared: NDArray[np.float64],
    cuts: Cuts,
) -> NDArray[np.str_]:
    """Code rows by their sums of x, min(x, y) and min(x, y, 1 - y), of any one shape.

    Examples
    --------
    >>> coded_rows(np.array([2.0, 2.0]), np.array([1.8, 1.0]), np.array([0.2, 0.8]), Cuts(0.8))
    array(['1', '0'], dtype='<U1')
    """
    with np.errstate(invalid="ignore", divide="ignore"):  # 0/0 is NaN, which passes no cut
        return code_rows(overlap / size, (overlap - shared) / (size - shared), cuts)


def solved_draws(draws: CodedDraws, solver: RowSolver) -> list[Models]:
    """Find the models of every draw, minimising each different coding once.

    Parameters
    ----------
    draws : CodedDraws
        From `coded_draws`.
    solver : RowSolver
        Over the same conditions.

    Returns
    -------
    list of models
        One entry a draw.

    Examples
    --------
    >>> present, absent = np.array([[False, True]]), np.array([[True, False]])
    >>> draws = CodedDraws(np.array([0, 1]), present, absent, present & absent)
    >>> solved_draws(draws, RowSolver(1))
    [frozenset({frozenset({(1, 1)})})]
    """
    coded = draws.positive, draws.negative, draws.contradictory
    packed = np.packbits(np.concatenate(coded, axis=1), axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    found = [solver.models(*(draws.codes[rows[row]] for rows in coded)) for row in first]
    return [found[which] for which in place.tolist()]
