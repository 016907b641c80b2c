"""Scoring that fails backs off, is given up with a reason on the page, and may be asked for again.

Whatever number of workers have its tasks, one of them scores.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diagnostics.jobs.leases import held_lease
from diagnostics.jobs.worker import LeasingWorker
from diagnostics.models import Assessment, Scoring
from diagnostics.results.services import assessments
from diagnostics.results.services.scorings import MOST_TRIES, ask_for_scoring, turn_to_score
from qca.errors import QcaError
from survey.errors import AnswersDeletedError
from survey.models import Campaign
from tests.diagnostics.stored_example import StoredExample, store_example

TASK = "diagnostics.tasks.assess_campaign"
WORKERS = 6


def worker() -> LeasingWorker:
    return LeasingWorker(worker_id="one", interval=0.01, until_idle=True)


def run_queue() -> None:
    """Have every task run that is ready, without the clock."""
    for task in DBTaskResult.objects.ready():
        task.claim("one")
        with held_lease(task.pk):
            super(LeasingWorker, worker()).run_task(task)


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    """Let no campaign be scored, as with data that nobody thought of."""

    def fail(**_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(assessments, "compute_result", fail)
        yield


@pytest.fixture
def example() -> StoredExample:
    return store_example(is_scored=False)


@pytest.mark.django_db
def test_scoring_that_fails_is_tried_later_each_time_and_then_given_up(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_scoring(campaign=example.campaign, by=None)
    began, tries = timezone.now(), []
    with failing(monkeypatch, QcaError("expected at least one case, found none")):
        for minutes in range(0, 600, 2):
            if DBTaskResult.objects.ready().exists():
                tries.append(minutes)
                run_queue()
                # Noted by the wall clock: told by that of the test.
                next_at = Scoring.objects.get().next_try_at
                if next_at is not None:
                    moved = next_at - timezone.now() + began + timedelta(minutes=minutes)
                    Scoring.objects.update(next_try_at=moved - timedelta(seconds=1))
            run_scorings(began + timedelta(minutes=minutes))

    scoring = Scoring.objects.get()
    assert tries == [0, 4, 10, 20, 38, 72]
    assert (scoring.state, scoring.tries, scoring.next_try_at, scoring.reason) == (
        "failed", MOST_TRIES, None, "expected at least one case, found none",
    )  # fmt: skip


def run_scorings(now: Any) -> None:  # noqa: ANN401
    from diagnostics.results.services.scorings import ask_by_clock

    for campaign_id in Campaign.objects.values_list("pk", flat=True):
        ask_by_clock(campaign_id=campaign_id, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (QcaError("expected a complete case, found none"), "expected a complete case, found none"),
        (ValueError("answer 3 of Ann"), "ValueError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_reason_is_told_and_quotes_no_answer(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    ask_for_scoring(campaign=example.campaign, by=None)
    with failing(monkeypatch, error):
        run_queue()

    assert Scoring.objects.get().reason == reason


@pytest.mark.django_db
def test_the_page_says_why_there_are_no_results_and_offers_another_try(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    executive = example.person("hr@example.com", role="executive")
    analyst = example.person("ann@example.com", role="analyst")
    page = reverse("diagnostics:company-detail", args=[example.campaign.pk])
    ask = reverse("diagnostics:scoring-request", args=[example.campaign.pk])

    def told(person: Any) -> str:  # noqa: ANN401
        client = Client()
        client.force_login(person)
        return " ".join(client.get(page).content.decode().split())

    ask_for_scoring(campaign=example.campaign, by=None)
    waiting = told(executive)
    with failing(monkeypatch, QcaError("expected a complete case, found none")):
        run_queue()
    failed, read_only = told(executive), told(analyst)
    Scoring.objects.update(next_try_at=None, state="given_up", reason="")
    given_up = told(executive)
    client = Client()
    client.force_login(executive)
    answer = client.post(ask)

    assert "The results are being computed" in waiting
    assert "It cannot be made: no case is complete" in failed
    assert "It was tried once." in failed
    assert "The next try comes by itself" in failed
    assert "It is not tried again by itself." in given_up
    assert "the worker stopped every time" in given_up
    assert [ask in text for text in (waiting, failed, read_only, given_up)] == [
        False, True, False, True,
    ]  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "The results are being computed" in told(executive)
    assert DBTaskResult.objects.ready().filter(task_path=TASK).count() == 1


@pytest.mark.django_db
def test_a_worker_that_vanished_while_it_scored_counts_as_a_try(example: StoredExample) -> None:
    campaign, now = example.campaign, timezone.now()
    states = []
    for _ in range(MOST_TRIES):
        with turn_to_score(campaign) as turn:
            assert turn is not None
            Scoring.objects.update(held_until=Now() - timedelta(seconds=1))
            run_scorings(now)
            states.append((Scoring.objects.get().state, Scoring.objects.get().tries))
            DBTaskResult.objects.all().delete()

    assert states == [*(("queued", tries) for tries in range(1, MOST_TRIES)), ("given_up", 6)]


@pytest.mark.django_db
def test_answers_that_are_deleted_are_not_scored_again(
    example: StoredExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_scoring(campaign=example.campaign, by=None)
    with failing(monkeypatch, AnswersDeletedError("gone")):
        run_queue()
    run_scorings(timezone.now() + timedelta(days=1))

    assert Scoring.objects.get().next_try_at is None
    assert not DBTaskResult.objects.ready().exists()


@pytest.mark.django_db
def test_a_release_scored_by_somebody_else_leaves_nobody_waiting() -> None:
    example = store_example()
    Scoring.objects.create(campaign=example.campaign)
    found = assessments.assess_released_campaign(campaign_id=example.campaign.pk)

    assert (found, Scoring.objects.get().state) == (example.assessment, "done")


@pytest.mark.django_db(transaction=True)
def test_six_workers_with_the_same_task_score_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is held until all have begun, or found that another is at it."""
    example = store_example(is_scored=False)
    together, seen = Barrier(WORKERS), []
    everybody_is_here, others = Event(), []

    def compute(**_: object) -> None:
        seen.append(1)
        everybody_is_here.wait(20)
        raise QcaError("enough")

    def score() -> None:
        with closing(connection):
            together.wait(20)
            try:
                found = assessments.assess_released_campaign(campaign_id=example.campaign.pk)
                others.append(found)
            except QcaError:
                pass
            if len(others) == WORKERS - 1:
                everybody_is_here.set()

    monkeypatch.setattr(assessments, "compute_result", compute)
    threads = [Thread(target=score) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (len(seen), others) == (1, [None] * (WORKERS - 1))
    assert not Assessment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_six_clocks_at_once_queue_one_scoring() -> None:
    store_example(is_scored=False)
    together = Barrier(WORKERS)

    def tick() -> None:
        with closing(connection):
            together.wait(20)
            run_scorings(timezone.now())

    threads = [Thread(target=tick) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert DBTaskResult.objects.filter(task_path=TASK).count() == 1
