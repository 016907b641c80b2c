"""Intermediate solutions: easy and difficult counterfactuals for every pair of models."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.minimisation.expectations import DirectionalExpectations
from qca.minimisation.implicants import prime_implicants_within
from qca.minimisation.row_minimisation import CoverRule, RowModels, covered_flags, row_models
from qca.minimisation.solutions import Solution, solution_of

PAIR_LIMIT = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class CounterfactualPair:
    """One conservative and one parsimonious model with the solution between them.

    Attributes
    ----------
    name : "C1P1" and so on, models counted from 1
    conservative_model, parsimonious_model : places of the two models, from 0
    easy, difficult : codes of the simplifying assumptions that agree with the expectations, and
        of the others
    solution : the positive rows and the easy counterfactuals minimised
    """

    name: str
    conservative_model: int
    parsimonious_model: int
    easy: NDArray[np.int64]
    difficult: NDArray[np.int64]
    solution: Solution


@dataclass(frozen=True, slots=True)
class IntermediateSolution:
    """The intermediate solutions of a truth table.

    Attributes
    ----------
    conservative, parsimonious : the two solutions between which they lie
    expectations : the directional expectations used
    pairs : one for every conservative model with every parsimonious one
    limit : the limit that cut the list of pairs, in words; empty if all are listed
    """

    conservative: Solution
    parsimonious: Solution
    expectations: DirectionalExpectations
    pairs: tuple[CounterfactualPair, ...]
    limit: str = ""

    @property
    def models(self) -> tuple[tuple[str, ...], ...]:
        """Terms of every different model of all pairs, in order of appearance."""
        return tuple(dict.fromkeys(model for pair in self.pairs for model in pair.solution.models))

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every different model as a sum of products."""
        return tuple(" + ".join(model) for model in self.models)

    def __str__(self) -> str:
        return "\n".join(f"{pair.name} {pair.solution}" for pair in self.pairs)


def easy_counterfactuals(
    conservative: RowModels,
    parsimonious: RowModels,
    expectations: DirectionalExpectations,
    pair: tuple[int, int] = (0, 0),
) -> NDArray[np.int64]:
    """Find the simplifying assumptions that agree with the expectations.

    Every conservative term that lies within a parsimonious one may lose those of its own literals
    that contradict the expectations; assumptions within such shortened terms are easy. Literals
    in line with an expectation, or without one, stay.

    Parameters
    ----------
    conservative, parsimonious : models over the same rows
    expectations : directional expectations
    pair : places of the conservative and the parsimonious model

    Returns
    -------
    ndarray of int
        Row codes, ascending.

    Examples
    --------
    >>> from qca.minimisation.row_minimisation import conservative_models, parsimonious_models
    >>> both = conservative_models(2, [2]), parsimonious_models(2, [2], [0])
    >>> easy_counterfactuals(*both, DirectionalExpectations(present=0b01, absent=0))
    array([3])

    References
    ----------
    Ragin & Sonnett (2005), Between complexity and parsimony.
    """
    shortened = list(_shortened_terms(conservative, parsimonious, expectations, pair))
    masks, values = zip(*shortened, strict=True) if shortened else ((), ())
    reached = covered_flags(conservative.implicants.k, masks, values)
    assumed = parsimonious.assumptions(pair[1])
    return assumed[reached[assumed]]


def _shortened_terms(
    conservative: RowModels,
    parsimonious: RowModels,
    expectations: DirectionalExpectations,
    pair: tuple[int, int],
) -> Iterator[tuple[int, int]]:
    complex_terms = conservative.implicants.keep(conservative.models[pair[0]])
    simple_terms = parsimonious.implicants.keep(parsimonious.models[pair[1]])
    for mask, value in zip(
        complex_terms.masks.tolist(), complex_terms.values.tolist(), strict=True
    ):
        for core, present in zip(
            simple_terms.masks.tolist(), simple_terms.values.tolist(), strict=True
        ):
            if mask & core == core and value & core == present:
                kept = mask & ~expectations.unexpected(mask & ~core, value)
                yield kept, value & kept


def intermediate_solution(
    conservative: Solution,
    parsimonious: Solution,
    expectations: DirectionalExpectations,
    *,
    allowed: ArrayLike = (),
    rule: CoverRule | None = None,
    pair_limit: int = PAIR_LIMIT,
) -> IntermediateSolution:
    """Build the intermediate solution of every pair of models.

    Expectations of no condition at all make every simplifying assumption difficult, so that the
    conservative models come back. R QCA 3.25 then lists their terms one by one, each as a model,
    and no difficult counterfactual.

    Parameters
    ----------
    conservative, parsimonious : solutions of the same truth table
    expectations : directional expectations
    allowed : row codes that terms may cover besides (included contradictions)
    rule : which covers count as models
    pair_limit : most pairs to solve; a shorter list says so in `limit`

    Returns
    -------
    IntermediateSolution

    Raises
    ------
    AllPositiveError
        Positive rows and easy counterfactuals are all rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.minimisation.three_solutions import minimise
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 0], "B": [0, 0], "Y": [1, 0]})
    >>> table = truth_table(data, outcome="Y")
    >>> both = minimise(table), minimise(table, solution="parsimonious")
    >>> intermediate_solution(*both, DirectionalExpectations(present=0b01, absent=0)).expressions
    ('A',)
    >>> intermediate_solution(*both, DirectionalExpectations(present=0b10, absent=0)).expressions
    ('A*~B',)

    References
    ----------
    Ragin & Sonnett (2005), Between complexity and parsimony.
    """
    found: dict[bytes, Solution] = {}
    pairs = []
    counts = len(conservative.rows.models), len(parsimonious.rows.models)
    for number in range(min(counts[0] * counts[1], pair_limit)):
        place = divmod(number, counts[1])
        easy = easy_counterfactuals(conservative.rows, parsimonious.rows, expectations, place)
        if easy.tobytes() not in found:
            found[easy.tobytes()] = _between(conservative, easy, allowed, rule or CoverRule())
        pairs.append(
            CounterfactualPair(
                name=f"C{place[0] + 1}P{place[1] + 1}",
                conservative_model=place[0],
                parsimonious_model=place[1],
                easy=easy,
                difficult=np.setdiff1d(parsimonious.rows.assumptions(place[1]), easy),
                solution=found[easy.tobytes()],
            )
        )
    total = counts[0] * counts[1]
    limit = f"{pair_limit} of {total} pairs of models solved" if total > pair_limit else ""
    return IntermediateSolution(conservative, parsimonious, expectations, tuple(pairs), limit)


def _between(
    conservative: Solution, easy: NDArray[np.int64], allowed: ArrayLike, rule: CoverRule
) -> Solution:
    table = conservative.table
    free = np.union1d(easy, np.asarray(allowed, dtype=np.int64))
    implicants = prime_implicants_within(table.k, table.positive, free)
    return solution_of("intermediate", table, row_models(implicants, rule))
