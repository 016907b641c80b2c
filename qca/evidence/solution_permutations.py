"""A solution against chance, found anew in every permutation of the outcome."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.bootstrap import DRAWS
from qca.errors import NoPositiveRowError, OptionError
from qca.evidence.chance import Lift, consistency_lift, overlap_moments
from qca.evidence.pattern_permutations import dealt_out
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.minimisation.row_solver import Model, Models, RowSolver, Term
from qca.robustness.reweighting import CodedDraws, RowParts, coded_rows, row_parts, solved_draws

# Lifts this little below the observed one, in deviations, are ties that rounding has parted.
SAME_LIFT = 1e-9
_AT_ONCE = 100  # permutations, so that progress is told often enough


@dataclass(frozen=True, slots=True, eq=False)
class SolvedAnew:
    """A solution and its terms among those that chance would have given.

    Parameters
    ----------
    terms : tuple of (mask, value)
        Of all tied models of the cases as they are, sorted.
    lifts : tuple of Lift
        Of each term.
    p : array (terms,)
        (1 + permutations in which some term has at least this lift in standard deviations) / (1 +
        permutations): corrected for having searched, and for the number of terms.
    model : frozenset of (mask, value)
        The model that stands for tied ones.
    model_lift : Lift
        Of its membership.
    model_p : float
        The same for the model, against the model that stands for those of each permutation.
    solved : float
        Share of permutations that had a solution at all, [0, 1]. Those without count as having
        no lift.
    """

    terms: tuple[Term, ...]
    lifts: tuple[Lift, ...]
    p: NDArray[np.float64]
    model: Model
    model_lift: Lift
    model_p: float
    solved: float


def permute_solution(
    data: pd.DataFrame,
    rule: AnalysisRule,
    *,
    seed: int,
    draws: int = DRAWS,
    progress: Callable[[int], None] | None = None,
) -> SolvedAnew:
    """Test a solution against outcomes dealt out at random, each solved anew by the same rule.

    z of a term = (consistency - expected) / deviation, as in `consistency_lift`. In each
    permutation rows are coded and minimised as those of the cases were, and the largest z over the
    terms of all tied models counts. A term that was found on these cases is then held against the
    best that chance finds, not against itself. Cases times rows times permutations, and a
    minimisation each, unless the rows were coded so before: 2,000 permutations take under a second
    for 500 cases and up to eight conditions, and seven for 20,000 cases.

    Parameters
    ----------
    data : DataFrame (cases, sets), in [0, 1]
    rule : AnalysisRule
    seed : int
        At least 0; the same one gives the same permutations.
    draws : int
        Permutations, at least 1.
    progress : function of int, optional
        Told the number of permutations done after each block of them; may raise to stop.

    Returns
    -------
    SolvedAnew

    Raises
    ------
    OptionError
        There is no permutation, the seed is negative, or the rule excludes rows.
    NoPositiveRowError
        The cases as they are give no solution.
    QcaError
        The data cannot be read, see `qca.truth_table`.

    Examples
    --------
    >>> from qca.truth_tables.row_coding import Cuts
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1] * 9, "Y": [0.8, 0.9, 0.2] * 9})
    >>> found = permute_solution(data, AnalysisRule("Y", ("A",), Cuts(0.8)), seed=1, draws=99)
    >>> found.terms, found.p, found.model_p
    (((1, 1),), array([0.01]), 0.01)

    Source: Braumoeller (2015), Guarding against false positives in qualitative comparative
    analysis, Political Analysis 23; Westfall & Young (1993), Resampling-Based Multiple Testing,
    for the largest statistic.
    """
    if draws < 1 or seed < 0:
        raise OptionError(f"expected a permutation and a seed from 0, found {draws} and {seed}")
    if rule.excluded:
        raise OptionError(f"expected a rule without excluded rows, found {rule.excluded}")
    solver, table = rule.solver(), rule.table(data)
    models = solver.models(table.positive, table.negative, table.contradictory)
    if not models:
        raise NoPositiveRowError(f"expected a row coded 1 for {rule.outcome}, found none")
    y = table.outcome_membership
    scale = _Scale(table.memberships, y)
    terms, model = _terms_of(models), chosen_model(models)
    observed = np.array([scale.standardised(frozenset({term}), y) for term in terms])
    of_model = scale.standardised(model, y)
    parts = row_parts(table.memberships, y)
    best, whole = [], []
    for block in dealt_out(y, seed, draws):
        for start in range(0, len(block), _AT_ONCE):
            some = block[start : start + _AT_ONCE]
            for dealt, found in zip(some, _solved(parts, some, rule, solver), strict=True):
                singles = (frozenset({term}) for term in _terms_of(found))
                best.append(max((scale.standardised(s, dealt) for s in singles), default=-np.inf))
                whole.append(scale.standardised(chosen_model(found), dealt) if found else -np.inf)
            if progress is not None:
                progress(len(best))
    return SolvedAnew(
        terms=terms,
        lifts=tuple(scale.lift(frozenset({term})) for term in terms),
        p=(1 + (np.array(best) >= observed[:, np.newaxis] - SAME_LIFT).sum(axis=1)) / (1 + draws),
        model=model,
        model_lift=scale.lift(model),
        model_p=float((1 + (np.array(whole) >= of_model - SAME_LIFT).sum()) / (1 + draws)),
        solved=float(np.isfinite(whole).mean()),
    )


class _Scale:
    """Lifts of models in standard deviations; mean and deviation stay over permutations of y."""

    def __init__(self, memberships: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self.memberships, self.y = memberships, y
        self._known: dict[Model, tuple[NDArray[np.float64], float, float]] = {}

    def standardised(self, model: Model, y: NDArray[np.float64]) -> float:
        """z of a model, or of a term alone; 0 of a set that no dealing out changes."""
        if model not in self._known:
            x = model_membership(self.memberships, model)
            self._known[model] = (x, *overlap_moments(x, self.y))
        x, mean, deviation = self._known[model]
        return float((np.minimum(x, y).sum() - mean) / deviation) if deviation > 0 else 0.0

    def lift(self, model: Model) -> Lift:
        return consistency_lift(model_membership(self.memberships, model), self.y)


def _terms_of(models: Models) -> tuple[Term, ...]:
    return tuple(sorted(frozenset[Term]().union(*models)))


def _solved(
    parts: RowParts, outcomes: NDArray[np.float64], rule: AnalysisRule, solver: RowSolver
) -> list[Models]:
    """The models of every outcome (outcomes, cases): only overlaps change, not who is where."""
    frequent = parts.belongs.sum(axis=0) >= rule.cuts.frequency
    size = parts.size.sum(axis=0)
    overlaps, shared = np.empty((2, len(outcomes), len(parts.codes)))
    for place, y in enumerate(outcomes[:, :, np.newaxis]):
        overlap = np.minimum(parts.size, y)
        overlaps[place] = overlap.sum(axis=0)
        shared[place] = np.minimum(overlap, 1 - y, out=overlap).sum(axis=0)
    coded = coded_rows(np.broadcast_to(size, overlaps.shape), overlaps, shared, rule.cuts)
    return solved_draws(
        CodedDraws(parts.codes, *(frequent & (coded == code) for code in ("1", "0", "C"))), solver
    )
