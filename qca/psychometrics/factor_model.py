"""Confirmatory factor analysis: loadings, composite reliability, variance extracted, fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import (
    ConstantSetError,
    DuplicateNameError,
    NoCasesError,
    OptionError,
    UnknownNameError,
)
from qca.inputs import as_numbers
from qca.psychometrics.factor_fit import FIXED, fit_factors
from qca.psychometrics.factor_structure import FactorStructure, oriented, starting_structure
from qca.psychometrics.fit_indices import FitIndices, fit_indices
from qca.psychometrics.keying import negative_items
from qca.psychometrics.missing_patterns import (
    independent_moments,
    minus_two_log_likelihood,
    missing_patterns,
    saturated_moments,
)

Gaps = Literal["listwise", "full_information"]


@dataclass(frozen=True, slots=True, eq=False)
class FactorModel:
    """A fitted model of correlated factors, each item on one of them.

    Parameters
    ----------
    factors, items : tuple of str
        Names, in the order of all arrays.
    structure : FactorStructure
        Unstandardised solution, factor variances 1.
    loadings : array (items,)
        Fully standardised.
    reliability : array (factors,)
        Composite reliability (sum l)^2 / ((sum l)^2 + sum(1 - l^2)), from `loadings`.
    extracted : array (factors,)
        Average variance extracted, the mean of l^2.
    raw_reliability, raw_extracted : arrays (factors,)
        The same from the unstandardised solution.
    correlations : array (factors, factors)
        Between factors.
    fit : FitIndices
        Of the whole model.
    negative : tuple of str
        Items that load against the others of their factor.
    """

    factors: tuple[str, ...]
    items: tuple[str, ...]
    structure: FactorStructure
    loadings: NDArray[np.float64]
    reliability: NDArray[np.float64]
    extracted: NDArray[np.float64]
    raw_reliability: NDArray[np.float64]
    raw_extracted: NDArray[np.float64]
    correlations: NDArray[np.float64]
    fit: FitIndices
    negative: tuple[str, ...] = ()


def confirmatory_factors(
    items: pd.DataFrame,
    scales: Mapping[str, Sequence[str]],
    *,
    missing: Gaps = "listwise",
) -> FactorModel:
    """Fit correlated factors to items by maximum likelihood.

    Parameters
    ----------
    items : DataFrame (respondents, items)
        In points, reverse-keyed items turned; NaN where missing.
    scales : mapping of str to sequence of str
        Factor -> its columns; each column once.
    missing : "listwise" or "full_information"
        Complete respondents only, or everyone who answered an item by full-information likelihood,
        with item means as parameters; right where gaps depend on what was answered at most.

    Returns
    -------
    FactorModel
        As cfa() of R's lavaan, to about 1e-6, where lavaan's optimiser stops; with full information
        as its missing = "fiml".

    Warns
    -----
    NegativeItemWarning
        An item loads against the others of its factor; it is named and not turned.

    Raises
    ------
    UnknownNameError, DuplicateNameError
        A column is not there, or in two scales.
    OptionError
        `missing` is neither of the two, the model has more parameters than covariances, or there
        are more than 5,000 patterns of missing answers.
    NoCasesError
        There are no more respondents than items, or nobody answered two of the items.
    NotNumericError, ConstantSetError
        An answer is no number, or an item the same for all.
    ConvergenceError
        The model is not identified, the moments without a model do not settle, or no optimum is
        found.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = 0.8 * rng.normal(size=(400, 1)) + 0.6 * rng.normal(size=(400, 4))
    >>> model = confirmatory_factors(pd.DataFrame(rows, columns=list("abcd")), {"F": list("abcd")})
    >>> model.loadings.round(1), model.fit.degrees
    (array([0.8, 0.8, 0.7, 0.8]), 2)

    Source: Jöreskog (1969), Psychometrika 34; Arbuckle (1996) for full information; Fornell &
    Larcker (1981) for the two figures.
    """
    names = [name for columns in scales.values() for name in columns]
    table, owner = used_answers(items, scales, missing), item_owner(scales)
    answers = missing_patterns(table)
    saturated = saturated_moments(answers, len(names))
    start = starting_structure(saturated, owner)
    free = start.places(free_means=False, free_variances=False)
    place = np.where(free, np.cumsum(free) - 1, FIXED)
    structure = oriented(fit_factors([answers], [start], [place])[0])
    moments = structure.moments
    loadings = structure.loadings / np.sqrt(np.diag(moments.covariance))
    shares = _by_factor(loadings, 1 - loadings**2, owner)
    raw_shares = _by_factor(structure.loadings, structure.uniquenesses, owner)
    models = moments, saturated, independent_moments(answers, len(names))
    values = [minus_two_log_likelihood(answers, model) for model in models]
    return FactorModel(
        factors=tuple(scales),
        items=tuple(names),
        structure=structure,
        loadings=loadings,
        reliability=shares[0],
        extracted=shares[1],
        raw_reliability=raw_shares[0],
        raw_extracted=raw_shares[1],
        correlations=structure.factor_covariance,
        fit=fit_indices(
            values,
            free=int(free.sum()),
            groups=[(moments, saturated, len(table))],
            with_means=missing == "full_information",
        ),
        negative=negative_items(_along(loadings, owner), names),
    )


def _along(loadings: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Loadings with every factor turned so that those of its items do not sum to less than 0."""
    signs = np.where(np.bincount(owner, weights=loadings) < 0, -1.0, 1.0)
    return np.asarray(loadings * signs[owner])


