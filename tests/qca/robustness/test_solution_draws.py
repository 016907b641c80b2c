"""Bootstrap, permutation and half-split of a solution against doing it case by case."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qca.bootstrap import respondent_counts
from qca.errors import ConstantSetError, CutError, NoPositiveRowError, NoRowError, OptionError
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.minimisation.row_solver import EVERYTHING, Models, RowSolver
from qca.minimisation.three_solutions import minimise
from qca.robustness.reweighting import coded_draws, row_parts, solved_draws
from qca.robustness.sensitivity import solve_cuts
from qca.robustness.solution_draws import bootstrap_solution, half_split, permute_outcome
from qca.sets.fit import sufficiency
from qca.truth_tables.row_coding import Cuts
from qca.truth_tables.truth_table import TruthTable

CONDITIONS = ("A", "B", "C")
RULE = AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, 2))
EXPECTED = {"A": 1, "B": 1}


def cases(seed: int, number: int = 60) -> pd.DataFrame:
    """Fuzzy cases in which A*B + C leads to Y, with noise."""
    rng = np.random.default_rng(seed)
    x = rng.random((number, 3))
    y = np.maximum(np.minimum(x[:, 0], x[:, 1]), x[:, 2]) + rng.normal(0, 0.15, number)
    return pd.DataFrame(np.column_stack([x, np.clip(y, 0, 1)]), columns=[*CONDITIONS, "Y"])


def texts(models: Models, rule: AnalysisRule) -> set[str]:
    return {rule.text(model) for model in models}


@pytest.mark.parametrize("kind", ["conservative", "parsimonious", "intermediate"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_solver_finds_the_models_of_minimise(kind: str, seed: int) -> None:
    expectations = EXPECTED if kind == "intermediate" else None
    rule = AnalysisRule("Y", CONDITIONS, Cuts(0.85, 0.5, 3), kind, expectations)  # type: ignore[arg-type]
    data = cases(seed, 30)
    table = rule.table(data)
    if not len(table.positive) or not len(table.negative):
        return

    found = rule.models(data)

    expected = minimise(table, solution=kind, directional_expectations=expectations)  # type: ignore[call-overload]
    assert texts(found, rule) == {" + ".join(sorted(model)) for model in expected.models}


@pytest.mark.parametrize("kind", ["conservative", "parsimonious", "intermediate"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_contradictions_are_included_everywhere_as_by_minimise(kind: str, seed: int) -> None:
    expectations = EXPECTED if kind == "intermediate" else None
    cuts = Cuts((0.85, 0.6), 0.0, 1)
    rule = AnalysisRule(
        "Y", CONDITIONS, cuts, kind, expectations, include_contradictions=True,  # type: ignore[arg-type]
    )  # fmt: skip
    data = cases(seed, 30)
    table = rule.table(data)
    if not len(table.positive) or not len(table.negative):
        return

    found = rule.models(data)

    expected = minimise(  # type: ignore[call-overload]
        table,
        solution=kind,
        directional_expectations=expectations,
        include_contradictions=True,
    )
    parts = row_parts(table.memberships, table.outcome_membership)
    once = coded_draws(parts, np.ones((1, len(data))), cuts)
    assert texts(found, rule) == {" + ".join(sorted(model)) for model in expected.models}
    assert solve_cuts(table, [cuts], rule.solver()) == (found,)
    assert solved_draws(once, rule.solver()) == [found]


def test_included_contradictions_shorten_what_they_would_else_forbid() -> None:
    data = pd.DataFrame(
        {"A": [0.9, 0.9, 0.1, 0.1], "B": [0.9, 0.1, 0.9, 0.1], "Y": [0.9, 0.6, 0.1, 0.1]}
    )
    rule = AnalysisRule("Y", ("A", "B"), Cuts((0.9, 0.6), 0.0, 1))

    assert rule.table(data).contradictory.tolist() == [2]
    assert texts(rule.models(data), rule) == {"A*B"}
    included = replace(rule, include_contradictions=True)
    assert texts(included.models(data), included) == {"A"}


def test_solver_answers_every_coding() -> None:
    solver = RowSolver(2)
    none, rows = np.array([], dtype=np.int64), np.array([1, 3])

    assert solver.models(none, rows) == frozenset()
    assert solver.models(rows, none) == EVERYTHING
    assert solver.models(rows, np.array([0])) == solver.models(rows, np.array([0]))


def test_solver_refuses_kinds_and_expectations_that_do_not_fit() -> None:
    with pytest.raises(OptionError, match="one of the three"):
        RowSolver(2, "short")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="intermediate"):
        RowSolver(2, "intermediate")


def coded(table: TruthTable) -> tuple[list[int], list[int]]:
    return table.positive.tolist(), np.union1d(table.negative, table.contradictory).tolist()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_reweighted_rows_are_those_of_repeated_cases(seed: int) -> None:
    data = cases(seed, 25)
    counts = respondent_counts(np.random.default_rng(seed), 3, 25)
    parts = row_parts(data[list(CONDITIONS)].to_numpy(), data["Y"].to_numpy())

    found = coded_draws(parts, counts, RULE.cuts)

    for draw in range(3):
        repeated = data.loc[np.repeat(data.index, counts[draw].astype(int))].reset_index(drop=True)
        try:
            expected = coded(RULE.table(repeated))
        except NoRowError:
            expected = [], []
        positive = found.codes[found.positive[draw]]
        negative = found.codes[found.negative[draw] | found.contradictory[draw]]
        assert (positive.tolist(), negative.tolist()) == expected


def test_case_at_one_half_belongs_to_no_row_but_adds_to_the_sums() -> None:
    x, y = np.array([[0.9], [0.5], [0.2]]), np.array([0.8, 0.3, 0.1])

    parts = row_parts(x, y)

    assert parts.belongs.tolist() == [[0, 1], [0, 0], [1, 0]]
    assert parts.size[:, 1].tolist() == [0.9, 0.5, 0.2]


def test_bootstrap_equals_solving_every_draw_by_itself() -> None:
    data = cases(1)

    found = bootstrap_solution(data, RULE, seed=5, draws=40)

    weights = respondent_counts(np.random.Generator(np.random.PCG64(5)), 40, len(data))
    models, fits = [], []
    outcome = data["Y"].to_numpy()
    for counts in weights.astype(int):
        drawn = data.loc[np.repeat(data.index, counts)].reset_index(drop=True)
        models.append(RULE.models(drawn))
        member = model_membership(data[list(CONDITIONS)].to_numpy(), found.model)
        fits.append(sufficiency(np.repeat(member, counts), np.repeat(outcome, counts)))
    assert found.models == RULE.models(data)
    assert found.model == chosen_model(found.models)
    assert found.same == sum(m == found.models for m in models) / 40
    assert found.solved == sum(bool(m) for m in models) / 40
    terms = [frozenset().union(*m) for m in models]
    assert found.term_shares == {
        term: sum(term in inside for inside in terms) / 40 for term in frozenset().union(*terms)
    }
    assert found.consistency[:, -1] == pytest.approx([fit.consistency for fit in fits])
    assert found.coverage[:, -1] == pytest.approx([fit.coverage for fit in fits])
    assert found.consistency.shape == (40, len(found.terms) + 1)


def test_bootstrap_is_reproducible_by_its_seed() -> None:
    data = cases(2)

    first, again, other = (bootstrap_solution(data, RULE, seed=s, draws=30) for s in (1, 1, 2))

    assert (first.consistency == again.consistency).all()
    assert not (first.consistency == other.consistency).all()


def test_permutation_counts_outcomes_that_fit_at_least_as_well() -> None:
    data = cases(3, 20)

    found = permute_outcome(data, RULE, seed=4, draws=50)

    generator = np.random.Generator(np.random.PCG64(4))
    outcome = data["Y"].to_numpy()
    model = chosen_model(RULE.models(data))
    member = model_membership(data[list(CONDITIONS)].to_numpy(), model)
    observed = sufficiency(member, outcome).consistency
    reached = positive = 0
    for _ in range(50):
        dealt = generator.permutation(outcome)
        reached += sufficiency(member, dealt).consistency >= observed - 1e-12
        positive += bool(len(RULE.table(data.assign(Y=dealt)).positive))
    assert found.consistency[-1] == pytest.approx(observed)
    assert found.p[-1] == (1 + reached) / 51
    assert found.any_positive == positive / 50


def test_halves_are_held_against_each_other() -> None:
    data = cases(6)
    rule = AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, 3))

    found = half_split(data, rule, seed=7, splits=5)

    generator = np.random.Generator(np.random.PCG64(7))
    order = generator.permuted(np.tile(np.arange(60), (5, 1)), axis=1)
    halved = AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, 2))
    for split in range(5):
        halves = data[order[split] < 30], data[order[split] >= 30]
        for side, (own, other) in enumerate([halves, halves[::-1]]):
            model = chosen_model(halved.models(own.reset_index(drop=True)))
            held = sufficiency(model_membership(other[list(CONDITIONS)].to_numpy(), model), other.Y)
            made = sufficiency(model_membership(own[list(CONDITIONS)].to_numpy(), model), own.Y)
            assert found.consistency[split, side] == pytest.approx(held.consistency)
            assert found.coverage[split, side] == pytest.approx(held.coverage)
            assert found.own_consistency[split, side] == pytest.approx(made.consistency)
    assert found.share_reaching(0.8) == (found.consistency >= 0.8).mean()


def test_halves_without_a_model_count_against() -> None:
    data = cases(8)
    strict = AnalysisRule("Y", CONDITIONS, Cuts(1.0, 0.99, 2))

    found = half_split(data, strict, seed=1, splits=3)

    assert np.isnan(found.consistency).any()
    assert found.share_reaching(0.0) == (~np.isnan(found.consistency)).mean()


def test_membership_in_no_model_is_zero() -> None:
    data = cases(9)

    assert AnalysisRule("Y", CONDITIONS, Cuts(1.0, 0.0, 61)).membership(data).tolist() == [0.0] * 60
    assert model_membership(np.array([[0.3]]), frozenset({(0, 0)})).tolist() == [1.0]


def test_wrong_input_is_named() -> None:
    data = cases(10)
    hopeless = AnalysisRule("Y", CONDITIONS, Cuts(1.0, 0.99, 2))
    with pytest.raises(CutError, match="frequency cut from 1, found 0"):
        AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, 0))
    with pytest.raises(OptionError, match="at least one draw"):
        bootstrap_solution(data, RULE, seed=1, draws=0)
    with pytest.raises(OptionError, match="at least one draw"):
        permute_outcome(data, RULE, seed=1, draws=0)
    with pytest.raises(OptionError, match="at least one split"):
        half_split(data, RULE, seed=1, splits=0)
    with pytest.raises(NoPositiveRowError, match="found none"):
        bootstrap_solution(data.assign(Y=data["A"] / 20), hopeless, seed=1)
    with pytest.raises(ConstantSetError, match="outcome that varies"):
        half_split(data.head(1), RULE, seed=1)
