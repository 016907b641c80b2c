"""Minimisation of truth table rows given as integers, without data: models and their terms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError
from qca.minimisation.covers.chart_covers import (
    MODEL_LIMIT,
    Covers,
    essential_implicants,
    irredundant_covers,
    minimal_covers,
    undominated,
)
from qca.minimisation.implicants import Implicants, prime_implicants, prime_implicants_within


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Which covers of a prime implicant chart count as models.

    Attributes
    ----------
    row_dominance : drop implicants whose rows are a proper part of another's before solving
    all_models : every irredundant cover, not only those with the fewest terms
    model_limit : most models to list; a shorter list says so in `Covers.limit`

    Raises
    ------
    OptionError
        Both row_dominance and all_models.
    """

    row_dominance: bool = False
    all_models: bool = False
    model_limit: int = MODEL_LIMIT

    def __post_init__(self) -> None:
        if self.row_dominance and self.all_models:
            raise OptionError(
                "expected row_dominance or all_models, found both, though dominated implicants"
                " are terms of irredundant models"
            )


@dataclass(frozen=True, slots=True)
class RowModels:
    """Prime implicants of positive rows and the models made of them.

    Attributes
    ----------
    implicants : the prime implicants and their chart
    covers : the models as tuples of places among the implicants
    """

    implicants: Implicants
    covers: Covers

    @property
    def models(self) -> tuple[tuple[int, ...], ...]:
        """The models, the shortest first."""
        return self.covers.models

    @property
    def essential(self) -> tuple[int, ...]:
        """Implicants that alone cover some row, so that every irredundant model has them."""
        return essential_implicants(self.implicants.chart)

    @property
    def common(self) -> tuple[int, ...]:
        """Implicants that are in every listed model (R QCA calls these essential)."""
        shared = set(self.models[0]).intersection(*self.models)
        return tuple(sorted(shared))

    @property
    def used(self) -> tuple[int, ...]:
        """Implicants that are in any listed model."""
        return tuple(sorted(set().union(*self.models)))

    def covered(self, model: int) -> NDArray[np.int64]:
        """Codes of all 2**k rows that a model covers, ascending."""
        chosen = self.implicants.keep(self.models[model])
        return covered_rows(chosen.k, chosen.masks, chosen.values)

    def assumptions(self, model: int) -> NDArray[np.int64]:
        """Codes of the rows that a model covers though they are not positive, ascending."""
        chosen = self.implicants.keep(self.models[model])
        covered = covered_flags(chosen.k, chosen.masks, chosen.values)
        covered[self.implicants.rows] = False
        return np.flatnonzero(covered)


def covered_rows(k: int, masks: ArrayLike, values: ArrayLike) -> NDArray[np.int64]:
    """List the rows that any of some terms covers.

    Parameters
    ----------
    k : number of conditions
    masks, values : int arrays of shape (terms,); a term covers a row if row & mask == value

    Returns
    -------
    ndarray of int
        Row codes, ascending.

    Examples
    --------
    >>> covered_rows(2, [0b10], [0b10])
    array([2, 3])
    """
    return np.flatnonzero(covered_flags(k, masks, values))


def covered_flags(k: int, masks: ArrayLike, values: ArrayLike) -> NDArray[np.bool_]:
    """Mark, among all 2**k rows, those that any of some terms covers.

    Examples
    --------
    >>> covered_flags(2, [0b10], [0b10])
    array([False, False,  True,  True])
    """
    rows = np.arange(1 << k)
    covered = np.zeros(1 << k, dtype=np.bool_)
    for mask, value in zip(np.atleast_1d(masks), np.atleast_1d(values), strict=True):
        covered |= rows & mask == value
    return covered


def conservative_models(
    k: int, positive: ArrayLike, *, allowed: ArrayLike = (), rule: CoverRule | None = None
) -> RowModels:
    """Minimise positive rows without assumptions about any row that is not allowed.

    Parameters
    ----------
    k : number of conditions, 1 to 20
    positive : row codes to cover
    allowed : row codes that a term may cover besides
    rule : which covers count as models; by default all with the fewest terms

    Returns
    -------
    RowModels

    Raises
    ------
    TooManyConditionsError, OptionError, NoPositiveRowError, AllPositiveError

    Examples
    --------
    >>> found = conservative_models(2, [1, 2, 3])
    >>> found.implicants.texts(["A", "B"]), found.models
    (('A', 'B'), ((0, 1),))

    References
    ----------
    Ragin (1987), The Comparative Method, ch. 6.
    """
    return row_models(prime_implicants_within(k, positive, allowed), rule or CoverRule())


def parsimonious_models(
    k: int, positive: ArrayLike, negative: ArrayLike, *, rule: CoverRule | None = None
) -> RowModels:
    """Minimise positive rows, free to cover every row that is not negative.

    Parameters
    ----------
    k : number of conditions, 1 to 20
    positive : row codes to cover
    negative : row codes that no term may cover
    rule : which covers count as models; by default all with the fewest terms

    Returns
    -------
    RowModels

    Raises
    ------
    TooManyConditionsError, OptionError, NoPositiveRowError, AllPositiveError

    Examples
    --------
    >>> found = parsimonious_models(2, [3], [0])
    >>> found.implicants.texts(["A", "B"]), found.models
    (('A', 'B'), ((0,), (1,)))

    References
    ----------
    Quine (1952), The problem of simplifying truth functions, American Mathematical Monthly 59;
    McCluskey (1956), Minimization of Boolean functions, Bell System Technical Journal 35.
    """
    return row_models(prime_implicants(k, positive, negative), rule or CoverRule())


def row_models(implicants: Implicants, rule: CoverRule) -> RowModels:
    """Solve a prime implicant chart.

    Parameters
    ----------
    implicants : the chart
    rule : which covers count as models

    Returns
    -------
    RowModels
        With row dominance, only the undominated implicants.

    Examples
    --------
    >>> row_models(prime_implicants_within(2, [1, 2, 3]), CoverRule()).models
    ((0, 1),)
    """
    if rule.row_dominance:
        implicants = implicants.keep(undominated(implicants.chart))
    solve = irredundant_covers if rule.all_models else minimal_covers
    return RowModels(implicants, solve(implicants.chart, model_limit=rule.model_limit))
