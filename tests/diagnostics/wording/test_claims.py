"""What sentences claim is recomputed from the stored scores and anchors, by other means."""

import math
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.results.wording.advice import bottleneck_sentences, notes
from diagnostics.results.wording.standings import standing_reading
from diagnostics.scoring.results import (
    AssessmentResult,
    ConstructScore,
    Diagnosis,
    Third,
    UnitResult,
)
from diagnostics.scoring.standings import third_of, with_standings
from diagnostics.wording.glossary import glossary
from diagnostics.wording.verdicts import headline, stability_sentence, verdict_sentence
from qca.patterns.verdicts import VerdictKind
from tests.diagnostics.example_results import ANCHORS, METHOD, example_diagnosis, source

NAMES = glossary(METHOD, "en")
REQUIRED = {
    "assertive": ("TF", "AD", "RB"),
    "responsive": ("TF", "AD", "AG"),
    "nimble": ("TF", "AG", "RB"),
}
points = st.sampled_from([3.0, 3.9, 4.05, 4.1, 4.15, 4.3, 4.6, 4.62, 5.0, 5.02, 5.6, 6.2])
scores = st.fixed_dictionaries(dict.fromkeys(METHOD.codes, points))


def membership(score: float) -> float:
    """Direct calibration by 2, 4.1, 6, written out."""
    width = 1.9 if score >= 4.1 else 2.1
    return 1 / (1 + math.exp(-math.log(19) * (score - 4.1) / width))


def score_at(wanted: float) -> float:
    """The same the other way round, from one half upwards."""
    return 4.1 + 1.9 * math.log(wanted / (1 - wanted)) / math.log(19)


def lists_of(given_scores: dict[str, float]) -> dict[str, list[float]]:
    """What each pattern requires, rising and padded with 1, rounded as far as it means anything."""
    return {
        pattern: [*sorted(round(membership(given_scores[code]), 9) for code in codes), 1.0]
        for pattern, codes in REQUIRED.items()
    }


def first_difference(one: list[float], other: list[float]) -> float:
    return next((a - b for a, b in zip(one, other, strict=True) if a != b), 0.0)


def printed(value: float) -> str:
    """A membership as it is printed: cut to two decimals."""
    return f"{math.floor(value * 100 + 1e-7) / 100:.2f}".removeprefix("0")


def named_in(text: str) -> set[str]:
    return {code for code, name in NAMES.patterns.items() if name in text}


@settings(max_examples=150, deadline=None)
@given(scores=scores)
def test_the_verdict_names_the_patterns_and_the_membership_that_the_scores_give(
    scores: dict[str, float],
) -> None:
    found = example_diagnosis(scores, of=source("x", 24)).verdict
    lists = lists_of(scores)
    best = max(lists, key=lambda pattern: lists[pattern])
    near = {
        pattern
        for pattern, values in lists.items()
        if abs(first_difference(lists[best], values)) < 0.05 - 1e-9
    }
    lowest = lists[best][0]
    title, said = headline(found, NAMES), verdict_sentence(found, NAMES)

    assert printed(lowest) in said
    if lowest < 0.5 - 1e-9:
        foresight_first = membership(scores["TF"]) <= lowest + 1e-9
        kind = VerdictKind.ELEMENT_FIRST if foresight_first else VerdictKind.NONE_YET
        assert found.kind is kind
        assert lists[found.leading or ""] == lists[best]
    elif len(near) > 1:
        assert found.kind is VerdictKind.BETWEEN
        assert named_in(title) == named_in(said) == near
    else:
        assert found.kind in {VerdictKind.CLEAR, VerdictKind.LEANING, VerdictKind.NOT_CLEAR}
        assert named_in(said) == {best}
    words = "well inside" if lowest >= 0.8 - 1e-9 else "more in than out"
    if found.kind not in {VerdictKind.ELEMENT_FIRST, VerdictKind.NONE_YET}:
        assert f": {words})" in said


@settings(max_examples=150, deadline=None)
@given(scores=scores)
def test_the_bottleneck_and_its_distance_are_those_of_the_scores(scores: dict[str, float]) -> None:
    diagnosis = example_diagnosis(scores, of=source("x", 24))
    leading = REQUIRED[diagnosis.verdict.leading or ""]
    sentences = bottleneck_sentences(diagnosis, ANCHORS, NAMES)

    assert scores[diagnosis.bottlenecks[0]] == min(scores[code] for code in leading)
    assert set(diagnosis.bottlenecks) <= set(leading)
    reached, inside = round(score_at(0.67), 1), round(score_at(0.8), 1)
    told = [code for code in diagnosis.bottlenecks if code != "RB"]
    for code, text in zip(told, sentences[1:], strict=False):
        shown = round(scores[code], 1)
        assert f"stands at {shown:.1f} (" in text
        goal = reached if shown < reached else inside
        assert (f"from {goal:.1f} on" in text) == (shown < inside)


