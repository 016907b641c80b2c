"""Intervals of units' scores hold as many truths as they say."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.scales import scales_of
from diagnostics.scoring.sets import ReleasedAnswers, SetFigures
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import Plan
from survey.release.tree import NOWHERE, ROOT, UnitTree

UNITS = 60
PEOPLE = 10
SPREAD = 1.0  # points, of one person's level


def released_answers(instrument: Instrument, seed: int) -> tuple[ReleasedAnswers, UnitTree]:
    """Return units of ten people, all drawn around 4.5 on every statement."""
    generator = np.random.default_rng(seed)
    keys = ("company", *(f"team-{place}" for place in range(UNITS)))
    tree = UnitTree(keys, (NOWHERE, *[ROOT] * UNITS), keys)
    count = UNITS * PEOPLE
    items = [item.code for construct in instrument.constructs for item in construct.items]
    level = generator.normal(4.5, SPREAD, (count, 1))
    told = np.clip(np.round(level + generator.normal(0, 1, (count, len(items)))), 1, 7)
    reversed_items = {
        item.code for one in instrument.constructs for item in one.items if item.is_reversed
    }
    answers = pd.DataFrame(told, columns=items)
    for item in reversed_items:
        answers[item] = 8 - answers[item]
    answers.insert(0, "unit", np.repeat(keys[1:], PEOPLE))
    answers.insert(1, "function", "operations")
    answers.insert(2, "leads", "")
    method = default_method(instrument)
    tables, rows = release(
        answers,
        tree,
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(attention_check=False, item_total=-1.0),
    )
    scales = scales_of(instrument, tables.dropped_items)
    return ReleasedAnswers(tables, rows, scales, method, {}), tree


def figures_of_teams(released: ReleasedAnswers, tree: UnitTree) -> list[SetFigures]:
    infos = [released.tables.unit_set(key, Plan.SENSITIVE) for key in tree.keys[1:]]
    return [released.figures(info) for info in infos if info is not None]


def test_an_interval_is_students_around_the_score_that_is_told(instrument: Instrument) -> None:
    released, tree = released_answers(instrument, seed=1)
    figures = figures_of_teams(released, tree)
    assert len(figures) == UNITS
    for one in figures:
        people = one.personal[:, 0]
        reach = t.ppf(0.975, PEOPLE - 1) * people.std(ddof=1) / np.sqrt(PEOPLE)
        assert one.intervals[0].tolist() == pytest.approx(
            [one.scores[0] - reach, one.scores[0] + reach]
        )


def test_of_units_of_ten_nineteen_in_twenty_intervals_hold_the_truth(
    instrument: Instrument,
) -> None:
    held = []
    for seed in range(8):
        released, tree = released_answers(instrument, seed)
        truth = released.scores(released.tables.sets[0])[0]  # of 600 people
        held += [
            one.intervals[0, 0] <= truth <= one.intervals[0, 1]
            for one in figures_of_teams(released, tree)
        ]
    # Percentiles of the bootstrap hold .90. The seeds are fixed; .935 is two standard errors off.
    assert 0.935 <= np.mean(held) <= 0.965
