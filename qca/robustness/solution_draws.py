"""How far a solution depends on which cases there are: bootstrap, permutation, half-split."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.bootstrap import DRAWS, respondent_counts
from qca.errors import NoPositiveRowError, OptionError
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.minimisation.row_solver import Model, Models, Term
from qca.robustness.reweighting import coded_draws, coded_rows, row_parts, solved_draws
from qca.sets.memberships import implicant_membership
from qca.truth_tables.row_coding import Cuts

SPLITS = 100
BLOCK_CELLS = 1 << 22  # cases times draws held at once, 32 MiB
BLOCK_DRAWS = 100  # so that progress is told often enough


@dataclass(frozen=True, slots=True, eq=False)
class SolutionBootstrap:
    """A solution over draws of cases with replacement.

    Parameters
    ----------
    models : frozenset of models
        Of all cases.
    same : float
        Share of draws with exactly these models, [0, 1].
    solved : float
        Share of draws with a positive row, [0, 1].
    term_shares : dict of (mask, value) to float
        Share of draws in some model of which the term stands; most frequent first.
    row_codes, positive_shares : arrays (rows,)
        Observed rows, and the share of draws in which they are coded 1.
    model : frozenset of terms
        The model whose fit is drawn, `chosen_model(models)`.
    terms : tuple of (mask, value)
        Its terms, sorted; columns of the next two, in which the model as a whole comes last.
    consistency, coverage : arrays (draws, terms + 1)
        Fit of the terms of all cases in every draw; NaN for 0/0.
    """

    models: Models
    same: float
    solved: float
    term_shares: dict[Term, float]
    row_codes: NDArray[np.int64]
    positive_shares: NDArray[np.float64]
    model: Model
    terms: tuple[Term, ...]
    consistency: NDArray[np.float64]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SolutionPermutation:
    """What chance alone gives: the outcome dealt out anew among the cases.

    Parameters
    ----------
    terms : tuple of (mask, value)
        Of the chosen model of all cases, sorted; the whole model comes last in the arrays.
    consistency : array (terms + 1,)
        As observed.
    p : array (terms + 1,)
        Share of permutations with a consistency at least as high, the observed one counted.
    any_positive : float
        Share of permutations in which some row would have been coded 1, [0, 1].
    """

    terms: tuple[Term, ...]
    consistency: NDArray[np.float64]
    p: NDArray[np.float64]
    any_positive: float


@dataclass(frozen=True, slots=True, eq=False)
class HalfSplit:
    """Models of one half of the cases held against the other, both ways.

    Parameters
    ----------
    consistency, coverage : arrays (splits, 2)
        In the half that did not make the model; NaN where no model was found.
    own_consistency : array (splits, 2)
        In the half that did.
    """

    consistency: NDArray[np.float64]
    coverage: NDArray[np.float64]
    own_consistency: NDArray[np.float64]

    def share_reaching(self, consistency: float) -> float:
        """Share of all trials whose model holds in the other half; none found counts against."""
        return float((self.consistency >= consistency).mean())


def bootstrap_solution(
    data: pd.DataFrame,
    rule: AnalysisRule,
    *,
    seed: int,
    draws: int = DRAWS,
    progress: Callable[[int], None] | None = None,
) -> SolutionBootstrap:
    """Solve draws of the cases with replacement and compare with the solution of all.

    Parameters
    ----------
    data : DataFrame (cases, sets), in [0, 1]
    rule : AnalysisRule
    seed : int
    draws : int
        At least 1.
    progress : function of int, optional
        Told the number of draws done after each block of them; may raise to stop.

    Returns
    -------
    SolutionBootstrap

    Raises
    ------
    OptionError
        There is no draw.
    NoPositiveRowError
        All cases together give no solution.
    QcaError
        The data cannot be read, see `qca.truth_table`.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1] * 9, "Y": [0.8, 0.9, 0.2] * 9})
    >>> found = bootstrap_solution(data, AnalysisRule("Y", ("A",), Cuts(0.8)), seed=1, draws=50)
    >>> found.same, found.term_shares, found.consistency.shape
    (1.0, {(1, 1): 1.0}, (50, 2))

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
    """
    if draws < 1:
        raise OptionError(f"expected at least one draw, found {draws}")
    models, memberships, outcome = _solved(data, rule)
    parts, solver = row_parts(memberships, outcome), rule.solver()
    model = chosen_model(models)
    terms, columns = _columns(memberships, model)
    overlap = np.minimum(columns, outcome[:, np.newaxis])
    drawn: list[Models] = []
    positive, sums = [], []
    for weights in _drawn_weights(seed, draws, len(outcome)):
        coded = coded_draws(parts, weights, rule.cuts)
        drawn += solved_draws(coded, solver)
        positive.append(coded.positive)
        sums.append((weights @ overlap, weights @ columns, (weights @ outcome)[:, np.newaxis]))
        if progress is not None:
            progress(len(drawn))
    both, size, whole = (np.concatenate(part) for part in zip(*sums, strict=True))
    counted = Counter(term for found in drawn for term in frozenset().union(*found))
    return SolutionBootstrap(
        models=models,
        same=sum(found == models for found in drawn) / draws,
        solved=sum(map(bool, drawn)) / draws,
        term_shares={term: count / draws for term, count in counted.most_common()},
        row_codes=parts.codes,
        positive_shares=np.concatenate(positive).mean(axis=0),
        model=model,
        terms=terms,
        consistency=_ratios(both, size),
        coverage=_ratios(both, whole),
    )


def permute_outcome(
    data: pd.DataFrame, rule: AnalysisRule, *, seed: int, draws: int = DRAWS
) -> SolutionPermutation:
    """Test the consistency of a solution against outcomes dealt out at random.

    p = (1 + permutations with a consistency at least as high) / (1 + permutations).

    Parameters
    ----------
    data, rule, seed, draws
        As in `bootstrap_solution`.

    Returns
    -------
    SolutionPermutation

    Raises
    ------
    OptionError, NoPositiveRowError, QcaError
        As in `bootstrap_solution`.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1] * 9, "Y": [0.8, 0.9, 0.2] * 9})
    >>> found = permute_outcome(data, AnalysisRule("Y", ("A",), Cuts(0.8)), seed=1, draws=99)
    >>> found.consistency.round(3), found.p
    (array([0.944, 0.944]), array([0.01, 0.01]))

    Source: Braumoeller (2015), Political Analysis 23.
    """
    if draws < 1:
        raise OptionError(f"expected at least one draw, found {draws}")
    models, memberships, outcome = _solved(data, rule)
    terms, columns = _columns(memberships, chosen_model(models))
    parts = row_parts(memberships, outcome)
    frequent = parts.belongs.sum(axis=0) >= rule.cuts.frequency
    observed = np.minimum(columns, outcome[:, np.newaxis]).sum(axis=0) / columns.sum(axis=0)
    generator = np.random.Generator(np.random.PCG64(seed))
    reached, positive = np.ones(columns.shape[1]), 0
    for _ in range(draws):
        y = generator.permutation(outcome)[:, np.newaxis]
        consistency = np.minimum(columns, y).sum(axis=0) / columns.sum(axis=0)
        reached += consistency >= observed - 1e-12
        overlap = np.minimum(parts.size, y)
        sums = parts.size.sum(axis=0), overlap.sum(axis=0), np.minimum(overlap, 1 - y).sum(axis=0)
        positive += bool((frequent & (coded_rows(*sums, rule.cuts) == "1")).any())
    return SolutionPermutation(terms, observed, reached / (1 + draws), positive / draws)


def half_split(
    data: pd.DataFrame,
    rule: AnalysisRule,
    *,
    seed: int,
    splits: int = SPLITS,
    frequency_cut: int | None = None,
) -> HalfSplit:
    """Find a model in a random half of the cases and hold it against the other, both ways.

    Parameters
    ----------
    data, rule, seed
        As in `bootstrap_solution`.
    splits : int
        Random halves, at least 1; each gives two trials.
    frequency_cut : int, optional
        For a half; half of the rule's own by default, rounded up.

    Returns
    -------
    HalfSplit
        With several tied models, of `chosen_model`.

    Raises
    ------
    OptionError
        There is no split.
    QcaError
        The data cannot be read, see `qca.truth_table`.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1] * 9, "Y": [0.8, 0.9, 0.2] * 9})
    >>> found = half_split(data, AnalysisRule("Y", ("A",), Cuts(0.8)), seed=1, splits=10)
    >>> found.consistency.shape, found.share_reaching(0.8)
    ((10, 2), 1.0)

    Source: Gigerenzer & Brighton (2009), Topics in Cognitive Science 1; Woodside (2014), Journal
    of Business Research 67, on predictive validity.
    """
    if splits < 1:
        raise OptionError(f"expected at least one split, found {splits}")
    _refuse_exclusions(rule)
    table = rule.table(data)
    memberships, outcome = table.memberships, table.outcome_membership
    cut = -(-rule.cuts.frequency // 2) if frequency_cut is None else frequency_cut
    cuts = Cuts(rule.cuts.inclusion, rule.cuts.pri, cut)
    generator = np.random.Generator(np.random.PCG64(seed))
    order = generator.permuted(np.tile(np.arange(len(outcome)), (splits, 1)), axis=1)
    first = (order < len(outcome) // 2).astype(np.float64)
    weights = np.stack([first, 1 - first], axis=1).reshape(2 * splits, -1)
    coded = coded_draws(row_parts(memberships, outcome), weights, cuts)
    drawn = solved_draws(coded, rule.solver())
    models = [chosen_model(found) if found else None for found in drawn]
    sets = {m: model_membership(memberships, m) for m in set(models) if m is not None}
    unknown = np.full(len(outcome), np.nan)
    x = np.stack([unknown if model is None else sets[model] for model in models])
    both, others = np.minimum(x, outcome), 1 - weights
    shape = (splits, 2)
    return HalfSplit(
        consistency=_ratios((both * others).sum(1), (x * others).sum(1)).reshape(shape),
        coverage=_ratios((both * others).sum(1), others @ outcome).reshape(shape),
        own_consistency=_ratios((both * weights).sum(1), (x * weights).sum(1)).reshape(shape),
    )


def _drawn_weights(seed: int, draws: int, cases: int) -> Iterator[NDArray[np.float64]]:
    """Counts of cases in draws with replacement, in blocks of bounded memory."""
    generator = np.random.Generator(np.random.PCG64(seed))
    step = max(1, min(BLOCK_CELLS // cases, BLOCK_DRAWS))
    for start in range(0, draws, step):
        yield respondent_counts(generator, min(step, draws - start), cases)


def _refuse_exclusions(rule: AnalysisRule) -> None:
    if rule.excluded:
        raise OptionError(f"expected a rule without excluded rows for draws, found {rule.excluded}")


def _solved(
    data: pd.DataFrame, rule: AnalysisRule
) -> tuple[Models, NDArray[np.float64], NDArray[np.float64]]:
    """Models of all cases with the memberships behind them."""
    _refuse_exclusions(rule)
    models, table = rule.models(data), rule.table(data)
    if not models:
        raise NoPositiveRowError(f"expected a row coded 1 for {rule.outcome}, found none")
    return models, table.memberships, table.outcome_membership


def _columns(
    memberships: NDArray[np.float64], model: Model
) -> tuple[tuple[Term, ...], NDArray[np.float64]]:
    """The terms of a model, and memberships (cases, terms + 1) in them and in the whole."""
    terms = tuple(sorted(model))
    columns = [implicant_membership(memberships, *term) for term in terms]
    return terms, np.column_stack([*columns, model_membership(memberships, model)])


def _ratios(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
