"""One bad step, or one bad task, never ends the worker that closes, opens and mails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.jobs.leases import held_lease, recover_lost_tasks
from diagnostics.jobs.worker import LeasingWorker
from diagnostics.models import TaskLease
from survey.errors import WipeError
from survey.models import (
    Action,
    Campaign,
    CampaignKey,
    CampaignState,
    Invitation,
    LedgerEntry,
    Message,
    Participation,
    Recipient,
    Release,
    Upload,
    User,
)
from survey.sealing import keys
from tests.survey.small_campaign import open_small_campaign

pytestmark = pytest.mark.django_db(transaction=True)
LOST_TASK = "diagnostics.tasks.queue_reports"
TASKS = {
    f"queued {path}"
    for path in (
        "survey.tasks.launch_campaign", "survey.tasks.wrap_key", "survey.tasks.invite_latecomers",
        "survey.tasks.finish_cancellation", "survey.tasks.open_ballots",
        "survey.tasks.send_messages", "survey.tasks.read_bounces",
        "diagnostics.tasks.assess_campaign",
    )
}  # fmt: skip
EVERYTHING = TASKS | {
    "a campaign closed", "a draft's keys made", "a key proven", "participation counted",
    "an upload deleted", "old answers deleted", "old answers wiped", "a lost task recovered",
}  # fmt: skip


def worker(*, until_idle: bool = True) -> LeasingWorker:
    return LeasingWorker(worker_id="one", interval=0.01, until_idle=until_idle)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings: Settings) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/bounces"
    settings.TICK_SECONDS = 0


@pytest.fixture
def much_to_do() -> Campaign:
    """Return an open campaign in an organisation that has something for every step to do."""
    now = timezone.now()
    small = open_small_campaign(invitations=1)
    campaign, organisation = small.campaign, small.campaign.organisation
    CampaignKey.objects.update(canary_opened_at=now - timedelta(hours=1))
    Message.objects.create(
        invitation=Invitation.objects.get(), kind=Message.Kind.INVITATION, round=0, due_at=now
    )
    Recipient.objects.create(
        campaign=campaign, email="late@pumps.example", unit_code=small.unit.code, function="sales"
    )

    def another(state: CampaignState, **fields: Any) -> Campaign:  # noqa: ANN401
        return Campaign.objects.create(
            organisation=organisation, instrument=campaign.instrument, name=state, state=state,
            **fields,
        )  # fmt: skip

    due = another(CampaignState.OPEN, closes_at=now - timedelta(minutes=1))
    Invitation.objects.create(campaign=due, unit=small.unit, function="sales", token_hash=bytes(32))
    another(CampaignState.LAUNCHING)
    draft = another(CampaignState.DRAFT)
    another(CampaignState.CLOSED, closed_at=now, accepts_until=now)
    another(CampaignState.RELEASED, closed_at=now)  # to be scored
    old = another(CampaignState.RELEASED, closed_at=now - timedelta(days=800))
    Release.objects.create(
        campaign=old, frozen_at=now, digest="0" * 64, software_version="1", counts={}
    )
    keys.create_campaign_key(another(CampaignState.CANCELLED))
    locked = keys.create_campaign_key(another(CampaignState.OPEN))
    CampaignKey.objects.filter(pk=locked.pk).update(passphrase_check=b"x", canary_opened_at=now)
    Upload.objects.create(
        user=User.objects.create_user("u@pumps.example"), campaign=draft, people_file=b"x",
        uploaded_at=now - timedelta(days=1),
    )  # fmt: skip
    expire(waiting(LOST_TASK, status=TaskResultStatus.RUNNING))
    return campaign


def waiting(path: str, *args: object, **changes: Any) -> DBTaskResult:  # noqa: ANN401
    fields: dict[str, Any] = {
        "args_kwargs": {"args": list(args), "kwargs": {}}, "task_path": path,
        "backend_name": "default", "run_after": Now(),
    }  # fmt: skip
    return DBTaskResult.objects.create(**fields | changes)


def expire(lost: DBTaskResult, attempts: int = 1) -> None:
    TaskLease.objects.create(
        task_id=lost.id, attempts=attempts, expires_at=timezone.now() - timedelta(seconds=1)
    )


def done(campaign: Campaign) -> set[str]:
    """Return what of everything has been done."""
    queued = set(DBTaskResult.objects.values_list("task_path", flat=True))
    hour_ago = timezone.now() - timedelta(minutes=30)
    ledger = set(LedgerEntry.objects.values_list("action", flat=True))
    seen = {
        "a campaign closed": Campaign.objects.filter(name="open", state="closed").exists(),
        "a draft's keys made": CampaignKey.objects.filter(campaign__state="draft").exists(),
        "a key proven": CampaignKey.objects.filter(
            pk=campaign.pk, canary_opened_at__gt=hour_ago
        ).exists(),
        "participation counted": Participation.objects.exists(),
        "an upload deleted": not Upload.objects.exists(),
        "old answers deleted": Action.ANSWERS_DELETED in ledger,
        "old answers wiped": Action.ANSWERS_WIPED in ledger,
        "a lost task recovered": DBTaskResult.objects.get(task_path=LOST_TASK).status == "READY",
    }
    return {f"queued {path}" for path in queued - {LOST_TASK}} | {
        name for name, is_done in seen.items() if is_done
    }


@contextmanager
def broken(start: str, value: str = "", error: Exception | None = None) -> Iterator[None]:
    """Let every statement fail that begins in a way and, if given, holds a value."""

    def fail(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:  # noqa: ANN401
        if sql.startswith(start) and value.lower() in str(params).lower():
            raise error or RuntimeError("broken on purpose")
        return execute(sql, params, *rest)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def keys_in_a_file(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Let KEY_DIR be a file, as after a mistyped setting or a mount that is not there."""
    (tmp_path / "file").touch()
    before, settings.KEY_DIR = settings.KEY_DIR, tmp_path / "file"
    yield
    settings.KEY_DIR = before


