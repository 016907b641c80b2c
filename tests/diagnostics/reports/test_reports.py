"""The worker writes each report once, under a name that sorts."""

import hashlib
from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils import timezone
from pypdf import PdfReader

from diagnostics.documents import SCALE_STUDY, UNIT_RESULT
from diagnostics.measurement.results import MeasurementResult
from diagnostics.models import Report, ScaleStudy, UnitAssessment
from diagnostics.reports.rendering.processes import Limits, RenderPool, shared_pool
from diagnostics.reports.services import files as reports
from diagnostics.reports.services.files import queue_reports, render_reports
from tests.diagnostics.stored_example import StoredExample, store_example

pytestmark = pytest.mark.django_db
NAMES = [
    "0000-company-appendix-en.pdf",
    "0000-company-en.pdf",
    "0001-north-en.pdf",
    "0002-oulu-en.pdf",
    "0003-kemi-en.pdf",
    "0006-umea-en.pdf",
    "0007-turku-en.pdf",
]


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company with its reports noted."""
    stored = store_example()
    assert stored.assessment is not None
    queue_reports(assessment_id=stored.assessment.pk)
    return stored


def render(example: StoredExample) -> list[str]:
    assert example.assessment is not None
    rendered = render_reports(assessment_id=example.assessment.pk)
    return [report.unit.code for report in rendered]


def report_of(example: StoredExample, unit: str) -> Report:
    return Report.objects.get(unit=example.units[unit])


def test_reports_are_noted_for_the_company_and_units_with_figures_of_their_own(
    example: StoredExample,
) -> None:
    noted = Report.objects.order_by("unit__position", "kind").values_list("unit__code", "kind")
    assert list(noted) == [
        ("company", "appendix"),
        ("company", "company"),
        ("north", "unit"),
        ("oulu", "unit"),
        ("kemi", "unit"),
        ("umea", "unit"),
        ("turku", "unit"),
    ]


def test_noting_reports_again_changes_nothing(example: StoredExample) -> None:
    assert example.assessment is not None
    before = list(Report.objects.order_by("pk").values())
    queue_reports(assessment_id=example.assessment.pk)
    assert list(Report.objects.order_by("pk").values()) == before


def test_every_report_is_written_once_and_its_digest_kept(example: StoredExample) -> None:
    assert render(example) == ["company", "company", "north", "oulu", "kemi", "umea", "turku"]
    for report in Report.objects.all():
        content = report.file.read()
        assert content.startswith(b"%PDF-1.7")
        assert report.state == Report.State.DONE
        assert report.digest == hashlib.sha256(content).hexdigest()
    folder = f"{example.campaign.pk}/1"
    storage = report_of(example, "oulu").file.storage
    assert sorted(storage.listdir(folder)[1]) == NAMES
    assert render(example) == []


def test_a_run_that_was_killed_goes_on_where_it_was_with_the_same_bytes(
    example: StoredExample,
) -> None:
    render(example)
    digests = dict(Report.objects.values_list("pk", "digest"))
    lost = report_of(example, "kemi")
    lost.file.storage.delete(str(lost.file))
    # A worker killed while it wrote leaves half a file and a report that is not noted as ready.
    half = report_of(example, "oulu")
    with half.file.storage.open(str(half.file), "wb") as file:
        file.write(b"%PDF-1.7 half")
    Report.objects.filter(pk=half.pk).update(
        state=Report.State.RUNNING, claim=uuid4(), file="", digest=""
    )

    assert render(example) == ["oulu", "kemi"]
    assert dict(Report.objects.values_list("pk", "digest")) == digests
    folder = f"{example.campaign.pk}/1"
    assert sorted(half.file.storage.listdir(folder)[1]) == NAMES


def test_the_appendix_carries_the_scale_study_once_there_is_one(
    example: StoredExample, scale_study: MeasurementResult
) -> None:
    ScaleStudy.objects.create(
        campaign=example.campaign,
        state=ScaleStudy.State.DONE,
        result=SCALE_STUDY.stored(scale_study),
        requested_at=timezone.now(),
    )
    Report.objects.exclude(kind=Report.Kind.APPENDIX).delete()
    render(example)
    pages = PdfReader(Report.objects.get().file).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Scales: all answers" in text
    assert "have not been computed" not in text


def test_a_bomb_among_the_reports_fails_alone(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name that takes too long to lay out; it stands in the company's report too.
    unit = UnitAssessment.objects.get(unit=example.units["kemi"])
    result = UNIT_RESULT.read(unit.result)
    unit.result = UNIT_RESULT.stored(replace(result, name="x " * 1_000_000))
    unit.save()
    pool = RenderPool(2, Limits(cpu_seconds=5))
    monkeypatch.setattr(reports, "shared_pool", lambda: pool)
    render(example)
    pool.close()
    states = list(Report.objects.values_list("unit__code", "kind", "state"))
    assert {(unit, kind) for unit, kind, state in states if state == "failed"} == {
        ("kemi", "unit"),
        ("company", "company"),
    }
    assert {unit for unit, _, state in states if state == "done"} == {
        "company",
        "north",
        "oulu",
        "umea",
        "turku",
    }
    assert "found a renderer that ended with" in report_of(example, "kemi").reason


def test_the_renderers_are_one_a_core_and_shared() -> None:
    assert shared_pool() is shared_pool()
