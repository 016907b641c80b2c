"""A document that nobody can read is a sentence on the page that needs it, and no failure."""

import html
import logging
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.documents import CHECKS, SCALE_STUDY
from diagnostics.models import Action, Analysis, AnalysisCheck, PatternSet, Report, ScaleStudy
from diagnostics.reports.services.files import queue_reports, render_reports
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.workbench.services.analyses import keep_matrix, run_analysis
from diagnostics.workbench.services.files import make_file, request_file
from survey.models import Organisation, Role, User
from tests.diagnostics.example_study import example_study
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analyses import recipe
from tests.documents.damage import DAMAGES, Damage, of_a_newer_version, spoil
from tests.documents.examples import example_of
from tests.qca.lipset import lipset

pytestmark = pytest.mark.django_db
Kind = AnalysisCheck.Kind
NEWER = (
    "stored by another version of Rutin (version 3 of its form; this one reads 1). Nothing is "
    "lost: ask whoever looks after the server to bring Rutin up to date."
)
MISFIT = (
    "stored in a form that this version of Rutin cannot read. Nothing is lost, it stays as it "
    "is: ask whoever looks after the server, whose log says what does not fit."
)
every_damage = pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)


def sentence(title: str, damage: Damage) -> str:
    return f"{title}: {NEWER if damage is of_a_newer_version else MISFIT}"


def says(text: str, title: str, damage: Damage) -> bool:
    return sentence(title, damage) in html.unescape(text)


@dataclass(frozen=True)
class Scene:
    """The example company with somebody who may see everything, and an analysis with checks."""

    example: StoredExample
    reader: Client
    user: User
    analysis: Analysis

    def row(self, name: str) -> Model:
        """Return what holds a document."""
        assessment = self.example.assessment
        assert assessment is not None
        if name in CHECKS:
            return AnalysisCheck.objects.get(kind=name)
        return {
            "assessment": lambda: assessment,
            "unit": lambda: assessment.units.get(unit=self.example.units["oulu"]),
            "root": lambda: assessment.units.get(unit=self.example.units["company"]),
            "analysis": lambda: self.analysis,
            "study": ScaleStudy.objects.get,
            "release": lambda: self.example.campaign.release,
        }[name]()

    def address(self, name: str) -> str:
        """Return the address of a page about the company, its unit or the analysis."""
        campaign, unit = self.example.campaign.pk, self.example.units["oulu"].pk
        name, _, more = name.partition("?")
        arguments: list[Any] = dict[str, list[Any]]({
            "unit-detail": [campaign, unit], "team-sheet": [campaign, unit],
            "action-create": [campaign, unit], "company-detail": [campaign],
            "function-comparison": [campaign], "download-request": [campaign, more],
            "scale-study": [campaign], "analysis-compare": [],
            "check-start": [self.analysis.pk, more],
        }).get(name, [self.analysis.pk])  # fmt: skip
        query = f"?first={self.analysis.pk}&second={self.analysis.pk}"
        return reverse(f"diagnostics:{name}", args=arguments) + (query if not arguments else "")


@pytest.fixture
def scene() -> Scene:
    """Return the scene, everything readable."""
    example = store_example(with_functions=True)
    user = example.person("reader@example.com", role=Role.EXECUTIVE, leads="oulu")
    organisation = Organisation.objects.get()
    organisation.memberships.create(user=user, role=Role.ANALYST)
    matrix = keep_matrix(
        organisation=organisation, by=user, name="m.csv",
        content=lipset().to_csv(index_label="case").encode(),
    )  # fmt: skip
    analysis = run_analysis(matrix=matrix, by=user, title="T", recipe=recipe())
    chosen: dict[str, dict[str, Any]] = {
        Kind.ROBUSTNESS: {"ranges": (), "tests": (), "kinds": ()},
        Kind.MATCHING: {"pattern_set": str(PatternSet.objects.earliest("code").pk), "terms": ()},
    }
    for name, kind in CHECKS.items():
        found = replace(example_of(kind.hint), **chosen.get(name, {}))
        AnalysisCheck.objects.create(
            analysis=analysis, kind=name, seed=1, state=AnalysisCheck.State.DONE,
            result=kind.stored(found), requested_at=timezone.now(),
        )  # fmt: skip
    ScaleStudy.objects.create(
        campaign=example.campaign, state=ScaleStudy.State.DONE,
        result=SCALE_STUDY.stored(example_study()), requested_at=timezone.now(),
    )  # fmt: skip
    reader = Client()
    reader.force_login(user)
    return Scene(example, reader, user, analysis)


