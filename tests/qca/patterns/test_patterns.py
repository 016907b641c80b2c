"""Memberships in patterns, their order, distances, bottlenecks and compensation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.calibration.anchors import scores_at
from qca.errors import DuplicateNameError, PatternError, ShapeError, UnknownNameError
from qca.patterns.leximin import leading_in_draws, leading_patterns, leximin_keys, rank_patterns
from qca.patterns.named_patterns import (
    Pattern,
    pattern_memberships,
    pattern_signs,
    required_memberships,
)
from qca.patterns.shortfalls import bottlenecks, compensations, distances
from tests.qca.patterns.default_patterns import (
    ABSOLUTE,
    DEFAULT,
    ELEMENTS,
    STRICT,
    padded,
    required_values,
)

UNIT = {"TF": 0.7, "AD": 0.6, "AG": 0.3, "RB": 0.8, "CF": 0.1}
memberships = arrays(np.float64, (4, 5), elements=st.integers(0, 20).map(lambda n: n / 20))


def test_membership_is_the_lowest_of_what_is_required() -> None:
    found = pattern_memberships(list(UNIT.values()), patterns=DEFAULT, elements=ELEMENTS)

    assert found.tolist() == [0.6, 0.3, 0.3]


def test_core_membership_skips_peripheral_elements() -> None:
    values = list(UNIT.values())

    found = pattern_memberships(values, patterns=DEFAULT, elements=ELEMENTS, core_only=True)

    assert found.tolist() == [0.7, 0.6, 0.3]


def test_absent_elements_count_by_their_negation() -> None:
    found = pattern_memberships(list(UNIT.values()), patterns=STRICT, elements=ELEMENTS)

    assert found == pytest.approx([0.6, 0.2, 0.3])


def test_unknown_membership_makes_only_patterns_that_need_it_unknown() -> None:
    found = pattern_memberships([0.7, 0.6, math.nan, 0.8, 0.1], patterns=DEFAULT, elements=ELEMENTS)

    assert found[0] == 0.6
    assert np.isnan(found[1:]).all()


@given(memberships)
def test_all_units_at_once_equal_one_by_one(table: np.ndarray) -> None:
    for patterns in (DEFAULT, STRICT):
        found = pattern_memberships(table, patterns=patterns, elements=ELEMENTS)

        units = [dict(zip(ELEMENTS, row, strict=True)) for row in table]
        expected = [[required_values(p, unit)[0] for p in patterns] for unit in units]
        assert found.tolist() == expected


@given(arrays(np.float64, (3, 2, 5), elements=st.floats(0, 1)))
def test_draws_of_units_are_just_another_axis(draws: np.ndarray) -> None:
    found = pattern_memberships(draws, patterns=DEFAULT, elements=ELEMENTS)

    flat = pattern_memberships(draws.reshape(6, 5), patterns=DEFAULT, elements=ELEMENTS)
    assert found.shape == (3, 2, 3)
    assert (found.reshape(6, 3) == flat).all()


@given(memberships)
def test_order_is_leximin_by_brute_force(table: np.ndarray) -> None:
    for patterns in (DEFAULT, STRICT, (*DEFAULT, Pattern("short", {"TF": True}))):
        found = rank_patterns(table, patterns=patterns, elements=ELEMENTS)

        for row, order in zip(table, found, strict=True):
            unit = dict(zip(ELEMENTS, row, strict=True))
            lists = [padded(pattern, unit) for pattern in patterns]
            expected = sorted(range(len(patterns)), key=lambda p: [-v for v in lists[p]])
            assert order.tolist() == expected


@given(memberships)
def test_leading_pattern_is_first_of_the_order(table: np.ndarray) -> None:
    keys = leximin_keys(required_memberships(table, pattern_signs(DEFAULT, ELEMENTS)))

    order = rank_patterns(table, patterns=DEFAULT, elements=ELEMENTS)
    assert leading_patterns(keys).tolist() == order[:, 0].tolist()


@given(
    arrays(
        np.float64,
        (40, 5),
        elements=st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1 - 0.7, 0.1 + 0.2, np.nan]),
    )
)
def test_thousands_of_draws_have_the_leaders_that_each_has_alone(draws: np.ndarray) -> None:
    absent = Pattern("absent", {"TF": False, "CF": True})
    for patterns in (
        DEFAULT,
        STRICT,
        (absent,),
        (*DEFAULT, absent, Pattern("short", {"AG": True})),
    ):
        signs = pattern_signs(patterns, ELEMENTS)

        together = leading_in_draws(draws, signs)

        alone = [leading_patterns(leximin_keys(required_memberships(d, signs))) for d in draws]
        assert together.tolist() == alone


@given(st.permutations([0.2, 0.4, 0.6, 0.8]))
def test_default_leader_does_without_the_weakest_of_three(values: list[float]) -> None:
    unit = [*values, 0.5]

    leader = rank_patterns(unit, patterns=DEFAULT, elements=ELEMENTS)[0]

    weakest = ("AD", "AG", "RB")[int(np.argmin(unit[1:4]))]
    assert weakest not in DEFAULT[leader].required


def test_order_ignores_rounding_of_negations() -> None:
    pair = (Pattern("first", {"A": False, "B": True}), Pattern("second", {"C": True, "B": False}))

    found = rank_patterns([0.7, 0.9, 1 - 0.7], patterns=pair[:1], elements="ABC")
    tied = rank_patterns(
        [0.7, 0.5, 0.3],
        patterns=(Pattern("plain", {"C": True, "B": True}), Pattern("not", {"A": False})),
        elements="ABC",
    )

    assert found.tolist() == [0]
    assert tied.tolist() == [1, 0]


def test_pattern_with_unknown_membership_comes_last() -> None:
    found = rank_patterns([0.2, math.nan, 0.2, 0.2, 0.2], patterns=DEFAULT, elements=ELEMENTS)

    assert found.tolist() == [2, 0, 1]


def test_distance_sums_the_points_to_two_thirds() -> None:
    scores = [5.0, 4.0, 3.0, 6.0, 1.0]

    found = distances(scores, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)

    goal = 4.1 + math.log(0.67 / 0.33) / math.log(19) * 1.9
    expected = [goal - 4, (goal - 4) + (goal - 3), goal - 3]
    assert found == pytest.approx(expected, abs=1e-12)


def test_distance_of_an_absent_element_is_what_it_is_too_high_by() -> None:
    found = distances(
        [6.0, 6.0, 6.0, 6.0, 1.0], patterns=STRICT, elements=ELEMENTS, anchors=ABSOLUTE
    )

    goal = scores_at(0.33, ABSOLUTE)[0]
    assert found == pytest.approx([6 - goal] * 3, abs=1e-12)


def test_bottleneck_is_the_lowest_required_element() -> None:
    values = list(UNIT.values())

    assert bottlenecks(values, pattern=DEFAULT[0], elements=ELEMENTS) == ("AD",)
    assert bottlenecks(values, pattern=DEFAULT[1], elements=ELEMENTS) == ("AG",)


def test_overlapping_intervals_name_two_bottlenecks() -> None:
    values = list(UNIT.values())
    intervals = np.array([[0.55, 0.8], [0.5, 0.7], [0.1, 0.4], [0.71, 0.9], [0.0, 0.2]])

    assert bottlenecks(values, pattern=DEFAULT[0], elements=ELEMENTS, intervals=intervals) == (
        "AD",
        "TF",
    )
    assert bottlenecks(values, pattern=DEFAULT[1], elements=ELEMENTS, intervals=intervals) == (
        "AG",
    )


def test_interval_of_an_absent_element_is_turned_round() -> None:
    calm = Pattern("calm", {"A": False, "B": True})

    # A: 1 - .7 = .3 within [.2, .45]; B: .5 within [.4, .6]: they overlap.
    found = bottlenecks(
        [0.7, 0.5], pattern=calm, elements="AB", intervals=[[0.55, 0.8], [0.4, 0.6]]
    )

    assert found == ("A", "B")


def test_unit_that_lacks_agility_leans_on_what_its_pattern_has_instead() -> None:
    found = compensations(list(UNIT.values()), leading=0, patterns=DEFAULT, elements=ELEMENTS)

    assert found == {"AG": ("AD", "RB")}


def test_pattern_sets_without_exchange_show_no_compensation() -> None:
    one = (Pattern("only", {"TF": True, "AD": True}),)

    assert (
        compensations([0.9, 0.9, 0.1, 0.1, 0.1], leading=0, patterns=one, elements=ELEMENTS) == {}
    )


def test_expression_prints_like_a_solution_term() -> None:
    assert STRICT[0].expression == "TF*AD*~AG*RB"


def test_wrong_input_is_named() -> None:
    with pytest.raises(PatternError, match="at least one required"):
        Pattern("nothing", {})
    with pytest.raises(PatternError, match=r"found \['B'\]"):
        Pattern("stranger", {"A": True}, core=frozenset({"B"}))
    with pytest.raises(PatternError, match="at least one pattern"):
        pattern_signs([], ELEMENTS)
    with pytest.raises(DuplicateNameError, match="pattern names"):
        pattern_signs([DEFAULT[0], DEFAULT[0]], ELEMENTS)
    with pytest.raises(DuplicateNameError, match="element names"):
        pattern_signs(DEFAULT, ["TF", "TF"])
    with pytest.raises(UnknownNameError, match="found 'RB' in 'assertive'"):
        pattern_signs(DEFAULT, ["TF", "AD", "AG"])
    with pytest.raises(ShapeError, match="expected 5 memberships"):
        pattern_memberships([0.1], patterns=DEFAULT, elements=ELEMENTS)
    with pytest.raises(PatternError, match="known memberships"):
        bottlenecks([math.nan] * 5, pattern=DEFAULT[0], elements=ELEMENTS)
