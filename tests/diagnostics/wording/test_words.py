"""Sentences follow the numbers, over a grid of results."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.results.wording.advice import chosen_levers, lever_readings
from diagnostics.scoring.results import ConstructScore, Interval, VerdictResult
from diagnostics.wording.glossary import glossary
from diagnostics.wording.levers import bottleneck_sentence, lever_sentence, shortfall_sentence
from diagnostics.wording.numbers import band_words, interval_words, score_words
from diagnostics.wording.verdicts import (
    borderline_sentence,
    headline,
    stability_sentence,
    verdict_sentence,
)
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.named_patterns import pattern_memberships
from qca.patterns.verdicts import DEFAULT_POLICY, Level, VerdictKind
from tests.diagnostics.example_results import ANCHORS, METHOD, example_diagnosis, source

NAMES = glossary(METHOD, "en")
PATTERNS = METHOD.pattern_set.qca_patterns()


def verdict(kind: VerdictKind, **changes: object) -> VerdictResult:
    base = VerdictResult(
        kind=kind,
        leading="responsive",
        second="assertive",
        membership=0.62,
        level=Level.MORE_IN_THAN_OUT,
        gap=0.2,
        stability=0.9,
        element="TF",
        is_borderline=False,
        turning_points=(),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (VerdictKind.PROFILE_ONLY, "A profile, and no pattern yet"),
        (VerdictKind.ELEMENT_FIRST, "Technology foresight first"),
        (VerdictKind.NONE_YET, "No pattern yet; Responsive is nearest"),
        (VerdictKind.BETWEEN, "Between Responsive and Assertive"),
        (VerdictKind.CLEAR, "Responsive: more in than out"),
        (VerdictKind.LEANING, "Leaning towards Responsive"),
        (VerdictKind.NOT_CLEAR, "Not clear; Responsive is a little ahead"),
    ],
)
def test_every_verdict_has_its_headline(kind: VerdictKind, expected: str) -> None:
    assert headline(verdict(kind), NAMES) == expected


@pytest.mark.parametrize(
    ("kind", "level", "share"),
    list(product(VerdictKind, Level, [None, 0.0, 0.31, 0.6, 0.8, 0.95, 1.0])),
)
def test_sentences_are_whole_for_every_result(
    kind: VerdictKind, level: Level, share: float | None
) -> None:
    found = verdict(kind, level=level, stability=share)
    for sentence in (
        headline(found, NAMES),
        verdict_sentence(found, NAMES),
        stability_sentence(found, NAMES),
    ):
        assert "%(" not in sentence
        assert "  " not in sentence
        assert "()" not in sentence


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.95, "Responsive leads nearly every time."),
        (0.94, "Responsive leads about 9 times in ten."),
        (0.61, "Responsive leads about 6 times in ten."),
    ],
)
def test_stability_is_said_as_a_share_of_ten(share: float, expected: str) -> None:
    sentence = stability_sentence(verdict(VerdictKind.CLEAR, stability=share), NAMES)
    assert sentence == (f"How sure is that? When the answers are drawn again at random, {expected}")


def test_stability_is_not_said_where_no_pattern_fits() -> None:
    assert stability_sentence(verdict(VerdictKind.ELEMENT_FIRST), NAMES) == ""
    assert stability_sentence(verdict(VerdictKind.NONE_YET), NAMES) == ""
    assert stability_sentence(verdict(VerdictKind.BETWEEN), NAMES) == ""


def test_borderline_names_the_other_calibration_or_the_shift() -> None:
    lens = verdict(VerdictKind.CLEAR, is_borderline=True, turning_points=("other lens",))
    shift = verdict(VerdictKind.CLEAR, is_borderline=True, turning_points=("crossover +0.1",))
    other = verdict(VerdictKind.NONE_YET, leading="nimble")
    assert borderline_sentence(lens, other, NAMES) == (
        "Borderline: by the other calibration Nimble would lead."
    )
    assert borderline_sentence(shift, other, NAMES) == (
        "Borderline: a shift of the calibration by a tenth of a point would change the verdict."
    )
    assert borderline_sentence(verdict(VerdictKind.CLEAR), other, NAMES) == ""


def test_two_bottlenecks_are_named_together() -> None:
    assert bottleneck_sentence(("AD", "AG"), "Responsive", NAMES) == (
        "What holds back most is adaptability and agility: of what Responsive asks for, they are "
        "lowest, and too close to tell apart."
    )


def test_scores_and_intervals_never_show_the_ends_of_the_scale() -> None:
    assert [score_words(score) for score in (1.0, 1.5, 1.56, 4.25, 6.44, 6.5, 7.0)] == [
        "≤ 1.5",
        "≤ 1.5",
        "1.6",
        "4.2",
        "6.4",
        "≥ 6.5",
        "≥ 6.5",
    ]
    assert interval_words(Interval(1.1, 6.9)) == "1.5 to 6.5"
    assert interval_words(None) == ""


def test_bands_are_said_in_words() -> None:
    assert [band_words(band) for band in ("5-9", "10-19", "20-49", "50+")] == [
        "5–9 answers",
        "10–19 answers",
        "20–49 answers",
        "50 or more answers",
    ]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (4.36, "stands at 4.4 (4.0 to 4.8); from 4.6 on it would be reached: two tenths of a"),
        (4.60, "stands at 4.6 (4.0 to 4.8), which is enough; from 5.0 on it would be well inside"),
        (5.04, "stands at 5.0 (4.0 to 4.8), well inside already."),
    ],
)
def test_a_shortfall_is_said_in_points_with_its_interval(score: float, expected: str) -> None:
    entry = ConstructScore("AD", score, Interval(4.0, 4.8), 0.5, None, None, None, "20-49")
    assert f"Adaptability {expected}" in shortfall_sentence(entry, (4.56, 4.99), NAMES)


points = st.floats(2.5, 6.4).map(lambda value: round(value, 2))
scores = st.fixed_dictionaries(dict.fromkeys(METHOD.codes, points))


@settings(max_examples=60, deadline=None)
@given(scores=scores)
def test_what_a_lever_claims_is_what_the_scores_give(scores: dict[str, float]) -> None:
    diagnosis = example_diagnosis(scores, of=source("x", 24))
    anchors = [Anchors(*ANCHORS[code]) for code in METHOD.elements]
    for lever in chosen_levers(diagnosis):
        raised = [min(scores[c] + 0.5 * (c in lever.elements), 7.0) for c in METHOD.elements]
        memberships = calibrate_scores(raised, anchors)
        best = pattern_memberships(memberships, patterns=PATTERNS, elements=METHOD.elements)
        assert lever.membership == pytest.approx(np.max(best), abs=1e-9)
        sentence = lever_sentence(lever, diagnosis.verdict.membership or 0.0, NAMES)
        assert f"to {int(np.max(best) * 100 + 1e-9) / 100:.2f}".replace(" 0.", " .") in sentence
        assert f"in {NAMES.pattern(lever.pattern)}." in sentence
        assert DEFAULT_POLICY.level(float(np.max(best))) == lever.level
        assert sentence.startswith("Half a point more on ")


@settings(max_examples=60, deadline=None)
@given(scores=scores)
def test_nobody_is_told_to_bend_more_rules(scores: dict[str, float]) -> None:
    readings = lever_readings(example_diagnosis(scores, of=source("x", 24)), NAMES)
    assert not [lever for lever in readings if "Rule-bending" in lever.title]
    alone = {lever.title for lever in readings if ", " not in lever.title}
    for lever in readings:
        assert "more on rule-bending" not in lever.claim
        # A pair repeats nothing that stands with each of its elements already.
        is_repetition = ", " in lever.title and set(lever.title.split(", ")) <= alone
        assert len(lever.groups) in ({0} if is_repetition else {2, 4})
        assert all(len(group.items) in {2, 3} for group in lever.groups)


def test_a_third_pattern_that_fits_as_nearly_is_named_as_well() -> None:
    found = verdict(VerdictKind.BETWEEN, also=("nimble",))

    assert headline(found, NAMES) == "Between Responsive, Assertive and Nimble"
    assert verdict_sentence(found, NAMES).startswith("Responsive, Assertive and Nimble fit so")
