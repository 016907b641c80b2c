"""Searches all conjunctions and disjunctions that are necessary, or sufficient, for an outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal as Choice
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import CutError, OptionError
from qca.inputs import membership_matrix
from qca.messages import digits
from qca.sets.crossover import TOLERANCE
from qca.sets.expressions import Expression, Literal, Term, evaluate
from qca.truth_tables.observed_rows import condition_names
from qca.truth_tables.row_sums import summed_in_order

Relation = Choice["necessity", "sufficiency"]
# R looks at any combination of up to three conditions, and at longer ones while they bring news.
SURE_DEPTH = 3
Literals = frozenset[Literal]


@dataclass(frozen=True, slots=True)
class Combination:
    """A conjunction or disjunction that passes the cut-offs.

    Attributes
    ----------
    expression : Expression
    consistency, coverage : float, in [0, 1]
    relevance : float, in [0, 1]
        Relevance of necessity; in a search for sufficiency, PRI.
    """

    expression: Expression
    consistency: float
    relevance: float
    coverage: float


@dataclass(frozen=True, slots=True)
class SearchCuts:
    """Least consistency, coverage and relevance (or PRI) of a combination, each in [0, 1].

    Raises
    ------
    CutError
    """

    consistency: float
    coverage: float
    relevance: float

    def __post_init__(self) -> None:
        for cut in (self.consistency, self.coverage, self.relevance):
            if not 0 <= cut <= 1:
                raise CutError(f"expected cuts in [0, 1], found {digits(cut)}")

    def passed(
        self, consistency: NDArray[np.float64], coverage: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Consistency and coverage pass within R's tolerance; relevance is judged at the end."""
        least = self.coverage - TOLERANCE if self.coverage > 0 else 0.0
        return (consistency >= self.consistency - TOLERANCE) & (coverage >= least)