WHOLE_PAGES = [
    ("company-detail", "assessment", "company", "Results of the company"),
    ("company-detail", "assessment", "method", "Method of the results"),
    ("company-detail", "root", "result", "Results of a unit"),
    ("unit-detail", "unit", "result", "Results of a unit"),
    ("team-sheet", "unit", "result", "Results of a unit"),
    ("action-create", "assessment", "method", "Method of the results"),
    ("function-comparison", "root", "result", "Results of a unit"),
    ("analysis-detail", "analysis", "result", "Result of an analysis"),
    ("analysis-detail", "analysis", "recipe", "Recipe of an analysis"),
    ("analysis-download", "analysis", "result", "Result of an analysis"),
    ("analysis-compare", "analysis", "recipe", "Recipe of an analysis"),
    ("analysis-copy", "analysis", "recipe", "Recipe of an analysis"),
    ("analysis-cuts", "analysis", "result", "Result of an analysis"),
    ("check-list", "analysis", "result", "Result of an analysis"),
    ("pattern-derive", "matching", "result", "Match with named patterns"),
    ("scale-study", "release", "counts", "Participation of the release"),
]


@every_damage
@pytest.mark.parametrize(("page", "row", "field", "title"), WHOLE_PAGES)
def test_a_page_says_what_it_cannot_read(
    scene: Scene, page: str, row: str, field: str, title: str, damage: Damage
) -> None:
    if (page, row) == ("scale-study", "release"):
        release: Any = scene.row("release")
        release.counts = {"kind": "release counts", "version": 1, "content": release.counts}
        release.save()
    spoil(scene.row(row), field, damage)

    answer = scene.reader.get(scene.address(page))

    assert (answer.status_code, says(answer.text, title, damage)) == (503, True)


@every_damage
@pytest.mark.parametrize(
    ("page", "row", "field", "title"),
    [
        ("download-request?figures", "assessment", "company", "Results of the company"),
        ("download-request?reports", "unit", "result", "Results of a unit"),
        ("download-request?answers", "assessment", "method", "Method of the results"),
        ("check-start?bootstrap", "analysis", "result", "Result of an analysis"),
    ],
)
def test_what_cannot_be_made_is_refused_when_it_is_asked_for(
    scene: Scene, page: str, row: str, field: str, title: str, damage: Damage
) -> None:
    spoil(scene.row(row), field, damage)

    answer = scene.reader.post(scene.address(page))

    assert (answer.status_code, says(answer.text, title, damage)) == (503, True)


@every_damage
@pytest.mark.parametrize(
    ("page", "row", "title", "others"),
    [
        ("check-list", "robustness", "Robustness", ["Draws with exactly this solution"]),
        ("check-list", "halves", "Predictive validity", ["Draws with exactly this solution"]),
        ("check-list", "bootstrap", "Bootstrap of the solution", ["Predictive validity"]),
        ("scale-study", "study", "Data quality and scales", ["Data quality and scales"]),
    ],
)
def test_a_part_that_cannot_be_read_hides_no_other(
    scene: Scene, page: str, row: str, title: str, others: list[str], damage: Damage
) -> None:
    spoil(scene.row(row), "result", damage)

    answer = scene.reader.get(scene.address(page))

    text = html.unescape(answer.text)
    assert (answer.status_code, text.count(sentence(title, damage))) == (200, 1)
    assert [other in text for other in others] == [True for _ in others]


def test_a_release_of_unknown_size_is_no_source_and_the_list_says_why(scene: Scene) -> None:
    release: Any = scene.row("release")
    release.counts = {"kind": "release counts", "version": 3, "content": {}}
    release.save()

    answer = scene.reader.get(reverse("diagnostics:analysis-list"))

    said = f"{scene.example.campaign.name}: Participation of the release: {NEWER}"
    assert (answer.status_code, said in html.unescape(answer.text)) == (200, True)
    assert answer.context["sources"] == ()


def test_every_page_shows_its_content_where_everything_can_be_read(scene: Scene) -> None:
    pages = dict.fromkeys(page for page, *_ in WHOLE_PAGES)

    statuses = {page: scene.reader.get(scene.address(page)).status_code for page in pages}

    assert statuses == dict.fromkeys(pages, 200)


