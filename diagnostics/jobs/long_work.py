"""The states of long work: asked for, done in the worker, ended one way or another.

Every change of state is one conditional update along an arrow of the table below, so that work
that was cancelled, or that another worker has done meanwhile, leaves nothing half-written.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from diagnostics.jobs.holding import is_taken_over
from diagnostics.models import LongWork
from qca.errors import QcaError
from survey.documents.versions import UnreadableDocumentError
from survey.errors import AnswersDeletedError
from survey.models import User
from survey.services.steps import drop_cut_line

Work = LongWork
State = LongWork.State
# done, steps; raises WorkOverError
Progress = Callable[[int, int], None]
REASON_LENGTH: Final = 400  # characters kept of a reason
# As wording.failures tells it in the reader's language.
DELETED: Final = "expected the answers of the campaign, found them deleted"


class WorkOverError(Exception):
    """Somebody cancelled the work, asked for it anew or took it over while it was done."""


class Event(StrEnum):
    """What can happen to a piece of long work."""

    ASK = "ask"
    ASK_ANEW = "ask anew"  # what is there no longer holds
    RENEW = "renew"  # what it says has changed, at whatever it is now
    BEGIN = "begin"
    REPORT = "report"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    GIVE_UP = "give up"  # the worker vanished too often
    FORGET = "forget"  # what it was made of is deleted, and the work with it


@dataclass(frozen=True, slots=True)
class Arrow:
    """From which states an event leads to which; in all others it is refused."""

    before: frozenset[State]
    after: State


GOING: Final = frozenset({State.QUEUED, State.RUNNING})
IDLE: Final = frozenset({State.FAILED, State.CANCELLED, State.GIVEN_UP})
EVERY: Final = frozenset(State)
ARROWS: Final[Mapping[Event, Arrow]] = {
    Event.ASK: Arrow(IDLE, State.QUEUED),
    Event.ASK_ANEW: Arrow(IDLE | {State.DONE}, State.QUEUED),
    Event.RENEW: Arrow(EVERY, State.QUEUED),
    # Running work is begun again where the worker that was at it has lost its lease.
    Event.BEGIN: Arrow(GOING, State.RUNNING),
    Event.REPORT: Arrow(frozenset({State.RUNNING}), State.RUNNING),
    Event.FINISH: Arrow(frozenset({State.RUNNING}), State.DONE),
    Event.FAIL: Arrow(GOING, State.FAILED),
    Event.CANCEL: Arrow(GOING, State.CANCELLED),
    Event.GIVE_UP: Arrow(GOING, State.GIVEN_UP),
    Event.FORGET: Arrow(EVERY, State.FAILED),
}


def change(rows: QuerySet[Any], event: Event, **changes: object) -> bool:
    """Move rows along an event's arrow; tell whether there was one that could go."""
    arrow = ARROWS[event]
    ended: dict[str, object] = {} if arrow.after == State.RUNNING else {"claim": None}
    moved = rows.filter(state__in=arrow.before).update(state=arrow.after, **ended | changes)
    return bool(moved)


def ask_for(work: Work, *, by: User | None, is_stale: bool = False) -> bool:
    """Have stored work wait for the worker, unless it is going or done; tell whether it does.

    is_stale: what is there no longer holds, so that finished work is done anew.
    """
    run = uuid.uuid4()
    event = Event.ASK_ANEW if is_stale else Event.ASK
    asked = {"requested_by": by, "requested_at": timezone.now()}
    if not change(_row(work), event, **_from_the_start(run), **asked):
        return False
    work.run = run
    return True


def renew(rows: QuerySet[Any], **changes: object) -> bool:
    """Have work done anew whose content has changed; whoever is at it keeps nothing."""
    asked = {"requested_at": timezone.now()}
    return change(rows, Event.RENEW, **_from_the_start(uuid.uuid4()), **asked, **changes)


def begin(work: Work) -> bool:
    """Claim work for this worker; the one that was at it before can report no more."""
    claim = uuid.uuid4()
    begun = {"claim": claim, "started_at": timezone.now(), "steps": 0, "done": 0}
    if not change(_row(work).filter(run=work.run), Event.BEGIN, **begun):
        return False
    work.claim = claim
    return True


def report(work: Work, done: int, steps: int) -> None:
    """Note how far work is; raise WorkOverError where it is no longer this worker's."""
    mine = _row(work).filter(run=work.run, claim=work.claim)
    if not change(mine, Event.REPORT, done=done, steps=steps):
        raise WorkOverError


def finish(work: Work, **found: object) -> None:
    """Keep what came out; raise WorkOverError where it is no longer wanted.

    Of two workers that are at the same work the first to come keeps it: what they find is the
    same. Only a worker that was taken over must not say that it failed.
    """
    if not change(_row(work).filter(run=work.run), Event.FINISH, **found):
        raise WorkOverError


def fail(work: Work, reason: str = "") -> bool:
    """Note that work came to nothing, unless it is no longer this worker's."""
    if is_taken_over():
        return False
    mine = _row(work).filter(run=work.run, claim=work.claim)
    return change(mine, Event.FAIL, reason=reason[:REASON_LENGTH])


def cancel(rows: QuerySet[Any]) -> bool:
    """Stop work that waits or is going; what is done already stays."""
    return change(rows, Event.CANCEL, run=uuid.uuid4(), done=0, steps=0)


def forget(rows: QuerySet[Any], **emptied: object) -> None:
    """Note that the answers are deleted, and what was made of them with them."""
    nothing = {"done": 0, "steps": 0, "run": uuid.uuid4(), "reason": DELETED}
    change(rows, Event.FORGET, **nothing, **emptied)


def do(
    work: Work,
    results: Callable[[Progress], dict[str, Any]],
    keep: Callable[..., None] | None = None,
) -> None:
    """Do work that was asked for and keep its results, all at once.

    results: is given a function to report steps to, which raises where the work is over.
    keep: is given the results by their names and finishes the work; by itself each is a column.
    A worker that is killed leaves the work as it was; whoever takes over begins again.
    """
    if not begin(work):
        return
    try:
        found = results(partial(report, work))
        drop_cut_line()
        (keep or partial(finish, work))(**found)
    except WorkOverError:
        return
    except (QcaError, AnswersDeletedError, UnreadableDocumentError) as error:
        fail(work, reason_of(error))
    except BaseException:
        fail(work)
        raise


def reason_of(error: Exception) -> str:
    """Return why something cannot be computed, as it is stored; pages put it in words."""
    return DELETED if isinstance(error, AnswersDeletedError) else str(error)[:REASON_LENGTH]


def _row(work: Work) -> QuerySet[Any]:
    return type(work)._default_manager.filter(pk=work.pk)


def _from_the_start(run: uuid.UUID) -> dict[str, Any]:
    return {"run": run, "started_at": None, "steps": 0, "done": 0, "reason": ""}
