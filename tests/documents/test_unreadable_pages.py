"""A document that nobody can read is a sentence on the page that needs it, and no failure."""

import html
import logging
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.documents import CHECKS, SCALE_STUDY
from diagnostics.models import Analysis, AnalysisCheck, PatternSet, ScaleStudy
from diagnostics.workbench.services.analyses import keep_matrix, run_analysis
from diagnostics.workbench.services.files import make_file, request_file
from survey.models import Organisation, Role, User
from tests.diagnostics.example_study import example_study
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analyses import recipe
from tests.documents.damage import Damage, of_a_newer_version, spoil
from tests.documents.examples import example_of
from tests.documents.sentences import every_damage, newer, says, sentence
from tests.qca.lipset import lipset

pytestmark = pytest.mark.django_db
Kind = AnalysisCheck.Kind


@dataclass(frozen=True)
class Scene:
    """The example company, with people who may see all figures and all answers, and an analysis."""

    example: StoredExample
    reader: Client  # of the figures
    analyst: Client
    users: tuple[User, User]
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

    def client(self, page: str) -> Client:
        """Return the browser of whoever may open a page."""
        of_answers = ("analysis-", "check-", "pattern-", "scale-", "download-request?answers")
        return self.analyst if page.startswith(of_answers) else self.reader

    def get(self, page: str) -> Any:  # noqa: ANN401 - a test client's response
        """Open a page as whoever may."""
        return self.client(page).get(self.address(page))

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


@pytest.fixture(scope="module")
def stored_scene(django_db_setup: None, django_db_blocker: object) -> Iterator[Scene]:
    """Return the scene, made once; nothing of it stays when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build_scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(stored_scene: Scene, db: None) -> Scene:
    """Return the scene for one test: what the test damages, the next one finds whole."""
    scene = deepcopy(replace(stored_scene, reader=Client(), analyst=Client()))
    for client, user in zip((scene.reader, scene.analyst), scene.users, strict=True):
        client.force_login(user)
    return scene


def build_scene() -> Scene:
    """Store the scene, everything readable."""
    example = store_example(gives_rows=True, with_functions=True)
    reader = example.person("reader@example.com", role=Role.EXECUTIVE, leads="oulu")
    user = example.person("analyst@example.com", role=Role.ANALYST)
    organisation = Organisation.objects.get()
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
    return Scene(example, Client(), Client(), (reader, user), analysis)


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

    answer = scene.get(page)

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

    answer = scene.client(page).post(scene.address(page))

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

    answer = scene.get(page)

    text = html.unescape(answer.text)
    assert (answer.status_code, text.count(sentence(title, damage))) == (200, 1)
    assert [other in text for other in others] == [True for _ in others]


def test_a_release_of_unknown_size_is_no_source_and_the_list_says_why(scene: Scene) -> None:
    release: Any = scene.row("release")
    release.counts = {"kind": "release counts", "version": 3, "content": {}}
    release.save()

    answer = scene.analyst.get(reverse("diagnostics:analysis-list"))

    title = "Participation of the release"
    said = f"{scene.example.campaign.name}: {title}: {newer(title)}"
    assert (answer.status_code, said in html.unescape(answer.text)) == (200, True)
    assert answer.context["sources"] == ()


def test_every_page_shows_its_content_where_everything_can_be_read(scene: Scene) -> None:
    pages = dict.fromkeys(page for page, *_ in WHOLE_PAGES)

    statuses = {page: scene.get(page).status_code for page in pages}

    assert statuses == dict.fromkeys(pages, 200)


def test_the_log_says_where_a_document_does_not_fit(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    unit: Any = scene.row("unit")
    unit.result["content"]["diagnosis"]["scores"][2]["score"] = "secret"
    unit.save()

    with caplog.at_level(logging.ERROR):
        answer = scene.get("unit-detail")

    assert answer.status_code == 503
    assert "secret" not in answer.text + caplog.text
    own = [record for record in caplog.records if record.name == "survey.middleware"]
    said = (
        "Unreadable document: unit result: version 1, where versions 1 to 1 are known; at "
        "diagnosis.scores[2].score: expected a number, found a text"
    )
    assert [record.getMessage() for record in own] == [said]


def test_a_file_of_an_analysis_that_cannot_be_read_says_why_it_was_not_made(scene: Scene) -> None:
    file = request_file(analysis=scene.analysis, kind="bundle", language="en", by=scene.users[1])
    spoil(scene.analysis, "recipe", of_a_newer_version)

    make_file(file_id=file.pk, run=file.run)

    page = scene.get("analysis-files").text
    assert "a result behind it was stored in a form that this version of Rutin cannot read" in page
