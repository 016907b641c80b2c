"""Closing, participation in bands, and the tick that may run at any time."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from survey.errors import StateError
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignState,
    Invitation,
    Message,
    Participation,
    Recipient,
    TrialMail,
    Upload,
    Who,
)
from survey.selectors.participation import ParticipationRow, participation_of
from survey.services.opening.closing import close_campaign, open_closed_campaign
from survey.services.opening.opening import open_campaign
from survey.services.running.launching import request_launch
from survey.services.running.participation import refresh_participation
from survey.services.schedule import run_due_work
from survey.tasks import launch_campaign
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, tzinfo=timezone.get_fixed_timezone(0))


@pytest.fixture
def campaign() -> Campaign:
    with time_machine.travel(NOW, tick=False):
        return open_campaign_of(
            organisation_with_manager()[0], people=people_csv(north=20, workshop=4)
        )


def queued(path: str) -> int:
    return DBTaskResult.objects.filter(task_path=f"survey.tasks.{path}").count()


def answer(unit: str, function: str, count: int) -> None:
    group = Invitation.objects.filter(unit__code=unit, function=function).order_by("id")
    Invitation.objects.filter(id__in=list(group.values_list("id", flat=True)[:count])).update(
        done=True
    )


def test_closing_keeps_ten_minutes_for_submits_under_way(campaign: Campaign) -> None:
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)

    assert (campaign.state, campaign.closed_at) == (CampaignState.CLOSED, NOW)
    assert campaign.accepts_answers(NOW + timedelta(minutes=9, seconds=59))
    assert not campaign.accepts_answers(NOW + timedelta(minutes=10))


def test_only_development_may_shorten_the_grace(campaign: Campaign, settings: Settings) -> None:
    settings.GRACE_SECONDS = 5
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)
    assert campaign.accepts_until == NOW + timedelta(minutes=10)

    settings.DEBUG = True
    Campaign.objects.update(state=CampaignState.OPEN)
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)
    assert campaign.accepts_until == NOW + timedelta(seconds=5)


def test_a_campaign_closes_once_and_stops_its_mails(campaign: Campaign) -> None:
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)

    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)
    assert Message.objects.filter(state="waiting").count() == 0


def test_opening_waits_for_the_grace_and_is_queued_once(
    campaign: Campaign, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    over = NOW + timedelta(minutes=10)
    with django_capture_on_commit_callbacks(execute=True):
        close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)
        run_due_work(over - timedelta(seconds=1))
    assert queued("open_ballots") == 0

    with django_capture_on_commit_callbacks(execute=True):
        run_due_work(over)
        run_due_work(over)
        run_due_work(over + timedelta(minutes=9))
    assert queued("open_ballots") == 1


@pytest.mark.parametrize("ended", [{"done": True, "used": True}, {"revoked": True}])
def test_the_grace_runs_also_when_nobody_is_left_to_wait_for(
    campaign: Campaign, ended: dict[str, bool]
) -> None:
    Invitation.objects.update(**ended)
    over = NOW + timedelta(minutes=10)
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)

    run_due_work(over - timedelta(seconds=1))
    with pytest.raises(StateError, match="expected a closed campaign whose time for late answers"):
        open_campaign(campaign_id=campaign.pk, now=over - timedelta(seconds=1))
    before = queued("open_ballots")
    run_due_work(over)

    assert (before, queued("open_ballots")) == (0, 1)


def test_an_opening_that_failed_is_tried_again_every_ten_minutes(
    campaign: Campaign, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        close_campaign(campaign=campaign, now=NOW, without_grace=True, by=Who.WORKER)
        run_due_work(NOW + timedelta(minutes=10))
        found = [queued("open_ballots")]  # one that waits is not queued beside itself
        for minutes in (15, 20, 25, 30):
            DBTaskResult.objects.filter(task_path="survey.tasks.open_ballots").delete()
            run_due_work(NOW + timedelta(minutes=minutes))
            found.append(queued("open_ballots"))

    assert found == [1, 1, 0, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_the_opening_counts_participation_a_last_time_and_happens_once(campaign: Campaign) -> None:
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)
    answer("N1", "operations", 10)

    open_closed_campaign(campaign_id=campaign.id)
    open_closed_campaign(campaign_id=campaign.id)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RELEASED
    assert participation_of(campaign).at_least == 10
    assert CampaignKey.objects.get().destroyed_at is not None
    assert campaign.ledger.filter(action="ballots opened").count() == 1


def test_a_release_whose_key_a_killed_worker_left_is_finished_later(
    campaign: Campaign, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    close_campaign(campaign=campaign, now=NOW, without_grace=True, by=Who.WORKER)
    Campaign.objects.update(state=CampaignState.RELEASED)
    by_the_close = queued("open_ballots")
    DBTaskResult.objects.filter(task_path="survey.tasks.open_ballots").delete()

    with django_capture_on_commit_callbacks(execute=True):
        run_due_work(NOW + timedelta(minutes=9))
        run_due_work(NOW + timedelta(minutes=10))
        CampaignKey.objects.update(destroyed_at=NOW)
        run_due_work(NOW + timedelta(minutes=20))

    assert (by_the_close, queued("open_ballots")) == (1, 1)


def test_participation_is_banded_and_says_nothing_of_small_groups(campaign: Campaign) -> None:
    answer("N1", "operations", 7)
    answer("N1", "sales", 1)
    answer("N2", "operations", 3)

    refresh_participation(campaign=campaign, day=NOW.date())

    table = participation_of(campaign)
    north, workshop = (campaign.units.get(code=code).id for code in ("N1", "N2"))
    assert table.rows == (
        ParticipationRow(north, "Field team Ålesund", "Service operations", 14, "5-9"),
        ParticipationRow(north, "Field team Ålesund", "Service sales", 6, ""),
        ParticipationRow(workshop, "Workshop", "Service operations", 3, ""),
        ParticipationRow(workshop, "Workshop", "Service sales", 1, ""),
    )
    assert (table.day, table.invited, table.at_least) == (NOW.date(), 24, 5)


def test_a_second_count_on_one_day_replaces_the_first(campaign: Campaign) -> None:
    refresh_participation(campaign=campaign, day=NOW.date())
    answer("N1", "operations", 10)
    refresh_participation(campaign=campaign, day=NOW.date())

    bands = Participation.objects.filter(campaign_unit__code="N1", function="operations")
    assert list(bands.values_list("day", "answered_band")) == [(NOW.date(), "10+")]


def test_participation_is_counted_once_a_day_and_at_closing(campaign: Campaign) -> None:
    run_due_work(NOW)
    answer("N1", "operations", 10)
    run_due_work(NOW + timedelta(hours=12))
    before = participation_of(campaign).at_least
    close_campaign(campaign=campaign, now=NOW + timedelta(hours=13), by=Who.WORKER)

    assert (before, participation_of(campaign).at_least) == (0, 10)


def test_the_tick_closes_what_is_due_and_a_second_tick_changes_nothing(
    campaign: Campaign,
) -> None:
    due = NOW + timedelta(days=14)

    run_due_work(due - timedelta(seconds=1))
    campaign.refresh_from_db()
    before = campaign.state
    run_due_work(due)
    first = list(Campaign.objects.values())
    run_due_work(due)

    assert (before, first[0]["state"]) == (CampaignState.OPEN, CampaignState.CLOSED)
    assert first[0]["closed_at"] == due
    assert list(Campaign.objects.values()) == first


def test_the_tick_opens_the_canary_of_open_campaigns_every_hour(campaign: Campaign) -> None:
    opened = []
    for minutes in (30, 60, 90, 121):
        at = NOW + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            run_due_work(at)
        opened.append(CampaignKey.objects.get().canary_opened_at)

    assert opened == [NOW, *[NOW + timedelta(hours=1)] * 2, NOW + timedelta(minutes=121)]


def test_a_lost_key_is_logged_and_does_not_stop_the_tick(
    campaign: Campaign, settings: Settings, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KEY_DIR = tmp_path

    run_due_work(NOW + timedelta(days=14, hours=-1))

    assert "The canary ballot could not be opened." in caplog.text
    assert Participation.objects.exists()


def test_the_tick_queues_a_launch_whose_task_was_lost() -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    now = timezone.now()
    run_due_work(now)
    request_launch(campaign=campaign, by=Who.WORKER)
    DBTaskResult.objects.filter(task_path="survey.tasks.launch_campaign").delete()

    run_due_work(now)
    run_due_work(now)
    for task in DBTaskResult.objects.filter(task_path="survey.tasks.launch_campaign"):
        launch_campaign.call(*task.args_kwargs["args"])

    campaign.refresh_from_db()
    assert (queued("launch_campaign"), campaign.state) == (1, CampaignState.OPEN)
    assert Invitation.objects.count() == 9


def test_addresses_are_deleted_two_weeks_after_close_and_participation_stays(
    campaign: Campaign,
) -> None:
    close_campaign(campaign=campaign, now=NOW, by=Who.WORKER)

    run_due_work(NOW + timedelta(days=14, seconds=-1))
    before = Recipient.objects.count()
    run_due_work(NOW + timedelta(days=14))

    assert (before, Recipient.objects.count(), TrialMail.objects.count()) == (24, 0, 0)
    assert set(Invitation.objects.values_list("recipient", flat=True)) == {None}
    assert Participation.objects.count() == 4


def test_an_upload_that_nobody_confirms_is_deleted() -> None:
    organisation, manager = organisation_with_manager()
    Upload.objects.create(
        user=manager, campaign=draft_campaign(organisation), people_file=b"x", uploaded_at=NOW
    )

    run_due_work(NOW + timedelta(minutes=119))
    before = Upload.objects.count()
    run_due_work(NOW + timedelta(minutes=120))

    assert (before, Upload.objects.count()) == (1, 0)


def test_what_the_worker_has_done_is_forgotten_after_two_weeks() -> None:
    done = launch_campaign.enqueue(str(uuid4()))
    waiting = launch_campaign.enqueue(str(uuid4()))
    DBTaskResult.objects.filter(pk=done.id).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=NOW
    )

    run_due_work(NOW + timedelta(days=14, seconds=-1))
    before = DBTaskResult.objects.count()
    run_due_work(NOW + timedelta(days=14))

    assert (before, [str(task.pk) for task in DBTaskResult.objects.all()]) == (2, [waiting.id])


def test_a_clock_that_was_set_back_holds_no_opening_up(campaign: Campaign) -> None:
    close_campaign(campaign=campaign, now=NOW + timedelta(hours=1), by=Who.WORKER)

    run_due_work(NOW)
    campaign.refresh_from_db()

    assert campaign.accepts_until == NOW + timedelta(minutes=10)
    run_due_work(NOW + timedelta(minutes=10))
    assert queued("open_ballots") == 1
