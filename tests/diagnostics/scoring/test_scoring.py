"""What scoring says of the demonstration organisation, recomputed from the released figures."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.demonstration.population import Population
from diagnostics.scoring.assessing import assess, result_digest
from diagnostics.scoring.company import most_often_leading
from diagnostics.scoring.definitions import default_calibrations, default_method
from diagnostics.scoring.diagnoses import Lens, diagnose, worthwhile_levers
from diagnostics.scoring.results import AssessmentResult, Diagnosis, Relation, Source
from diagnostics.scoring.sets import SetFigures
from diagnostics.scoring.verdict_shares import verdict_shares
from qca.patterns.named_patterns import Pattern
from qca.patterns.shortfalls import bottlenecks
from qca.patterns.verdicts import VerdictKind
from survey.documents.plain_values import from_document, to_document
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import Plan, ReleasedTables, SetInfo, SetKind

ELEMENTS = ("TF", "AD", "AG", "RB", "CF")
REQUIRED = {
    "assertive": ("TF", "AD", "RB"),
    "responsive": ("TF", "AD", "AG"),
    "nimble": ("TF", "AG", "RB"),
}
CORE = {"assertive": ("TF", "RB"), "responsive": ("TF", "AD"), "nimble": ("TF", "AG")}


def membership(score: float) -> float:
    """Direct calibration by 2, 4.1, 6, written out."""
    width = 1.9 if score >= 4.1 else 2.1
    return 1 / (1 + math.exp(-math.log(19) * (score - 4.1) / width))


def score_of(diagnosis: Diagnosis) -> dict[str, float]:
    return {entry.construct: entry.score for entry in diagnosis.scores}


def diagnoses(result: AssessmentResult) -> list[Diagnosis]:
    own = [unit.own_diagnosis for unit in result.units]
    by_function = [part.diagnosis for unit in result.units for part in unit.functions]
    return [diagnosis for diagnosis in [*own, *by_function] if diagnosis]


@pytest.fixture(scope="module")
def released(population: Population, instrument: Instrument) -> ReleasedTables:
    return release(
        population.answers,
        population.tree(),
        instrument,
        floor=5,
        sensitive_floor=10,
        exclusion_rules=ExclusionRules(),
    )[0]


def test_scores_are_means_of_the_released_item_means(
    demonstration: AssessmentResult, released: ReleasedTables, instrument: Instrument
) -> None:
    reverse = {item.code for _, item in instrument.items() if item.is_reversed}
    for diagnosis in diagnoses(demonstration):
        means = released.cells_of(diagnosis.source.set_key)["mean"]
        told: dict[str, list[float]] = {}
        for item, mean in means.items():
            told.setdefault(str(item)[:-1], []).append(8 - mean if item in reverse else mean)
        expected = {
            construct: round(float(np.mean(turned)), 2)
            for construct, turned in told.items()
            if len(turned) >= 0.6 * len(instrument.construct(construct).items)
        }

        assert score_of(diagnosis) == expected


def test_memberships_and_patterns_follow_from_the_scores(demonstration: AssessmentResult) -> None:
    for diagnosis in diagnoses(demonstration):
        inside = {code: membership(score) for code, score in score_of(diagnosis).items()}
        patterns = {p.pattern: (p.membership, p.core_membership) for p in diagnosis.patterns}

        assert {e.construct: e.membership for e in diagnosis.scores} == pytest.approx(inside)
        for code, required in REQUIRED.items():
            expected = (min(inside[e] for e in required), min(inside[e] for e in CORE[code]))
            assert patterns[code] == pytest.approx(expected)


def test_the_leading_pattern_does_without_the_weakest_of_three(
    demonstration: AssessmentResult,
) -> None:
    without = {"AD": "nimble", "AG": "assertive", "RB": "responsive"}
    for diagnosis in diagnoses(demonstration):
        scores = score_of(diagnosis)
        weakest = min(without, key=lambda element: scores[element])

        assert diagnosis.verdict.leading == without[weakest]
        assert diagnosis.patterns[0].pattern == without[weakest]


def test_the_first_rule_that_applies_gives_the_verdict(demonstration: AssessmentResult) -> None:
    for diagnosis in diagnoses(demonstration):
        verdict, scores = diagnosis.verdict, score_of(diagnosis)
        required = {e: membership(scores[e]) for e in REQUIRED[verdict.leading or ""]}
        best = min(required.values())
        if best < 0.5:
            is_foresight = required["TF"] == best
            expected = VerdictKind.ELEMENT_FIRST if is_foresight else VerdictKind.NONE_YET
        elif (verdict.gap or 0) < 0.05:
            expected = VerdictKind.BETWEEN
        elif (verdict.stability or 0) >= 0.8:
            expected = VerdictKind.CLEAR
        else:
            expected = (
                VerdictKind.LEANING if (verdict.stability or 0) >= 0.6 else VerdictKind.NOT_CLEAR
            )

        assert verdict.kind is expected
        assert verdict.membership == pytest.approx(best)


def best_membership(scores: dict[str, float]) -> tuple[float, list[float], str]:
    """The leading pattern by leximin, written out."""
    keys = {
        code: sorted(membership(scores[e]) for e in required) for code, required in REQUIRED.items()
    }
    leader = max(keys, key=lambda code: [round(value, 9) for value in keys[code]])
    return keys[leader][0], keys[leader], leader


def test_every_lever_brings_what_it_claims(demonstration: AssessmentResult) -> None:
    claims = 0
    for diagnosis in diagnoses(demonstration):
        before, _, _ = best_membership(score_of(diagnosis))
        for lever in diagnosis.levers:
            raised = score_of(diagnosis)
            for element in lever.elements:
                raised[element] = min(raised[element] + 0.5, 7)
            after, _, leader = best_membership(raised)
            claims += 1

            assert lever.membership == pytest.approx(after)
            assert lever.gain == pytest.approx(after - before)
            assert lever.points == pytest.approx(0.5 * len(lever.elements))
            assert lever.pattern == leader
    assert claims > 30


def test_nobody_is_told_to_bend_more_rules(demonstration: AssessmentResult) -> None:
    raised = {e for d in diagnoses(demonstration) for lever in d.levers for e in lever.elements}

    assert raised == {"TF", "AD", "AG"}
    assert {d.pattern_without_bending for d in diagnoses(demonstration)} == {"responsive"}


@given(st.lists(st.floats(1.5, 6.5), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_levers_are_all_that_bring_something_best_first(scores: list[float]) -> None:
    method = default_method(_instrument())
    anchors = dict.fromkeys((*ELEMENTS, "DSO"), (2.0, 4.1, 6.0))
    lens = Lens(method, anchors, {}, np.full(6, np.nan))
    by_code = dict(zip(ELEMENTS, scores, strict=True))
    before = best_membership(by_code)[0]

    def gain(*elements: str) -> float:
        raised = {e: min(s + 0.5 * (e in elements), 7) for e, s in by_code.items()}
        return best_membership(raised)[0] - before

    expected: dict[tuple[str, ...], float] = {
        (e,): gain(e) for e in ("TF", "AD", "AG") if gain(e) >= 0.005
    }
    for pair in combinations(("TF", "AD", "AG"), 2):
        if gain(*pair) >= max(gain(pair[0]), gain(pair[1])) + 0.005:
            expected[pair] = gain(*pair)

    found = worthwhile_levers(np.array(scores), method.pattern_set.qca_patterns(), lens)

    assert {lever.elements: lever.gain for lever in found} == pytest.approx(expected)
    assert [lever.gain for lever in found] == sorted((lever.gain for lever in found), reverse=True)


def _instrument() -> Instrument:
    from survey.instrument.content import parse_instrument
    from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file

    return parse_instrument(read_instrument_file(SHIPPED_INSTRUMENTS[0]))


def test_a_profile_of_five_to_nine_holds_no_interval_membership_or_bending(
    demonstration: AssessmentResult,
) -> None:
    small = [u for u in demonstration.units if u.profile and u.profile.source.band == "5-9"]

    assert {unit.unit for unit in small} >= {"N4", "E3", "E4", "K4"}
    for unit in small:
        told = {s.construct for s in unit.profile.scores} if unit.profile else set()
        assert told <= {"TF", "AD", "AG", "CF", "DSO"}
        for entry in unit.profile.scores if unit.profile else ():
            hidden = (entry.interval, entry.membership, entry.membership_interval, entry.level)
            assert hidden == (None, None, None, None)


def test_an_interval_holds_its_score_and_needs_ten_answers(demonstration: AssessmentResult) -> None:
    entries = [entry for d in diagnoses(demonstration) for entry in d.scores]

    assert {entry.band == "5-9" for entry in entries} == {True, False}
    for entry in entries:
        assert (entry.interval is None) == (entry.band == "5-9")
        assert (entry.membership_interval is None) == (entry.band == "5-9")
        if entry.interval is None or entry.membership_interval is None:
            continue
        assert entry.interval.low <= entry.score <= entry.interval.high
        assert entry.membership_interval.low <= (entry.membership or 0)
        assert (entry.membership or 1) <= entry.membership_interval.high


def test_shares_of_persons_are_told_in_tenths_between_one_and_nine(
    demonstration: AssessmentResult,
) -> None:
    shares = {p.share_inside for d in diagnoses(demonstration) for p in d.patterns}

    assert shares <= {None, *(tenth / 10 for tenth in range(1, 10))}


def test_a_whole_result_survives_json(demonstration: AssessmentResult) -> None:
    assert from_document(AssessmentResult, to_document(demonstration)) == demonstration


def test_the_same_answers_in_another_order_give_the_same_result(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    tables, rows = release(
        population.answers.sample(frac=1, random_state=3),
        population.tree(),
        instrument,
        floor=5,
        sensitive_floor=10,
        exclusion_rules=ExclusionRules(),
    )

    again = assess(tables, rows, instrument=instrument, method=demonstration.method)

    assert result_digest(again) == result_digest(demonstration)


def test_two_processes_give_the_figures_of_one(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    tables, rows = release(
        population.answers, population.tree(), instrument,
        floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules(),
    )  # fmt: skip

    shared = assess(
        tables, rows, instrument=instrument, method=demonstration.method, worth_sharing=1
    )

    assert result_digest(shared) == result_digest(demonstration)


def test_other_keys_of_units_change_no_figure_where_the_codes_are_known(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    tree = population.tree()
    keys = {code: f"{number:04d}" for number, code in enumerate(reversed(tree.keys))}
    answers = population.answers.assign(unit=population.answers["unit"].map(keys))
    renamed = replace(tree, keys=tuple(keys[code] for code in tree.keys))
    tables, rows = release(
        answers, renamed, instrument, floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules()
    )

    again = assess(
        tables,
        rows,
        instrument=instrument,
        method=demonstration.method,
        codes={key: code for code, key in keys.items()},
    )

    assert [u.diagnosis.verdict if u.diagnosis else None for u in again.units] == [
        u.diagnosis.verdict if u.diagnosis else None for u in demonstration.units
    ]


def test_relative_anchors_are_percentiles_and_the_fixed_ones_their_other_lens(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    rules = default_calibrations()
    method = replace(
        demonstration.method,
        calibration=rules["relative-wide"],
        other_lens=rules["fixed-off-centre"],
    )
    tables, rows = release(
        population.answers, population.tree(), instrument,
        floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules(),
    )  # fmt: skip

    result = assess(tables, rows, instrument=instrument, method=method)

    assert result.anchors == demonstration.other_anchors
    assert result.other_anchors == demonstration.anchors


def test_few_answers_have_no_percentiles(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    few = population.answers[population.answers["unit"] == "N1"]
    tables, rows = release(
        few, population.tree(), instrument,
        floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules(),
    )  # fmt: skip

    result = assess(tables, rows, instrument=instrument, method=demonstration.method)

    assert result.other_anchors == {}
    for test in result.company.pattern_tests:
        told = (test.respondents is None, test.consistency is None)
        assert told in {(True, True), (False, False)}, test
        assert test.respondents is None or test.respondents >= 10
    assert result.unit("N1").diagnosis is not None
    assert {test.finding.value for test in result.company.pattern_tests} == {"too_few_answers"}
    assert result.unit("HQ").profile is not None


def test_nothing_at_all_is_told_of_four_answers(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    tables, rows = release(
        population.answers.iloc[:4], population.tree(), instrument,
        floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules(),
    )  # fmt: skip

    result = assess(tables, rows, instrument=instrument, method=demonstration.method)

    assert {(unit.profile, unit.diagnosis, unit.alignment) for unit in result.units} == {
        (None, None, None)
    }
    assert result.company.scales == ()


def test_a_pattern_is_not_held_against_nine_people(
    population: Population, instrument: Instrument, demonstration: AssessmentResult
) -> None:
    """The test's figures rest on rule-bending, which nine people may not be told about."""
    people = population.answers
    sales = people.index[people["function"] == "sales"]
    tables, rows = release(
        people.drop(index=sales[9:]), population.tree(), instrument,
        floor=5, sensitive_floor=10, exclusion_rules=ExclusionRules(),
    )  # fmt: skip

    tests = assess(tables, rows, instrument=instrument, method=demonstration.method)

    figures = {
        (test.function, test.consistency is None, test.coverage is None, test.respondents is None)
        for test in tests.company.pattern_tests
    }
    assert figures == {("operations", False, False, False), ("sales", True, True, True)}


