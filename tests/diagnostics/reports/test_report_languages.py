"""Every kind of report in every language: words, numbers, pages, tags and bytes."""

import hashlib
import re
from collections.abc import Mapping
from io import BytesIO
from itertools import product
from typing import Any, Final

import page
import pikepdf
import pytest
from django.conf import settings
from django.utils.translation import gettext, override
from pypdf import PdfReader

from diagnostics.measurement.results import MeasurementResult
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import (
    appendix_markup,
    company_markup,
    functions_markup,
    unit_markup,
)
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import functions_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.definition_titles import SHIPPED
from survey.instrument.content import Instrument
from survey.release.tables import ReleasedTables
from tests.diagnostics.example_results import ASSERTIVE, RESPONSIVE, SETTING, two_functions

# One worker makes the scene that all of these share, not each of them.
pytestmark = pytest.mark.xdist_group("report languages")

LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)
MOST_PAGES: Final = {"unit": 6, "company": 6, "functions": 7, "appendix": 12}
HEADINGS: Final = {
    "unit": ("Unit report on digital service routines", "To talk through, and what we agree on"),
    "company": ("Company report on digital service routines", "Units at a glance"),
    "functions": ("Service operations and service sales side by side", "The whole company"),
    "appendix": ("Research appendix on digital service routines", "Confirmatory factor model"),
}
EVERYWHERE: Final = ("What these numbers cannot say", "Method and data", "Demonstration data")
EVERY_REPORT: Final = tuple(product(MOST_PAGES, LANGUAGES))
WRITTEN_AGAIN: Final = "de"
Reports = Mapping[tuple[str, str], bytes]


def markups(
    result: AssessmentResult,
    released: ReleasedTables,
    instrument: Instrument,
    study: MeasurementResult,
    language: str,
) -> dict[str, str]:
    both = two_functions(ASSERTIVE, RESPONSIVE)
    told: dict[str, Any] = {"setting": SETTING, "language": language}
    appendix = appendix_reading(result, released, instrument, study=study, **told)
    return {
        "unit": unit_markup(unit_reading(both, "north", **told)),
        "company": company_markup(company_reading(both, **told)),
        "functions": functions_markup(functions_reading(both, **told)),
        "appendix": appendix_markup(appendix),
    }


@pytest.fixture(scope="module")
def written(
    demonstration: AssessmentResult,
    released_tables: ReleasedTables,
    instrument: Instrument,
    scale_study: MeasurementResult,
) -> tuple[Reports, Reports]:
    """Return every report by kind and language, and those of one language written again."""
    made = {
        (kind, language): markup
        for language in LANGUAGES
        for kind, markup in markups(
            demonstration, released_tables, instrument, scale_study, language
        ).items()
    }
    again = {key: markup for key, markup in made.items() if key[1] == WRITTEN_AGAIN}
    return rendered(made), rendered(again)


def rendered(markups: Mapping[tuple[str, str], str]) -> Reports:
    documents = shared_pool().render_each(markups.values())
    return {
        key: document
        for key, document in zip(markups, documents, strict=True)
        if isinstance(document, bytes)
    }


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


@pytest.mark.parametrize(("kind", "language"), EVERY_REPORT)
def test_a_report_speaks_one_language(
    kind: str, language: str, written: tuple[Reports, Reports]
) -> None:
    content = written[0][kind, language]
    text = text_of(content)
    with pikepdf.open(BytesIO(content)) as document, override(language):
        assert str(document.Root.Lang) == language
        for english in (*HEADINGS[kind], *EVERYWHERE):
            assert gettext(english) in text
            assert (english in text) == (language == "en")
        # The numbers' sign is the language's; titles of definitions hold numbers of their own.
        for title in SHIPPED:
            text = text.replace(gettext(title), "")
    foreign = re.findall(r"\d,\d\d?(?!\d)" if language == "en" else r"\d\.\d\d?(?!\d)", text)
    assert [number for number in foreign if number not in SETTING.software_version] == []
    assert 3 <= len(PdfReader(BytesIO(content)).pages) <= MOST_PAGES[kind]


@pytest.mark.parametrize(("kind", "language"), EVERY_REPORT)
def test_a_validator_finds_nothing_against_pdf_ua(
    kind: str, language: str, written: tuple[Reports, Reports]
) -> None:
    report = page.validate_pdf_bytes(written[0][kind, language], profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.rules.total > 100
    assert report.is_compliant


def test_a_validator_finds_what_is_taken_away(written: tuple[Reports, Reports]) -> None:
    with pikepdf.open(BytesIO(written[0]["unit", "en"])) as document:
        for element in document.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure":
                del element["/Alt"]
        changed = BytesIO()
        document.save(changed)
    report = page.validate_pdf_bytes(changed.getvalue(), profile="ua1")
    assert [failure.rule_id for failure in report.failures] == [
        "PDFUA1-FIGURE-ALTERNATIVE-TEXT-001"
    ] * len(report.failures)
    assert not report.is_compliant


def test_a_report_written_again_is_the_same_bytes(written: tuple[Reports, Reports]) -> None:
    first, second = written
    digests = {key: hashlib.sha256(content).hexdigest() for key, content in second.items()}
    assert len(digests) == len(MOST_PAGES)
    assert {key: hashlib.sha256(first[key]).hexdigest() for key in digests} == digests
    assert len({hashlib.sha256(content).digest() for content in first.values()}) == len(first)
