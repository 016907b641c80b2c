"""Pattern test on own data, warnings, coincidence, matching of terms, alignment."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.errors import NoCasesError, OptionError, ShapeError
from qca.patterns.alignment import alignment
from qca.patterns.calibration_warnings import dominating_pattern, skewed_sets
from qca.patterns.named_patterns import Pattern
from qca.patterns.support import (
    BetweenUnits,
    Finding,
    PatternSupport,
    between_units,
    finding_of,
    pattern_support,
)
from qca.patterns.term_matching import match_terms, shared_core_matrix
from qca.sets.coincidence import coincidence_matrix, set_coincidence
from tests.qca.patterns.default_patterns import ABSOLUTE, DEFAULT, ELEMENTS

BOLD = Pattern("bold", {"A": True})
unit_interval = st.floats(0, 1)


def reaches_floors(x: list[float], y: list[float]) -> bool:
    found = pattern_support(np.array(x)[:, np.newaxis], y, patterns=[BOLD], elements=["A"])
    return found[0].reaches_floors


def test_a_consistent_pattern_reaches_the_floors() -> None:
    assert reaches_floors([0.9, 0.6, 0.2] * 20, [0.95, 0.7, 0.1] * 20)


def test_an_inconsistent_pattern_does_not_reach_them() -> None:
    assert not reaches_floors([0.9, 0.8] * 30, [0.5, 0.1] * 30)


def test_a_pattern_equally_consistent_with_the_negation_does_not_reach_them() -> None:
    # x is below both y and 1 - y, so PRI is 0 of 0 here: no evidence for y over ~y.
    found = pattern_support([[0.4]] * 60, [0.5] * 60, patterns=[BOLD], elements=["A"])[0]

    assert (found.consistency, found.reaches_floors) == (1.0, False)
    assert math.isnan(found.pri)


def test_fewer_than_three_members_do_not_reach_them() -> None:
    x = [0.9, 0.9, *[0.1] * 58]
    assert not reaches_floors(x, x)
    x[2] = 0.9
    assert reaches_floors(x, x)


def test_answers_with_missing_memberships_are_left_out() -> None:
    x = [[0.9]] * 50 + [[math.nan]] * 9
    y = [0.95] * 49 + [math.nan] * 10

    found = pattern_support(x, y, patterns=[BOLD], elements=["A"])[0]

    assert (found.respondents, found.cases) == (49, 49)


def fit(*, reaches_floors: bool = True, respondents: int = 50) -> PatternSupport:
    return PatternSupport("bold", reaches_floors, 0.9, 0.8, 0.6, 40, respondents)


@pytest.mark.parametrize(
    ("support", "chance", "between", "sum_wins", "expected"),
    [
        (fit(respondents=49), 0.01, BetweenUnits.SHOWN, False, Finding.TOO_FEW_ANSWERS),
        (fit(reaches_floors=False), 0.01, BetweenUnits.SHOWN, False, Finding.NOT_SHOWN),
        (fit(), 0.051, BetweenUnits.SHOWN, False, Finding.NOT_SHOWN),
        (fit(), math.nan, BetweenUnits.SHOWN, False, Finding.NOT_SHOWN),
        (fit(), 0.01, BetweenUnits.REFUTED, False, Finding.NOT_SHOWN),
        (fit(), 0.01, BetweenUnits.REFUTED, True, Finding.NOT_SHOWN),
        (fit(), 0.01, BetweenUnits.SHOWN, True, Finding.PLAIN_SUM),
        (fit(), 0.01, BetweenUnits.TOO_FEW_POOLS, True, Finding.PLAIN_SUM),
        (fit(), 0.05, BetweenUnits.SHOWN, False, Finding.SUPPORTED),
        (fit(), 0.05, BetweenUnits.OPEN, False, Finding.AMONG_PERSONS),
        (fit(), 0.05, BetweenUnits.TOO_FEW_POOLS, False, Finding.AMONG_PERSONS),
    ],
)
def test_the_first_line_of_the_rule_that_applies_gives_the_finding(
    support: PatternSupport, chance: float, between: BetweenUnits, sum_wins: bool, expected: Finding
) -> None:
    found = finding_of(support, chance=chance, between=between, sum_wins=sum_wins)

    assert found is expected


def test_a_negative_association_is_refuted_however_few_the_units() -> None:
    assert between_units(-0.4, 0.0, 0.25, 0.96) is BetweenUnits.REFUTED


def test_units_that_are_alike_refute_nothing() -> None:
    assert between_units(0.0, 0.1, 0.1, 0.5) is BetweenUnits.OPEN


def test_consistency_pri_and_coverage_by_hand() -> None:
    found = pattern_support([[0.8], [0.4], [0.6]], [0.6, 0.7, 0.9], patterns=[BOLD], elements=["A"])

    # min(x, y): .6 .4 .6 = 1.6; min(x, y, 1 - y): .4 .3 .1 = .8; sum x 1.8, sum y 2.2
    assert found[0].consistency == pytest.approx(1.6 / 1.8)
    assert found[0].pri == pytest.approx(0.8 / 1.0)
    assert found[0].coverage == pytest.approx(1.6 / 2.2)
    assert found[0].cases == 2


def test_sets_with_few_or_most_cases_are_skewed() -> None:
    table = np.array([[0.9, 0.9, 0.1], [0.9, 0.1, 0.1], [0.9, 0.9, 0.2], [0.4, math.nan, 0.5]])
    wide = np.vstack([table[:3], table[:3]])

    assert skewed_sets(table, names=["A", "B", "C"]) == {"C": 0.0}
    assert skewed_sets(wide, names=["A", "B", "C"]) == {"A": 1.0, "C": 0.0}


def test_share_of_exactly_a_fifth_is_in_order() -> None:
    assert skewed_sets([[0.9], [0.1], [0.1], [0.1], [0.1]], names=["A"]) == {}


def test_pattern_that_leads_nearly_everywhere_is_named() -> None:
    assert dominating_pattern(["bold"] * 8 + ["calm"] * 2) == "bold"
    assert dominating_pattern(["bold"] * 7 + ["calm"] * 3) is None
    assert dominating_pattern([]) is None
    assert dominating_pattern([None, None]) is None


@given(arrays(np.float64, (6, 2), elements=unit_interval))
def test_coincidence_is_symmetric_and_one_for_equal_sets(table: np.ndarray) -> None:
    x, y = table.T

    assert set_coincidence(x, y) == pytest.approx(set_coincidence(y, x), nan_ok=True)
    if x.sum() > 0:
        assert set_coincidence(x, x) == 1.0
    if table.sum() > 0:
        assert 0 <= set_coincidence(x, y) <= 1


@given(arrays(np.float64, (6, 5), elements=unit_interval))
def test_coincidence_matrix_is_pairwise_coincidence(table: np.ndarray) -> None:
    left, right = table[:, :2], table[:, 2:]

    found = coincidence_matrix(left, right)

    expected = [[set_coincidence(x, y) for y in right.T] for x in left.T]
    assert found == pytest.approx(np.array(expected), nan_ok=True)


def test_coincidence_of_three_sets_and_of_empty_ones() -> None:
    assert set_coincidence([0.2, 0.8], [0.4, 0.6], [0.3, 1.0]) == pytest.approx(0.8 / 1.4)
    assert math.isnan(set_coincidence([0.0, 0.0], [0.0, 0.0]))


def test_terms_are_matched_one_to_one_with_the_largest_sum() -> None:
    rng = np.random.default_rng(4)
    cases = rng.random((200, 5))
    terms = (
        Pattern("TF*AG*RB*~CF", {"TF": True, "AG": True, "RB": True, "CF": False}),
        Pattern("TF*AD*RB", {"TF": True, "AD": True, "RB": True}),
        Pattern("TF*AD*AG*CF", {"TF": True, "AD": True, "AG": True, "CF": True}),
    )

    found = match_terms(terms, patterns=DEFAULT, elements=ELEMENTS, memberships=cases)

    assert [(m.term, m.pattern) for m in found] == [
        ("TF*AG*RB*~CF", "nimble"),
        ("TF*AD*RB", "assertive"),
        ("TF*AD*AG*CF", "responsive"),
    ]
    assert found[1].coincidence == 1.0


def test_more_terms_than_patterns_leave_one_without_a_name() -> None:
    terms = [Pattern(f"t{n}", {"TF": True}) for n in range(4)]

    found = match_terms(
        terms, patterns=DEFAULT, elements=ELEMENTS, memberships=np.full((3, 5), 0.5)
    )

    unnamed = [m for m in found if m.pattern is None]
    assert len(unnamed) == 1
    assert math.isnan(unnamed[0].coincidence)


def test_shared_core_breaks_ties_of_coincidence() -> None:
    same = [[0.5, 0.5]] * 3
    terms = [Pattern("t", {"A": True, "B": True}, core=frozenset({"B"}))]
    named = [
        Pattern("by A", {"A": True, "B": True}, core=frozenset({"A"})),
        Pattern("by B", {"B": True, "A": True}, core=frozenset({"B"})),
    ]

    found = match_terms(terms, patterns=named, elements="AB", memberships=same)

    assert (found[0].pattern, found[0].coincidence, found[0].shared_core) == ("by B", 1.0, 1.0)


def test_shared_core_tells_presence_from_absence() -> None:
    terms = [Pattern("t", {"A": True, "B": True}, core=frozenset({"A", "B"}))]
    named = [Pattern("n", {"A": True, "B": False}, core=frozenset({"A", "B"})), BOLD]

    assert shared_core_matrix(terms, named, "AB").tolist() == [[1 / 3, 0.0]]


def test_alignment_compares_elements_memberships_and_leaders() -> None:
    operations = np.array([5.0, 4.6, 3.0, 5.0, 4.0])
    sales = np.array([5.5, 4.4, 5.0, 3.0, 4.0])

    found = alignment(operations, sales, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)

    assert found.differences == pytest.approx([-0.5, 0.2, -2.0, 2.0, 0.0])
    assert found.leading == ("assertive", "responsive")
    assert found.shares_leading_pattern is False
    assert 0 < found.overlap < 1
    assert np.isnan(found.intervals).all()


def test_interval_of_a_difference_comes_from_independent_draws() -> None:
    draws = np.linspace(0, 1, 101)[:, np.newaxis] + np.zeros(5)

    found = alignment(
        [4.5] * 5,
        [4.0] * 5,
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        first_draws=4 + draws,
        second_draws=np.full((101, 5), 4.0),
        level=0.9,
    )

    assert found.intervals == pytest.approx(np.tile([0.05, 0.95], (5, 1)))
    assert found.shares_leading_pattern is True
    assert found.leading == ("assertive", "assertive")


def test_unknown_side_shares_no_leading_pattern() -> None:
    found = alignment(
        [math.nan] * 5, [math.nan] * 5, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE
    )

    assert found.leading == (None, None)
    assert found.shares_leading_pattern is False


def test_wrong_input_is_named() -> None:
    with pytest.raises(ShapeError, match="outcome for each"):
        pattern_support([[0.5]], [0.5, 0.5], patterns=[BOLD], elements=["A"])
    with pytest.raises(ShapeError, match="2 columns"):
        skewed_sets([[0.5]], names=["A", "B"])
    with pytest.raises(OptionError, match="limit"):
        dominating_pattern(["bold"], limit=0.4)
    with pytest.raises(ShapeError, match="two or more sets"):
        set_coincidence([0.5])
    with pytest.raises(NoCasesError, match="complete case"):
        coincidence_matrix([[math.nan]], [[0.5]])
    with pytest.raises(ShapeError, match="same cases"):
        coincidence_matrix([[0.5]], [[0.5], [0.5]])
    with pytest.raises(ShapeError, match="scores a side"):
        alignment([1.0], [1.0], patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE)
