"""Change over waves: of units that carry on, with ten answers in both, in words and on pages."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from diagnostics.documents import UNIT_RESULT
from diagnostics.models import UnitAssessment
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.results.selectors.waves import Lineage, wave_before
from diagnostics.results.wording.trends import Past, trend_reading
from diagnostics.scoring.results import AssessmentResult, Interval, UnitResult
from diagnostics.scoring.trends import element_trend, unit_trend
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.models import Campaign, CampaignUnit, InstrumentVersion, Unit
from tests.diagnostics.example_results import (
    ASSERTIVE,
    RESPONSIVE,
    example_assessment,
    example_diagnosis,
    example_profile,
    source,
    unit,
)
from tests.diagnostics.stored_example import StoredExample, store_example

PAST = Past("Spring", "1 May 2026")
ALL = frozenset({"TF", "AD", "AG", "RB", "CF", "DSO"})


def result_of(*units: UnitResult) -> AssessmentResult:
    return example_assessment(units)


def team(scores: dict[str, float], n: int = 40) -> UnitResult:
    return unit("t", None, diagnosis=example_diagnosis(scores, of=source("t", n), n=n, spread=0.6))


def test_a_clear_rise_and_an_unclear_fall_are_told_as_such() -> None:
    then = {**RESPONSIVE, "AG": 4.2, "CF": 5.1}
    today = {**RESPONSIVE, "AG": 5.2, "CF": 5.0}
    before, now = result_of(team(then)), result_of(team(today))

    trend = unit_trend(before, now, unit_before="t", unit_now="t", comparable=ALL)
    found = trend_reading(trend, PAST, now=now, unit="Team", language="en")

    assert trend is not None
    rows = {row.name: (row.before, row.now, row.change, row.words) for row in found.rows}
    assert rows["Agility"] == ("4.2", "5.2", "+1.0", "higher")
    assert rows["Customer focus"] == ("5.1", "5.0", "−0.1", "no clear change")
    assert found.since == "Compared with “Spring”, closed on 1 May 2026"
    assert found.sentences[0] == "Clearly higher than then: agility."
    for entry in trend.elements:
        assert entry.interval is not None
        assert entry.change is not None
        assert entry.interval.low < entry.change < entry.interval.high
        shown = round(entry.interval.low, 1), round(entry.interval.high, 1)
        assert entry.is_clear == (not shown[0] <= 0 <= shown[1])


def test_verdicts_and_patterns_are_compared_by_one_rule_only() -> None:
    before, now = result_of(team(ASSERTIVE)), result_of(team(RESPONSIVE))
    other_anchors = replace(before, anchors={**before.anchors, "TF": (2.0, 4.4, 6.0)})

    same = unit_trend(before, now, unit_before="t", unit_now="t", comparable=ALL)
    other = unit_trend(other_anchors, now, unit_before="t", unit_now="t", comparable=ALL)

    assert same is not None
    assert other is not None
    words = trend_reading(same, PAST, now=now, unit="Team", language="en")
    assert [row.name for row in words.pattern_rows] == ["Assertive", "Responsive", "Nimble"]
    assert any(text.startswith("The verdict then: Assertive") for text in words.sentences)
    assert (other.patterns, other.verdict_before, other.is_same_rule) == ((), None, False)
    assert (
        "Patterns or calibration differ between the waves, so only scores are compared."
        in trend_reading(other, PAST, now=now, unit="Team", language="en").sentences
    )


def test_what_was_asked_in_other_words_is_not_compared_nor_is_a_verdict_that_rests_on_it() -> None:
    before, now = result_of(team(ASSERTIVE)), result_of(team(RESPONSIVE))

    trend = unit_trend(before, now, unit_before="t", unit_now="t", comparable={"TF", "CF", "DSO"})

    assert trend is not None
    assert {entry.construct for entry in trend.elements} == {"TF", "CF", "DSO"}
    assert (trend.patterns, trend.verdict_before, trend.verdict_now) == ((), None, None)
    words = trend_reading(trend, PAST, now=now, unit="Team", language="en")
    assert (
        "Not compared, as their statements are others now: adaptability, agility and rule-bending. "
        "A difference could come from the words."
    ) in words.sentences
    assert "Patterns or calibration differ" not in " ".join(words.sentences)


def test_fewer_than_ten_answers_in_either_wave_have_no_trend() -> None:
    large = result_of(team(RESPONSIVE))
    small = result_of(unit("t", None, profile=example_profile(RESPONSIVE, of=source("t", 9), n=9)))

    trends = [
        unit_trend(before, now, unit_before="t", unit_now="t", comparable=ALL)
        for before, now in ((large, small), (small, large))
    ]

    assert trends == [None, None]
    words = trend_reading(None, PAST, now=small, unit="Team", language="en")
    assert (words.rows, len(words.sentences)) == ((), 1)


def test_a_score_at_an_end_of_the_scale_has_no_known_change() -> None:
    scores = {score.construct: score for score in team(RESPONSIVE).diagnosis.scores}  # type: ignore[union-attr]
    end = replace(scores["TF"], score=6.5, interval=Interval(6.3, 6.5))

    found = element_trend(scores["TF"], end)

    assert (found.change, found.interval, found.is_clear) == (None, None, False)


@pytest.fixture
def waves(db: None) -> tuple[StoredExample, StoredExample]:
    """Return two waves of one company; agility has risen in Oulu."""
    return store_example(), store_example(wave=2)


def reading_of(example: StoredExample, name: str) -> tuple[str, ...]:
    assert example.assessment is not None
    unit_there = example.units[name]
    result = assessment_result(example.assessment, units=[unit_there.pk])
    return unit_trend_reading(example.assessment, result, unit_there, language="en").sentences


def become(now: StoredExample, before: StoredExample, heir: str, *origins: str) -> CampaignUnit:
    """Make a unit of the second wave a new one that carries on units of the first."""
    old = now.units[heir]
    fresh = Unit.objects.create(
        organisation=now.campaign.organisation, code=f"new-{heir}", name=f"New {heir}"
    )
    fresh.predecessors.set(Unit.objects.filter(snapshots__in=[before.units[n] for n in origins]))
    CampaignUnit.objects.filter(pk=old.pk).update(unit=fresh, name=fresh.name)
    old.refresh_from_db()
    return old


def rename(example: StoredExample, name: str) -> None:
    stored = UnitAssessment.objects.get(unit=example.units[name])
    result = replace(UNIT_RESULT.read(stored.result), name=f"New {name}")
    UnitAssessment.objects.filter(pk=stored.pk).update(result=UNIT_RESULT.stored(result))


def test_units_carry_on_as_themselves_renamed_merged_split_or_new(
    waves: tuple[StoredExample, StoredExample],
) -> None:
    first, second = waves
    found = {"oulu": wave_before(second.campaign, second.units["oulu"])}
    renamed = become(second, first, "turku", "turku")
    found["turku"] = wave_before(second.campaign, renamed)
    found["kemi"] = wave_before(second.campaign, become(second, first, "kemi", "kemi", "inari"))
    found["umea"] = wave_before(second.campaign, become(second, first, "umea", "lone"))
    found["inari"] = wave_before(second.campaign, become(second, first, "inari"))

    assert {name: (wave.lineage, wave.unit) for name, wave in found.items()} == {
        "oulu": (Lineage.SAME, first.units["oulu"]),
        "turku": (Lineage.RENAMED, first.units["turku"]),
        "kemi": (Lineage.MERGED, None),
        "umea": (Lineage.SPLIT, None),  # the unit that it came from is still there
        "inari": (Lineage.NEW, None),
    }
    assert wave_before(first.campaign, first.units["oulu"]).lineage is Lineage.FIRST_WAVE
    assert wave_before(second.campaign, second.units["north"]).has_other_parts
    rename(second, "turku")
    assert "New turku was called Sales Turku then." in reading_of(second, "turku")
    assert "several units of the wave before" in reading_of(second, "kemi")[0]
    assert "Sales Åland stood for what are several units now" in reading_of(second, "umea")[0]
    assert "was not there in the wave before" in reading_of(second, "inari")[0]
    assert "This is the first wave." in reading_of(first, "oulu")[0]


def test_pages_show_the_change_to_those_who_may_see_the_unit(
    waves: tuple[StoredExample, StoredExample],
) -> None:
    _, second = waves
    client = Client()
    client.force_login(second.person("leader@example.com", leads="oulu"))
    campaign = second.campaign.pk

    own = client.get(reverse("diagnostics:unit-detail", args=[campaign, second.units["oulu"].pk]))
    company = client.get(reverse("diagnostics:company-detail", args=[campaign]))
    other = client.get(reverse("diagnostics:unit-detail", args=[campaign, second.units["umea"].pk]))

    for page in (own, company):
        assert "Change since the wave before" in page.text
        assert "Compared with “Autumn 2026”, closed on" in page.text
    assert other.status_code == 404


def test_a_wave_of_the_other_questionnaire_is_not_compared_and_the_page_says_so(
    waves: tuple[StoredExample, StoredExample],
) -> None:
    first, second = waves
    content = read_instrument_file(SHIPPED_INSTRUMENTS[-1])
    other = InstrumentVersion.objects.create(
        code="rutin-core", version=2, title="Core", content=content, digest="1"
    )
    Campaign.objects.filter(pk=first.campaign.pk).update(instrument=other)

    (sentence,) = reading_of(second, "oulu")
    assert sentence == (
        "The wave before asked other statements, so no change is shown: a difference could come "
        "from the words. From the next wave with these statements on, changes are shown here."
    )