@settings(max_examples=150, deadline=None)
@given(scores=scores)
def test_compensation_lacks_and_leans_on_what_the_scores_say(scores: dict[str, float]) -> None:
    diagnosis = example_diagnosis(scores, of=source("x", 24))
    leading = REQUIRED[diagnosis.verdict.leading or ""]
    by_name = {NAMES.mention(code): code for code in REQUIRED["responsive"] + ("RB", "CF")}
    for note in notes(diagnosis, NAMES):
        parts = re.match(r"(.+) is low here, .* leans on (.+)\.", note)
        if parts is None:
            continue
        lacked = by_name[parts[1].lower()]
        assert membership(scores[lacked]) < 0.5
        assert lacked not in leading
        for name in re.split(r", | and ", parts[2]):
            assert by_name[name] in leading
            assert membership(scores[by_name[name]]) >= 0.5 - 1e-9


@given(st.floats(0, 1))
def test_how_often_a_pattern_leads_is_said_to_the_nearest_tenth(share: float) -> None:
    verdict = _clear(share)

    text = stability_sentence(verdict.verdict, NAMES)

    if share >= 0.95:
        assert "nearly every time" in text
    else:
        told = re.search(r"about (\d+) times in ten", text)
        assert told is not None
        assert abs(int(told[1]) / 10 - share) <= 0.05 + 1e-9


def _clear(share: float) -> Diagnosis:
    found = example_diagnosis({**dict.fromkeys(METHOD.codes, 5.0), "RB": 3.0}, of=source("x", 24))
    kind = VerdictKind.CLEAR
    return replace(found, verdict=replace(found.verdict, kind=kind, stability=share))


@given(st.floats(1.5, 6.5), st.lists(st.floats(1.5, 6.5), min_size=4, max_size=30))
def test_a_third_is_that_of_the_share_of_units_below(score: float, others: list[float]) -> None:
    below = (sum(o < score for o in others) + sum(o <= score for o in others)) / 2 / len(others)

    found = third_of(score, others)

    if abs(below - 1 / 3) > 1e-9 and abs(below - 2 / 3) > 1e-9:
        expected = Third.LOWER if below < 1 / 3 else Third.UPPER if below > 2 / 3 else Third.MIDDLE
        assert found is expected


def test_units_stand_where_their_intervals_lie_among_the_others(
    demonstration: AssessmentResult,
) -> None:
    regions = {unit.parent for unit in demonstration.units}
    peers = [
        unit for unit in demonstration.units if unit.own_diagnosis and unit.unit not in regions
    ]

    placed = {unit.unit: unit.standings for unit in demonstration.units if unit.standings}

    assert set(placed) == {unit.unit for unit in peers}
    for unit in peers:
        scores = {score.construct: score for score in _scores(unit)}
        assert [each.construct for each in unit.standings] == [c for c in scores if c != "RB"]
        for each in unit.standings:
            others = [
                score.score
                for other in peers
                for score in _scores(other)
                if other is not unit and score.construct == each.construct
            ]
            interval = scores[each.construct].interval
            assert interval is not None
            assert each.lowest is third_of(interval.low, others)
            assert each.highest is third_of(interval.high, others)
            assert each.units == len(others) + 1
    words = standing_reading(peers[0], glossary(METHOD, "en"))
    assert words is not None
    assert len(words.rows) == 5
    assert "no ranking" in words.sentences[1]


def test_nobody_is_placed_among_fewer_than_five_units(demonstration: AssessmentResult) -> None:
    root, *others = (replace(unit, standings=()) for unit in demonstration.units)
    lowest = [replace(unit, parent=root.unit) for unit in others if unit.own_diagnosis]

    found = {
        count: [bool(u.standings) for u in with_standings([root, *lowest[-count:]], METHOD)]
        for count in (4, 5)
    }

    assert found == {4: [False] * 5, 5: [False] + [True] * 5}


def _scores(unit: UnitResult) -> tuple[ConstructScore, ...]:
    assert unit.own_diagnosis is not None
    return tuple(score for score in unit.own_diagnosis.scores if score.band != "5-9")