def test_a_pattern_needs_ten_answers_to_every_element_that_patterns_require() -> None:
    method = default_method(_instrument())
    anchors = dict.fromkeys((*ELEMENTS, "DSO"), (2.0, 4.1, 6.0))
    lens = Lens(method, anchors, {}, np.full(6, np.nan))
    info = SetInfo("sensitive/unit/x", SetKind.UNIT, Plan.SENSITIVE, "x", "", 14, ())
    source = Source(info.key, "x", "X", Relation.OWN, is_pool=False, band="10-19")
    draws = np.random.default_rng(1).normal(5, 0.3, (400, 6))

    def diagnosed(*answered: int) -> Diagnosis | None:
        scores, people, reaches = np.full(6, 5.0), np.full((14, 6), 5.0), np.full(6, 0.2)
        figures = SetFigures(info, scores, answered, answered, draws, people, reaches)
        return diagnose(figures, source, lens)

    assert diagnosed(9, 14, 14, 14, 14, 14) is None
    found = diagnosed(14, 10, 14, 14, 9, 14)  # customer focus: no pattern requires it
    assert found is not None
    memberships = {score.construct: score.membership is None for score in found.scores}
    assert memberships == {
        "TF": False, "AD": False, "AG": False, "RB": False, "CF": True, "DSO": False,
    }  # fmt: skip


