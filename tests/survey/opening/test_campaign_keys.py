"""Campaign keys: where they lie, who may read them, how they end."""

import stat
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from survey.errors import KeyUnavailableError
from survey.models import Campaign, CampaignKey
from survey.sealing import boxes, key_files, keys
from tests.survey.database_dump import dump
from tests.survey.small_campaign import open_small_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.KEY_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def campaign() -> Campaign:
    return open_small_campaign(invitations=0).campaign


def test_the_key_file_is_for_its_owner_alone(campaign: Campaign, key_dir: Path) -> None:
    file = key_dir / f"{campaign.id}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_dir.stat().st_mode) == 0o700
    assert list(key_dir.iterdir()) == [file]


def test_neither_secret_is_anywhere_in_the_database(campaign: Campaign) -> None:
    content = repr(dump(connection))
    for secret in (keys.load_private_key(campaign.id), keys.load_token_key(campaign.id)):
        assert len(secret) == 32
        assert repr(secret)[2:-1] not in content
        assert secret.hex() not in content


def test_a_ballot_sealed_with_the_public_key_opens_with_the_private_one(
    campaign: Campaign,
) -> None:
    box = boxes.seal(CampaignKey.objects.get(campaign=campaign).public_key, {"TF1": 4})
    assert boxes.open_box(keys.load_private_key(campaign.id), box) == {"TF1": 4}


def test_the_canary_opens_and_the_row_says_when(campaign: Campaign) -> None:
    keys.open_canary(campaign)
    assert CampaignKey.objects.get(campaign=campaign).canary_opened_at is not None


def test_a_foreign_key_file_is_noticed_by_the_canary(campaign: Campaign, key_dir: Path) -> None:
    opened_at = CampaignKey.objects.get(campaign=campaign).canary_opened_at
    (key_dir / f"{campaign.id}.key").write_bytes(bytes(64))
    with pytest.raises(KeyUnavailableError, match="found another key"):
        keys.open_canary(campaign)
    assert CampaignKey.objects.get(campaign=campaign).canary_opened_at == opened_at


def test_a_lost_key_file_is_named_in_the_error(campaign: Campaign, key_dir: Path) -> None:
    (key_dir / f"{campaign.id}.key").unlink()
    with pytest.raises(KeyUnavailableError, match=f"{campaign.id}.key, found none"):
        keys.load_private_key(campaign.id)


def test_a_second_copy_serves_when_the_first_is_lost_and_goes_with_it(
    tmp_path: Path, key_dir: Path, settings: Settings
) -> None:
    settings.KEY_COPY_DIR = str(tmp_path / "copies")
    campaign = open_small_campaign(invitations=0).campaign
    before = keys.load_private_key(campaign.id)
    (key_dir / f"{campaign.id}.key").unlink()
    assert keys.load_private_key(campaign.id) == before
    keys.destroy_campaign_key(campaign.id)
    assert list((tmp_path / "copies").iterdir()) == []


def test_destroying_overwrites_the_file_and_names_what_is_gone(
    campaign: Campaign, key_dir: Path, tmp_path: Path
) -> None:
    # A hard link shows what was left on the disk after the file's name was gone.
    (tmp_path / "remains").hardlink_to(key_dir / f"{campaign.id}.key")
    fingerprint = keys.destroy_campaign_key(campaign.id)
    row = CampaignKey.objects.get(campaign=campaign)
    assert fingerprint == row.fingerprint
    assert row.destroyed_at is not None
    assert list(key_dir.iterdir()) == []
    assert (tmp_path / "remains").read_bytes() == bytes(64)


def test_destroying_twice_is_no_error_and_keeps_the_first_time(campaign: Campaign) -> None:
    first = keys.destroy_campaign_key(campaign.id)
    when = CampaignKey.objects.get(campaign=campaign).destroyed_at
    assert keys.destroy_campaign_key(campaign.id) == first
    assert CampaignKey.objects.get(campaign=campaign).destroyed_at == when


def test_a_launch_that_was_rolled_back_leaves_a_key_that_the_next_one_uses(
    campaign: Campaign,
) -> None:
    CampaignKey.objects.filter(campaign=campaign).delete()
    before = keys.load_private_key(campaign.id)
    with transaction.atomic():
        keys.create_campaign_key(campaign)
        transaction.set_rollback(True)
    again = keys.create_campaign_key(campaign)
    assert keys.load_private_key(campaign.id) == before
    keys.open_canary(campaign)
    assert keys.create_campaign_key(campaign) == again


def test_secrets_do_not_show_in_a_traceback(campaign: Campaign) -> None:
    secrets = key_files.read(campaign.id)
    assert repr(secrets.private_key) not in repr(secrets)
    assert repr(secrets.token_key) not in repr(secrets)
