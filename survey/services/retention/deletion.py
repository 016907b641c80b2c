"""Delete answers when their time is over, with all that was made of them one by one.

Files go first, rows and stored results then, and the ledger says so last: killed or refused at any
point, the next call goes on, and the ledger has said nothing that is not so. What was released, and
what was found of all answers together, stays.
"""

import logging
from calendar import monthrange
from contextlib import suppress
from datetime import MAXYEAR, datetime

from django.db import OperationalError, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from survey.errors import RowFileError, StateError, WipeError
from survey.models import (
    Action,
    Campaign,
    CampaignState,
    LedgerEntry,
    Release,
    Response,
    RowFile,
    Who,
    WipeDelay,
)
from survey.services.ledger import new_entry, note, note_all
from survey.services.retention.row_files import delete_row_files
from survey.services.retention.wipe_delays import (
    forget_wipe_delay,
    is_due_to_wipe,
    note_wipe_delay,
)
from survey.services.retention.wiping import wipe_deleted_rows
from survey.services.steps import standing_alone
from survey.signals import answers_deleted, answers_ending, answers_wiping

logger = logging.getLogger(__name__)


def delete_old_answers(now: datetime) -> None:
    """Delete the answers of every campaign past its time, then wipe their space.

    A campaign whose files cannot be deleted yet keeps no other from its end.
    """
    for campaign in _released().filter(~_is_done(), closed_at__lte=now):
        with standing_alone("delete old answers", campaign.pk):
            if kept_until(campaign) <= now:
                delete_answers(campaign=campaign, now=now)
    unwiped = list(
        _released().filter(_is_done(), ~_has(Action.ANSWERS_WIPED)).select_related("release")
    )
    due = [campaign for campaign in unwiped if is_due_to_wipe(campaign, now)]
    if due:
        _wipe(due, now)


def delete_answers(*, campaign: Campaign, now: datetime) -> None:
    """Delete all that rests on single answers of a campaign, once.

    Raises RowFileError where a file cannot be deleted yet; the next call goes on. From the first
    line on nothing new can be made of the answers: whoever is at it comes before, and is then
    known to the register, or is refused.
    """
    Release.objects.filter(campaign=campaign, answers_end_at=None).update(answers_end_at=now)
    answers_ending.send(sender=Campaign, campaign=campaign)
    delete_row_files(campaign)
    _delete_rows(campaign, now)


@transaction.atomic
def _delete_rows(campaign: Campaign, now: datetime) -> None:
    """Delete rows and what is stored of them, and note it."""
    release = Release.objects.select_for_update().get(pk=campaign.pk)
    if _released().filter(_is_done(), pk=campaign.pk).exists():
        return
    if RowFile.objects.filter(release=campaign.pk).exists():
        raise RowFileError(f"{campaign.name}: expected no file made of its answers, found one.")
    Response.objects.filter(campaign=campaign).delete()
    answers_deleted.send(sender=Campaign, campaign=campaign)
    is_first = not campaign.ledger.filter(action=Action.ANSWERS_DELETED).exists()
    note(
        Action.ANSWERS_DELETED if is_first else Action.FILES_DELETED,
        by=Who.WORKER,
        campaign=campaign,
        # Never before the end began, which may have been noted by a clock that ran ahead.
        now=max(now, release.answers_end_at or now),
    )


def kept_until(campaign: Campaign) -> datetime:
    """Return when the answers of a closed campaign are deleted."""
    if campaign.closed_at is None:
        raise StateError(f"{campaign.name}: expected a closed campaign, found {campaign.state}.")
    return months_after(campaign.closed_at, campaign.retention_months)


def _wipe(campaigns: list[Campaign], now: datetime) -> None:
    further: list[type[Model]] = []
    answers_wiping.send(sender=Campaign, tables=further)
    try:
        wipe_deleted_rows((Response, *further))
    except (WipeError, OperationalError) as error:
        logger.warning("Old answers are deleted but not wiped yet. %s", error)
        what = WipeDelay.What.ANSWERS
        # Who keeps SQLite's file from a rewrite may keep it from the note: the next try notes it.
        with suppress(OperationalError):
            note_wipe_delay(campaigns=campaigns, what=what, error=error, now=now)
        return
    forget_wipe_delay(campaigns=campaigns)
    note_all(
        new_entry(
            Action.ANSWERS_WIPED,
            by=Who.WORKER,
            campaign=campaign,
            now=max(now, campaign.release.answers_end_at or now),
        )
        for campaign in campaigns
    )


def _released() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=CampaignState.RELEASED)


def _is_done() -> Exists:
    """Whether rows, files and results are deleted; earlier versions deleted the rows alone."""
    return _has(Action.ANSWERS_DELETED, Action.FILES_DELETED)


def _has(*actions: str) -> Exists:
    """Whether something was noted since the end of the answers began."""
    entries = LedgerEntry.objects.filter(campaign=OuterRef("pk"), action__in=actions)
    return Exists(entries.filter(at__gte=OuterRef("release__answers_end_at")))


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day some months later, or the last day of a month that is shorter.

    Beyond the end of the calendar it is the same day of its last year but one.

    >>> months_after(datetime(2026, 1, 31), 1)
    datetime.datetime(2026, 2, 28, 0, 0)
    """
    years, month = divmod(moment.month - 1 + months, 12)
    year = min(moment.year + years, MAXYEAR - 1)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
