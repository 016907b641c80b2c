"""Whoever tests a campaign's state locks it first: a change that commits meanwhile is seen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from diagnostics.methods.services.definitions import load_defaults
from diagnostics.methods.services.own_definitions import choose_method
from diagnostics.models import CalibrationRule, PatternSet
from survey.errors import SurveyError
from survey.import_files.people import read_people
from survey.models import (
    Campaign,
    CampaignUnit,
    Function,
    Invitation,
    Message,
    Recipient,
    UnitReport,
    Upload,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services.campaigns import (
    close_campaign,
    discard_campaign,
    extend_campaign,
    launch_campaign,
    request_launch,
)
from survey.services.keys.proofs import note_failure
from survey.services.opening.alarms import note_failed_opening
from survey.services.opening.passphrases import set_passphrase
from survey.services.organisations.trees import import_people
from survey.services.running import latecomers, links, reminders, wrong_units
from survey.services.running.cancelling import cancel_campaign
from survey.services.running.code_sheets import make_code_sheet, revoke_codes
from survey.services.running.launching import prepare_keys
from survey.services.setup import drafts, trial_mails, unit_plans, uploads
from survey.services.setup.imports import NamedFile
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db(transaction=True)
WAIT: Final = 60  # seconds; a lock that is never asked for shows as an end before
PEOPLE: Final = NamedFile("people.csv", people_csv().encode())


@dataclass(frozen=True)
class Scene:
    """A campaign as its caller has fetched it, before somebody else changes its state."""

    campaign: Campaign
    manager: User

    @property
    def person(self) -> Recipient:
        return Recipient.objects.select_related("campaign").get(email="n1-0@example.com")

    @property
    def unit(self) -> CampaignUnit:
        return CampaignUnit.objects.select_related("campaign").get(code="N1")

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.get(recipient=self.person)

    @property
    def token(self) -> str:
        return derive_token(load_token_key(self.campaign.pk), self.invitation.pk)


Act = Callable[[Scene], object]
# What a draft alone allows, each with what is there before it.
OF_DRAFTS: Final[dict[str, Act]] = {
    "discard": lambda at: discard_campaign(campaign=at.campaign, by=Who.WORKER),
    "ask for the launch": lambda at: request_launch(campaign=at.campaign, by=Who.WORKER),
    "name": lambda at: drafts.name_draft(
        campaign=at.campaign, name="x", purpose="x", is_rehearsal=False
    ),
    "schedule": lambda at: drafts.schedule_draft(
        campaign=at.campaign, time_zone="UTC", opens_at=None,
        closes_at=timezone.now() + timedelta(days=3),
    ),
    "word the mails": lambda at: drafts.word_mails(
        campaign=at.campaign, introduction={"en": "x"}, signature="x"
    ),
    "state privacy": lambda at: drafts.state_privacy(
        campaign=at.campaign, floor=6, sensitive_floor=11, controller="x", contact="x",
        council_reference="", needs_passphrase=False, gives_rows=False, retention_months=3,
        logo=None, logo_alternative="",
    ),
    "choose a questionnaire": lambda at: drafts.choose_questionnaire(
        campaign=at.campaign, instrument=at.campaign.instrument, languages=["en"],
        background_purpose="", asks_attention_check=False, asks_markers=False,
    ),
    "choose a method": lambda at: choose_method(
        campaign=at.campaign, pattern_set=PatternSet.objects.all()[0],
        calibration=CalibrationRule.objects.all()[0],
    by=Who.WORKER),
    "import people": lambda at: import_people(
        campaign=at.campaign, rows=read_people(PEOPLE.content).rows
    ),
    "keep an upload": lambda at: uploads.keep_upload(
        upload=uploads.checked_upload(
            user=at.manager, campaign=at.campaign, units=None, people=PEOPLE
        )
    ),
    "confirm an upload": lambda at: uploads.confirm_upload(upload=Upload.objects.get()),
    "drop the plan": lambda at: unit_plans.drop_plan(campaign=at.campaign),
    "ask for a test mail": lambda at: trial_mails.request_trial_mail(
        campaign=at.campaign, email="a@example.com", language="en"
    ),
    "set a passphrase": lambda at: set_passphrase(
        campaign=at.campaign, passphrase="correct horse battery staple",
    by=Who.WORKER),
    "launch": lambda at: launch_campaign(campaign=at.campaign, by=Who.WORKER),
}  # fmt: skip
# What an open campaign alone allows.
OF_OPEN: Final[dict[str, Act]] = {
    "close": lambda at: close_campaign(campaign=at.campaign, by=Who.WORKER),
    "extend": lambda at: extend_campaign(
        campaign=at.campaign, closes_at=timezone.now() + timedelta(days=60), by=Who.WORKER
    ),
    "cancel": lambda at: cancel_campaign(campaign=at.campaign, by=Who.WORKER),
    "remind": lambda at: reminders.send_reminder(
        campaign=at.campaign, now=timezone.now() + timedelta(days=3)
    ),
    "add somebody": lambda at: latecomers.add_latecomer(
        unit=at.unit, email="late@example.com", name="", function=Function.SALES, by=Who.WORKER
    ),
    "send again": lambda at: links.resend_invitation(recipient=at.person, by=Who.WORKER),
    "ask for a new link": lambda at: links.request_new_link(recipient=at.person, by=Who.WORKER),
    "correct an address": lambda at: links.correct_address(
        recipient=at.person, email="new@example.com", name="", by=Who.WORKER
    ),
    "revoke a link": lambda at: links.revoke_link(recipient=at.person, by=Who.WORKER),
    "ask for a move": lambda at: links.request_move(
        recipient=at.person, unit=at.unit, function=Function.SALES, by=Who.WORKER
    ),
    "make codes": lambda at: make_code_sheet(
        unit=at.unit, function=Function.SALES, count=1, by=Who.WORKER
    ),
    "revoke codes": lambda at: revoke_codes(unit=at.unit, function=Function.SALES, by=Who.WORKER),
    "report a wrong unit": lambda at: wrong_units.report_wrong_unit(
        token=at.token, text="x", function=Function.SALES
    ),
}
# What the worker does in a state only, and leaves without a word in any other.
SILENT: Final[dict[str, Act]] = {
    "replace a link": lambda at: links.replace_link(invitation_id=at.invitation.pk, by=Who.WORKER),
    "move somebody": lambda at: links.move_person(
        invitation_id=at.invitation.pk, unit_id=at.unit.pk, function=Function.SALES, by=Who.WORKER
    ),
    "invite latecomers": lambda at: latecomers.invite_latecomers(campaign_id=at.campaign.pk),
    "note a lost key": lambda at: note_failure(
        campaign=at.campaign, problem="missing", now=timezone.now()
    ),
    "note a failed opening": lambda at: note_failed_opening(
        campaign_id=at.campaign.pk, problem="x"
    ),
    "prepare keys": lambda at: prepare_keys(campaign_id=at.campaign.pk),
}


@pytest.fixture(autouse=True)
def _keys(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"


@pytest.fixture
def draft() -> Scene:
    organisation, manager = organisation_with_manager()
    campaign = draft_campaign(organisation)
    prepare_keys(campaign_id=campaign.pk)
    load_defaults()
    uploads.keep_upload(
        upload=uploads.checked_upload(user=manager, campaign=campaign, units=None, people=PEOPLE)
    )
    return Scene(campaign, manager)


@pytest.fixture
def running() -> Scene:
    organisation, manager = organisation_with_manager()
    return Scene(open_campaign_of(organisation), manager)


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def left() -> list[object]:
    """Return what an act that is refused must leave as it was."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Recipient, Invitation, Message, UnitReport)
    ]


