"""Actions: who may note and change them, where they are shown, and what the next wave quotes."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.models import Action, Download, Report, UnitAssessment
from diagnostics.reports.services import files as reports
from diagnostics.reports.services.files import queue_reports, render_reports
from diagnostics.results.services.actions import MOST_ACTIONS, change_action, note_action
from survey.models import CampaignUnit, User
from tests.diagnostics.askers import somebody
from tests.diagnostics.stored_example import StoredExample, store_example

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
FIELDS = {"element": "TF", "text": "A shared list", "owner": "Aino", "due_on": DAY.isoformat()}
READERS = {
    "executive": ({"role": "executive"}, 404),
    "manager": ({"role": "manager"}, 404),
    "analyst": ({"role": "analyst"}, 404),
    "leader of Oulu": ({"leads": "oulu"}, 200),
    "deputy in Oulu": ({"leads": "oulu", "kind": "deputy"}, 200),
    "leader above": ({"leads": "north"}, 404),
    "leader elsewhere": ({"leads": "turku"}, 404),
    "nobody": ({}, 404),
}


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company."""
    return store_example()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(unit: CampaignUnit, name: str, *arguments: object) -> str:
    return reverse(f"diagnostics:{name}", args=[unit.campaign_id, unit.pk, *arguments])


def noted(example: StoredExample, by: User, unit: str = "oulu", element: str = "TF") -> Action:
    return note_action(
        unit=example.units[unit], by=by, element=element, text="A shared list", owner="Aino",
        due_on=DAY,
    )  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_only_those_who_lead_the_unit_note_and_change_its_actions(
    example: StoredExample, reader: str
) -> None:
    rights, status = READERS[reader]
    oulu = example.units["oulu"]
    action = noted(example, example.person("first@example.com", leads="oulu", kind="deputy"))
    client = client_of(example.person("reader@example.com", **rights))
    forms = [address(oulu, "action-create"), address(oulu, "action-edit", action.pk)]
    assert [client.get(form).status_code for form in forms] == [status, status]
    answers = [client.post(form, {**FIELDS, "state": "done"}).status_code for form in forms]
    assert answers == ([302, 302] if status == 200 else [404, 404])
    assert Action.objects.count() == (2 if status == 200 else 1)
    # An action is found with its own unit only.
    assert client.get(address(example.units["kemi"], "action-edit", action.pk)).status_code == 404


def test_a_leader_notes_an_action_and_everybody_who_reads_the_unit_reads_it(
    example: StoredExample,
) -> None:
    oulu = example.units["oulu"]
    leader = client_of(example.person("leader@example.com", leads="oulu"))
    page = leader.get(address(oulu, "unit-detail")).text
    assert f'href="{address(oulu, "action-create")}"' in page
    page = leader.post(address(oulu, "action-create"), FIELDS, follow=True).text
    action = Action.objects.get()
    for expected in ("A shared list", "Technology foresight", "Aino", "1 March 2027", "Open"):
        assert expected in page
    assert address(oulu, "action-edit", action.pk) in page
    leader.post(address(oulu, "action-edit", action.pk), {**FIELDS, "state": "dropped"})
    hr = client_of(example.person("hr@example.com", role="executive"))
    page = hr.get(address(oulu, "unit-detail")).text
    assert "A shared list" in page
    assert "Dropped" in page
    assert "/actions/" not in page
    north = client_of(example.person("north@example.com", leads="north"))
    assert "A shared list" in north.get(address(oulu, "unit-detail")).text


def test_a_form_with_faults_keeps_what_was_typed_and_notes_nothing(example: StoredExample) -> None:
    oulu = example.units["oulu"]
    leader = client_of(example.person("leader@example.com", leads="oulu"))
    faulty = {"element": "DSO", "text": "A shared list", "owner": "", "due_on": "soon"}
    answer = leader.post(address(oulu, "action-create"), faulty)
    assert answer.status_code == 422
    assert 'value="A shared list"' in answer.text
    assert answer.text.count('class="invalid-feedback"') == 3
    assert Action.objects.count() == 0


