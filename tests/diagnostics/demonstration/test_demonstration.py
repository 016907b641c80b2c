"""The demonstration organisation has the properties that it is made for."""

from collections import Counter

import numpy as np
import pytest

from diagnostics.demonstration.assessing import assess_population
from diagnostics.demonstration.design import DEFAULT_SEED, REGIONS
from diagnostics.demonstration.population import Population, generate_population
from diagnostics.scoring.results import AssessmentResult, Relation
from diagnostics.scoring.scales import scales_of
from diagnostics.scoring.verdict_shares import verdict_shares
from qca.patterns.support import BetweenUnits, Finding
from qca.patterns.verdicts import VerdictKind
from qca.psychometrics import alpha, confirmatory_factors, intraclass_correlation, item_statistics
from survey.instrument.content import ConstructRole, Instrument
from survey.release.exclusions import ExclusionRules, exclusion_reasons

OTHER_SEEDS = (2, 3)


def test_534_people_answered_in_24_units_of_six_regions(population: Population) -> None:
    sizes = population.answers["unit"].value_counts()

    assert Counter(population.answers["function"]) == {"operations": 270, "sales": 264}
    assert (len(REGIONS), len(sizes), len(population.tree())) == (6, 24, 31)
    assert sorted(sizes[sizes < 5]) == [2, 3, 4, 4]
    assert sorted(sizes[(sizes >= 5) & (sizes < 10)]) == [6, 7, 8, 9]
    assert (sizes[sizes >= 10].min(), sizes.max()) == (12, 40)


def test_some_of_the_invited_did_not_answer(population: Population) -> None:
    answered = [person for person in population.people if person.row is not None]

    assert [person.row for person in answered] == list(range(534))
    assert 0.70 < len(answered) / len(population.people) < 0.82
    assert len({person.email for person in population.people}) == len(population.people)
    for person in answered:
        row = population.answers.iloc[person.row or 0]
        assert (person.unit, person.function, person.leads) == (
            row["unit"], row["function"], row["leads"]
        )  # fmt: skip


def test_the_same_seed_invents_the_same_organisation(
    population: Population, instrument: Instrument
) -> None:
    again = generate_population(DEFAULT_SEED, instrument)

    assert again.people == population.people
    assert again.answers.equals(population.answers)
    assert not generate_population(2, instrument).answers.equals(population.answers)


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_answers_look_like_answers(seed: int, instrument: Instrument) -> None:
    answers = generate_population(seed, instrument).answers
    scales = scales_of(instrument, ())
    turned = scales.turned_answers(answers)
    means = dict(zip(scales.items, np.nanmean(scales.personal_scores(turned), axis=0), strict=True))
    items = turned.to_numpy()
    centred = items - np.nanmean(items, axis=0)
    skew = np.nanmean(centred**3, axis=0) / np.nanmean(centred**2, axis=0) ** 1.5

    assert 3.6 < means.pop("RB") < 4.1
    assert all(4.4 < mean < 5.3 for mean in means.values())
    assert 0.01 < np.isnan(items).mean() < 0.03
    assert set(np.unique(items[~np.isnan(items)])) == set(range(1, 8))
    assert (skew < 0).mean() > 0.8
    assert np.all((np.nanstd(items, axis=0) > 1.1) & (np.nanstd(items, axis=0) < 1.9))


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_a_few_people_answer_without_reading(seed: int, instrument: Instrument) -> None:
    answers = generate_population(seed, instrument).answers

    reasons = exclusion_reasons(answers, instrument, ExclusionRules())

    assert 6 <= (reasons != "").sum() <= 9
    assert (reasons == "attention_check").sum() >= 4


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_items_measure_their_constructs(seed: int, instrument: Instrument) -> None:
    answers = generate_population(seed, instrument).answers
    answers = answers[exclusion_reasons(answers, instrument, ExclusionRules()) == ""]
    scales = scales_of(instrument, ())
    turned = scales.turned_answers(answers)

    for items in scales.items.values():
        table = turned[list(items)].to_numpy()
        assert 0.70 < alpha(table).raw < 0.95
        assert item_statistics(table).corrected_total.min() > 0.4
    model = confirmatory_factors(turned, scales.items)
    assert model.fit.cfi > 0.95
    assert model.loadings.min() > 0.5


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_units_explain_about_a_seventh_of_the_variance(seed: int, instrument: Instrument) -> None:
    answers = generate_population(seed, instrument).answers
    scales = scales_of(instrument, ())
    scores = scales.personal_scores(scales.turned_answers(answers))
    units = answers["unit"].tolist()

    shares = [intraclass_correlation(column, units).single for column in scores.T]

    assert 0.10 < np.mean(shares) < 0.20
    assert min(shares) > 0.0
    assert max(shares) < 0.30


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_every_pattern_goes_with_the_outcome_in_units_that_are_too_few_to_tell(seed: int) -> None:
    company = assess_population(seed).company

    assert [test.finding for test in company.pattern_tests] == [Finding.AMONG_PERSONS] * 6
    assert [test.between_units for test in company.set_tests] == [BetweenUnits.TOO_FEW_POOLS] * 2


@pytest.mark.parametrize("seed", [DEFAULT_SEED, *OTHER_SEEDS])
def test_all_patterns_lead_somewhere_and_doubtful_verdicts_occur(seed: int) -> None:
    result = assess_population(seed)
    own = [unit.own_diagnosis.verdict for unit in result.units if unit.own_diagnosis]
    sure = {v.leading for v in own if v.kind in {VerdictKind.CLEAR, VerdictKind.LEANING}}
    kinds = {verdict.kind for verdict in own}

    assert sure == {"assertive", "responsive", "nimble"}
    assert VerdictKind.BETWEEN in kinds
    assert kinds & {VerdictKind.ELEMENT_FIRST, VerdictKind.NOT_CLEAR}
    assert result.company.dominating_pattern is None


def test_small_units_are_pooled(demonstration: AssessmentResult) -> None:
    pooled = {
        unit.unit: unit.profile.source.relation
        for unit in demonstration.units
        if unit.profile and not unit.profile.source.is_own
    }
    without_own_pattern = {u.unit for u in demonstration.units if not u.own_diagnosis}

    assert pooled == dict.fromkeys(("S3", "S4", "W4", "C4"), Relation.WIDER)
    assert without_own_pattern == {"S3", "S4", "W4", "C4", "N4", "E3", "E4", "K4"}


def test_shares_of_the_default_seed_are_those_that_the_readme_states(
    demonstration: AssessmentResult,
) -> None:
    shares = verdict_shares(demonstration)

    assert shares.kinds == {
        VerdictKind.ELEMENT_FIRST: 1,
        VerdictKind.NONE_YET: 1,
        VerdictKind.BETWEEN: 3,
        VerdictKind.CLEAR: 9,
        VerdictKind.LEANING: 2,
    }
    assert shares.leading == {"assertive": 7, "responsive": 6, "nimble": 3}
    assert (shares.with_verdict, shares.without_verdict) == (16, 8)


def test_markers_have_nothing_to_do_with_the_outcome(
    population: Population, instrument: Instrument
) -> None:
    markers = [item.code for _, item in instrument.items(ConstructRole.MARKER)]
    outcome = population.answers[["DSO1", "DSO2", "DSO3", "DSO4"]].mean(axis=1)

    correlation = population.answers[markers].mean(axis=1).corr(outcome)

    assert abs(correlation) < 0.15
