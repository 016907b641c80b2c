"""Whose turn it is to score a release, and when it is tried again after it came to nothing."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from diagnostics.jobs import long_work
from diagnostics.jobs.leases import lease_length, renewed
from diagnostics.jobs.long_work import Event, change
from diagnostics.models import Scoring
from qca.errors import QcaError
from survey.documents.versions import UnreadableDocumentError
from survey.errors import AnswersDeletedError, SurveyError
from survey.models import Campaign, CampaignState, User
from survey.pauses import doubling_pause
from survey.queue import is_queued, later
from survey.services.states import locked_if_free

MOST_TRIES: Final = 6  # within an hour; then somebody has to ask
FIRST_PAUSE: Final = timedelta(minutes=2)  # doubled after each further try
LONGEST_PAUSE: Final = timedelta(hours=1)
State = Scoring.State


@transaction.atomic
def ask_for_scoring(*, campaign: Campaign, by: User | None) -> None:
    """Have a release scored, unless that waits, goes on or is done; earlier failures are over."""
    unscored = Campaign.objects.filter(state=CampaignState.RELEASED, assessments=None)
    if not unscored.filter(pk=campaign.pk).exists():
        return
    scoring, is_new = Scoring.objects.get_or_create(campaign=campaign, defaults=_asked(by))
    if is_new or long_work.ask_for(scoring, by=by):
        _rows(scoring).update(tries=0, next_try_at=None, held_until=None)
        later("diagnostics.tasks.assess_campaign", campaign.pk)


@transaction.atomic
def ask_by_clock(*, campaign_id: UUID, now: datetime) -> None:
    """Queue the scoring of a release that has none: one task at a time, later after each failure.

    Two ticks at once queue one, as the second finds the campaign locked.
    """
    campaign = locked_if_free(campaign_id)
    if campaign is None or campaign.assessments.exists():
        return
    if is_queued("diagnostics.tasks.assess_campaign", campaign_id):
        return
    scoring, is_new = Scoring.objects.get_or_create(campaign=campaign)
    if is_new or scoring.state == State.QUEUED or _is_due_again(scoring, now):
        later("diagnostics.tasks.assess_campaign", campaign_id)


@contextmanager
def turn_to_score(campaign: Campaign) -> Iterator[Scoring | None]:
    """Give the scoring to one worker at a time, and None to all others.

    What the body raises is noted, with the time of the next try. The turn of a worker that was
    killed is over when it has not been renewed for as long as a lease lasts.
    """
    scoring = _begin(campaign)
    if scoring is None:
        yield None
        return
    mine = _rows(scoring).filter(claim=scoring.claim)
    try:
        with renewed(partial(_renew, mine)):
            yield scoring
    except Exception as error:
        change(mine, Event.FAIL, **_failed(scoring, error))
        raise
    change(mine, Event.FINISH, tries=0, next_try_at=None, held_until=None)


def settle_scoring(*, campaign: Campaign) -> None:
    """Note that a release is scored, whoever did it, so that nobody waits for it."""
    claim = uuid.uuid4()
    waiting = Scoring.objects.filter(campaign=campaign, state=State.QUEUED)
    if change(waiting, Event.BEGIN, claim=claim, started_at=timezone.now()):
        change(Scoring.objects.filter(campaign=campaign, claim=claim), Event.FINISH)


@transaction.atomic
def _begin(campaign: Campaign) -> Scoring | None:
    scoring, _ = Scoring.objects.get_or_create(campaign=campaign)
    long_work.ask_for(scoring, by=scoring.requested_by, is_stale=True)
    over = Q(held_until=None) | Q(held_until__lt=Now())
    begun = {
        "claim": uuid.uuid4(), "started_at": timezone.now(), "steps": 0, "done": 0,
        "held_until": Now() + lease_length(),
    }  # fmt: skip
    if not change(_rows(scoring).filter(~Q(state=State.RUNNING) | over), Event.BEGIN, **begun):
        return None
    return Scoring.objects.get(pk=scoring.pk)


def _renew(mine: QuerySet[Scoring]) -> bool:
    return bool(mine.update(held_until=Now() + lease_length()))


def _failed(scoring: Scoring, error: Exception) -> dict[str, object]:
    tries = scoring.tries + 1
    is_over = isinstance(error, AnswersDeletedError) or tries >= MOST_TRIES
    pause = doubling_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    return {
        "reason": _reason(error),
        "tries": tries,
        "next_try_at": None if is_over else timezone.now() + pause,
        "held_until": None,
    }


def _reason(error: Exception) -> str:
    """Return why a scoring failed; of an error that may quote an answer its kind only."""
    if isinstance(error, QcaError | SurveyError | UnreadableDocumentError):
        return long_work.reason_of(error) or type(error).__name__
    return type(error).__name__


def _is_due_again(scoring: Scoring, now: datetime) -> bool:
    """Tell whether a scoring without a task is to be tried again; a vanished worker is a try."""
    if scoring.state == State.RUNNING:
        return _is_taken_from_vanished_worker(scoring)
    if scoring.state == State.FAILED:
        return scoring.next_try_at is not None and scoring.next_try_at <= now
    return scoring.state == State.DONE  # and yet there is no assessment


def _is_taken_from_vanished_worker(scoring: Scoring) -> bool:
    gone = _rows(scoring).filter(claim=scoring.claim)
    gone = gone.filter(Q(held_until=None) | Q(held_until__lt=Now()))
    tries = scoring.tries + 1
    if tries >= MOST_TRIES:
        change(gone, Event.GIVE_UP, tries=tries, held_until=None)
        return False
    return long_work.renew(gone, tries=tries, held_until=None)


def _asked(by: User | None) -> dict[str, object]:
    return {"requested_by": by, "requested_at": timezone.now()}


def _rows(scoring: Scoring) -> QuerySet[Scoring]:
    return Scoring.objects.filter(pk=scoring.pk)
