"""Every kind of report is tagged as PDF/UA asks: checked object by object."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from diagnostics.measurement.results import MeasurementResult
from diagnostics.models import Action
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import (
    appendix_markup,
    company_markup,
    functions_markup,
    unit_markup,
)
from diagnostics.reports.rendering.render import render_pdf
from diagnostics.results.services.actions import MOST_ACTIONS
from diagnostics.results.wording.actions import ActionPlan, ActionRow, EarlierAction
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import functions_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.page_parts import Fact, StandingReading, TrendReading, TrendRow
from survey.instrument.content import Instrument
from survey.release.tables import ReleasedTables
from tests.diagnostics.example_results import ASSERTIVE, RESPONSIVE, SETTING, two_functions

# One worker makes the scene that all of these share, not each of them.
pytestmark = pytest.mark.xdist_group("tagged reports")

WORD = "Wartungsvereinbarungsverantwortlichkeit "
TEXT = (WORD * 9)[: Action.TEXT_LENGTH]
OWNER = (WORD * 9)[: Action.OWNER_LENGTH]
CHANGE = (
    "Technology foresight stood at 5.2 then and stands at 5.8 now: six tenths of a point more. So "
    "small a change may be chance: the intervals overlap."
)
FULL_PLAN = ActionPlan(
    rows=(ActionRow(TEXT, "Technology foresight", OWNER, "1 March 2027", "Open", ""),)
    * MOST_ACTIONS,
    earlier=(EarlierAction(TEXT, f"{OWNER}, by 1 March 2026: Done", CHANGE),) * MOST_ACTIONS,
    earlier_campaign=(WORD * 9)[:120],
)


@dataclass(frozen=True)
class Element:
    """One element of the structure tree, in reading order."""

    kind: str
    attributes: Any
    alternative: str
    identifier: str
    parents: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]  # page object, number of the marked content


@pytest.fixture(scope="module")
def reports(
    demonstration: AssessmentResult,
    released_tables: ReleasedTables,
    instrument: Instrument,
    scale_study: MeasurementResult,
) -> dict[str, bytes]:
    """Return one report of every kind."""
    both = two_functions(ASSERTIVE, RESPONSIVE)
    settings: dict[str, Any] = {"setting": SETTING, "language": "en"}
    markups = {
        "unit": unit_markup(unit_reading(both, "north", **settings), FULL_PLAN),
        "company": company_markup(company_reading(both, **settings)),
        "functions": functions_markup(functions_reading(both, **settings)),
        "appendix": appendix_markup(
            appendix_reading(
                demonstration, released_tables, instrument, study=scale_study, **settings
            )
        ),
    }
    return {kind: render_pdf(markup) for kind, markup in markups.items()}


@pytest.fixture(params=["unit", "company", "functions", "appendix"])
def document(request: pytest.FixtureRequest, reports: dict[str, bytes]) -> Iterator[pikepdf.Pdf]:
    """Return each report opened."""
    with pikepdf.open(BytesIO(reports[request.param])) as opened:
        yield opened


def elements(document: pikepdf.Pdf) -> list[Element]:
    found: list[Element] = []

    def walk(node: Any, parents: tuple[str, ...]) -> None:  # noqa: ANN401
        kids = list(node.K) if isinstance(node.K, pikepdf.Array) else [node.K]
        kind = str(node.get("/S", ""))
        numbers = [int(kid) for kid in kids if not isinstance(kid, pikepdf.Object)]
        page = node.Pg.objgen[0] if "/Pg" in node else 0
        found.append(
            Element(
                kind=kind,
                attributes=node.get("/A", {}),
                alternative=str(node.get("/Alt", "")),
                identifier=str(node.get("/ID", "")),
                parents=parents,
                marks=tuple((page, number) for number in numbers),
            )
        )
        for kid in kids:
            if isinstance(kid, pikepdf.Dictionary) and "/K" in kid:
                walk(kid, (*parents, kind))

    walk(document.Root.StructTreeRoot, ())
    return found


def test_it_says_its_title_and_its_language_and_that_it_is_tagged(document: pikepdf.Pdf) -> None:
    assert str(document.Root.Lang) == "en"
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith(("Region North: ", "Nordlift Service: "))
    with document.open_outline() as outline:
        chapters = [item.title for item in outline.root[0].children]
    assert chapters[-2:] == ["What these numbers cannot say", "Method and data"]


def test_everything_on_a_page_is_an_element_or_an_artifact(document: pikepdf.Pdf) -> None:
    held = [mark for element in elements(document) for mark in element.marks]
    assert len(held) == len(set(held))
    drawn = []
    for page in document.pages:
        depth, artifacts = 0, 0
        for instruction in pikepdf.parse_content_stream(page):
            name, operands = str(instruction.operator), instruction.operands
            if name in {"BMC", "BDC"}:
                depth += 1
                artifacts += str(operands[0]) == "/Artifact"
                if len(operands) > 1 and "/MCID" in operands[1]:
                    drawn.append((page.objgen[0], int(operands[1].MCID)))
            depth -= name == "EMC"
            assert depth > 0 or name not in {"Tj", "TJ", "f", "S", "Do", "sh"}, name
        assert str(page.Tabs) == "/S"
        assert artifacts > 0  # the running foot among them
    assert set(drawn) == set(held)


def test_the_way_back_from_a_page_leads_to_the_element_that_holds_the_mark(
    document: pikepdf.Pdf,
) -> None:
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    entries = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    held = {mark for element in elements(document) for mark in element.marks}
    for page in document.pages:
        back = entries[int(page.StructParents)]
        known = {number for place, number in held if place == page.objgen[0]}
        filled = {number for number, entry in enumerate(back) if entry is not None}
        assert filled == known


def test_text_is_painted_in_the_order_in_which_it_is_read(document: pikepdf.Pdf) -> None:
    # Bullets and pictures are painted over what stands around them.
    read = [
        mark
        for element in elements(document)
        if element.kind != "/Figure" and "/Lbl" not in (element.kind, *element.parents)
        for mark in element.marks
    ]
    for page in document.pages:
        place = page.objgen[0]
        expected = [number for found, number in read if found == place]
        painted = [
            int(instruction.operands[1].MCID)
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC" and "/MCID" in instruction.operands[1]
        ]
        assert expected
        assert [number for number in painted if number in set(expected)] == expected


def test_headings_go_down_one_level_at_a_time(document: pikepdf.Pdf) -> None:
    levels = [
        int(one.kind[2]) for one in elements(document) if one.kind[:2] == "/H" and one.kind[2:]
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_words_instead(document: pikepdf.Pdf) -> None:
    figures = [one for one in elements(document) if one.kind == "/Figure"]
    assert [one.alternative for one in figures if one.marks and not one.alternative] == []
    pictures = [one for one in figures if one.marks]
    assert all("/BBox" in one.attributes for one in pictures)


def test_every_heading_of_a_table_says_what_it_heads_and_every_cell_finds_its_headings(
    document: pikepdf.Pdf,
) -> None:
    found = elements(document)
    headings = {one.identifier: one for one in found if one.kind == "/TH"}
    assert "" not in headings
    for heading in headings.values():
        expected = "/Column" if "/THead" in heading.parents else "/Row"
        assert str(heading.attributes.Scope) == expected
    cells = [one for one in found if one.kind == "/TD"]
    assert cells
    for cell in cells:
        named = [str(name) for name in cell.attributes.Headers]
        scopes = [str(headings[name].attributes.Scope) for name in named]
        assert {"/Column", "/Row"} <= set(scopes)
    names = document.Root.StructTreeRoot.IDTree.Names
    keys = [bytes(names[i]) for i in range(0, len(names), 2)]
    assert keys == sorted(keys)
    assert {key.decode() for key in keys} == set(headings)


def test_every_font_is_in_the_file_and_can_be_read_out(document: pikepdf.Pdf) -> None:
    fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "Source-Sans-Pro" in str(font.BaseFont)


@pytest.mark.parametrize(
    ("paper", "language"), [("A4", "en"), ("A4", "sv"), ("Letter", "de"), ("Letter", "fi")]
)
def test_the_ugliest_unit_with_all_that_it_may_have_keeps_within_six_pages(
    paper: str, language: str
) -> None:
    name = ("Überlange Außendienst-Einheit Άλφα Ж <b>& " + WORD * 3)[:120]
    both = two_functions(ASSERTIVE, RESPONSIVE)
    setting = replace(SETTING, paper=paper)
    reading = unit_reading(both, "north", setting=setting, language=language)
    assert reading.profile is not None
    elements = [row.name for row in reading.profile.rows]
    rows = tuple(
        TrendRow(element, "5.2", "5.8", "+0.6", "+0.2 to +1.0", "higher than before")
        for element in elements
    )
    said = ("Compared where ten people answered in both waves, unit by unit. " * 2,) * 2
    trend = TrendReading("Autumn 2026", said, rows, "In scale points", rows[:3], "Patterns")
    standing = StandingReading(said, tuple(Fact(one, "in the lower third") for one in elements))
    ugly = replace(reading, unit=name, trend=trend, standing=standing)
    pages = PdfReader(BytesIO(render_pdf(unit_markup(ugly, FULL_PLAN)))).pages
    assert len(pages) <= 6
