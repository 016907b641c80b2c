"""What is told of the test of patterns: figures of whole functions, cut where one decides."""

from dataclasses import replace

import numpy as np
import pytest

from diagnostics.scoring.pattern_tests import POOLS_TOLD
from diagnostics.scoring.results import AssessmentResult
from qca.patterns.support import DEFAULT_SUPPORT_POLICY
from survey.documents.plain_values import to_document
from tests.claims.door import scored
from tests.claims.worlds import Outcome, World

PLANTED = World("planted", units=24, people=264, outcome=Outcome.PATTERNS)


@pytest.fixture(scope="module")
def result() -> AssessmentResult:
    return scored(PLANTED, 1, draws=20)


def test_figures_have_two_decimals(result: AssessmentResult) -> None:
    company = to_document(result.company)
    figures = [
        value
        for test in (*company["pattern_tests"], *company["set_tests"])
        for value in test.values()
        if isinstance(value, float)
    ]

    assert len(figures) > 20
    assert figures == [round(value, 2) for value in figures]


def test_a_function_that_nobody_answered_for_is_told_nothing(result: AssessmentResult) -> None:
    empty = [test for test in result.company.pattern_tests if test.function == "sales"]
    whole = result.company.set_tests[1]

    assert [(test.finding.value, test.p, test.pools, test.respondents) for test in empty] == [
        ("too_few_answers", None, None, None)
    ] * 3
    assert (whole.function, whole.pools, whole.association, whole.sum_fit) == (
        "sales", None, None, None,
    )  # fmt: skip


def test_no_number_of_groups_above_ten_is_told(result: AssessmentResult) -> None:
    told = {test.pools for test in result.company.pattern_tests if test.function == "operations"}

    assert told == {POOLS_TOLD}


def test_a_group_of_eight_is_in_no_mean_of_groups() -> None:
    small = scored(replace(PLANTED, units=30, people=240), 1, draws=20).company.pattern_tests[0]

    assert (small.respondents, small.within) == (240, None)
    assert small.between is not None


def test_figure_and_word_agree_at_the_thresholds() -> None:
    policy = DEFAULT_SUPPORT_POLICY
    for seed in range(3):
        world = World("near", people=120, units=20, outcome_mean=4.3 + 0.1 * seed, own=1.0)
        for test in scored(world, seed, draws=20).company.pattern_tests[:3]:
            assert test.consistency is not None
            assert test.pri is not None
            assert test.p is not None
            fails = (
                test.consistency < policy.consistency
                or test.pri < policy.pri
                or test.p > policy.chance
            )
            assert not fails or test.finding.value == "not_shown"


def test_each_function_has_chance_of_its_own() -> None:
    world = replace(PLANTED, functions=("operations", "sales"))
    first, second = scored(world, 2, draws=20).company.set_tests

    assert (first.function, second.function) == ("operations", "sales")
    assert not np.isclose(first.association or 0, second.association or 0, atol=0.001)
