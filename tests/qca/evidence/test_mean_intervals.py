"""Intervals of means against tables, each other, and what they cover."""

import math

import numpy as np
import pytest

from qca.bootstrap import construct_scores
from qca.errors import OptionError, ShapeError
from qca.evidence.mean_intervals import studentised_intervals, t_intervals


def test_the_interval_of_three_answers_is_that_of_the_table() -> None:
    # t(2) = 4.303 for 95 %, s = 1.
    reach = 4.302653 / math.sqrt(3)

    assert t_intervals([[4], [5], [6]], constructs=[[0]]) == pytest.approx(
        np.array([[5 - reach, 5 + reach]])
    )


def test_the_interval_lies_around_the_score_also_where_answers_are_missing() -> None:
    answers = np.array([[4, 6], [5, np.nan], [3, 2], [np.nan, np.nan], [6, 7]])
    middle = t_intervals(answers, constructs=[[0, 1], [1]]).mean(axis=1)

    assert middle == pytest.approx(construct_scores(answers, [[0, 1], [1]]))


def test_one_answer_has_no_interval_and_equal_answers_have_one_without_width() -> None:
    answers = np.array([[4.0, np.nan], [4.0, 5.0]])
    found = t_intervals(answers, constructs=[[0], [1]])

    assert found == pytest.approx(np.array([[4, 4], [np.nan, np.nan]]), nan_ok=True)
    assert np.isnan(studentised_intervals(answers, constructs=[[0], [1]], seed=1)).all()


@pytest.mark.parametrize("people", [10, 20, 40])
def test_t_covers_what_it_says(people: int) -> None:
    answers = np.random.default_rng(people).normal(4.5, 1, (people, 4000))
    low, high = t_intervals(answers, constructs=[[place] for place in range(4000)]).T

    assert ((low <= 4.5) & (high >= 4.5)).mean() == pytest.approx(0.95, abs=0.015)


def test_t_with_missing_answers_covers_what_it_says() -> None:
    generator = np.random.default_rng(7)
    answers = generator.normal(4.5, 1, (15, 1000, 1)) + generator.normal(0, 1, (15, 1000, 4))
    answers[generator.random(answers.shape) < 0.2] = np.nan
    constructs = np.arange(4000).reshape(1000, 4).tolist()
    low, high = t_intervals(answers.reshape(15, -1), constructs=constructs).T

    assert ((low <= 4.5) & (high >= 4.5)).mean() == pytest.approx(0.95, abs=0.03)


def test_studentised_draws_agree_with_t_where_answers_are_many_and_normal() -> None:
    answers = np.random.default_rng(1).normal(4.5, 1, (400, 1))
    by_draws = studentised_intervals(answers, constructs=[[0]], seed=1, draws=4000)

    assert by_draws == pytest.approx(t_intervals(answers, constructs=[[0]]), abs=0.02)


def test_the_same_seed_gives_the_same_interval() -> None:
    answers = np.random.default_rng(1).normal(4.5, 1, (12, 1))
    first, again = (studentised_intervals(answers, constructs=[[0]], seed=5) for _ in range(2))

    assert first.tolist() == again.tolist()


def test_bad_levels_draws_and_columns_are_named() -> None:
    with pytest.raises(OptionError, match=r"expected a level in \(0, 1\), found 1"):
        t_intervals([[1.0]], constructs=[[0]], level=1)
    with pytest.raises(OptionError, match="expected at least one draw, found 0"):
        studentised_intervals([[1.0]], constructs=[[0]], seed=1, draws=0)
    with pytest.raises(ShapeError, match=r"expected columns within 0-0, found \[1\]"):
        t_intervals([[1.0]], constructs=[[1]])
