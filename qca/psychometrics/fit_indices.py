"""Indices of how well a model reproduces the means and covariances of one or more groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtr, chdtrc, chndtr

from qca.psychometrics.missing_patterns import Moments

RMSEA_LEVEL = 0.90  # of the interval that is customarily told

Group = tuple[Moments, Moments, int]  # implied moments, saturated moments, respondents


@dataclass(frozen=True, slots=True)
class FitIndices:
    """How well a model reproduces means and covariances.

    Parameters
    ----------
    chi_square, p : float
        Test against the saturated model; p NaN without degrees of freedom.
    degrees, parameters, respondents : int
        Degrees of freedom, free parameters, respondents used.
    cfi, tli, rmsea, srmr : float
        Comparative, Tucker-Lewis, error of approximation, standardised residual.
    rmsea_interval : (float, float)
        Of 90 %; (0, 0) without degrees of freedom.
    log_likelihood : float
        Of the model.
    """

    chi_square: float
    degrees: int
    p: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_interval: tuple[float, float]
    srmr: float
    parameters: int
    log_likelihood: float
    respondents: int


def fit_indices(
    values: Sequence[float], *, free: int, groups: Sequence[Group], with_means: bool
) -> FitIndices:
    """Compute the indices from three likelihoods.

    CFI = 1 - max(c - d, 0) / max(c - d, b - e, 0), TLI = (b/e - c/d) / (b/e - 1), RMSEA =
    sqrt(G max(c - d, 0) / (d n)), for chi-squares c of the model and b of the independence model,
    degrees of freedom d and e, G groups. Its interval puts the noncentralities with which c is at
    the 95th and the 5th percentile in the place of c - d. SRMR: root mean square of residuals in
    standard deviations, averaged over groups by size.

    Parameters
    ----------
    values : three floats
        -2 ln L of the model, the saturated and the independence model.
    free : int
        Free numbers of the model, item means among them.
    groups : sequence of (Moments, Moments, int)
        Implied and saturated moments of each group, and its respondents.
    with_means : bool
        Count item means as parameters and residuals of means in SRMR, as lavaan does where the
        model has means; else they are left out of both.

    Returns
    -------
    FitIndices

    Examples
    --------
    >>> same = Moments(np.zeros(3), np.eye(3))
    >>> found = fit_indices([10.0, 4.0, 54.0], free=7, groups=[(same, same, 100)], with_means=True)
    >>> found.degrees, found.chi_square, round(found.cfi, 4)
    (2, 6.0, 0.9149)

    Source: Bentler (1990), Psychological Bulletin 107; Steiger (1990); Hu & Bentler (1999); for the
    interval Browne & Cudeck (1992), Sociological Methods & Research 21.
    """
    p, count = len(groups[0][0].mean), len(groups)
    respondents = sum(n for _, _, n in groups)
    degrees = count * (p * (p + 3) // 2) - free
    baseline_degrees = count * (p * (p - 1) // 2)
    chi_square, baseline = max(values[0] - values[1], 0.0), values[2] - values[1]
    excess, baseline_excess = chi_square - degrees, baseline - baseline_degrees
    largest = max(excess, baseline_excess, 0.0)
    relative = [chi_square / degrees if degrees else 1.0, baseline / baseline_degrees]
    error = count * max(excess, 0.0) / (degrees * respondents) if degrees else 0.0
    residuals = [n * _standardised_residual(m, s, with_means) for m, s, n in groups]
    return FitIndices(
        chi_square=chi_square,
        degrees=degrees,
        p=float(chdtrc(degrees, chi_square)) if degrees else float("nan"),
        cfi=1 - max(excess, 0.0) / largest if largest > 0 else 1.0,
        tli=(relative[1] - relative[0]) / (relative[1] - 1) if degrees else 1.0,
        rmsea=float(np.sqrt(error)),
        rmsea_interval=_error_interval(chi_square, degrees, respondents / count),
        srmr=sum(residuals) / respondents,
        parameters=free if with_means else free - count * p,
        log_likelihood=-values[0] / 2,
        respondents=respondents,
    )


def _error_interval(chi_square: float, degrees: int, size: float) -> tuple[float, float]:
    """Ends of the interval of RMSEA; size: respondents a group."""
    if not degrees:
        return 0.0, 0.0
    tail = (1 - RMSEA_LEVEL) / 2
    low, high = (_noncentrality(chi_square, degrees, share) for share in (1 - tail, tail))
    return (low / degrees / size) ** 0.5, (high / degrees / size) ** 0.5


def _noncentrality(chi_square: float, degrees: int, share: float) -> float:
    """Noncentrality with which a share of values lies below; 0 where none is so small."""
    if chdtr(degrees, chi_square) <= share:
        return 0.0
    highest = 2 * chi_square + 1
    while chndtr(chi_square, degrees, highest) > share:
        highest *= 2
    found = brentq(lambda excess: chndtr(chi_square, degrees, excess) - share, 0.0, highest)
    return float(found)


def _standardised_residual(moments: Moments, saturated: Moments, with_means: bool) -> float:
    deviations = np.sqrt(np.diag(saturated.covariance))
    residual = (saturated.covariance - moments.covariance) / np.outer(deviations, deviations)
    squares = residual[np.tril_indices(len(deviations))] ** 2
    if with_means:
        squares = np.append(squares, ((saturated.mean - moments.mean) / deviations) ** 2)
    return float(np.sqrt(squares.mean()))
