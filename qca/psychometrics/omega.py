"""McDonald's omega total from one factor by minimum residuals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import ConvergenceError, ShapeError
from qca.messages import all_digits
from qca.psychometrics.correlations import Missing, correlations, item_table
from qca.psychometrics.keying import item_names, leading_axis, negative_items

LEAST_UNIQUENESS = 0.005  # psych's lower bound, against Heywood cases
_ROUNDS = 100_000
_SETTLED = 1e-13  # in the loadings


@dataclass(frozen=True, slots=True, eq=False)
class Omega:
    """Reliability of a scale from the loadings on one factor.

    Parameters
    ----------
    loadings : array (items,)
        Standardised, of the minimum-residual factor.
    of_model : float
        (sum l)^2 / ((sum l)^2 + sum(1 - l^2)), the composite reliability.
    of_correlations : float
        (sum l)^2 / sum(R).
    total : float
        1 - sum(1 - l^2) / sum(R): the omega total that psych reports for one factor.
    negative : tuple of str
        Items that load negatively: columns of a DataFrame, else "item 1" and so on. psych turns
        them unless told not to (flip); here they are left as they are.
    """

    loadings: NDArray[np.float64]
    of_model: float
    of_correlations: float
    total: float
    negative: tuple[str, ...] = ()


def omega(items: ArrayLike, *, missing: Missing = "pairwise") -> Omega:
    """Compute omega total of a scale.

    Parameters
    ----------
    items : array (respondents, items)
        In points, reverse-keyed items turned; NaN where missing.
    missing : "pairwise" or "listwise"
        As in `correlations` and `item_table`.

    Returns
    -------
    Omega
        As psych 2.2.9 (fm = "minres"), whose iterations stop at about 1e-5 in the loadings. A
        loading above 1 is a Heywood case: the scale has no proper single factor. There psych
        may stop early, by up to some .003, at loadings that a further round would move.

    Warns
    -----
    NegativeItemWarning
        An item loads against the others; it is named and not turned.

    Raises
    ------
    ShapeError
        There are fewer than three items, so that one factor is not determined.
    ConvergenceError
        The loadings do not settle.
    NoCasesError, OptionError, ConstantSetError
        As in `correlations`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> factor = rng.normal(size=(500, 1))
    >>> round(omega(factor + rng.normal(size=(500, 4))).total, 2)
    0.78

    Source: McDonald (1999), Test Theory; Harman & Jones (1966), Psychometrika 31, for minres.
    """
    table = item_table(items, missing=missing)
    if table.shape[1] < 3:
        raise ShapeError(f"expected a scale of three items or more, found {table.shape[1]}")
    correlation = correlations(table)
    loadings = minimum_residual_loadings(correlation)
    common, unique = loadings.sum() ** 2, (1 - loadings**2).sum()
    return Omega(
        loadings=loadings,
        of_model=float(common / (common + unique)),
        of_correlations=float(common / correlation.sum()),
        total=float(1 - unique / correlation.sum()),
        negative=negative_items(loadings, item_names(items)),
    )


def minimum_residual_loadings(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the loadings on one factor that leave the least squared residual correlations.

    Minimises sum over i, j of (r_ij - l_i l_j)^2 with u_i added to the diagonal, u_i = 1 - l_i^2
    and at least .005. In turn the loadings are those of the leading eigenvector of R - diag(u),
    and u follows from the loadings, until none moves.

    Parameters
    ----------
    correlation : array (items, items)
        Symmetric, 1 on the diagonal, three items or more.

    Returns
    -------
    array (items,)
        Signed so that their sum is not negative; where u is at its bound (a Heywood case) a
        loading may exceed 1, as it does in psych.

    Raises
    ------
    ConvergenceError
        They do not settle.

    Examples
    --------
    >>> exact = np.array([0.8, 0.7, 0.6])
    >>> minimum_residual_loadings(np.outer(exact, exact) + np.diag(1 - exact**2)).round(6)
    array([0.8, 0.7, 0.6])
    """
    loadings = leading_axis(correlation)
    for _ in range(_ROUNDS):
        before, loadings = loadings, principal_axis_round(correlation, loadings)
        if np.abs(loadings - before).max() < _SETTLED:
            return loadings
    raise ConvergenceError(
        f"expected settled loadings in {_ROUNDS} rounds, found [{all_digits(loadings)}]"
    )


def principal_axis_round(
    correlation: NDArray[np.float64], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Loadings once the diagonal holds what the given ones explain of each item.

    Examples
    --------
    >>> exact = np.array([0.8, 0.7, 0.6])
    >>> full = np.outer(exact, exact) + np.diag(1 - exact**2)
    >>> principal_axis_round(full, exact).round(6)
    array([0.8, 0.7, 0.6])
    """
    reduced = correlation.copy()
    np.fill_diagonal(reduced, np.minimum(loadings**2, 1 - LEAST_UNIQUENESS))
    return leading_axis(reduced)
