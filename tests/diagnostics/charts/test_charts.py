"""Charts: geometry by whole values, and markup that carries its text alternative."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from diagnostics.charts.configuration import (
    Bar,
    ConfigurationChart,
    Symbol,
    configuration_chart,
)
from diagnostics.charts.heat_map import HeatCell, heat_cells
from diagnostics.charts.palette import OTHER_STYLE, STYLES, pattern_style
from diagnostics.charts.profile import ProfileChart, ProfileRow, ProfileValue, Tick, profile_chart
from diagnostics.templatetags.figures import breakable
from qca.patterns.named_patterns import Pattern

PATTERNS = (
    Pattern("bold", {"A": True, "B": True}, core=frozenset({"A"})),
    Pattern("calm", {"A": True, "B": False}, core=frozenset({"A", "B"})),
)
NAMES = {"A": "Foresight", "B": "Bending"}


def chart(
    patterns: Sequence[Pattern] = PATTERNS,
    pattern_memberships: Mapping[str, float] | None = None,
) -> ConfigurationChart:
    return configuration_chart(
        patterns=patterns,
        pattern_names={pattern.name: pattern.name.title() for pattern in patterns},
        element_names=NAMES,
        element_memberships={"A": 0.75, "B": None},
        pattern_memberships=pattern_memberships or {},
        leading="bold",
    )


def test_a_configuration_chart_draws_core_large_and_absent_crossed() -> None:
    bold, calm = chart().columns
    assert bold.symbols == (
        Symbol(x=64.0, y=79.0, radius=9.0, is_present=True, arm=5.6),
        Symbol(x=64.0, y=125.0, radius=5.0, is_present=True, arm=3.1),
    )
    assert calm.symbols == (
        Symbol(x=192.0, y=79.0, radius=9.0, is_present=True, arm=5.6),
        Symbol(x=192.0, y=125.0, radius=9.0, is_present=False, arm=5.6),
    )
    assert (bold.is_leading, calm.is_leading) == (True, False)


def test_memberships_become_bars_and_unknown_ones_nothing() -> None:
    drawn = chart(pattern_memberships={"bold": 0.5, "calm": 0.25})
    assert drawn.rows[0].bar == Bar(268.0, 74.0, 52.0, 39.0, 294.0, ".75")
    assert drawn.rows[1].bar is None
    assert drawn.columns[1].bar == Bar(166.0, 184.0, 52.0, 13.0, 192.0, ".25")
    assert (drawn.width, drawn.height) == (320.0, 202.0)


def test_markup_tells_no_more_than_the_printed_digits() -> None:
    """Every n of 5 to 9 leaves other means; places that are finer than a tenth tell them apart."""
    means = [
        total / n for n in range(5, 10) for total in range(n, 7 * n + 1) if 4.55 < total / n < 4.65
    ]
    assert len(set(means)) == 4

    profiles = {
        profile_chart([ProfileValue("Foresight", mean, mean, mean, mean)], crossover=None)
        for mean in means
    }
    bars = {chart(pattern_memberships={"bold": m}).columns[0].bar for m in (0.6701, 0.6799)}

    assert len(profiles) == 1
    assert bars == {Bar(38.0, 184.0, 52.0, 34.8, 64.0, ".67")}


def test_more_patterns_than_fit_make_the_chart_wider() -> None:
    many = tuple(Pattern(f"p{place}", {"A": True}) for place in range(6))
    drawn = chart(many)
    assert drawn.width == 6 * 72 + 64
    assert [column.style for column in drawn.columns] == [*STYLES, *[OTHER_STYLE] * 3]


def test_a_profile_chart_places_scores_intervals_and_company_on_the_scale() -> None:
    drawn = profile_chart(
        [
            ProfileValue("Foresight", 4.0, 3.0, 5.0, 7.0, "4.0"),
            ProfileValue("Bending", None, text="shown from ten answers on"),
        ],
        crossover=4.1,
    )
    assert drawn.rows == (
        ProfileRow("Foresight", "4.0", 17.0, 31.0, 160.0, 109.3, 210.7, 286.7),
        ProfileRow("Bending", "shown from ten answers on", 67.0, 81.0, None, None, None, None),
    )
    assert drawn.ticks == (
        Tick(8.0, "1", "start", is_crossover=False),
        Tick(165.1, "4.1", "middle", is_crossover=True),
        Tick(312.0, "7", "end", is_crossover=False),
    )
    assert (drawn.height, drawn.bottom) == (124.0, 100.0)


def test_the_crossover_is_written_as_the_language_writes_numbers() -> None:
    labels = {}
    for language in ("en", "fi", "sv", "de"):
        with override(language):
            labels[language] = profile_chart([], crossover=4.1).ticks[1].label
    assert labels == {"en": "4.1", "fi": "4,1", "sv": "4,1", "de": "4,1"}


def test_words_instead_of_a_score_stand_below_the_name() -> None:
    shown, hidden = profile_chart(
        [ProfileValue("A", 4.0, text="4.0"), ProfileValue("B", None, text="from ten answers on")],
        crossover=None,
    ).rows
    assert (shown.text_baseline, shown.baseline) == (17.0, 17.0)
    assert (hidden.text_baseline, hidden.baseline) == (85.0, 67.0)


def test_finnish_headings_may_be_broken_between_syllables() -> None:
    with override("fi"):
        assert breakable("Asiakaslähtöisyys").split("\u00ad") == [
            "Asia",
            "kas",
            "läh",
            "töi",
            "syys",
        ]
    with override("de"):
        assert breakable("Kundenfokus") == "Kundenfokus"


def test_heat_cells_follow_the_level_words_and_keep_the_order_of_the_codes() -> None:
    memberships = {"A": 0.80, "B": 0.4999, "C": 0.5, "D": None}
    assert heat_cells(["C", "A", "B", "D"], memberships, leading="A") == (
        HeatCell("middle", ".50"),
        HeatCell("high", ".80", is_leading=True),
        HeatCell("low", ".49"),
        HeatCell("", ""),
    )


def lightness(colour: str) -> float:
    """CIE L* of an sRGB colour."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * luminance ** (1 / 3) - 16)


def test_pattern_colours_stay_apart_in_greyscale_and_on_white_paper() -> None:
    levels = sorted(lightness(style.colour) for style in STYLES)
    assert all(later - earlier >= 15 for earlier, later in pairwise(levels))
    assert levels[-1] < 61.7  # contrast 3 : 1 on white
    assert len({style.mark for style in (*STYLES, pattern_style(9))}) == 4


@pytest.mark.parametrize("template", ["configuration", "profile"])
def test_markup_has_title_description_and_few_text_nodes(template: str) -> None:
    drawn: ConfigurationChart | ProfileChart = (
        chart(pattern_memberships={"bold": 0.5, "calm": 0.25})
        if template == "configuration"
        else profile_chart([ProfileValue("A & B", 4.0, text="4.0")], crossover=4.1)
    )
    markup = render_to_string(
        f"charts/{template}.svg",
        {
            "chart": drawn,
            "title": "What <it> shows",
            "description": "In words",
            "unit_label": "Here",
            "totals_label": "Membership",
            "id": "here",
        },
    )
    assert 'aria-labelledby="here-title here-description"' in markup
    assert "What &lt;it&gt; shows</title>" in markup
    assert "In words</desc>" in markup
    assert len(re.findall("<text", markup)) <= 12
    assert "style=" not in markup
