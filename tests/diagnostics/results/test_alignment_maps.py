"""The map of alignment: a cell a difference, with its size, its arrow, its interval, its bands."""

from dataclasses import replace

from django.template.loader import render_to_string

from diagnostics.charts.alignment_map import (
    NO_CELL,
    AlignmentCell,
    AlignmentMap,
    AlignmentMapRow,
)
from diagnostics.results.wording.alignment_maps import alignment_map
from diagnostics.scoring.results import (
    AlignmentResult,
    ElementDifference,
    FunctionResult,
    Interval,
    UnitResult,
)
from diagnostics.wording.glossary import glossary
from tests.diagnostics.example_results import (
    ASSERTIVE,
    METHOD,
    NO_FORESIGHT,
    RESPONSIVE,
    example_diagnosis,
    example_profile,
    source,
    unit,
)

NAMES = glossary(METHOD, "en")


def area(operations: FunctionResult, sales: FunctionResult) -> UnitResult:
    differences = (
        ElementDifference("TF", 5.6, 4.6, 1.0, Interval(0.4, 1.6)),
        ElementDifference("AD", 4.1, 4.6, -0.5, Interval(-1.02, 0.02)),
        ElementDifference("AG", 4.6, 4.6, 0.04, None),
        ElementDifference("CF", 6.5, 6.5, 0.0, None),
    )
    plain = unit("north", "company", name="Region North")
    return replace(
        plain, functions=(operations, sales), alignment=AlignmentResult(differences, 0.8)
    )


def verdict_of(function: str, scores: dict[str, float], n: int = 24) -> FunctionResult:
    return FunctionResult(function, None, example_diagnosis(scores, of=source("North", n), n=n))


def profile_of(function: str) -> FunctionResult:
    return FunctionResult(function, example_profile(RESPONSIVE, of=source("North", 7)), None)


def rows_of(*areas: UnitResult) -> tuple[AlignmentMapRow, ...]:
    found = alignment_map(areas, NAMES)
    assert found is not None
    return found.rows


def test_differences_become_cells_by_what_is_printed_of_them() -> None:
    found = alignment_map([area(verdict_of("operations", RESPONSIVE), profile_of("sales"))], NAMES)

    assert found == AlignmentMap(
        elements=(
            "Technology foresight", "Adaptability", "Agility", "Rule-bending", "Customer focus",
        ),
        rows=(
            AlignmentMapRow(
                name="Region North",
                sizes="operations 20–49, sales 5–9 answers",
                cells=(
                    AlignmentCell("high", "+1.0", "+0.4 to +1.6", "operations", is_clear=True),
                    AlignmentCell("middle", "−0.5", "−1.0 to 0.0", "sales"),
                    AlignmentCell("low", "0.0"),
                    NO_CELL,  # not told at all
                    NO_CELL,  # both scores are limits of what is shown
                ),
                overlap=".80",
                ahead="",
            ),
        ),
    )  # fmt: skip


def test_patterns_are_compared_only_where_both_functions_fit_one() -> None:
    assertive, responsive = verdict_of("operations", ASSERTIVE), verdict_of("sales", RESPONSIVE)

    rows = rows_of(
        area(assertive, responsive),
        area(assertive, verdict_of("sales", ASSERTIVE)),
        area(verdict_of("operations", NO_FORESIGHT), responsive),
    )

    assert [row.ahead for row in rows] == ["another one", "the same", ""]


def test_a_company_without_areas_to_compare_has_no_map() -> None:
    assert alignment_map([unit("north", None)], NAMES) is None


def test_the_markup_needs_neither_colour_nor_arrow_to_be_read() -> None:
    found = alignment_map(
        [area(verdict_of("operations", RESPONSIVE), verdict_of("sales", ASSERTIVE))] * 40, NAMES
    )

    markup = render_to_string("charts/alignment_map.html", {"map": found})

    assert markup.count('<span aria-hidden="true">▲</span>') == 40
    assert markup.count('<span class="leading">+1.0</span>') == 40
    assert markup.count('<span class="cell-interval">+0.4 to +1.6</span>') == 40
    assert len(markup.encode()) < 50_000