def test_the_log_says_where_a_document_does_not_fit(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    unit: Any = scene.row("unit")
    unit.result["content"]["diagnosis"]["scores"][2]["score"] = "secret"
    unit.save()

    with caplog.at_level(logging.ERROR):
        answer = scene.reader.get(scene.address("unit-detail"))

    assert answer.status_code == 503
    assert "secret" not in answer.text + caplog.text
    own = [record for record in caplog.records if record.name == "survey.middleware"]
    said = (
        "Unreadable document: unit result: version 1, where versions 1 to 1 are known; at "
        "diagnosis.scores[2].score: expected a number, found a text"
    )
    assert [record.getMessage() for record in own] == [said]


@every_damage
def test_a_trend_says_that_the_wave_before_cannot_be_read(damage: Damage) -> None:
    first, second = store_example(), store_example(wave=2)
    assert first.assessment is not None
    assert second.assessment is not None
    spoil(first.assessment, "company", damage)
    reader = Client()
    reader.force_login(second.person("hr@example.com", role=Role.EXECUTIVE))
    address = reverse("diagnostics:unit-detail", args=[second.campaign.pk, second.units["oulu"].pk])

    answer = reader.get(address)

    said = f"{first.campaign.name}: {sentence('Results of the company', damage)}"
    assert (answer.status_code, said in html.unescape(answer.text)) == (200, True)


def test_a_trend_reaches_back_to_the_wave_that_cannot_be_read() -> None:
    first, second, third = (store_example(wave=wave) for wave in (1, 2, 3))
    assert first.assessment is not None
    assert third.assessment is not None
    whole = third.units["oulu"]
    result = assessment_result(third.assessment, units=[whole.pk])
    before = unit_trend_reading(third.assessment, result, whole, language="en")
    spoil(first.assessment, "method", of_a_newer_version)

    after = unit_trend_reading(third.assessment, result, whole, language="en")

    said = f"{first.campaign.name}: Method of the results: {NEWER}"
    assert (after.since, after.rows) == (before.since, before.rows)
    assert after.sentences == (*before.sentences, said)
    assert second.campaign.name in after.since


def test_actions_of_a_wave_that_cannot_be_read_stay_with_the_reason() -> None:
    first, second = store_example(), store_example(wave=2)
    unit = first.units["oulu"]
    user = second.person("leader@example.com", leads="oulu")
    Action.objects.create(
        unit=unit, element="TF", text="A shared list", owner="Aino", due_on=date(2026, 12, 1),
        created_by=user, created_at=timezone.now(),
    )  # fmt: skip
    assert first.assessment is not None
    spoil(first.assessment.units.get(unit=unit), "result", of_a_newer_version)
    reader = Client()
    reader.force_login(user)

    answer = reader.get(
        reverse("diagnostics:unit-detail", args=[second.campaign.pk, second.units["oulu"].pk])
    )

    text = html.unescape(answer.text)
    assert (answer.status_code, "A shared list" in text) == (200, True)
    assert f"Results of a unit: {NEWER}" in text


@every_damage
def test_a_report_that_cannot_be_read_fails_with_its_reason_and_no_other_does(
    damage: Damage,
) -> None:
    example = store_example()
    assert example.assessment is not None
    unit = example.units["oulu"]
    queue_reports(assessment_id=example.assessment.pk)
    Report.objects.exclude(unit__in=[unit, example.units["kemi"]]).delete()
    spoil(example.assessment.units.get(unit=unit), "result", damage)

    render_reports(assessment_id=example.assessment.pk)

    failed = Report.objects.get(unit=unit)
    other = Report.objects.get(unit=example.units["kemi"])
    assert (failed.state, other.state) == (Report.State.FAILED, Report.State.DONE)
    version = 3 if damage is of_a_newer_version else 1
    assert failed.reason.startswith(
        f"unit result: version {version}, where versions 1 to 1 are known; at "
    )


def test_reports_of_a_company_that_cannot_be_read_are_noted_and_fail() -> None:
    example = store_example()
    assert example.assessment is not None
    spoil(example.assessment, "company", of_a_newer_version)

    queue_reports(assessment_id=example.assessment.pk)
    render_reports(assessment_id=example.assessment.pk)

    assert set(Report.objects.values_list("state", flat=True)) == {Report.State.FAILED}


def test_a_file_of_an_analysis_that_cannot_be_read_says_why_it_was_not_made(scene: Scene) -> None:
    file = request_file(analysis=scene.analysis, kind="bundle", language="en", by=scene.user)
    spoil(scene.analysis, "recipe", of_a_newer_version)

    make_file(file_id=file.pk, run=file.run)

    page = scene.reader.get(scene.address("analysis-files")).text
    assert "a result behind it was stored in a form that this version of Rutin cannot read" in page
