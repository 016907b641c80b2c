"""A form that is handed in twice saves once, whatever it makes, and both clicks lead to one place.

And what is saved is said to be saved: nothing that follows the commit turns it into an error.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diagnostics.models import Action, Download
from survey.models import FormUse
from survey.services import schedule
from tests.diagnostics.stored_example import StoredExample, store_example

ACTION = {"element": "TF", "text": "A shared list", "owner": "Aino", "due_on": "2027-03-01"}
MATRIX = b"id,A,B,Y\n" + b"".join(
    f"c{n},{n % 10 / 9},{n % 7 / 6},{n % 5 / 4}\n".encode() for n in range(1, 40)
)


@dataclass
class Scene:
    """The stored company with somebody who runs it and leads Oulu, and an analyst beside."""

    example: StoredExample
    client: Client
    analyst: Client

    def page(self, name: str, *arguments: object) -> str:
        return reverse(name, args=arguments)


def scene_of() -> Scene:
    example = store_example()
    person = example.person("ann@example.com", role="manager", leads="oulu")
    person.memberships.create(organisation=example.campaign.organisation, role="executive")
    client, analyst = Client(), Client()
    client.force_login(person)
    analyst.force_login(example.person("olli@example.com", role="analyst"))
    return Scene(example, client, analyst)


def oulu(scene: Scene) -> list[object]:
    unit = scene.example.units["oulu"]
    return [unit.campaign_id, unit.pk]


@pytest.mark.django_db
def test_a_form_that_was_refused_may_come_again_corrected() -> None:
    scene = scene_of()
    target = scene.page("diagnostics:action-create", *oulu(scene))
    key = {"form_key": "of one page"}
    refused = scene.client.post(target, {**ACTION, "text": "", **key})
    taken = scene.client.post(target, {**ACTION, **key})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert Action.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_one_person_s_and_is_forgotten_after_a_day() -> None:
    scene = scene_of()
    target = scene.page("diagnostics:action-create", *oulu(scene))
    scene.client.post(target, {**ACTION, "form_key": "k"})
    schedule.delete_form_uses(timezone.now() + timedelta(hours=23))
    kept = FormUse.objects.count()
    schedule.delete_form_uses(timezone.now() + timedelta(hours=25))

    assert (kept, FormUse.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_save_once() -> None:
    scene = scene_of()
    target = scene.page("diagnostics:action-create", *oulu(scene))
    together, answers = Barrier(2), []

    def click() -> None:
        with closing(connection):
            client = Client()
            client.cookies = scene.client.cookies
            together.wait(20)
            answers.append(client.post(target, {**ACTION, "form_key": "k"}))

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Action.objects.count() == 1


STATES = ["queued", "running", "done", "failed", "cancelled", "given_up"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", STATES)
def test_an_action_is_saved_and_said_to_be_while_the_file_of_all_reports_is(state: str) -> None:
    """Being made it has no file yet, and nothing may come after the commit that fails."""
    scene = scene_of()
    bundle = _bundle(scene.example, state)
    answer = scene.client.post(
        scene.page("diagnostics:action-create", *oulu(scene)), {**ACTION, "form_key": "k"}
    )

    asked = DBTaskResult.objects.ready().filter(task_path="diagnostics.tasks.make_download")
    runs = [task.args_kwargs["args"][1] for task in asked]
    left = [str(one.run) for one in Download.objects.filter(state="queued")]
    assert (answer.status_code, Action.objects.count()) == (302, 1)
    assert left == runs if state in ("queued", "running") else left == []
    assert not bundle.file.storage.exists(bundle.path)


def _bundle(example: StoredExample, state: str) -> Download:
    assert example.assessment is not None
    bundle = Download(assessment=example.assessment, kind=Download.Kind.REPORTS, state=state)
    if state == "running":
        bundle.claim, bundle.started_at = bundle.run, timezone.now()
    if state == "done":
        bundle.file = bundle.file.storage.save(bundle.path, ContentFile(b"PK"))
    bundle.save()
    return bundle


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_deleted_keeps_no_action_from_being_saved(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = scene_of()
    _bundle(scene.example, "done")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "denied")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", refuse)
        answer = scene.client.post(
            scene.page("diagnostics:action-create", *oulu(scene)), {**ACTION, "form_key": "k"}
        )

    assert (answer.status_code, Action.objects.count()) == (302, 1)
    assert "delete a file of reports" in caplog.text
