"""A solution found anew in each permutation, against doing it one by one, and what chance gives."""

import numpy as np
import pandas as pd
import pytest

from qca.errors import NoPositiveRowError, OptionError
from qca.evidence.chance import consistency_lift
from qca.evidence.pattern_permutations import dealt_out
from qca.evidence.solution_permutations import SolvedAnew, permute_solution
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.robustness.solution_draws import permute_outcome
from qca.truth_tables.row_coding import Cuts

RULE = AnalysisRule("Y", ("A", "B", "C"), Cuts(0.75, 0.5, 2))


def cases(seed: int, *, planted: bool, number: int = 60) -> pd.DataFrame:
    """Cases in which A*B leads to Y, or an outcome that goes with nothing."""
    generator = np.random.default_rng(seed)
    x = generator.beta(0.8, 0.8, (number, 3))
    y = generator.beta(0.8, 0.7, number)
    if planted:
        y = 0.8 * np.minimum(x[:, 0], x[:, 1]) + 0.2 * y
    return pd.DataFrame(np.column_stack([x, y]), columns=["A", "B", "C", "Y"])


def one_by_one(data: pd.DataFrame, rule: AnalysisRule, seed: int, draws: int) -> SolvedAnew:
    """The same by building a truth table and solving it for every permutation."""
    x = data[list(rule.conditions)].to_numpy()

    def lift_of(model: frozenset[tuple[int, int]], y: np.ndarray) -> float:
        found = consistency_lift(model_membership(x, model), y)
        return found.standardised if found.deviation > 0 else 0.0  # the model without conditions

    def terms_of(models: frozenset[frozenset[tuple[int, int]]]) -> list[tuple[int, int]]:
        return sorted(frozenset().union(*models))

    y = data["Y"].to_numpy()
    models = rule.models(data)
    terms, model = terms_of(models), chosen_model(models)
    best, whole = [], []
    for dealt in np.concatenate(list(dealt_out(y, seed, draws))):
        found = rule.models(data.assign(Y=dealt))
        best.append(max((lift_of(frozenset({t}), dealt) for t in terms_of(found)), default=-9.0))
        whole.append(lift_of(chosen_model(found), dealt) if found else -9.0)
    p = [np.sum(np.array(best) >= lift_of(frozenset({t}), y) - 1e-9) for t in terms]
    return SolvedAnew(
        terms=tuple(terms),
        lifts=tuple(consistency_lift(model_membership(x, frozenset({t})), y) for t in terms),
        p=(1 + np.array(p)) / (1 + draws),
        model=model,
        model_lift=consistency_lift(model_membership(x, model), y),
        model_p=float(1 + np.sum(np.array(whole) >= lift_of(model, y) - 1e-9)) / (1 + draws),
        solved=float((np.array(best) > -9).mean()),
    )


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        AnalysisRule("Y", ("A", "B", "C"), Cuts(0.75, 0.5, 2), "conservative"),
        AnalysisRule("Y", ("A", "B"), Cuts(0.7, 0.5, 3), "intermediate", {"A": "1"}),
    ],
    ids=["parsimonious", "conservative", "intermediate"],
)
@pytest.mark.parametrize("planted", [True, False])
def test_all_at_once_is_what_one_by_one_gives(rule: AnalysisRule, planted: bool) -> None:
    data = cases(3, planted=planted)
    found = permute_solution(data, rule, seed=5, draws=25)
    expected = one_by_one(data, rule, 5, 25)

    assert (found.terms, found.lifts, found.model) == (
        expected.terms, expected.lifts, expected.model,
    )  # fmt: skip
    assert found.p.tolist() == expected.p.tolist()
    assert (found.model_p, found.solved, found.model_lift) == (
        expected.model_p, expected.solved, expected.model_lift,
    )  # fmt: skip


def test_a_planted_solution_beats_the_best_that_chance_finds() -> None:
    found = permute_solution(cases(1, planted=True), RULE, seed=1, draws=199)

    assert [RULE.term_text(term) for term in found.terms] == ["A*B"]
    assert (found.p.tolist(), found.model_p) == ([1 / 200], 1 / 200)


def test_what_noise_gave_is_seldom_significant_once_it_is_found_anew() -> None:
    anew, fixed = [], []
    for seed in range(90):
        data = cases(seed, planted=False)
        try:
            found = permute_solution(data, RULE, seed=seed, draws=59)
        except NoPositiveRowError:
            continue  # nothing found, nothing claimed
        anew.append((found.p.min() <= 0.05, found.model_p <= 0.05))
        fixed.append(permute_outcome(data, RULE, seed=seed, draws=59).p[:-1].min() <= 0.05)

    assert len(anew) > 70
    assert np.mean(anew, axis=0) == pytest.approx([0.05, 0.05], abs=0.05)
    # Tested as though it had been fixed beforehand, noise is significant six times as often.
    assert np.mean(fixed) > 0.2


def test_the_same_seed_gives_the_same_p_and_progress_is_told() -> None:
    told: list[int] = []
    data = cases(2, planted=False)
    first = permute_solution(data, RULE, seed=7, draws=250, progress=told.append)
    again = permute_solution(data, RULE, seed=7, draws=250)

    assert told == [100, 200, 250]
    assert (first.p.tolist(), first.model_p) == (again.p.tolist(), again.model_p)


def test_a_solution_without_conditions_lifts_nothing() -> None:
    data = cases(1, planted=True)
    data["Y"] = 0.9 + data["Y"] / 10
    found = permute_solution(data, RULE, seed=1, draws=19)

    assert (found.terms, found.p.tolist(), found.model_p) == (((0, 0),), [1.0], 1.0)


def test_rules_that_cannot_be_permuted_are_named() -> None:
    data = cases(1, planted=True)
    excluding = AnalysisRule("Y", ("A", "B", "C"), Cuts(0.75, 0.5, 2), excluded=(1,))
    with pytest.raises(OptionError, match=r"expected a rule without excluded rows, found \(1,\)"):
        permute_solution(data, excluding, seed=1)
    with pytest.raises(OptionError, match="found 0 and 1"):
        permute_solution(data, RULE, seed=1, draws=0)
    with pytest.raises(NoPositiveRowError, match="expected a row coded 1 for Y, found none"):
        permute_solution(data, AnalysisRule("Y", ("A", "B"), Cuts(1.0, 0.9, 2)), seed=1)
