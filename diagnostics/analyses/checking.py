"""Robustness, half-split and bootstrap of an analysis' intermediate solution."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.analyses.check_results import (
    BootstrapResult,
    DrawnFit,
    HalvesResult,
    RowShare,
    Spread,
    TermShare,
)
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.sets import sets_of
from qca.bootstrap import DRAWS
from qca.minimisation.analysis_rule import AnalysisRule
from qca.robustness.solution_draws import SPLITS, bootstrap_solution, half_split
from qca.truth_tables.row_coding import Cuts

Report = Callable[[int, int], None]  # steps done, steps in all; raises to stop
MOST_TERMS: Final = 20  # shown of those that draws gave
QUANTILES: Final = (0.025, 0.25, 0.5, 0.75, 0.975)


def rule_of(recipe: Recipe) -> AnalysisRule:
    """Return a recipe as the rule that finds the intermediate solution of any cases."""
    inclusion = recipe.inclusion_cuts
    return AnalysisRule(
        outcome=recipe.outcome_expression,
        conditions=recipe.names,
        cuts=Cuts(
            inclusion[0] if len(inclusion) == 1 else (inclusion[0], inclusion[1]),
            recipe.pri_cut,
            max(recipe.frequency_cut, 1),
        ),
        kind="intermediate",
        expectations=recipe.expectations,
        every_expectation=recipe.every_expectation,
        excluded=tuple(recipe.excluded_codes),
    )


def split_halves(frame: pd.DataFrame, recipe: Recipe, *, seed: int, report: Report) -> HalvesResult:
    """Find models in random halves and hold them against the other halves."""
    report(0, 1)
    rule = rule_of(recipe)
    cut = -(-rule.cuts.frequency // 2)
    found = half_split(
        sets_of(frame, recipe).memberships, rule, seed=seed, splits=SPLITS, frequency_cut=cut
    )
    report(1, 1)
    return HalvesResult(
        splits=SPLITS,
        frequency_cut=cut,
        cut=rule.cuts.upper,
        share_holding=found.share_reaching(rule.cuts.upper),
        share_unsolved=float(np.isnan(found.own_consistency).mean()),
        consistency=spread_of(found.consistency),
        coverage=spread_of(found.coverage),
        own_consistency=spread_of(found.own_consistency),
    )


def draw_cases(
    frame: pd.DataFrame, recipe: Recipe, *, seed: int, report: Report
) -> BootstrapResult:
    """Solve draws of the cases with replacement."""
    rule = rule_of(recipe)
    report(0, DRAWS)
    found = bootstrap_solution(
        sets_of(frame, recipe).memberships,
        rule,
        seed=seed,
        draws=DRAWS,
        progress=lambda done: report(done, DRAWS),
    )
    own = frozenset().union(*found.models)
    names = [*(rule.term_text(term) for term in found.terms), ""]
    shares = list(found.term_shares.items())[:MOST_TERMS]
    rows = zip(found.row_codes.tolist(), found.positive_shares.tolist(), strict=True)
    return BootstrapResult(
        draws=DRAWS,
        same=found.same,
        solved=found.solved,
        terms=tuple(TermShare(rule.term_text(term), one, term in own) for term, one in shares),
        rows=tuple(RowShare(code + 1, share) for code, share in rows if share > 0),
        fits=tuple(
            DrawnFit(
                name,
                spread_of(found.consistency[:, place]),
                spread_of(found.coverage[:, place]),
            )
            for place, name in enumerate(names)
        ),
    )


def spread_of(figures: NDArray[np.float64]) -> Spread | None:
    """Return the quantiles of the figures that are defined; None where none is.

    >>> spread_of(np.array([0.5, 1.0, np.nan]))
    Spread(lowest=0.5125, lower=0.625, median=0.75, upper=0.875, highest=0.9875)
    """
    defined = figures[~np.isnan(figures)]
    if not defined.size:
        return None
    return Spread(*np.quantile(defined, QUANTILES).tolist())
