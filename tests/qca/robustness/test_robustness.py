"""Robustness by fit and by case, and the ranges in which a solution stands."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.calibration.anchors import Anchors
from qca.calibration.bell import calibrate_bell
from qca.calibration.bell_anchors import BellAnchors
from qca.calibration.direct import calibrate_direct
from qca.errors import AnchorError, NoPositiveRowError, OptionError, ShapeError, UnknownNameError
from qca.minimisation.analysis_rule import AnalysisRule
from qca.robustness.other_solutions import CaseKind, case_robustness, robustness_fit
from qca.robustness.sensitivity import anchor_ranges, cut_range, frequency_range, solve_cuts
from qca.truth_tables.row_coding import Cuts
from qca.truth_tables.truth_table import truth_table
from tests.qca.robustness.test_solution_draws import CONDITIONS, cases

RULE = AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, 2))
sets = arrays(np.float64, (5, 8), elements=st.integers(1, 10).map(lambda n: n / 10))


def test_solution_that_all_tests_repeat_is_perfectly_robust() -> None:
    x, y = [0.8, 0.6, 0.2], [0.9, 0.5, 0.1]

    found = robustness_fit(x, [x, x], y)

    assert (found.consistency, found.coverage) == (1.0, 1.0)
    assert (found.coincidence_smallest, found.coincidence_largest) == (1.0, 1.0)


@given(sets)
def test_robust_core_is_over_all_test_solutions(table: np.ndarray) -> None:
    x, *tests, y = table

    found = robustness_fit(x, tests, y)

    core = [min(case) for case in zip(x, *tests, strict=True)]
    smallest = [min(case) for case in zip(*tests, strict=True)]
    largest = [max(case) for case in zip(*tests, strict=True)]
    consistency = [np.minimum(s, y).sum() / np.sum(s) for s in (x, core)]
    coverage = [np.minimum(s, y).sum() / y.sum() for s in (x, core)]
    assert found.consistency == pytest.approx(consistency[0] / consistency[1])
    assert found.coverage == pytest.approx(coverage[1] / coverage[0])
    for value, other in (
        (found.coincidence_smallest, smallest),
        (found.coincidence_largest, largest),
    ):
        assert value == pytest.approx(np.minimum(x, other).sum() / np.maximum(x, other).sum())


def test_test_solution_in_the_middle_counts() -> None:
    # First and last equal the initial solution; only the one between is far from it.
    x, y = np.array([0.9, 0.8, 0.7]), np.array([0.9, 0.9, 0.8])

    found = robustness_fit(x, [x, np.array([0.1, 0.8, 0.1]), x], y)

    assert found.coincidence_smallest == pytest.approx(1.0 / 2.4)


def test_cases_are_sorted_by_what_other_solutions_do_with_them() -> None:
    x = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1]
    first = [0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1]
    second = [0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.5]
    y = [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1]

    found = case_robustness(x, [first, second], y)

    assert found.kinds == tuple(CaseKind)
    assert (found.typical_share, found.deviant_share) == (0.5, 0.5)
    assert found.cases(CaseKind.SHAKY_TYPICAL).tolist() == [2]


def test_solution_without_deviant_cases_has_no_share_of_them() -> None:
    found = case_robustness([0.9], [[0.9]], [0.9])

    assert found.typical_share == 1.0
    assert math.isnan(found.deviant_share)


@pytest.mark.parametrize("cut", ["inclusion", "pri"])
@given(seed=st.integers(0, 5000))
@settings(max_examples=15)
def test_range_of_a_cut_is_exact(cut: str, seed: int) -> None:
    data = cases(seed, 40)
    models = RULE.models(data)
    if not models:
        return

    found = cut_range(data, RULE, cut)  # type: ignore[arg-type]

    def models_at(value: float) -> object:
        cuts = Cuts(value, 0.5, 2) if cut == "inclusion" else Cuts(0.8, value, 2)
        return AnalysisRule("Y", CONDITIONS, cuts).models(data)

    inside = np.linspace(found.lower + 1e-6, found.upper, 15)
    assert all(models_at(value) == models for value in inside)
    assert found.lower < found.value <= found.upper + 1e-7
    if found.changes_below:
        assert models_at(found.lower) != models
    if found.changes_above:
        assert models_at(found.upper + 1e-6) != models


def test_range_of_the_first_of_two_cuts_ends_at_the_second() -> None:
    data = cases(3)
    rule = AnalysisRule("Y", CONDITIONS, Cuts((0.8, 0.7), 0.0, 2))

    found = cut_range(data, rule)

    assert found.lower >= 0.7
    inside = AnalysisRule("Y", CONDITIONS, Cuts((found.upper, 0.7), 0.0, 2))
    assert inside.models(data) == rule.models(data)


def test_range_of_the_frequency_cut_is_exact() -> None:
    data = cases(4, 80)

    found = frequency_range(data, RULE)

    models = RULE.models(data)
    highest = int(RULE.table(data).n.max())
    same = [
        AnalysisRule("Y", CONDITIONS, Cuts(0.8, 0.5, n)).models(data) == models
        for n in range(1, highest + 1)
    ]
    low, high = int(found.lower), int(found.upper)
    assert all(same[low - 1 : high])
    assert found.changes_below is (low > 1)
    assert found.changes_above is (high < highest)
    assert low == 1 or not same[low - 2]
    assert high == highest or not same[high]


def test_settings_solved_together_equal_those_solved_alone() -> None:
    data = cases(5, 80)
    settings_tried = [Cuts(c, p, n) for c in (0.75, 0.85) for p in (0.4, 0.6) for n in (1, 3)]

    found = solve_cuts(RULE.table(data), settings_tried, RULE.solver())

    alone = [AnalysisRule("Y", CONDITIONS, cuts).models(data) for cuts in settings_tried]
    assert list(found) == alone


def test_rows_excluded_by_hand_stay_negative() -> None:
    data = cases(5, 80)
    table = truth_table(
        data, outcome="Y", conditions=CONDITIONS, inclusion_cut=0.8, excluded={7: "by hand"}
    )

    models = solve_cuts(table, [Cuts(0.8)], RULE.solver())[0]

    assert all(7 & mask != value for model in models for mask, value in model)


def test_range_of_an_anchor_is_that_of_solving_every_step() -> None:
    rng = np.random.default_rng(6)
    scores = pd.DataFrame(rng.normal(4.5, 1, (80, 3)), columns=list(CONDITIONS))
    anchors = {name: Anchors(2, 4.1, 6) for name in CONDITIONS}
    outcome = np.clip(scores[["A", "B"]].min(axis=1) / 6 + rng.normal(0, 0.05, 80), 0, 1)
    data = pd.DataFrame({"Y": outcome})

    found = anchor_ranges(data, scores, anchors, RULE, step=0.1, steps=10)

    def models_at(by: float) -> object:
        moved = {"A": (2, 4.1 + by, 6), "B": (2, 4.1, 6), "C": (2, 4.1, 6)}
        columns = {name: calibrate_direct(scores[name], three) for name, three in moved.items()}
        return RULE.models(data.assign(**columns))

    crossover = next(r for r in found if r.parameter == "A crossover")
    steps = [models_at(step / 10) == models_at(0) for step in range(-10, 11)]
    low = high = 10
    while low > 0 and steps[low - 1]:
        low -= 1
    while high < 20 and steps[high + 1]:
        high += 1
    assert len(found) == 9
    assert crossover.lower == pytest.approx(4.1 + (low - 10) / 10)
    assert crossover.upper == pytest.approx(4.1 + (high - 10) / 10)
    assert (crossover.changes_below, crossover.changes_above) == (low > 0, high < 20)


@pytest.mark.parametrize(
    ("anchors", "moved"),
    [
        (BellAnchors(1, 2.5, 3.5, 5, 6, 7.5), "crossover1"),
        (BellAnchors(1, 2.5, 3.5, 5, 6, 7.5, below=2.0, above=0.5), "in2"),
        (BellAnchors(3.5, 2.5, 1, 7.5, 6, 5), "out1"),
    ],
)
def test_range_of_one_of_six_anchors_is_that_of_solving_every_step(
    anchors: BellAnchors, moved: str
) -> None:
    rng = np.random.default_rng(8)
    scores = pd.DataFrame({"A": rng.uniform(1, 7, 80)})
    data = pd.DataFrame({"B": rng.random(80), "C": rng.random(80)})
    six = [getattr(anchors, name) for name in anchors.names]
    exponents = {"below": anchors.below, "above": anchors.above}
    base = calibrate_bell(scores["A"], six, **exponents)
    data["Y"] = np.clip(base + rng.normal(0, 0.1, 80), 0, 1)

    found = anchor_ranges(data, scores, {"A": anchors}, RULE, step=0.25, steps=6)

    def models_at(by: float) -> object:
        points = [
            value + by * (name == moved) for name, value in zip(anchors.names, six, strict=True)
        ]
        try:
            return RULE.models(data.assign(A=calibrate_bell(scores["A"], points, **exponents)))
        except AnchorError:
            return None

    one = next(r for r in found if r.parameter == f"A {moved}")
    steps = [models_at(step / 4) for step in range(-6, 7)]
    low = high = 6
    while low > 0 and steps[low - 1] == steps[6]:
        low -= 1
    while high < 12 and steps[high + 1] == steps[6]:
        high += 1
    assert [r.parameter for r in found] == [f"A {name}" for name in anchors.names]
    assert (one.lower, one.upper) == (one.value + (low - 6) / 4, one.value + (high - 6) / 4)
    assert one.changes_below is (low > 0 and steps[low - 1] is not None)
    assert one.changes_above is (high < 12 and steps[high + 1] is not None)


def test_six_anchors_out_of_order_are_refused() -> None:
    with pytest.raises(AnchorError, match="valley"):
        BellAnchors(1, 2, 3, 2.5, 6, 7)
    with pytest.raises(AnchorError, match="6 finite anchors"):
        BellAnchors(math.nan, 2, 3, 5, 6, 7)
    with pytest.raises(OptionError, match="greater than 0"):
        BellAnchors(1, 2, 3, 5, 6, 7, below=0)
    with pytest.raises(AnchorError, match="valley"):
        BellAnchors(1, 2, 3, 5, 6, 7).shifted(anchor="crossover2", by=1.5)


def test_wrong_input_is_named() -> None:
    data = cases(7)
    hopeless = AnalysisRule("Y", CONDITIONS, Cuts(1.0, 0.99, 60))
    with pytest.raises(OptionError, match="test solution"):
        robustness_fit([0.5], [], [0.5])
    with pytest.raises(ShapeError, match="same number of cases"):
        robustness_fit([0.5], [[0.5, 0.5]], [0.5])
    with pytest.raises(OptionError, match="inclusion or the pri cut"):
        cut_range(data, RULE, "n")  # type: ignore[arg-type]
    with pytest.raises(NoPositiveRowError, match="hold against"):
        cut_range(data, AnalysisRule("Y", CONDITIONS, Cuts(1.0, 0.99, 2)))
    with pytest.raises(OptionError, match="positive step"):
        anchor_ranges(data, data, {"A": Anchors(2, 4, 6)}, RULE, step=0)
    with pytest.raises(UnknownNameError, match=r"found \['Z'\]"):
        anchor_ranges(data, data, {"Z": Anchors(2, 4, 6)}, RULE)
    assert hopeless.models(data) == frozenset()
