"""Report files: what a person reads in them and what a screen reader finds."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pypdf import PageObject, PdfReader

from diagnostics.reports.documents import company_report, unit_report
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.unit import unit_reading
from tests.diagnostics.example_results import SETTING, example_assessment, example_units

ASSESSMENT = example_assessment()
MARGIN = 20 / 25.4 * 72  # points; the right one of every page
UNITS = [unit.unit for unit in ASSESSMENT.units]


def report_of(key: str) -> bytes:
    return unit_report(unit_reading(ASSESSMENT, key, setting=SETTING, language="en"))


def rightmost_text(page: PageObject) -> float:
    """Return where the last glyph of a page's longest line begins, in points from the left."""
    places = [0.0]

    def note(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        if text.strip():
            places.append(text_matrix[4] * matrix[0] + matrix[4])

    page.extract_text(visitor_text=note)
    return max(places)


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def oulu() -> bytes:
    """Return the report of an ordinary unit."""
    return report_of("oulu")


@pytest.mark.parametrize("key", UNITS)
def test_no_unit_report_is_longer_than_six_pages(key: str) -> None:
    content = report_of(key)
    assert 1 <= len(PdfReader(BytesIO(content)).pages) <= 6
    assert "Demonstration data" in text_of(content)


def test_a_report_names_unit_pattern_bottleneck_band_and_origin(oulu: bytes) -> None:
    text = text_of(oulu)
    for expected in (
        "Field service Oulu",
        "Responsive: more in than out",
        "What holds back most is agility and adaptability",
        "Based on 20–49 answers.",
        "Survey campaign, closed on 20 November 2026",
        "Demonstration data",
        "default, this product's proposal",
        "are not public",
        "Who sees to it",
        "By when",
    ):
        assert expected in text


def test_a_report_without_demonstration_data_carries_no_mark() -> None:
    setting = replace(SETTING, is_demonstration=False)
    content = unit_report(unit_reading(ASSESSMENT, "oulu", setting=setting, language="en"))
    assert "Demonstration" not in text_of(content)


def test_a_report_is_tagged_with_language_title_and_bookmarks(oulu: bytes) -> None:
    with pikepdf.open(BytesIO(oulu)) as document:
        assert str(document.Root.Lang) == "en"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Field service Oulu: unit report"
        with document.open_outline() as outline:
            chapters = [item.title for item in outline.root[0].children]
    assert outline.root[0].title == "Field service Oulu"
    assert chapters == [
        "In short",
        "Profile and patterns",
        "What holds it back, and what to try first",
        "To talk through, and what we agree on",
        "What these numbers cannot say",
        "Method and data",
    ]


def tags_of(content: bytes) -> list[tuple[str, str]]:
    """Return every structure element's type and alternative text, in reading order."""
    found: list[tuple[str, str]] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(BytesIO(content)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def test_charts_have_alternative_texts_and_tables_have_headers(oulu: bytes) -> None:
    tags = tags_of(oulu)
    assert [alternative for kind, alternative in tags if kind == "/Figure" and alternative] == [
        "Scores of Field service Oulu on the scale from 1 to 7",
        "What each pattern asks for, and where Field service Oulu stands",
    ]
    kinds = [kind for kind, _ in tags]
    assert kinds.count("/Table") == 3
    assert kinds.count("/TH") >= 6 + 6 + 5
    assert {"/H1", "/H2", "/P", "/L", "/LI"} <= set(kinds)


def test_fonts_are_embedded(oulu: bytes) -> None:
    with pikepdf.open(BytesIO(oulu)) as document:
        fonts = [
            descendant
            for page in document.pages
            for font in page.Resources.Font.values()
            for descendant in font.get("/DescendantFonts", [])
        ]
        assert fonts
        assert all(
            "/FontFile2" in f.FontDescriptor or "/FontFile3" in f.FontDescriptor for f in fonts
        )
        assert all("Source-Sans-Pro" in str(font.BaseFont) for font in fonts)


def test_the_same_reading_gives_the_same_bytes(oulu: bytes) -> None:
    assert report_of("oulu") == oulu


def test_the_ugliest_names_are_text_and_never_markup() -> None:
    name = "Überlange Außendienst-Einheit <b>&\"' Άλφα Ж " + "x" * 70
    units = tuple(
        replace(unit, name=name) if unit.unit == "oulu" else unit for unit in example_units()
    )
    content = unit_report(
        unit_reading(example_assessment(units), "oulu", setting=SETTING, language="en")
    )
    text = text_of(content)
    assert "Überlange Außendienst-Einheit <b>&\"'" in text
    assert len(PdfReader(BytesIO(content)).pages) <= 6


def test_no_name_however_long_leaves_the_page() -> None:
    name = "Überlange Einheit " + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3
    units = tuple(
        replace(unit, name=name) if unit.unit == "oulu" else unit for unit in example_units()
    )
    assessment = example_assessment(units)
    for content in (
        unit_report(unit_reading(assessment, "oulu", setting=SETTING, language="en")),
        company_report(company_reading(assessment, setting=SETTING, language="en")),
    ):
        for page in PdfReader(BytesIO(content)).pages:
            assert rightmost_text(page) < float(page.mediabox.width) - MARGIN + 1


def test_the_company_report_lists_units_and_the_pattern_test() -> None:
    text = text_of(company_report(company_reading(ASSESSMENT, setting=SETTING, language="en")))
    for expected in (
        "Nordlift Service",
        "Units at a glance",
        "Field service Oulu",
        "Part of “Small teams in Region North”",
        "In service sales, 2 of 3 patterns are supported: Assertive, Responsive.",
        "Demonstration data",
    ):
        assert expected in text


@pytest.mark.parametrize("key", UNITS)
def test_a_report_on_letter_paper_is_no_longer_than_six_pages(key: str) -> None:
    setting = replace(SETTING, paper="Letter")
    content = unit_report(unit_reading(ASSESSMENT, key, setting=setting, language="en"))
    pages = PdfReader(BytesIO(content)).pages
    assert 1 <= len(pages) <= 6
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in pages} == {
        (612.0, 792.0)
    }
    assert max(rightmost_text(page) for page in pages) < 612 - 23 / 25.4 * 72 + 1
