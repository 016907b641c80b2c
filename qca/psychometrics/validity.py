"""Whether scales measure different things, and whether items suit a factor analysis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, xlogy

from qca.errors import ConstantSetError, OptionError, ShapeError
from qca.psychometrics.correlations import Missing, correlations, inverse, item_table


@dataclass(frozen=True, slots=True, eq=False)
class SamplingAdequacy:
    """Kaiser-Meyer-Olkin measure.

    Parameters
    ----------
    overall : float
        [0, 1]; from .60 on items suit a factor analysis.
    items : array (items,)
        The same for each item.
    """

    overall: float
    items: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sphericity:
    """Bartlett's test that no two items correlate.

    Parameters
    ----------
    chi_square : float
        Test statistic.
    degrees : int
        Degrees of freedom.
    p : float
        [0, 1].
    """

    chi_square: float
    degrees: int
    p: float


def heterotrait_monotrait(
    correlation: NDArray[np.float64],
    scales: Sequence[Sequence[int]],
    *,
    geometric: bool = False,
    absolute: bool = True,
) -> NDArray[np.float64]:
    """Compare correlations between scales with those within: HTMT, or HTMT2.

    HTMT = mean |r| between two scales / sqrt(mean |r| within one * mean |r| within the other);
    HTMT2 takes geometric means.

    Parameters
    ----------
    correlation : array (items, items)
        From `correlations`.
    scales : sequence of sequences of int
        Items of each scale, two or more.
    geometric : bool
        HTMT2, for items with unequal loadings; always with absolute correlations.
    absolute : bool
        False keeps the signs, as the first publication has it.

    Returns
    -------
    array (scales, scales)
        1 on the diagonal; NaN where the within-scale means are not both positive.

    Raises
    ------
    ShapeError
        A scale has fewer than two items.

    Examples
    --------
    >>> r = np.array([[1, .5, .2, .2], [.5, 1, .2, .2], [.2, .2, 1, .8], [.2, .2, .8, 1]])
    >>> heterotrait_monotrait(r, [[0, 1], [2, 3]]).round(4)
    array([[1.    , 0.3162],
           [0.3162, 1.    ]])

    Source: Henseler, Ringle & Sarstedt (2015), J. Acad. Marketing Sci. 43; Roemer, Schuberth &
    Henseler (2021), Industrial Management & Data Systems 121, for HTMT2.
    """
    if any(len(scale) < 2 for scale in scales):
        raise ShapeError(f"expected scales of two items or more, found {list(map(list, scales))}")
    values = np.abs(correlation) if absolute or geometric else correlation
    mean = _geometric_mean if geometric else np.mean
    within = [mean(values[np.ix_(s, s)][np.triu_indices(len(s), 1)]) for s in scales]
    found = np.eye(len(scales))
    for i, first in enumerate(scales):
        for j, second in enumerate(scales[:i]):
            both = within[i] * within[j] if within[i] > 0 and within[j] > 0 else np.nan
            found[i, j] = found[j, i] = mean(values[np.ix_(first, second)]) / np.sqrt(both)
    return found


def sampling_adequacy(correlation: NDArray[np.float64]) -> SamplingAdequacy:
    """Compute the Kaiser-Meyer-Olkin measure.

    sum r^2 / (sum r^2 + sum q^2) off the diagonal, with q the partial correlations.

    Parameters
    ----------
    correlation : array (items, items)
        From `correlations`.

    Returns
    -------
    SamplingAdequacy
        NaN for items that correlate with none.

    Raises
    ------
    ConstantSetError
        The correlations are singular.

    Examples
    --------
    >>> r = np.array([[1, .5, .4], [.5, 1, .3], [.4, .3, 1]])
    >>> round(sampling_adequacy(r).overall, 4)
    0.6279

    Source: Kaiser & Rice (1974), Educational and Psychological Measurement 34.
    """
    inverted = inverse(correlation)
    scale = np.sqrt(np.diag(inverted))
    partial = inverted / np.outer(scale, scale)
    hollow = ~np.eye(len(correlation), dtype=bool)
    simple, residual = np.where(hollow, correlation**2, 0), np.where(hollow, partial**2, 0)
    both = (simple + residual).sum(axis=0)
    by_item = np.divide(simple.sum(axis=0), both, out=np.full_like(both, np.nan), where=both > 0)
    overall = simple.sum() / both.sum() if both.sum() > 0 else np.nan
    return SamplingAdequacy(float(overall), by_item)


def sphericity(correlation: NDArray[np.float64], *, respondents: int) -> Sphericity:
    """Test whether the items correlate at all (Bartlett).

    chi^2 = -(n - 1 - (2p + 5) / 6) ln |R|, with p (p - 1) / 2 degrees of freedom.

    Parameters
    ----------
    correlation : array (items, items)
        From `correlations`.
    respondents : int
        n, over which they were computed.

    Returns
    -------
    Sphericity

    Raises
    ------
    ConstantSetError
        The correlations are singular or not positive definite.

    Examples
    --------
    >>> found = sphericity(np.array([[1, .5], [.5, 1]]), respondents=50)
    >>> round(found.chi_square, 3), found.degrees
    (13.665, 1)

    Source: Bartlett (1951), Biometrika 38.
    """
    sign, log_determinant = np.linalg.slogdet(correlation)
    if sign <= 0:
        raise ConstantSetError("expected positive definite correlations, found a singular R")
    p = len(correlation)
    value = -(respondents - 1 - (2 * p + 5) / 6) * log_determinant
    degrees = p * (p - 1) // 2
    p_value = float(chdtrc(degrees, value)) if degrees else float("nan")
    return Sphericity(float(value), degrees, p_value)


def single_factor_share(correlation: NDArray[np.float64]) -> float:
    """Share of the variance on the first unrotated component: Harman's single-factor test.

    A share above .50 points to common-method variance, but a lower one rules nothing out: the test
    is insensitive, so a marker or the variance inflation should stand beside it.

    Parameters
    ----------
    correlation : array (items, items)
        From `correlations`, of the items of all scales.

    Returns
    -------
    float
        Largest eigenvalue over the number of items, in (0, 1].

    Examples
    --------
    >>> single_factor_share(np.array([[1, .5], [.5, 1]]))
    0.75

    Source: Podsakoff, MacKenzie, Lee & Podsakoff (2003), Journal of Applied Psychology 88.
    """
    return float(np.linalg.eigvalsh(correlation)[-1] / len(correlation))


def full_collinearity(scores: ArrayLike, *, missing: Missing = "pairwise") -> NDArray[np.float64]:
    """Variance inflation of every construct explained by all others: diag(R^-1).

    Parameters
    ----------
    scores : array (respondents, constructs)
        Construct scores, the outcome included; NaN where missing.
    missing : "pairwise" or "listwise"
        As in `item_table`.

    Returns
    -------
    array (constructs,)
        At least 1; above 3.3 suggests common-method variance.

    Raises
    ------
    ShapeError, NoCasesError, OptionError, ConstantSetError
        As in `correlations` and `inverse`.

    Examples
    --------
    >>> full_collinearity([[1, 2], [2, 1], [3, 3], [4, 4]]).round(4)
    array([2.7778, 2.7778])

    Source: Kock (2015), International Journal of e-Collaboration 11.
    """
    return np.asarray(np.diag(inverse(correlations(item_table(scores, missing=missing)))).copy())


def marker_adjusted(correlation: NDArray[np.float64], *, marker: float) -> NDArray[np.float64]:
    """Partial a marker's correlation out of all others: (r - r_m) / (1 - r_m).

    Parameters
    ----------
    correlation : array (constructs, constructs)
        Correlations of substantive constructs.
    marker : float
        Correlation of the marker with them that is taken for method variance, in [0, 1).

    Returns
    -------
    array (constructs, constructs)
        1 on the diagonal.

    Raises
    ------
    OptionError
        The marker's correlation is outside [0, 1).

    Examples
    --------
    >>> marker_adjusted(np.array([[1.0, 0.4], [0.4, 1.0]]), marker=0.1).round(4)
    array([[1.    , 0.3333],
           [0.3333, 1.    ]])

    Source: Lindell & Whitney (2001), Journal of Applied Psychology 86.
    """
    if not 0 <= marker < 1:
        raise OptionError(f"expected a marker correlation in [0, 1), found {marker}")
    return np.asarray((correlation - marker) / (1 - marker))


def _geometric_mean(values: NDArray[np.float64]) -> float:
    return float(np.exp(xlogy(1, values).mean()))