def is_waiting() -> bool:
    """Whether another connection waits for a lock that this one holds.

    By the locks themselves: what PostgreSQL tells of connections stays as it was when a
    transaction first looked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def acted_beside(
    act: Act, scene: Scene, others: ThreadPoolExecutor, state: str
) -> Exception | None:
    """Have an act begun while the campaign changes its state, and return how it was refused.

    On PostgreSQL the change is there, not committed, when the act begins, and is committed once
    the act waits for it. SQLite lets nobody begin then: there the act comes a moment later, with
    what its caller fetched before.
    """
    ended = Event()

    def run() -> Exception | None:
        try:
            act(scene)
        except SurveyError as error:
            return error
        finally:
            ended.set()
            connections.close_all()
        return None

    if connection.vendor != "postgresql":
        Campaign.objects.update(state=state)
        return others.submit(run).result(WAIT)
    with transaction.atomic():
        Campaign.objects.update(state=state)
        result = others.submit(run)
        while not is_waiting():
            assert not ended.wait(0.01), f"it did not wait: {result.result(WAIT)}"
    return result.result(WAIT)


def unrefused(
    acts: dict[str, Act], scene: Scene, others: ThreadPoolExecutor, before: str, after: str
) -> list[str]:
    """Return which acts were not refused, each begun beside the same change of state."""
    found = []
    for name, act in acts.items():
        Campaign.objects.update(state=before)
        if not isinstance(acted_beside(act, scene, others, after), SurveyError):
            found.append(name)
    return found


def test_what_needs_a_draft_waits_for_a_launch_and_is_refused_then(
    draft: Scene, others: ThreadPoolExecutor
) -> None:
    before = left()

    assert unrefused(OF_DRAFTS, draft, others, "draft", "open") == []
    assert left() == before


def test_what_needs_an_open_campaign_waits_for_its_end_and_is_refused_then(
    running: Scene, others: ThreadPoolExecutor
) -> None:
    before = left()

    assert unrefused(OF_OPEN, running, others, "open", "released") == []
    assert left() == before


def test_what_the_worker_does_in_a_state_it_leaves_in_any_other(
    running: Scene, others: ThreadPoolExecutor
) -> None:
    before = left()

    assert unrefused(SILENT, running, others, "open", "cancelled") == list(SILENT)
    assert left() == before


def test_a_launch_between_reading_and_importing_gives_nobody_a_second_link(
    draft: Scene, others: ThreadPoolExecutor
) -> None:
    launch_campaign(campaign=draft.campaign, by=Who.WORKER)
    upload = Upload.objects.get()

    refused = acted_beside(lambda _: uploads.confirm_upload(upload=upload), draft, others, "open")

    assert isinstance(refused, SurveyError)
    assert (Recipient.objects.count(), Invitation.objects.count()) == (9, 9)


def test_an_upload_that_is_confirmed_twice_at_once_is_refused_the_second_time(
    draft: Scene,
) -> None:
    upload = Upload.objects.get()
    uploads.confirm_upload(upload=upload)

    with pytest.raises(SurveyError, match="confirmed, replaced or deleted already"):
        uploads.confirm_upload(upload=upload)