def test_a_unit_has_no_more_actions_than_its_report_holds(example: StoredExample) -> None:
    user = example.person("leader@example.com", leads="oulu")
    for _ in range(MOST_ACTIONS):
        noted(example, user)
    answer = client_of(user).post(address(example.units["oulu"], "action-create"), FIELDS)
    assert answer.status_code == 422
    assert "Expected at most 4 actions of one unit, found 4 already." in answer.text
    assert Action.objects.count() == MOST_ACTIONS


def text_of(report: Report) -> str:
    pages = PdfReader(BytesIO(report.file.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_report_is_written_anew_with_the_action_and_the_bundle_made_again(
    example: StoredExample, django_capture_on_commit_callbacks: object
) -> None:
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    Report.objects.exclude(unit=example.units["oulu"]).delete()
    render_reports(assessment_id=example.assessment.pk)
    before = Report.objects.get()
    make_download(
        download_id=request_download(
            assessment=example.assessment, kind="reports", by=somebody()
        ).pk
    )
    DBTaskResult.objects.all().delete()  # what the first writing queued
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        noted(example, example.person("leader@example.com", leads="oulu"))
    assert DBTaskResult.objects.filter(task_path="diagnostics.tasks.render_reports").count() == 1
    assert not Download.objects.exists()
    waiting = Report.objects.get(unit=example.units["oulu"])
    assert (waiting.state, waiting.revision) == (Report.State.QUEUED, 1)
    render_reports(assessment_id=example.assessment.pk)
    after = Report.objects.get(unit=example.units["oulu"])
    assert "A shared list Technology foresight Aino 1 March 2027 Open" in text_of(after)
    assert not before.file.storage.exists(str(before.file))
    assert str(after.file).endswith("/1/0002-oulu-en.pdf")


def test_a_report_that_was_outdated_while_it_was_rendered_is_rendered_again(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    Report.objects.exclude(unit=example.units["oulu"]).delete()
    user = example.person("leader@example.com", leads="oulu")
    rendered = reports._markup

    def noted_meanwhile(report: Report) -> str:
        markup = rendered(report)
        noted(example, user)
        return markup

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(reports, "_markup", noted_meanwhile)
        render_reports(assessment_id=example.assessment.pk)
    assert Report.objects.get().state == Report.State.QUEUED
    render_reports(assessment_id=example.assessment.pk)
    assert "A shared list" in text_of(Report.objects.get())


def raise_score(unit: CampaignUnit, element: str, points: float) -> None:
    """Shift one score of a unit, its interval with it."""
    stored = UnitAssessment.objects.get(unit=unit)
    for score in stored.result["content"]["diagnosis"]["scores"]:
        if score["construct"] == element:
            score["score"] += points
            score["interval"] = {end: value + points for end, value in score["interval"].items()}
    stored.save()


def test_the_next_wave_quotes_the_action_with_what_changed(example: StoredExample) -> None:
    user = example.person("leader@example.com", leads="oulu")
    change_action(
        action=noted(example, user), element="TF", text="A shared list", owner="Aino",
        due_on=DAY, state="done",
    )  # fmt: skip
    noted(example, user, unit="kemi", element="AG")
    later = store_example(wave=2)
    raise_score(later.units["oulu"], "TF", 0.6)
    page = client_of(user).get(address(later.units["oulu"], "unit-detail")).text
    assert "Agreed after “Autumn 2026”" in page
    assert "(Aino, by 1 March 2027: Done)" in page
    assert "Technology foresight stood at 5.2 then and stands at 5.8 now: six tenths of a" in page
    hr = client_of(example.person("hr@example.com", role="executive"))
    page = hr.get(address(later.units["kemi"], "unit-detail")).text
    assert "What changed is not shown: that takes ten answers in both waves." in page
    assert "Agreed after" not in hr.get(address(example.units["oulu"], "unit-detail")).text
