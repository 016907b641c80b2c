"""Asking for long work, doing it step by step in the worker, and cancelling it.

Every change of state is one conditional update, so that a cancelled piece of work, or one that
another worker has done meanwhile, leaves nothing half-written.
"""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from diagnostics.models import AnalysisCheck, AnalysisFile, ScaleStudy
from qca.errors import QcaError
from survey.errors import AnswersDeletedError
from survey.models import User

Work = TypeVar("Work", AnalysisCheck, AnalysisFile, ScaleStudy)
GOING = ("waiting", "running")
PROBLEM_LENGTH = 400  # characters kept of a reason
# As wording.failures tells it in the reader's language.
DELETED = "expected the answers of the campaign, found them deleted"


class WorkCancelledError(Exception):
    """Somebody cancelled the work, or asked for it anew, while it was done."""


def ask_for(work: Work, *, by: User) -> bool:
    """Have stored work wait for the worker, unless it is going or done; tell whether it waits."""
    run = uuid.uuid4()
    idle = _all(work).filter(pk=work.pk).exclude(state__in=[*GOING, work.State.READY])
    changes = {"state": work.State.WAITING, "run": run, "steps": 0, "done": 0, "problem": ""}
    if not idle.update(**changes, requested_by=by, requested_at=timezone.now()):
        return False
    work.run = run
    return True


def cancel(work: Work) -> None:
    """Stop work that waits or is going; what is done already stays."""
    going = _all(work).filter(pk=work.pk, state__in=GOING)
    going.update(state=work.State.CANCELLED, run=uuid.uuid4(), done=0, steps=0)


def do(work: Work, results: Callable[[Callable[[int, int], None]], dict[str, Any]]) -> None:
    """Do work that was asked for and keep its results, all in one update.

    `results` is given a function to report steps to, which raises where the work was cancelled.
    A worker that is killed leaves the work as it was; whoever takes over begins again.
    """
    begun = _mine(work, states=GOING)
    if not begun.update(state=work.State.RUNNING, done=0, steps=0):
        return

    def report(done: int, steps: int) -> None:
        if not _mine(work, states=("running",)).update(done=done, steps=steps):
            raise WorkCancelledError

    running = _mine(work, states=("running",))
    try:
        found = results(report)
    except WorkCancelledError:
        return
    except (QcaError, AnswersDeletedError) as error:
        running.update(state=work.State.FAILED, problem=reason_of(error))
    except BaseException:
        running.update(state=work.State.FAILED)
        raise
    else:
        running.update(state=work.State.READY, **found)


def reason_of(error: Exception) -> str:
    """Return why something cannot be computed, as it is stored; pages put it in words."""
    return DELETED if isinstance(error, AnswersDeletedError) else str(error)[:PROBLEM_LENGTH]


def _all(work: Work) -> QuerySet[Work]:
    return type(work)._default_manager.all()


def _mine(work: Work, *, states: tuple[str, ...]) -> QuerySet[Work]:
    """The work as this run of it may change it."""
    return _all(work).filter(pk=work.pk, run=work.run, state__in=states)