def no_task(path: str) -> AbstractContextManager[None]:
    return broken('INSERT INTO "django_tasks_database', path, PermissionError(13, "denied"))


FULL = OperationalError("database or disk is full")
BROKEN_STEPS: dict[str, tuple[Callable[[], AbstractContextManager[None]], set[str]]] = {
    **{name: (partial(no_task, name.split()[1]), {name}) for name in sorted(TASKS)},
    "closing": (
        lambda: broken('UPDATE "survey_campaign" SET "state"', "closed"), {"a campaign closed"},
    ),
    "making keys": (
        lambda: broken('INSERT INTO "survey_campaignkey"'), {"a draft's keys made"},
    ),
    "counting": (
        lambda: broken('INSERT INTO "survey_participation"', error=MemoryError()),
        {"participation counted", "a campaign closed"},  # counted a last time at the close
    ),
    "uploads": (
        lambda: broken('DELETE FROM "survey_upload"', error=FULL), {"an upload deleted"},
    ),
    "old answers": (
        lambda: broken('INSERT INTO "survey_ledgerentry"', Action.ANSWERS_DELETED),
        {"old answers deleted", "old answers wiped"},
    ),
    "a refused wipe": (lambda: broken("VACUUM", error=WipeError("no")), {"old answers wiped"}),
    "a wipe on a full disk": (lambda: broken("VACUUM", error=FULL), {"old answers wiped"}),
    "recovering": (
        lambda: broken('UPDATE "django_tasks_database', "READY"), {"a lost task recovered"},
    ),
}  # fmt: skip


def test_the_scene_has_something_for_every_step(much_to_do: Campaign) -> None:
    before = done(much_to_do)
    worker().keep_house()

    assert (before, done(much_to_do)) == (set(), EVERYTHING)