def test_bottlenecks_without_intervals_cannot_be_told_apart() -> None:
    bold = Pattern("bold", {"A": True, "B": True})
    unknown = [[float("nan")] * 2, [0.8, 0.9]]

    assert bottlenecks([0.3, 0.85], pattern=bold, elements="AB", intervals=unknown) == ("A", "B")


def test_the_company_counts_units_and_no_regions_again(demonstration: AssessmentResult) -> None:
    shares = verdict_shares(demonstration)

    assert demonstration.company.verdicts == {kind.value: n for kind, n in shares.kinds.items()}
    assert sum(demonstration.company.verdicts.values()) == 16


def test_no_pattern_dominates_fewer_than_five_units(demonstration: AssessmentResult) -> None:
    known = [u.own_diagnosis.verdict for u in demonstration.units if u.own_diagnosis]
    responsive = [verdict for verdict in known if verdict.leading == "responsive"]

    assert most_often_leading(responsive[:4]) is None
    assert most_often_leading(responsive[:5]) == "responsive"


def test_means_of_personal_scores_are_told_to_one_decimal(demonstration: AssessmentResult) -> None:
    told = [(s.mean, s.standard_deviation) for s in demonstration.company.scales]

    assert told == [(round(mean, 1), round(deviation, 1)) for mean, deviation in told]
