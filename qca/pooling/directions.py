"""Directions in which scores of units are taken apart, so that each can be pooled alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.errors import ShapeError
from qca.messages import all_digits


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """One way of taking scores apart; in each direction a person's answers vary by 1.

    Parameters
    ----------
    apart : array (constructs, directions)
        scores @ apart: uncorrelated within units, with standard deviation 1 a person.
    together : array (directions, constructs)
        The way back, its inverse.
    """

    apart: NDArray[np.float64]
    together: NDArray[np.float64]


def directions_of(within: NDArray[np.float64]) -> tuple[Directions, ...]:
    """List the ways in which units may differ from each other.

    With W the covariance of persons within units, W^(-1/2) makes constructs uncorrelated and keeps
    each as near to itself as can be. In these coordinates units may differ

    - in every construct by itself (1 way);
    - in their whole level first, the direction of one and the same number of points on every
      construct, then in one construct apart from that, then in the rest (a way for each construct);
    - in one construct first, then in the level of the others, then in the rest (likewise).

    One way alone does not serve: where the level of whole units varies, constructs are not
    independent, and where a single construct varies, the level is not the right direction. Which
    way fits is told by the units themselves, as `pool_units` weighs them.

    Parameters
    ----------
    within : array (constructs, constructs)
        Covariance within units, positive definite, in squared points.

    Returns
    -------
    tuple of Directions
        1 + 2 constructs; 1 where there are fewer than three constructs.

    Raises
    ------
    ShapeError
        The covariance is not square, not symmetric or not positive definite.

    Examples
    --------
    >>> ways = directions_of(np.array([[4.0, 0.0], [0.0, 1.0]]))
    >>> len(ways), ways[0].apart
    (1, array([[0.5, 0. ],
           [0. , 1. ]]))

    References
    ----------
    Rutin's own proposal. Kessy, Lewin & Strimmer (2018), Optimal whitening and decorrelation, The
    American Statistician 72, for the first way.
    """
    values, vectors = np.linalg.eigh(_checked(within))
    root = (vectors * np.sqrt(values)) @ vectors.T
    inverse = (vectors / np.sqrt(values)) @ vectors.T
    turns = [np.eye(len(values)), *_turns(inverse)]
    return tuple(Directions(inverse @ turn, turn.T @ root) for turn in turns)


def _turns(inverse: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Orthonormal bases that begin with the level and one construct, in both orders."""
    count = len(inverse)
    if count < 3:
        return
    level = inverse.sum(axis=1)
    own = np.eye(count)
    for construct in range(count):
        others = [own[place] for place in range(count) if place != construct]
        for first in ((level, own[construct]), (own[construct], level)):
            basis, signs = np.linalg.qr(np.column_stack([*first, *others[:-1]]))
            # Signs do not matter to what follows, but the same on every machine is worth having.
            yield basis * np.where(np.diag(signs) < 0, -1.0, 1.0)


def _checked(within: NDArray[np.float64]) -> NDArray[np.float64]:
    if within.ndim != 2 or within.shape[0] != within.shape[1] or not len(within):
        raise ShapeError(f"expected a square covariance, found shape {within.shape}")
    if not np.allclose(within, within.T):
        raise ShapeError("expected a symmetric covariance, found one that is not")
    lowest = np.linalg.eigvalsh(within)
    if not lowest[0] > 1e-9 * abs(lowest[-1]):
        raise ShapeError(
            "expected constructs none of which follows from the others,"
            f" found eigenvalues [{all_digits(lowest)}]"
        )
    return within