@pytest.mark.parametrize("name", BROKEN_STEPS)
def test_the_worker_survives_one_bad_step(
    much_to_do: Campaign, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    breaking, lost = BROKEN_STEPS[name]
    with breaking():
        worker().keep_house()
    meanwhile = done(much_to_do)
    worker().keep_house()

    assert meanwhile == EVERYTHING - lost
    assert done(much_to_do) == EVERYTHING
    assert "failed and is tried again" in caplog.text or "not wiped yet" in caplog.text


def test_the_worker_survives_an_unusable_key_folder(
    much_to_do: Campaign, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with keys_in_a_file(tmp_path, settings):
        worker().keep_house()
        meanwhile = done(much_to_do)
        problem = CampaignKey.objects.get(pk=much_to_do.pk).failing_problem
    worker().keep_house()

    assert meanwhile - {"queued survey.tasks.send_key_alarm"} == EVERYTHING - {
        "a draft's keys made", "a key proven",
    }  # fmt: skip
    assert problem == "unreadable"
    assert done(much_to_do) - {"queued survey.tasks.send_key_alarm"} == EVERYTHING
    assert "prepare keys" in caplog.text


def test_within_a_step_every_campaign_stands_alone(much_to_do: Campaign) -> None:
    doomed, fine = (
        Campaign.objects.create(
            organisation=much_to_do.organisation, instrument=much_to_do.instrument, name=name,
            state=CampaignState.OPEN, closes_at=timezone.now() - timedelta(minutes=2),
        )
        for name in ("doomed", "fine")
    )  # fmt: skip
    with broken('UPDATE "survey_campaign" SET "state"', doomed.pk.hex[:8]):
        worker().keep_house()

    states = dict(Campaign.objects.filter(pk__in=[doomed.pk, fine.pk]).values_list("name", "state"))
    assert states == {"doomed": "open", "fine": "closed"}


def test_a_reason_names_the_step_and_quotes_no_row(
    much_to_do: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    error = OperationalError("DETAIL: failing row contains (secret)")
    with broken('DELETE FROM "survey_upload"', error=error):
        worker().keep_house()

    assert "delete uploads" in caplog.text
    assert "OperationalError" in caplog.text
    assert "secret" not in caplog.text


@task()
def good() -> str:
    """Do nothing, well."""
    return "done"


@task()
def leave() -> None:
    """End as a script would."""
    raise SystemExit(3)


@task()
def exhaust() -> None:
    """Run out of memory."""
    raise MemoryError


@task()
def quote_odd_text() -> None:
    """Fail with a text that no column takes."""
    raise ValueError("a header with \udcff and \0")


BAD_TASKS: dict[str, Callable[[], DBTaskResult]] = {
    "a path that leads nowhere": lambda: waiting("survey.tasks.not_there"),
    "a module that is gone": lambda: waiting("no_such_module.work"),
    "a module that breaks": lambda: waiting("broken_module.work"),
    "a path to something else": lambda: waiting("survey.policy.GRACE"),
    "no arguments": lambda: waiting("survey.tasks.send_messages", args_kwargs={}),
    "too many arguments": lambda: waiting("survey.tasks.send_messages", 1, 2),
    "arguments that are no ids": lambda: waiting("survey.tasks.open_ballots", "\\x00"),
    "an unknown queue": lambda: waiting(good.module_path, queue_name="elsewhere"),
    "an exit": lambda: waiting(leave.module_path),
    "no memory": lambda: waiting(exhaust.module_path),
    "a text that fits no column": lambda: waiting(quote_odd_text.module_path),
}


@pytest.mark.parametrize("name", BAD_TASKS)
def test_a_bad_task_fails_alone_and_the_next_one_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_module.py").write_text("this is no Python")
    monkeypatch.syspath_prepend(str(tmp_path))
    bad = BAD_TASKS[name]()
    expire(bad)  # it was tried before
    after = good.enqueue()

    worker().run()

    bad.refresh_from_db()
    assert (bad.status, bad.traceback != "") == ("FAILED", True)
    assert DBTaskResult.objects.get(pk=after.id).status == "SUCCESSFUL"
    recover_lost_tasks()
    assert not TaskLease.objects.exists()


def test_work_of_a_vanished_worker_is_given_up_even_where_its_arguments_are_none() -> None:
    odd = waiting("diagnostics.tasks.make_download", status=TaskResultStatus.RUNNING)
    plain = waiting(LOST_TASK, status=TaskResultStatus.RUNNING)
    for lost in (odd, plain):
        expire(lost, attempts=3)

    assert set(recover_lost_tasks()) == {odd.id, plain.id}
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED"}


def cut_connections() -> None:
    """End every connection to this test's database, as a restart of its server would."""
    with psycopg.connect(
        **connection.get_connection_params() | {"context": None}, autocommit=True
    ) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def lost_database() -> Iterator[None]:
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        cut_connections()
        yield
        return
    left = [OperationalError("disk I/O error")]

    def fail_once(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401
        if left and sql.startswith('SELECT "django_tasks_database'):
            raise left.pop()
        return execute(sql, *rest)

    with connection.execute_wrapper(fail_once):
        yield


RUNNING: list[LeasingWorker] = []


@task()
def stop() -> None:
    """Let the worker end after this task."""
    RUNNING.pop().running = False


def test_a_database_that_is_restarted_does_not_end_the_worker() -> None:
    last = stop.enqueue()
    RUNNING.append(worker(until_idle=False))
    with lost_database():
        RUNNING[0].run()

    assert DBTaskResult.objects.get(pk=last.id).status == "SUCCESSFUL"


def test_a_lease_is_renewed_after_the_server_was_restarted(settings: Settings) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    settings.TASK_LEASE_SECONDS = 0.4
    lost = waiting(LOST_TASK, status=TaskResultStatus.RUNNING)
    with held_lease(lost.id):
        threading.Event().wait(0.3)  # the thread has a connection by now
        cut_connections()
        connection.close()
        threading.Event().wait(1)

        assert TaskLease.objects.filter(task_id=lost.id, expires_at__gt=Now()).exists()