def find_combinations(
    data: pd.DataFrame,
    *,
    outcome: str,
    conditions: Sequence[str] | None = None,
    relation: Relation = "necessity",
    consistency_cut: float = 0.9,
    coverage_cut: float = 0.0,
    relevance_cut: float = 0.0,
    depth: int | None = None,
) -> tuple[Combination, ...]:
    """Find minimal supersets (necessity) or subsets (sufficiency) of the outcome.

    Necessity: every conjunction that passes; and where the conjunction of some literals does
    not, their disjunction, unless fewer of them are already found together. Sufficiency: every
    conjunction that passes, unless fewer of its literals already do. Combinations of more than
    three conditions are looked at as long as the last length brought a new one, or none was
    found yet. This is the search, and the order, of R's superSubset.

    Parameters
    ----------
    data : DataFrame
        One row a case, memberships in [0, 1].
    outcome : str
        A column or an expression such as "~Y".
    conditions : sequence of str, optional
        By default all columns that are not in the outcome.
    relation : {"necessity", "sufficiency"}
    consistency_cut, coverage_cut : float, in [0, 1]
        Passed within a tolerance of 1.49e-8.
    relevance_cut : float, in [0, 1]
        Least relevance of necessity, or least PRI; passed exactly.
    depth : int, optional
        Most conditions in a combination; by default all.

    Returns
    -------
    tuple of Combination
        Conjunctions first, then disjunctions, shorter ones first; none where nothing passes.

    Raises
    ------
    CutError, OptionError
        A cut, the relation or the depth is out of range.
    UnknownNameError, DuplicateNameError, TooManyConditionsError, MissingDataError,
    MembershipRangeError, NoCasesError
        The data cannot be read as memberships.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1], "B": [0.6, 0.2, 0.3], "Y": [0.8, 0.7, 0.3]})
    >>> for one in find_combinations(data, outcome="Y"):
    ...     print(one.expression, round(one.consistency, 3), round(one.coverage, 3))
    A + ~B 1.0 0.75
    A + B 1.0 0.9

    Source: Duşa (2019), QCA with R, ch. 5; R QCA superSubset.
    """
    if relation not in get_args(Relation):
        raise OptionError(f"expected one of {get_args(Relation)}, found {relation!r}")
    names = condition_names(data, outcome, conditions)
    if depth is not None and not 1 <= depth <= len(names):
        raise OptionError(f"expected a depth from 1 to {len(names)}, found {depth}")
    cuts = SearchCuts(consistency_cut, coverage_cut, relevance_cut)
    search = _Search(membership_matrix(data, names), evaluate(outcome, data), names, cuts, relation)
    return tuple(one for one in search.run(depth or len(names)) if one.relevance >= relevance_cut)


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """Consistency, relevance and coverage of many combinations, shape (combinations,)."""

    consistency: NDArray[np.float64]
    relevance: NDArray[np.float64]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    memberships: NDArray[np.float64]
    outcome: NDArray[np.float64]
    names: tuple[str, ...]
    cuts: SearchCuts
    relation: Relation

    def run(self, depth: int) -> list[Combination]:
        conjunctions: dict[Literals, Combination] = {}
        disjunctions: dict[Literals, Combination] = {}
        for length in range(1, depth + 1):
            before = len(conjunctions) + len(disjunctions)
            known = [*conjunctions, *disjunctions]
            for chosen in combinations(range(len(self.names)), length):
                self._add(chosen, known, conjunctions, disjunctions)
            news = len(conjunctions) + len(disjunctions) - before
            if length > SURE_DEPTH and before and not news:
                break
        return [*conjunctions.values(), *disjunctions.values()]

    def _add(
        self,
        chosen: tuple[int, ...],
        known: list[Literals],
        conjunctions: dict[Literals, Combination],
        disjunctions: dict[Literals, Combination],
    ) -> None:
        """Judge all signs of some conditions and keep what passes and is new."""
        terms = list(self._terms(chosen))
        sides = [(1 - self.memberships[:, c], self.memberships[:, c]) for c in chosen]
        joint = _over_signs(sides, np.minimum)
        figures = self._figures(joint)
        conjoined = self.cuts.passed(figures.consistency, figures.coverage)
        for place in np.flatnonzero(conjoined):
            literals = frozenset(terms[place])
            if self.relation == "necessity" or not any(one <= literals for one in known):
                conjunctions[literals] = _combination((terms[place],), figures, place)
        if self.relation == "necessity" and len(chosen) > 1 and not conjoined.all():
            figures = self._figures(_over_signs(sides, np.maximum))
            passed = self.cuts.passed(figures.consistency, figures.coverage) & ~conjoined
            for place in np.flatnonzero(passed):
                literals = frozenset(terms[place])
                if not any(one <= literals for one in known):
                    alternatives = tuple((literal,) for literal in terms[place])
                    disjunctions[literals] = _combination(alternatives, figures, place)

    def _terms(self, chosen: tuple[int, ...]) -> Iterator[Term]:
        for signs in product((False, True), repeat=len(chosen)):
            yield tuple(
                Literal(self.names[c], present) for c, present in zip(chosen, signs, strict=True)
            )

    def _figures(self, sets: NDArray[np.float64]) -> _Figures:
        y = self.outcome
        both = np.minimum(sets, y)
        overlap, size = summed_in_order(both), summed_in_order(sets)
        of_outcome = _share(overlap, np.full_like(overlap, summed_in_order(y)))
        of_sets = _share(overlap, size)
        if self.relation == "necessity":
            relevance = _share(summed_in_order(1 - sets), summed_in_order(1 - both))
            return _Figures(of_outcome, relevance, of_sets)
        shared = summed_in_order(np.minimum(both, 1 - y))
        return _Figures(of_sets, _share(overlap - shared, size - shared), of_outcome)


def _over_signs(
    sides: list[tuple[NDArray[np.float64], NDArray[np.float64]]], operation: np.ufunc
) -> NDArray[np.float64]:
    """Combine every choice of signs, in the order of binary counting: (2**length, cases)."""
    sets = np.stack(sides[0])
    for absent, present in sides[1:]:
        grown = operation(sets[:, None, :], np.stack((absent, present))[None])
        sets = grown.reshape(-1, sets.shape[1])
    return sets


def _share(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; 0/0 is 0, as in R's search (R's single fits give NaN)."""
    out = np.zeros_like(numerator)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)


def _combination(terms: tuple[Term, ...], figures: _Figures, place: np.intp) -> Combination:
    return Combination(
        Expression(terms),
        float(figures.consistency[place]),
        float(figures.relevance[place]),
        float(figures.coverage[place]),
    )
