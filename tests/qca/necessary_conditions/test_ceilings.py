"""Ceilings against figures by hand, brute force, and laws."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca import errors
from qca.errors import QcaError
from qca.necessary_conditions.bottleneck_levels import Unit, bottleneck_table
from qca.necessary_conditions.ceiling_permutations import (
    ceiling_permutation,
    effect_sizes_of_orders,
)
from qca.necessary_conditions.ceilings import Peer, Technique, ceiling_analysis
from qca.necessary_conditions.scopes import Scope, read_field

STAIRS = pd.DataFrame({"A": [0.0, 1, 2, 3], "Y": [1.0, 2, 0, 3]}, index=list("pqrs"))
# Five points are few enough for ties in both directions.
frames = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=2, max_size=9).map(
    lambda rows: pd.DataFrame(rows, columns=["A", "Y"], dtype=float)
)
corners = st.sampled_from([1, 2, 3, 4])


def by_brute_force(data: pd.DataFrame) -> tuple[float, float]:
    """Zones above steps and line in the upper left: a peer has no case at its left as high."""
    cases = list(zip(data["A"], data["Y"], strict=True))
    peers = [
        (x, y)
        for x, y in cases
        if all(v <= y for u, v in cases if u <= x) and all(v < y for u, v in cases if u < x)
    ]
    right, top = data["A"].max(), data["Y"].max()
    borders = sorted({x for x, _ in cases} | {right})
    steps = sum(
        (end - start) * (top - max(y for x, y in cases if x <= start))
        for start, end in pairwise(borders)
    )
    if len(set(peers)) < 2:
        return steps, 0.0
    slope, intercept = np.polyfit([x for x, _ in peers], [y for _, y in peers], 1)
    grid = np.linspace(data["A"].min(), right, 40001)
    empty = np.clip(top - (intercept + slope * grid), 0, top - data["Y"].min())
    return steps, float(np.trapezoid(empty, grid))


def turned(data: pd.DataFrame, corner: int) -> pd.DataFrame:
    signs = {1: (1, 1), 2: (-1, 1), 3: (1, -1), 4: (-1, -1)}[corner]
    return data.assign(A=data["A"] * signs[0], Y=data["Y"] * signs[1])


def test_steps_and_line_of_four_cases_are_those_by_hand() -> None:
    found = ceiling_analysis(STAIRS, condition="A", outcome="Y")

    assert found.peers == (Peer("p", 0, 1), Peer("q", 1, 2), Peer("s", 3, 3))
    steps, line = found.ce_fdh, found.cr_fdh
    assert (steps.zone, steps.effect_size, steps.complexity) == (4, 4 / 9, 3)
    # Above the steps: 2 high for one, 1 high for two. The line is 8/7 + 9/14 x.
    assert (line.slope, line.intercept) == pytest.approx((9 / 14, 8 / 7))
    meets_top = (3 - 8 / 7) / (9 / 14)
    assert line.zone == pytest.approx(meets_top * (3 - 8 / 7) / 2)
    assert (line.cases_above, line.accuracy) == (1, 75)
    assert line.fit == pytest.approx(100 * line.zone / 4)
    assert (steps.condition_inefficiency, steps.outcome_inefficiency) == pytest.approx((0, 100 / 3))
    right, low = 1 - meets_top / 3, 8 / 21
    assert line.condition_inefficiency == pytest.approx(100 * right)
    assert line.outcome_inefficiency == pytest.approx(100 * low)
    assert line.absolute_inefficiency == pytest.approx(9 * (right + low - right * low))


def test_cases_on_one_peer_point_weigh_as_many_times() -> None:
    data = pd.DataFrame({"A": [0, 1, 1, 2], "Y": [0, 2, 2, 3]})
    found = ceiling_analysis(data, condition="A", outcome="Y")

    assert len(found.peers) == 4
    assert found.ce_fdh.complexity == 3
    assert found.cr_fdh.slope == pytest.approx(np.polyfit(data["A"], data["Y"], 1)[0])


def test_values_that_differ_by_rounding_are_one_value() -> None:
    data = pd.DataFrame({"A": [0.1 + 0.2, 0.3, 1.0], "Y": [1.0, 1.0 - 1e-12, 2.0]})
    found = ceiling_analysis(data, condition="A", outcome="Y")

    assert (len(found.peers), found.ce_fdh.complexity) == (3, 2)


def test_a_scope_by_theory_counts_the_strips_that_the_data_leave() -> None:
    found = ceiling_analysis(STAIRS, condition="A", outcome="Y", scope=Scope(-1, 4, 0, 5))

    # Five high left of the first case; then two more than before over the whole width, and 2
    # right of the last case.
    assert found.ce_fdh.zone == 5 + 4 + 2 * 3 + 2
    assert (found.ce_fdh.effect_size, found.widened) == (17 / 25, False)


def test_a_scope_that_leaves_cases_out_is_widened_and_says_so() -> None:
    found = ceiling_analysis(STAIRS, condition="A", outcome="Y", scope=Scope(1, 2, 0, 5))

    assert (found.scope, found.widened) == (Scope(0, 3, 0, 5), True)


@given(frames, corners)
def test_zones_are_those_by_brute_force(data: pd.DataFrame, corner: int) -> None:
    found = ceiling_analysis(data, condition="A", outcome="Y", corner=corner)
    steps, line = by_brute_force(turned(data, corner))

    assert found.ce_fdh.zone == pytest.approx(steps)
    assert found.cr_fdh.zone == pytest.approx(line, abs=1e-3)


@given(frames, corners)
def test_a_corner_is_the_upper_left_one_of_data_turned_over(
    data: pd.DataFrame, corner: int
) -> None:
    found = ceiling_analysis(data, condition="A", outcome="Y", corner=corner)
    alike = ceiling_analysis(turned(data, corner), condition="A", outcome="Y")

    for own, other in ((found.ce_fdh, alike.ce_fdh), (found.cr_fdh, alike.cr_fdh)):
        assert own.effect_size == pytest.approx(other.effect_size, nan_ok=True)
        assert own.cases_above == other.cases_above
        assert own.relative_inefficiency == pytest.approx(other.relative_inefficiency, nan_ok=True)


@given(frames, st.permutations(range(9)))
def test_a_permuted_effect_is_that_of_the_permuted_data(
    data: pd.DataFrame, places: list[int]
) -> None:
    order = [place for place in places if place < len(data)]
    field = read_field(data, condition="A", outcome="Y", corner=1, scope=None)
    sizes = effect_sizes_of_orders(field, [list(range(len(data))), order])
    alone = [
        ceiling_analysis(data.assign(Y=data["Y"].to_numpy()[o]), condition="A", outcome="Y")
        for o in (list(range(len(data))), order)
    ]

    expected = [(one.ce_fdh.effect_size, one.cr_fdh.effect_size) for one in alone]
    assert sizes == pytest.approx(np.array(expected), nan_ok=True)


def test_a_ceiling_that_chance_cannot_make_has_the_smallest_p() -> None:
    data = pd.DataFrame({"A": range(40), "Y": range(40)})
    found = ceiling_permutation(data, condition="A", outcome="Y", seed=3, draws=500)

    assert (found.ce_fdh.p, found.cr_fdh.p) == (1 / 500, 1 / 500)
    assert found.ce_fdh.threshold < found.ce_fdh.effect_size


def test_p_of_all_orders_of_four_cases_is_their_share() -> None:
    # Of the 24 orders one alone leaves as much empty above the steps as the rising one.
    data = pd.DataFrame({"A": range(4), "Y": range(4)})
    found = ceiling_permutation(data, condition="A", outcome="Y", seed=5, draws=24000)

    assert found.ce_fdh.p == pytest.approx(1 / 24, abs=0.007)  # five standard errors


def test_p_is_uniform_where_condition_and_outcome_are_unrelated() -> None:
    generator = np.random.default_rng(11)
    ps = []
    for seed in range(200):
        data = pd.DataFrame(generator.random((25, 2)), columns=["A", "Y"])
        found = ceiling_permutation(data, condition="A", outcome="Y", seed=seed, draws=199)
        ps.append((found.ce_fdh.p, found.cr_fdh.p))
    shares = [(np.array(ps) <= level).mean(axis=0).tolist() for level in (0.05, 0.25, 0.5)]

    assert shares[0] == pytest.approx([0.05] * 2, abs=0.05)
    assert shares[1] == pytest.approx([0.25] * 2, abs=0.1)
    assert shares[2] == pytest.approx([0.5] * 2, abs=0.12)


def test_of_what_does_not_vary_nothing_is_said() -> None:
    data = pd.DataFrame({"A": [2.0, 2, 2], "Y": [1.0, 2, 3]})
    found = ceiling_analysis(data, condition="A", outcome="Y")
    test = ceiling_permutation(data, condition="A", outcome="Y", seed=1, draws=9)

    assert (found.ce_fdh.zone, found.cr_fdh.zone) == (0, 0)
    assert [math.isnan(d) for d in (found.ce_fdh.effect_size, test.ce_fdh.p, test.cr_fdh.p)] == [
        True, True, True,
    ]  # fmt: skip


def test_an_empty_zone_has_no_effect_and_p_one() -> None:
    data = pd.DataFrame({"A": [1.0, 2, 3], "Y": [3.0, 2, 1]})
    found = ceiling_permutation(data, condition="A", outcome="Y", seed=1, draws=99)

    assert (found.ce_fdh.effect_size, found.ce_fdh.p, found.cr_fdh.p) == (0, 1, 1)


def test_cases_that_miss_a_value_are_left_out_condition_by_condition() -> None:
    data = pd.DataFrame({"A": [1, None, 3], "B": [1, 2, 3], "Y": [1, 9, 3]}, index=list("pqr"))

    assert ceiling_analysis(data, condition="A", outcome="Y").cases == 2
    assert ceiling_analysis(data, condition="B", outcome="Y").cases == 3
    # The highest outcome belongs to the case without A: no A is known to be enough for it.
    table = bottleneck_table(data, conditions=["A", "B"], outcome="Y", steps=4, unit="actual")
    assert table.outcomes.tolist() == [1, 3, 5, 7, 9]
    assert table.printed == {
        "A": ("NN", "3.000", "NA", "NA", "NA"),
        "B": ("NN", "2.000", "2.000", "2.000", "2.000"),
    }


@pytest.mark.parametrize(
    ("unit", "technique", "expected"),
    [
        ("percentage_range", "ce_fdh", ("NN", "NN", "33.3", "100.0", "100.0")),
        ("percentage_range", "cr_fdh", ("NN", "NN", "18.5", "57.4", "96.3")),
        ("actual", "ce_fdh", ("NN", "NN", "1.000", "3.000", "3.000")),
        ("percentile", "ce_fdh", ("NN", "NN", "50.0", "100.0", "100.0")),
    ],
)
def test_levels_of_the_outcome_ask_for_levels_of_the_condition(
    unit: Unit, technique: Technique, expected: tuple[str, ...]
) -> None:
    table = bottleneck_table(
        STAIRS, conditions=["A"], outcome="Y", technique=technique, steps=4, unit=unit
    )  # fmt: skip

    assert table.printed["A"] == expected


@pytest.mark.parametrize(
    ("cutoff", "expected"), [(0, "NA"), (1, "100.0"), (2, "133.3")], ids=["mark", "high", "line"]
)
def test_what_no_case_can_reach_is_marked_cut_off_or_calculated(cutoff: int, expected: str) -> None:
    # The line y = x leaves the scope, x up to 3, before the outcome reaches 4.
    data = pd.DataFrame({"A": [0.0, 3], "Y": [0.0, 3]})
    table = bottleneck_table(
        data, conditions=["A"], outcome="Y", technique="cr_fdh",
        scope=Scope(0, 3, 0, 4), steps=1, cutoff=cutoff,
    )  # fmt: skip

    assert table.printed["A"] == ("NN", expected)


BAD: list[tuple[Callable[[], object], type[QcaError], str]] = [
    (
        lambda: ceiling_analysis(STAIRS.assign(A=[1, "often", 2, 3]), condition="A", outcome="Y"),
        errors.NotNumericError,
        "expected a number for A of case q, found 'often'",
    ),
    (
        lambda: ceiling_analysis(STAIRS.assign(Y=[1, 2, np.inf, 3]), condition="A", outcome="Y"),
        errors.NotNumericError,
        "expected a number for Y of case r, found inf",
    ),
    (
        lambda: ceiling_analysis(STAIRS.assign(A=np.nan), condition="A", outcome="Y"),
        errors.NoCasesError,
        "expected a case with values of A and Y, found none in 4",
    ),
    (
        lambda: ceiling_analysis(STAIRS, condition="B", outcome="Y"),
        errors.UnknownNameError,
        "expected each name once among A, Y, found ['B']",
    ),
    (
        lambda: ceiling_analysis(STAIRS, condition="A", outcome="Y", corner=5),
        errors.OptionError,
        "expected a corner from 1 to 4, found 5",
    ),
    (
        lambda: Scope(7, 1, 1, 7),
        errors.OptionError,
        "expected finite borders, lower ones first, found (7, 1, 1, 7)",
    ),
    (
        lambda: ceiling_permutation(STAIRS, condition="A", outcome="Y", seed=1, draws=0),
        errors.OptionError,
        "expected a permutation and a seed from 0, found 0 and 1",
    ),
    (
        lambda: bottleneck_table(STAIRS, conditions=[], outcome="Y"),
        errors.OptionError,
        "expected at least one condition, found none",
    ),
    (
        lambda: bottleneck_table(STAIRS, conditions=["A"], outcome="Y", cutoff=3),
        errors.OptionError,
        "expected a cutoff of 0 to 2 and steps, found 3 and 10",
    ),
    (
        lambda: bottleneck_table(STAIRS, conditions=["A", "A"], outcome="Y"),
        errors.DuplicateNameError,
        "expected every condition once, found ['A'] more than once",
    ),
    (
        lambda: effect_sizes_of_orders(
            read_field(STAIRS, condition="A", outcome="Y", corner=1, scope=None), [[0, 0, 1, 2]]
        ),
        errors.ShapeError,
        "expected orders of all 4 cases, found shape (1, 4)",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_names_the_case_and_what_was_found(
    call: Callable[[], object], error: type[QcaError], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()

    assert (type(caught.value), str(caught.value)) == (error, message)
