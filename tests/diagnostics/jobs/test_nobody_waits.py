"""Whatever task is lost three times, or fails: it is asked for again, or a page says how it ended.

Each name that may lie in a queue has one of three ends, and nobody waits for anything else.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

import diagnostics.tasks
import survey.tasks
from diagnostics.jobs.failed_tasks import ASKED_ONCE, MOST_BEGINS, queue_failed_tasks
from diagnostics.jobs.leases import begin_lease, fail_task, recover_lost_tasks
from diagnostics.jobs.lost_work import WORK_OF_TASKS
from diagnostics.jobs.schedule import run_due_work
from diagnostics.models import Scoring, TaskLease
from diagnostics.results.services.scorings import ask_for_scoring
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignState,
    Message,
    Recipient,
    User,
)
from survey.queue import LONGEST_PAUSE, MOST_FAILURES, later
from survey.services import schedule
from tests.diagnostics.stored_example import store_example
from tests.survey.small_campaign import open_small_campaign

pytestmark = pytest.mark.django_db
TASKS = {
    task.module_path
    for module in (survey.tasks, diagnostics.tasks)
    for task in vars(module).values()
    if isinstance(task, Task)
}
# What the clock finds by the state of what waits.
BY_CLOCK = {
    "survey.tasks.prepare_keys": "every tick makes the keys of drafts that have none",
    "survey.tasks.launch_campaign": "or the campaign is a draft again, and says why",
    "survey.tasks.wrap_key": "",
    "survey.tasks.invite_latecomers": "",
    "survey.tasks.finish_cancellation": "",
    "survey.tasks.send_messages": "",
    "survey.tasks.open_ballots": "and the page says that it failed",
    "survey.tasks.read_bounces": "",
    "diagnostics.tasks.send_result_notices": "each mail has a state of its own",
}


def lose(task: DBTaskResult, times: int = 3) -> None:
    """Let so many workers take a task and vanish."""
    for _ in range(times):
        DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.RUNNING)
        begin_lease(task_id=task.pk)
        TaskLease.objects.update(expires_at=Now() - timedelta(seconds=1))
        assert recover_lost_tasks() == [task.pk]


def queued(path: str, *arguments: object) -> DBTaskResult:
    later(path, *arguments)
    return DBTaskResult.objects.get(task_path=path, status=TaskResultStatus.READY)


def waiting() -> list[str]:
    return list(DBTaskResult.objects.ready().values_list("task_path", flat=True))


@pytest.mark.parametrize("path", sorted(TASKS))
def test_each_task_that_comes_to_nothing_is_asked_for_by_somebody(path: str) -> None:
    """The clock by its state, a page that offers it again, or the failed task itself is queued."""
    assert [path in BY_CLOCK, path in WORK_OF_TASKS, path in ASKED_ONCE].count(True) == 1


def test_nothing_that_is_not_a_task_is_waited_for() -> None:
    assert set(BY_CLOCK) | set(WORK_OF_TASKS) | ASKED_ONCE == TASKS


@pytest.mark.parametrize("path", sorted(ASKED_ONCE))
def test_a_task_asked_for_once_and_lost_three_times_is_queued_again(path: str) -> None:
    task = queued(path, str(uuid4()))
    lose(task)
    now = timezone.now()
    queue_failed_tasks(now)
    at_once = waiting()
    queue_failed_tasks(now + timedelta(minutes=10))

    assert (at_once, waiting()) == ([], [path])


def test_a_task_that_fails_and_fails_is_queued_later_each_time_and_not_for_ever() -> None:
    task = queued("survey.tasks.replace_link", str(uuid4()))
    now, pauses = timezone.now(), []
    for begun in range(1, MOST_BEGINS + 1):
        DBTaskResult.objects.filter(pk=task.pk).update(
            status=TaskResultStatus.FAILED, finished_at=now, worker_ids=["one"] * begun
        )
        minutes = next(
            (m for m in (2**k for k in range(1, 12)) if is_queued_after(now, minutes=m)), None
        )
        pauses.append(minutes)

    assert pauses[:6] == [2, 4, 8, 16, 32, 64]
    assert pauses[8:-1] == [512] * 21  # six hours, seen at the next power of two
    assert pauses[-1] is None


def is_queued_after(now: datetime, *, minutes: int) -> bool:
    queue_failed_tasks(now + timedelta(minutes=minutes))
    return bool(waiting())


def test_reports_whose_queueing_was_lost_three_times_are_asked_for_again() -> None:
    example = store_example()
    assert example.assessment is not None
    lose(queued("diagnostics.tasks.queue_reports", example.assessment.pk))
    run_due_work(timezone.now() + timedelta(minutes=10))

    assert "diagnostics.tasks.queue_reports" in waiting()


def test_a_launch_lost_three_times_is_a_draft_again_that_says_why() -> None:
    campaign = open_small_campaign(invitations=1).campaign
    Campaign.objects.update(state=CampaignState.LAUNCHING)
    lose(queued("survey.tasks.launch_campaign", campaign.pk))

    campaign.refresh_from_db()
    assert (campaign.state, campaign.launch_problem) == ("draft", "other")


def test_an_opening_lost_three_times_is_told_and_tried_again() -> None:
    campaign = open_small_campaign(invitations=1).campaign
    now = timezone.now()
    Campaign.objects.update(
        state=CampaignState.CLOSED, closed_at=now, accepts_until=now, opening_tried_at=now
    )
    lose(queued("survey.tasks.open_ballots", campaign.pk))
    schedule.queue_due_openings(now + timedelta(minutes=10))

    campaign.refresh_from_db()
    assert campaign.opening_problem.startswith("The worker vanished")
    assert "survey.tasks.open_ballots" in waiting()


def test_a_scoring_lost_three_times_is_given_up_and_may_be_asked_for() -> None:
    campaign = store_example(is_scored=False).campaign
    ask_for_scoring(campaign=campaign, by=None)
    lose(DBTaskResult.objects.get(task_path="diagnostics.tasks.assess_campaign"))
    run_due_work(timezone.now() + timedelta(days=1))
    state, asked_by_clock = Scoring.objects.get().state, waiting()
    ask_for_scoring(campaign=campaign, by=None)

    assert (state, "diagnostics.tasks.assess_campaign" in asked_by_clock) == ("given_up", False)
    assert (Scoring.objects.get().state, Scoring.objects.get().tries) == ("queued", 0)
    assert "diagnostics.tasks.assess_campaign" in waiting()


@pytest.fixture
def campaign(settings: Settings, tmp_path: Any) -> Campaign:  # noqa: ANN401
    """Return an open campaign with something for each step of the clock that queues."""
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/bounces"
    settings.KEY_DIR = tmp_path / "keys"
    return open_small_campaign(invitations=1).campaign


def launching(campaign: Campaign) -> None:
    Campaign.objects.update(state=CampaignState.LAUNCHING)


def unwrapped(campaign: Campaign) -> None:
    CampaignKey.objects.update(passphrase_check=b"x", wrapped_at=None)


def with_latecomer(campaign: Campaign) -> None:
    Recipient.objects.create(
        campaign=campaign, email="late@pumps.example", unit_code="", function="sales"
    )


def cancelled(campaign: Campaign) -> None:
    Campaign.objects.update(state=CampaignState.CANCELLED)


def closed(campaign: Campaign) -> None:
    now = timezone.now()
    Campaign.objects.update(state=CampaignState.CLOSED, closed_at=now, accepts_until=now)


def released(campaign: Campaign) -> None:
    Campaign.objects.all().delete()
    store_example(is_scored=False)


def with_mail(campaign: Campaign) -> None:
    user = User.objects.create_user("u@pumps.example")
    Message.objects.create(kind="set_password", user=user, due_at=timezone.now())


STEPS: dict[str, tuple[Callable[[Campaign], None], str]] = {
    "a launch": (launching, "survey.tasks.launch_campaign"),
    "a key": (unwrapped, "survey.tasks.wrap_key"),
    "a latecomer": (with_latecomer, "survey.tasks.invite_latecomers"),
    "a cancellation": (cancelled, "survey.tasks.finish_cancellation"),
    "an opening": (closed, "survey.tasks.open_ballots"),
    "mail": (with_mail, "survey.tasks.send_messages"),
    "bounces": (lambda _: None, "survey.tasks.read_bounces"),
    "a scoring": (released, "diagnostics.tasks.assess_campaign"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_clock_that_ticks_while_a_task_waits_queues_no_second_one(
    campaign: Campaign, name: str
) -> None:
    prepare, path = STEPS[name]
    prepare(campaign)
    now = timezone.now()
    for minutes in (0, 1, 20, 21):
        run_due_work(now + timedelta(minutes=minutes))

    assert waiting().count(path) == 1


@pytest.mark.parametrize("name", STEPS)
def test_what_fails_is_not_queued_again_at_every_tick(campaign: Campaign, name: str) -> None:
    prepare, path = STEPS[name]
    prepare(campaign)
    now = timezone.now()
    asked = 0
    for minutes in range(31):
        at = now + timedelta(minutes=minutes)
        run_due_work(at)
        for task in DBTaskResult.objects.ready().filter(task_path=path):
            asked += 1
            fail(task, at)

    assert 1 <= asked <= 7


def fail(task: DBTaskResult, at: datetime) -> None:
    DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.RUNNING)
    fail_task(task_id=task.pk, error=RuntimeError("no such module"))
    DBTaskResult.objects.filter(pk=task.pk).update(finished_at=at, enqueued_at=at)


def test_a_launch_that_fails_and_fails_is_a_draft_again() -> None:
    campaign = open_small_campaign(invitations=1).campaign
    launching(campaign)
    now = timezone.now()
    for _ in range(MOST_FAILURES):
        fail(queued("survey.tasks.launch_campaign", campaign.pk), now)
        Campaign.objects.update(state=CampaignState.LAUNCHING)  # an outage is no refusal
    schedule.queue_waiting_launches(now + LONGEST_PAUSE)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.launch_problem, waiting()) == ("draft", "other", [])
