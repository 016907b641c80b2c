"""The chart over waves: its places, its words, and which waves of a unit are drawn."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from diagnostics.charts.profile import Tick
from diagnostics.charts.trend import TrendChart, TrendLines, TrendTrack, WaveScore, trend_chart
from diagnostics.reports.documents import company_markup, unit_markup
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.trend_figures import WaveResult, trend_figure
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import UnitResult
from diagnostics.wording.page_parts import (
    TrendFigure,
    TrendReading,
    TrendRow,
    WaveRow,
    WaveScoresRow,
)
from survey.models import CampaignUnit
from tests.diagnostics.example_results import (
    ASSERTIVE,
    RESPONSIVE,
    SETTING,
    example_assessment,
    example_diagnosis,
    example_profile,
    source,
    unit,
)
from tests.diagnostics.stored_example import StoredExample, store_example

ALL = frozenset({"TF", "AD", "AG", "RB", "CF", "DSO"})


def team(scores: dict[str, float], n: int = 40) -> UnitResult:
    return unit("t", None, diagnosis=example_diagnosis(scores, of=source("t", n), n=n, spread=0.6))


def wave(name: str, result: UnitResult) -> WaveResult:
    return WaveResult(name, f"day of {name}", example_assessment((result,)), "t", ALL)


def small_team() -> UnitResult:
    return unit("t", None, profile=example_profile(RESPONSIVE, of=source("t", 9), n=9))


def figure(*waves: WaveResult) -> TrendFigure:
    found = trend_figure(waves, language="en")
    assert found is not None
    return found


def test_each_wave_has_a_track_and_scores_next_to_each_other_are_joined() -> None:
    waves = [WaveScore(4.0, 3.0, 5.0, "4.0"), WaveScore(None, text="–"), WaveScore(7.0, text="≥")]
    one, two = TrendTrack(1, 32, "4.0", 147, 105.3, 188.7, False), (272 - 22) * 5.5 / 6 + 22

    drawn = trend_chart([("Agility", waves), ("Focus", waves[:1] * 2)], crossover=(4.0, "4"))

    assert drawn == TrendChart(
        width=320,
        height=180,
        left=22,
        right=272,
        elements=(
            TrendLines("Agility", 17, (
                one,
                TrendTrack(2, 52, "–", None, None, None, is_newest=False),
                TrendTrack(3, 72, "≥", round(two, 1), None, None, is_newest=True),
            ), path=""),
            TrendLines("Focus", 107, (
                replace(one, y=122), replace(one, number=2, y=142, is_newest=True),
            ), path="M147.0 122.0L147.0 142.0"),
        ),
        ticks=(
            Tick(22, "1", "start", is_crossover=False),
            Tick(147, "4", "middle", is_crossover=True),
            Tick(272, "7", "end", is_crossover=False),
        ),
    )  # fmt: skip


def test_the_chart_says_in_words_and_tables_what_it_draws() -> None:
    found = figure(wave("Spring", team(ASSERTIVE)), wave("Autumn", team(RESPONSIVE, n=24)))

    markup = render_to_string("charts/trend_figure.html", {"figure": found})

    assert found.waves == (
        WaveRow(1, "Spring", "day of Spring", "Assertive: more in than out", "20–49 answers"),
        WaveRow(2, "Autumn", "day of Autumn", "Responsive: more in than out", "20–49 answers"),
    )
    assert found.rows[2] == WaveScoresRow("Agility", ("3.6 (3.4 to 3.8)", "4.8 (4.5 to 5.1)"))
    assert '<title id="trend-title">Scores of t over the waves</title>' in markup
    assert "Agility: 3.6 (3.4 to 3.8), 4.8 (4.5 to 5.1)." in markup
    assert len(markup.encode()) < 15_000


def test_a_wave_of_fewer_than_ten_is_named_without_figures() -> None:
    found = figure(
        wave("First", team(ASSERTIVE)), wave("Second", small_team()), wave("Third", team(ASSERTIVE))
    )

    assert found.waves[1] == WaveRow(
        2, "Second", "day of Second", "no verdict of its own", "fewer than ten answers"
    )
    assert {row.cells[1] for row in found.rows} == {"–"}
    tracks = [element.tracks[1] for element in found.chart.elements]
    assert {(track.point, track.low, track.text) for track in tracks} == {(None, None, "–")}
    large, small = wave("Large", team(RESPONSIVE)), wave("Small", small_team())
    alone = [(large,), (small, large), (large, small)]
    assert [trend_figure(waves, language="en") for waves in alone] == [None, None, None]


def test_a_verdict_by_another_rule_is_not_repeated() -> None:
    before, now = wave("Before", team(ASSERTIVE)), wave("Now", team(RESPONSIVE))
    anchors = {**before.result.anchors, "TF": (2.0, 4.4, 6.0)}
    other = replace(before, result=replace(before.result, anchors=anchors))

    found = figure(other, now)

    assert [each.verdict for each in found.waves] == [
        "by other patterns or another calibration",
        "Responsive: more in than out",
    ]
    assert [tick.label for tick in found.chart.ticks] == ["1", "7"]


def test_a_wave_of_other_statements_is_named_without_what_they_asked() -> None:
    before = replace(wave("Before", team(RESPONSIVE)), comparable=frozenset({"TF", "DSO"}))

    found = figure(before, wave("Now", team(RESPONSIVE)))

    assert [each.verdict for each in found.waves] == [
        "by other statements", "Responsive: more in than out",
    ]  # fmt: skip
    told = {row.name: row.cells[0] for row in found.rows}
    assert {name for name, cell in told.items() if cell != "–"} == {
        "Technology foresight", "Digital service orientation",
    }  # fmt: skip


def test_the_companys_report_draws_the_waves_and_a_units_has_no_room_for_them() -> None:
    now = wave("Now", team(RESPONSIVE))
    rows = (TrendRow("Agility", "3.6", "4.8", "+1.2", "", "higher"),)
    drawn = figure(wave("Then", team(ASSERTIVE)), now)
    trend = TrendReading("", ("Nothing changed.",), rows, "", (), "", drawn)
    company = company_reading(now.result, setting=SETTING, language="en")
    of_unit = unit_reading(now.result, "t", setting=SETTING, language="en")

    markups = (
        company_markup(replace(company, trend=trend)),
        unit_markup(replace(of_unit, trend=trend)),
    )

    assert [markup.count("Nothing changed.") for markup in markups] == [1, 1]
    assert [markup.count("Scores of t over the waves") for markup in markups] == [1, 0]


@pytest.fixture
def waves(db: None) -> list[StoredExample]:
    """Return five waves of one company."""
    return [store_example(wave=number) for number in range(1, 6)]


def drawn_waves(example: StoredExample, name: str) -> list[str]:
    assert example.assessment is not None
    there = example.units[name]
    result = assessment_result(example.assessment, units=[there.pk])
    found = unit_trend_reading(example.assessment, result, there, language="en").figure
    return [each.name for each in found.waves] if found else []


def test_four_waves_are_drawn_and_none_to_which_other_units_belonged(
    waves: list[StoredExample],
) -> None:
    third = waves[2].units
    CampaignUnit.objects.filter(pk=third["kemi"].pk).update(parent=third["south"])

    assert drawn_waves(waves[4], "oulu") == ["Wave 2", "Wave 3", "Wave 4", "Wave 5"]
    assert drawn_waves(waves[1], "oulu") == ["Autumn 2026", "Wave 2"]
    assert drawn_waves(waves[4], "north") == ["Wave 4", "Wave 5"]
    assert drawn_waves(waves[4], "kemi") == []
    assert drawn_waves(waves[0], "oulu") == []
