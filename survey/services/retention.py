"""Delete answers when their time is over; what was released of them stays."""

import logging
from calendar import monthrange
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from survey.errors import StateError, WipeError
from survey.models import Background, Campaign, CampaignState, LedgerEntry, Response
from survey.services.wiping import wipe_deleted_rows
from survey.signals import answers_deleted

DELETED: Final = "answers deleted"
WIPED: Final = "deleted answers wiped"
logger = logging.getLogger(__name__)


def delete_old_answers(now: datetime) -> None:
    """Delete the answers of every campaign past its time, then wipe their space.

    Killed or refused between the two, the next call wipes.
    """
    for campaign in _with(CampaignState.RELEASED).filter(~_has(DELETED), closed_at__lte=now):
        if kept_until(campaign) <= now:
            delete_answers(campaign=campaign, now=now)
    unwiped = list(_with(CampaignState.RELEASED).filter(_has(DELETED), ~_has(WIPED)))
    if unwiped:
        _wipe(unwiped, now)


@transaction.atomic
def delete_answers(*, campaign: Campaign, now: datetime) -> None:
    """Delete the rows of answers and of backgrounds once, and note how many there were."""
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.ledger.filter(action=DELETED).exists():
        return
    answers, _ = Response.objects.filter(campaign=campaign).delete()
    backgrounds, _ = Background.objects.filter(campaign=campaign).delete()
    answers_deleted.send(sender=Campaign, campaign=locked)
    LedgerEntry.objects.create(
        campaign=campaign,
        at=now,
        action=DELETED,
        detail={"answers": answers, "backgrounds": backgrounds},
    )


def kept_until(campaign: Campaign) -> datetime:
    """Return when the answers of a closed campaign are deleted."""
    if campaign.closed_at is None:
        raise StateError(f"{campaign.name}: expected a closed campaign, found {campaign.state}.")
    return months_after(campaign.closed_at, campaign.retention_months)


def _wipe(campaigns: list[Campaign], now: datetime) -> None:
    try:
        wipe_deleted_rows((Response, Background))
    except WipeError as error:
        logger.warning("Old answers are deleted but not wiped yet. %s", error)
        return
    LedgerEntry.objects.bulk_create(
        LedgerEntry(campaign=campaign, at=now, action=WIPED) for campaign in campaigns
    )


def _with(state: CampaignState) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=state)


def _has(action: str) -> Exists:
    return Exists(LedgerEntry.objects.filter(campaign=OuterRef("pk"), action=action))


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day some months later, or the last day of a month that is shorter.

    >>> months_after(datetime(2026, 1, 31), 1)
    datetime.datetime(2026, 2, 28, 0, 0)
    """
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
