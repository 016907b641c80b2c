"""A team that agrees at an end of the scale is told like one that almost does."""

from dataclasses import replace

import pytest

from diagnostics.demonstration.population import Population
from diagnostics.exports.figures import figure_tables
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import ConstructScore, Interval
from diagnostics.wording.numbers import score_and_interval
from survey.documents.plain_values import from_document, to_document
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release

UNIT = "N3"  # of fourteen answers
Told = tuple[ConstructScore, tuple[object, ...]]  # of techno-functional work: on pages, and in CSV


def told(population: Population, instrument: Instrument, end: int, others: int) -> Told:
    """Return what is told of the unit when all answer at one end, but for as many others."""
    answers = population.answers.copy()
    people = answers.index[answers["unit"] == UNIT]
    for item in instrument.construct("TF").items:
        towards = 8 - end if item.is_reversed else end
        answers.loc[people, item.code] = towards
        answers.loc[people[:others], item.code] = towards + (1 if towards == 1 else -1)
    method = default_method(instrument)
    tables, rows = release(
        answers, population.tree(), instrument, floor=method.floor,
        sensitive_floor=method.sensitive_floor, exclusion_rules=ExclusionRules(),
    )  # fmt: skip
    result = assess(tables, rows, instrument=instrument, method=method)
    diagnosis = result.unit(UNIT).own_diagnosis
    assert diagnosis is not None
    entry = next(score for score in diagnosis.scores if score.construct == "TF")
    codes = {key: key for key in tables.tree.keys}
    table = figure_tables(result, tables, instrument, codes=codes, language="en")[0]
    names = [column.name for column in table.columns]
    cells = next(
        dict(zip(names, row, strict=True)) for row in table.rows if (row[0], row[2]) == (UNIT, 0)
    )
    return replace(entry, company=None), (cells["TF"], cells["TF_set"])


@pytest.mark.parametrize(
    ("end", "words", "score", "membership"),
    [(7, "≥ 6.5", 6.5, 0.976), (1, "≤ 1.5", 1.5, 0.025)],
)
def test_unanimity_at_an_end_shows_no_interval_and_no_digits(
    population: Population, instrument: Instrument,
    end: int, words: str, score: float, membership: float,
) -> None:  # fmt: skip
    unanimous = told(population, instrument, end, others=0)
    nearly = told(population, instrument, end, others=5)

    assert unanimous == nearly
    entry, cells = unanimous
    assert (entry.interval, entry.membership_interval) == (None, None)
    assert score_and_interval(entry) == words
    assert cells == (score, membership)


def test_a_result_that_was_stored_with_such_an_interval_is_read_without_it() -> None:
    inside = ConstructScore(
        "TF", 6.4, Interval(6.1, 6.5), 0.9, Interval(0.8, 0.95), None, 5.0, "10-19"
    )
    stored = to_document(inside) | {"score": 6.5}

    read = from_document(ConstructScore, stored)

    assert inside.interval == Interval(6.1, 6.5)
    assert read == replace(inside, score=6.5, interval=None, membership_interval=None)
