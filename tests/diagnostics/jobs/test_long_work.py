"""The one table of states of long work: what may follow what, and what a row cannot say."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from diagnostics.jobs import long_work
from diagnostics.jobs.long_work import Event, WorkOverError
from diagnostics.models import (
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Download,
    LongWork,
    Report,
    ScaleStudy,
)
from tests.diagnostics.stored_example import store_example

pytestmark = pytest.mark.django_db
State = LongWork.State
REFUSED = None
# state -> what each event makes of it, in the order of EVENTS.
EVENTS = (
    Event.ASK, Event.ASK_ANEW, Event.RENEW, Event.BEGIN, Event.REPORT, Event.FINISH, Event.FAIL,
    Event.CANCEL, Event.GIVE_UP, Event.FORGET,
)  # fmt: skip
TABLE: dict[str, tuple[str | None, ...]] = {
    "queued": (
        REFUSED, REFUSED, "queued", "running", REFUSED, REFUSED, "failed",
        "cancelled", "given_up", "failed",
    ),
    "running": (
        REFUSED, REFUSED, "queued", "running", "running", "done", "failed",
        "cancelled", "given_up", "failed",
    ),
    "done": (
        REFUSED, "queued", "queued", REFUSED, REFUSED, REFUSED, REFUSED,
        REFUSED, REFUSED, "failed",
    ),
    "failed": (
        "queued", "queued", "queued", REFUSED, REFUSED, REFUSED, REFUSED,
        REFUSED, REFUSED, "failed",
    ),
    "cancelled": (
        "queued", "queued", "queued", REFUSED, REFUSED, REFUSED, REFUSED,
        REFUSED, REFUSED, "failed",
    ),
    "given_up": (
        "queued", "queued", "queued", REFUSED, REFUSED, REFUSED, REFUSED,
        REFUSED, REFUSED, "failed",
    ),
}  # fmt: skip
CASES = [
    (before, event, after)
    for before, afters in TABLE.items()
    for event, after in zip(EVENTS, afters, strict=True)
]


def stored(state: str = "queued") -> Download:
    """Return a download in a state, as its row may be."""
    work = Download(assessment=store_example().assessment, kind=Download.Kind.FIGURES, state=state)
    if state == State.RUNNING:
        work.claim, work.started_at = uuid4(), timezone.now()
    if state == State.DONE:
        work.file = "figures.zip"
    work.save()
    return work


def happen(event: Event, work: Download) -> None:
    """Let an event happen to work by the function that is there for it."""
    rows = Download.objects.filter(pk=work.pk)
    functions: dict[Event, Any] = {
        Event.ASK: lambda: long_work.ask_for(work, by=None),
        Event.ASK_ANEW: lambda: long_work.ask_for(work, by=None, is_stale=True),
        Event.RENEW: lambda: long_work.renew(rows),
        Event.BEGIN: lambda: long_work.begin(work),
        Event.REPORT: lambda: long_work.report(work, 1, 2),
        Event.FINISH: lambda: long_work.finish(work, file="figures.zip"),
        Event.FAIL: lambda: long_work.fail(work, "expected this"),
        Event.CANCEL: lambda: long_work.cancel(rows),
        Event.GIVE_UP: lambda: long_work.change(rows, Event.GIVE_UP),
        Event.FORGET: lambda: long_work.forget(rows),
    }
    functions[event]()


def test_the_table_has_every_state_and_every_event() -> None:
    assert (set(TABLE), EVENTS) == (set(State.values), tuple(Event))


@pytest.mark.parametrize(("before", "event", "after"), CASES)
def test_an_event_moves_work_along_the_table_or_is_refused_and_changes_nothing(
    before: str, event: Event, after: str | None
) -> None:
    work = stored(before)
    row = Download.objects.filter(pk=work.pk).values().get()

    try:
        happen(event, work)
        is_over = False
    except WorkOverError:
        is_over = True

    now = Download.objects.filter(pk=work.pk).values().get()
    if after is REFUSED:
        assert (now, is_over) == (row, event in {Event.REPORT, Event.FINISH})
    else:
        assert (now["state"], is_over) == (after, False)


def test_of_two_workers_the_one_that_was_taken_over_reports_and_fails_no_more() -> None:
    first, second = stored(), Download()
    assert long_work.begin(first)
    second = Download.objects.get()
    assert long_work.begin(second)

    with pytest.raises(WorkOverError):
        long_work.report(first, 1, 2)
    assert not long_work.fail(first, "expected memory")
    long_work.report(second, 1, 2)
    now = Download.objects.get()
    assert (now.state, now.done, now.steps, now.claim) == (State.RUNNING, 1, 2, second.claim)


def test_of_two_workers_at_the_same_work_the_first_result_is_kept_and_the_second_dropped() -> None:
    first = stored()
    long_work.begin(first)
    second = Download.objects.get()
    long_work.begin(second)

    long_work.finish(first, file="first.zip")
    with pytest.raises(WorkOverError):
        long_work.finish(second, file="second.zip")

    now = Download.objects.get()
    assert (now.state, str(now.file), now.claim) == (State.DONE, "first.zip", None)


def test_a_worker_of_an_older_asking_keeps_nothing() -> None:
    older = stored()
    long_work.begin(older)
    long_work.cancel(Download.objects.all())
    newer = Download.objects.get()
    assert long_work.ask_for(newer, by=None)
    assert not long_work.begin(older)
    assert long_work.begin(newer)

    with pytest.raises(WorkOverError):
        long_work.finish(older, file="older.zip")
    now = Download.objects.get()
    assert (now.state, str(now.file), now.run) == (State.RUNNING, "", newer.run)


def test_asking_notes_who_and_when_and_begins_from_nothing() -> None:
    work = stored()
    long_work.begin(work)
    long_work.report(work, 1, 2)
    long_work.fail(work, "expected memory")
    by = store_example(wave=2).person("ann@example.com")
    before = timezone.now()

    assert long_work.ask_for(work, by=by)

    now = Download.objects.get()
    assert (now.requested_by, now.steps, now.done, now.reason, now.started_at) == (
        by, 0, 0, "", None,
    )  # fmt: skip
    assert now.requested_at >= before


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "waiting"},
        {"state": "queued", "claim": uuid4()},
        {"state": "queued", "started_at": timezone.now()},
        {"state": "running", "started_at": timezone.now()},
        {"state": "running", "claim": uuid4()},
        {"state": "failed", "claim": uuid4()},
        {"state": "done", "file": ""},
        {"done": 1},
        {"done": 3, "steps": 2},
        {"reason": "expected this"},
    ],
)
def test_a_row_cannot_say_what_is_impossible(impossible: dict[str, object]) -> None:
    work = stored()

    with pytest.raises(IntegrityError), transaction.atomic():
        Download.objects.filter(pk=work.pk).update(**impossible)


def test_every_kind_of_long_work_has_the_rules_of_all_and_is_done_with_its_result() -> None:
    common = (
        "is_claimed_while_it_runs",
        "does_no_more_than_its_steps",
        "has_a_reason_if_it_failed",
    )
    own = {
        Analysis: "is_done_with_a_result", AnalysisCheck: "is_done_with_a_result",
        ScaleStudy: "is_done_with_a_result", AnalysisFile: "is_done_with_a_file",
        Download: "is_done_with_a_file", Report: "is_done_with_a_file",
    }  # fmt: skip
    found = {model: {rule.name for rule in model._meta.constraints} for model in own}

    assert {
        model: names >= {f"{model._meta.model_name}_{rule}" for rule in (*common, own[model])}
        for model, names in found.items()
    } == dict.fromkeys(own, True)