def item_owner(scales: Mapping[str, Sequence[str]]) -> NDArray[np.int64]:
    """Factor of each item, as positions.

    Examples
    --------
    >>> item_owner({"F": ["a", "b"], "G": ["c"]})
    array([0, 0, 1])
    """
    return np.repeat(np.arange(len(scales)), [len(columns) for columns in scales.values()])


def used_answers(
    items: pd.DataFrame, scales: Mapping[str, Sequence[str]], missing: str
) -> NDArray[np.float64]:
    """Check items against a model, and keep the respondents that it can use.

    Parameters
    ----------
    items, scales, missing
        As in `confirmatory_factors`.

    Returns
    -------
    array (respondents, items)
        Columns in the order of the scales.

    Raises
    ------
    UnknownNameError, DuplicateNameError, OptionError, NoCasesError, ConstantSetError,
    NotNumericError
        As in `confirmatory_factors`.

    Examples
    --------
    >>> rows = pd.DataFrame(np.eye(5, 3), columns=["a", "b", "c"])
    >>> used_answers(rows, {"F": ["c", "a", "b"]}, "listwise")[0]
    array([0., 1., 0.])
    """
    names = [name for columns in scales.values() for name in columns]
    if not names:
        raise NoCasesError("expected at least one item in a scale, found none")
    strangers = [name for name in names if name not in items.columns]
    if strangers:
        raise UnknownNameError(f"expected columns among {list(items.columns)}, found {strangers}")
    if len(set(names)) != len(names):
        raise DuplicateNameError(f"expected each item once, found {names}")
    if missing not in ("listwise", "full_information"):
        raise OptionError(f"expected 'listwise' or 'full_information', found {missing!r}")
    _check_identified(len(names), len(scales))
    table = as_numbers(items[names], "the answers")
    gaps = np.isnan(table)
    table = table[~(gaps.any(axis=1) if missing == "listwise" else gaps.all(axis=1))]
    if len(table) <= len(names):
        raise NoCasesError(f"expected more than {len(names)} respondents, found {len(table)}")
    constant = np.nanmin(table, axis=0) == np.nanmax(table, axis=0)
    if constant.any():
        same = [name for name, still in zip(names, constant, strict=True) if still]
        raise ConstantSetError(f"expected items that vary, found {same} the same for all")
    _check_together(names, ~np.isnan(table))
    return table


def _check_together(names: Sequence[str], answered: NDArray[np.bool_]) -> None:
    """Raise where two items have no respondent in common, so that nothing tells how they covary."""
    apart = np.argwhere(answered.T.astype(np.float64) @ answered == 0)
    if apart.size:
        pair = [names[place] for place in apart[0]]
        raise NoCasesError(f"expected every two items answered together, found {pair} never")


def _check_identified(items: int, factors: int) -> None:
    free, known = 2 * items + factors * (factors - 1) // 2, items * (items + 1) // 2
    if free > known:
        raise OptionError(f"expected at most {known} parameters, found {free}: too few items")


def _by_factor(
    loadings: NDArray[np.float64], unique: NDArray[np.float64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Composite reliability and variance extracted of each factor."""
    common = np.bincount(owner, weights=loadings) ** 2
    squares = np.bincount(owner, weights=loadings**2)
    rest = np.bincount(owner, weights=unique)
    return common / (common + rest), squares / (squares + rest)
