"""Whether scales measure alike in several groups: configural, metric and scalar invariance."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import NoCasesError, ShapeError
from qca.psychometrics.factor_fit import FIXED, fit_factors
from qca.psychometrics.factor_model import Gaps, item_owner, used_answers
from qca.psychometrics.factor_structure import FactorStructure, starting_structure
from qca.psychometrics.fit_indices import FitIndices, fit_indices
from qca.psychometrics.missing_patterns import (
    MissingPattern,
    Moments,
    independent_moments,
    minus_two_log_likelihood,
    missing_patterns,
    saturated_moments,
)

LARGEST_LOSS = 0.01  # Cheung & Rensvold (2002): a fall of CFI up to this is no loss of fit


@dataclass(frozen=True, slots=True)
class Invariance:
    """Fit of three models, each with more equalities between groups than the one before.

    Parameters
    ----------
    groups : tuple
        Names, in order of appearance.
    configural : FitIndices
        The same items on the same factors.
    metric : FitIndices
        Equal loadings as well.
    scalar : FitIndices
        Equal intercepts as well.
    """

    groups: tuple[Hashable, ...]
    configural: FitIndices
    metric: FitIndices
    scalar: FitIndices

    @property
    def losses(self) -> tuple[float, float]:
        """Fall of CFI from configural to metric, and from metric to scalar."""
        return self.configural.cfi - self.metric.cfi, self.metric.cfi - self.scalar.cfi

    def is_metric(self, largest_loss: float = LARGEST_LOSS) -> bool:
        """Whether relations of constructs may be compared."""
        return self.losses[0] <= largest_loss

    def is_scalar(self, largest_loss: float = LARGEST_LOSS) -> bool:
        """Whether means may be compared; else a comparison is descriptive."""
        return self.is_metric(largest_loss) and self.losses[1] <= largest_loss


def invariance(
    items: pd.DataFrame,
    scales: Mapping[str, Sequence[str]],
    groups: Sequence[Hashable],
    *,
    missing: Gaps = "listwise",
) -> Invariance:
    """Fit correlated factors in all groups together, with ever more numbers equal.

    Factor variances are 1 and factor means 0 in the first group; in the others the variances are
    free once loadings are equal, the means once intercepts are equal.

    Parameters
    ----------
    items : DataFrame (respondents, items)
        In points, reverse-keyed items turned; NaN where missing.
    scales : mapping of str to sequence of str
        Factor -> its columns; each column once.
    groups : sequence
        Group of each respondent, two or more different ones.
    missing : "listwise" or "full_information"
        As in `confirmatory_factors`.

    Returns
    -------
    Invariance

    Raises
    ------
    ShapeError
        Groups do not belong to the items.
    NoCasesError
        There are fewer than two groups, or a group has no more respondents than items.
    UnknownNameError, DuplicateNameError, OptionError, ConvergenceError
        As in `confirmatory_factors`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = 0.8 * rng.normal(size=(400, 1)) + 0.6 * rng.normal(size=(400, 4))
    >>> items = pd.DataFrame(rows, columns=list("abcd"))
    >>> found = invariance(items, {"F": list("abcd")}, ["x", "y"] * 200)
    >>> [fit.degrees for fit in (found.configural, found.metric, found.scalar)]
    [4, 7, 10]
    >>> found.is_scalar()
    True

    Source: Jöreskog (1971), Psychometrika 36; Cheung & Rensvold (2002), Structural Equation
    Modeling 9.
    """
    labels = list(groups)
    if len(labels) != len(items):
        raise ShapeError(f"expected a group for each of {len(items)} rows, found {len(labels)}")
    names = list(dict.fromkeys(labels))
    if len(names) < 2:
        raise NoCasesError(f"expected two groups or more, found {names}")
    owner = item_owner(scales)
    tables = [
        used_answers(items[[label == name for label in labels]], scales, missing) for name in names
    ]
    answers = [missing_patterns(table) for table in tables]
    saturated = [saturated_moments(one, len(owner)) for one in answers]
    starts = [starting_structure(moments, owner) for moments in saturated]
    fits = []
    for equal in (0, 1, 2):
        starts = _fitted(answers, starts, equal)
        fits.append(_indices(answers, starts, saturated, equal))
    return Invariance(tuple(names), *fits)


def _fitted(
    answers: Sequence[Sequence[MissingPattern]], starts: Sequence[FactorStructure], equal: int
) -> list[FactorStructure]:
    """Fit with loadings (1) and intercepts (2) equal, starting from the looser model."""
    aligned = [starts[0], *(_aligned(start, starts[0]) for start in starts[1:])]
    shared = _shared_numbers(starts[0], equal)
    begun = [start.moved(np.where(shared, starts[0].vector, start.vector)) for start in aligned]
    return list(fit_factors(answers, begun, _places(begun, equal)))


def _aligned(structure: FactorStructure, first: FactorStructure) -> FactorStructure:
    """Turn factors whose loadings point the other way than in the first group."""
    agreement = np.bincount(structure.factor_of_item, weights=structure.loadings * first.loadings)
    return structure.turned(np.where(agreement < 0, -1.0, 1.0))


def _shared_numbers(structure: FactorStructure, equal: int) -> NDArray[np.bool_]:
    """Which numbers all groups have in common: loadings from 1 on, intercepts from 2 on."""
    p = len(structure.loadings)
    shared = np.zeros(len(structure.vector), dtype=bool)
    shared[:p], shared[2 * p : 3 * p] = equal >= 1, equal >= 2
    return shared


def _places(structures: Sequence[FactorStructure], equal: int) -> list[NDArray[np.int64]]:
    """Places of each group's numbers among the free ones; shared numbers have one place."""
    shared = _shared_numbers(structures[0], equal)
    first = structures[0].places(free_means=False, free_variances=False)
    found = [np.where(first, np.cumsum(first) - 1, FIXED)]
    count = int(first.sum())
    for structure in structures[1:]:
        own = structure.places(free_means=equal >= 2, free_variances=equal >= 1) & ~shared
        place = np.where(own, count + np.cumsum(own) - 1, FIXED)
        found.append(np.where(shared, found[0], place))
        count += int(own.sum())
    return found


def _indices(
    answers: Sequence[Sequence[MissingPattern]],
    structures: Sequence[FactorStructure],
    saturated: Sequence[Moments],
    equal: int,
) -> FitIndices:
    p = len(structures[0].loadings)
    implied = [structure.moments for structure in structures]
    independent = [independent_moments(one, p) for one in answers]
    values = [
        sum(minus_two_log_likelihood(*pair) for pair in zip(answers, model, strict=True))
        for model in (implied, saturated, independent)
    ]
    free = 1 + max(int(place.max()) for place in _places(structures, equal))
    sizes = [sum(pattern.n for pattern in one) for one in answers]
    groups = list(zip(implied, saturated, sizes, strict=True))
    return fit_indices(values, free=free, groups=groups, with_means=True)
