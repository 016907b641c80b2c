"""A passphrase of the works council: without it nobody opens the ballots, not even the worker."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from survey.errors import InputError, KeyUnavailableError, StateError
from survey.models import Ballot, Campaign, CampaignKey, CampaignState, Response, Role, User, Who
from survey.policy import WRONG_PASSPHRASES
from survey.sealing import key_files, keys, passphrases
from survey.selectors.openings import campaigns_due_to_open
from survey.services.opening.closing import open_closed_campaign
from survey.services.opening.opening import open_campaign
from survey.services.opening.passphrases import give_passphrase, set_passphrase, wrap_key
from survey.services.running.cancelling import cancel_campaign, finish_cancellation
from survey.services.running.launching import launch_campaign, prepare_keys
from survey.services.schedule import run_due_work
from tests.survey.database_dump import dump
from tests.survey.opening.opening_scenes import ClosedCampaign, closed_campaign
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

PASSPHRASE = "seven quiet herons over the lake"


@pytest.fixture(autouse=True)
def cheap_stretching(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    """Stretch as little as the library allows, and keep keys in two folders of this test."""
    monkeypatch.setattr(passphrases, "EFFORT", 1)
    monkeypatch.setattr(passphrases, "MEMORY", 8192)
    settings.KEY_DIR, settings.KEY_COPY_DIR = tmp_path / "keys", str(tmp_path / "copies")


def locked_scene() -> ClosedCampaign:
    """Return a closed campaign whose key was wrapped at its launch."""
    scene = closed_campaign()
    Campaign.objects.update(state=CampaignState.DRAFT)
    set_passphrase(campaign=scene.campaign, passphrase=PASSPHRASE, by=Who.WORKER)
    Campaign.objects.update(state=CampaignState.CLOSED)
    wrap_key(campaign_id=scene.campaign.pk)
    return scene


@pytest.mark.django_db(transaction=True)
def test_ballots_stay_closed_until_the_passphrase_is_given_and_then_open_once() -> None:
    scene = locked_scene()
    with pytest.raises(KeyUnavailableError, match="expected the passphrase of the works council"):
        keys.load_private_key(scene.campaign.pk)
    with pytest.raises(StateError):
        open_campaign(campaign_id=scene.campaign.pk)
    assert not campaigns_due_to_open(timezone.now()).exists()
    assert Response.objects.count() == 0

    give_passphrase(
        campaign=scene.campaign, passphrase=f"  {PASSPHRASE.replace(' ', '  ')}", by=Who.WORKER
    )
    queued = DBTaskResult.objects.filter(task_path="survey.tasks.open_ballots").count()
    open_closed_campaign(campaign_id=scene.campaign.pk)

    scene.campaign.refresh_from_db()
    assert queued == 1
    assert scene.campaign.state == CampaignState.RELEASED
    assert Response.objects.count() == 28
    assert key_files.find(scene.campaign.pk) is None
    assert CampaignKey.objects.get().handover == b""
    assert [entry.action for entry in scene.campaign.ledger.all()] == [
        "closed", "passphrase set", "key wrapped", "passphrase given", "ballots opened",
        "key destroyed",
    ]  # fmt: skip


@pytest.mark.django_db
def test_nothing_in_database_and_key_files_opens_a_ballot_without_the_passphrase() -> None:
    scene = closed_campaign()
    plain = keys.load_private_key(scene.campaign.pk)
    Campaign.objects.update(state=CampaignState.DRAFT)
    set_passphrase(campaign=scene.campaign, passphrase=PASSPHRASE, by=Who.WORKER)
    Campaign.objects.update(state=CampaignState.OPEN)
    wrap_key(campaign_id=scene.campaign.pk)
    wrap_key(campaign_id=scene.campaign.pk)

    row = CampaignKey.objects.get()
    stretched = passphrases.stretch(PASSPHRASE, row.passphrase_salt)
    everything = repr(dump(connection))
    for secret in (plain, stretched, passphrases.wrapping_key_of(stretched), PASSPHRASE.encode()):
        assert repr(secret)[2:-1] not in everything
    files = [path for folder in ("keys", "copies") for path in _folder(folder).iterdir()]
    assert [path.stat().st_size for path in files] == [104, 104]
    assert all(plain not in path.read_bytes() for path in files)
    assert row.handover == b""


def _folder(name: str) -> Path:
    from django.conf import settings

    return Path(settings.KEY_DIR).parent / name


@pytest.mark.django_db
def test_wrong_passphrases_are_noted_and_pause_after_five() -> None:
    scene = locked_scene()
    now = timezone.now()
    for _ in range(WRONG_PASSPHRASES):
        with pytest.raises(InputError, match="set before the launch, found another"):
            give_passphrase(
                campaign=scene.campaign, passphrase="another one entirely", now=now, by=Who.WORKER
            )
    with pytest.raises(StateError, match="Too many wrong passphrases"):
        give_passphrase(campaign=scene.campaign, passphrase=PASSPHRASE, now=now, by=Who.WORKER)

    give_passphrase(
        campaign=scene.campaign,
        passphrase=PASSPHRASE,
        now=now + timedelta(minutes=16),
        by=Who.WORKER,
    )

    assert scene.campaign.ledger.filter(action="wrong passphrase").count() == WRONG_PASSPHRASES
    assert not CampaignKey.objects.get().waits_for_passphrase


@pytest.mark.django_db
def test_the_launch_wraps_the_key_and_its_file_is_the_proof_afterwards(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    prepare_keys(campaign_id=campaign.pk)
    set_passphrase(campaign=campaign, passphrase="the first one that was set", by=Who.WORKER)
    set_passphrase(campaign=campaign, passphrase=PASSPHRASE, by=Who.WORKER)

    with django_capture_on_commit_callbacks(execute=True):
        launch_campaign(campaign=campaign, by=Who.WORKER)
        run_due_work(timezone.now())
    queued = DBTaskResult.objects.filter(task_path="survey.tasks.wrap_key")
    assert queued.count() == 1  # by the launch; the clock queues it where that one is lost
    wrap_key(campaign_id=campaign.pk)
    later = timezone.now() + timedelta(hours=1)
    run_due_work(later)
    proven = CampaignKey.objects.get()
    file = Path(settings.KEY_DIR, f"{campaign.pk}.key")
    copy = Path(settings.KEY_COPY_DIR, file.name)
    whole = file.read_bytes()
    for path in (file, copy):  # one bit of what the passphrase would have to open
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    run_due_work(later + timedelta(minutes=1))
    changed = CampaignKey.objects.get()
    for path in (file, copy):
        path.write_bytes(whole)

    assert (proven.canary_opened_at, proven.failing_since) == (later, None)
    assert (changed.canary_opened_at, changed.failing_since, changed.failing_problem) == (
        later, later + timedelta(minutes=1), "damaged",
    )  # fmt: skip
    assert keys.load_token_key(campaign.pk)
    with pytest.raises(StateError, match="a passphrase has no place here"):
        set_passphrase(campaign=campaign, passphrase=PASSPHRASE, by=Who.WORKER)


@pytest.mark.django_db
def test_the_page_is_the_works_council_s_alone_and_the_manager_s_waits(client: Client) -> None:
    scene = locked_scene()
    organisation, manager = organisation_with_manager()
    Campaign.objects.update(organisation=organisation)
    address = f"/campaigns/{scene.campaign.pk}/passphrase/"
    statuses = {}
    for role in (Role.MANAGER, Role.COUNCIL, Role.ADMINISTRATOR, Role.EXECUTIVE, Role.ANALYST):
        user = User.objects.create_user(f"{role}@example.com", "x" * 12)
        user.memberships.create(organisation=organisation, role=role)
        client.force_login(user)
        statuses[role.value] = client.get(address).status_code
    client.force_login(manager)
    page = client.get(f"/campaigns/{scene.campaign.pk}/").content.decode()
    stored = client.get(f"/campaigns/{scene.campaign.pk}/stored/").content.decode()

    assert {role for role, status in statuses.items() if status == 200} == {"council"}
    assert set(statuses.values()) == {200, 404}
    assert "The ballots wait for the passphrase of the works council" in page
    assert "wrapped with a passphrase of the works council" in stored


@pytest.mark.django_db(transaction=True)
def test_a_campaign_whose_passphrase_is_lost_can_be_cancelled_and_no_other_closed_one() -> None:
    scene = locked_scene()

    cancel_campaign(campaign=scene.campaign, by=Who.WORKER)
    finish_cancellation(campaign_id=scene.campaign.pk)

    assert scene.campaign.state == CampaignState.CANCELLED
    assert Ballot.objects.count() == 0
    assert key_files.find(scene.campaign.pk) is None
    given = locked_scene()
    give_passphrase(campaign=given.campaign, passphrase=PASSPHRASE, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign to cancel"):
        cancel_campaign(campaign=given.campaign, by=Who.WORKER)
