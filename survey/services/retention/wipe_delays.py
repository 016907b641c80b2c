"""Noting that deleted rows are not wiped yet: the page says it, and the clock waits a bit."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from survey.errors import WipeError
from survey.models import Campaign, WipeDelay
from survey.policy import OPENING_RETRY


@transaction.atomic
def note_wipe_delay(
    *, campaigns: Iterable[Campaign], what: str, error: Exception, now: datetime | None = None
) -> None:
    """Note why the deleted rows of campaigns could not be wiped, and that it was tried."""
    moment = now or timezone.now()
    # Of another error its kind only: it may quote a row.
    problem = str(error) if isinstance(error, WipeError) else type(error).__name__
    for campaign in campaigns:
        _, is_new = WipeDelay.objects.get_or_create(
            campaign=campaign,
            defaults={"what": what, "since": moment, "tried_at": moment, "problem": problem},
        )
        if not is_new:
            delay = WipeDelay.objects.filter(pk=campaign.pk)
            delay.update(what=what, tries=F("tries") + 1, tried_at=moment, problem=problem)


def forget_wipe_delay(*, campaigns: Iterable[Campaign]) -> None:
    """Note that the deleted rows of campaigns are wiped."""
    WipeDelay.objects.filter(campaign__in=list(campaigns)).delete()


def is_due_to_wipe(campaign: Campaign, now: datetime) -> bool:
    """Whether the clock may try again: at the next tick at first, and then ever more seldom."""
    delay = WipeDelay.objects.filter(pk=campaign.pk).first()
    if delay is None:
        return True
    return delay.tried_at + min(timedelta(minutes=delay.tries - 1), OPENING_RETRY) <= now
