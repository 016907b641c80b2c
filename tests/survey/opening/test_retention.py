"""Answers are deleted when their time is over; what was released of them stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from survey.models import Action, BackgroundCount, Campaign, Release, ReleaseCell, Response
from survey.release.digest import release_digest
from survey.selectors.releases import released_cells
from survey.services.opening.opening import open_campaign
from survey.services.retention.deletion import delete_old_answers, kept_until
from survey.services.schedule import run_due_work
from tests.survey.opening.opening_scenes import closed_campaign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(settings: Settings, tmp_path: Path) -> Campaign:
    settings.KEY_DIR = tmp_path / "keys"
    return open_campaign(campaign_id=closed_campaign().campaign.id)


def test_answers_are_deleted_on_their_day_and_the_release_stays(campaign: Campaign) -> None:
    end = kept_until(campaign)
    cells = ReleaseCell.objects.count()

    run_due_work(end - timedelta(seconds=1))
    before = (Response.objects.count(), BackgroundCount.objects.count())
    run_due_work(end)
    run_due_work(end + timedelta(days=1))

    assert (before, Response.objects.count(), BackgroundCount.objects.count()) == ((28, 1), 0, 1)
    assert ReleaseCell.objects.count() == cells > 0
    stored = released_cells(Campaign.objects.get())
    assert Release.objects.get().digest == release_digest(stored)
    actions = [(entry.action, entry.at) for entry in campaign.ledger.all()]
    assert [action for action, _ in actions] == [
        "closed", "ballots opened", "key destroyed", Action.ADDRESSES_DELETED,
        Action.ANSWERS_DELETED, Action.ANSWERS_WIPED,
    ]  # fmt: skip
    assert {at for _, at in actions[4:]} == {end}
    assert campaign.ledger.get(action=Action.ANSWERS_DELETED).detail == {}


def test_deleted_answers_are_gone_from_the_files_of_the_database(campaign: Campaign) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF").close()  # then only the wiping is left

    delete_old_answers(kept_until(campaign))  # alone: what else is due wipes as well

    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        files = b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
        assert b'"TF1": ' not in files
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('survey_response')")
            assert cursor.fetchone() == (0,)


def test_months_are_counted_from_close(campaign: Campaign) -> None:
    closed = timezone.now().replace(year=2026, month=11, day=30)
    campaign.closed_at = closed
    campaign.retention_months = 15

    assert kept_until(campaign) == closed.replace(year=2028, month=2, day=29)
