"""Campaigns from draft to close: the door to what happens to one as a whole."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.campaign_times import is_too_far, require_times, too_far
from survey.errors import StateError
from survey.models import Campaign, CampaignState, InstrumentVersion, LedgerEntry, Organisation
from survey.queue import later
from survey.services.opening.closing import close_campaign
from survey.services.running.launching import launch_campaign, request_launch
from survey.services.setup.instruments import load_default_instrument
from survey.services.states import wrong_state

__all__ = [
    "close_campaign",
    "create_campaign",
    "discard_campaign",
    "extend_campaign",
    "launch_campaign",
    "request_launch",
]


@transaction.atomic
def create_campaign(
    *,
    organisation: Organisation,
    name: str,
    closes_at: datetime | None = None,
    opens_at: datetime | None = None,
    time_zone: str = "UTC",
    instrument: InstrumentVersion | None = None,
    languages: Sequence[str] = ("en",),
    controller: str = "",
    contact: str = "",
    purpose: str = "",
    council_reference: str = "",
    retention_months: int = 12,
    is_rehearsal: bool = False,
    now: datetime | None = None,
) -> Campaign:
    """Return a new draft; without an opening time it opens at launch.

    A rehearsal is like any campaign but for its end: its answers are deleted unread.
    """
    require_times(opens_at=opens_at, closes_at=closes_at, now=now or timezone.now())
    campaign = Campaign.objects.create(
        organisation=organisation,
        instrument=instrument or load_default_instrument(),
        name=name,
        wave=_waves_so_far(organisation) + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=time_zone,
        languages=list(languages),
        controller=controller,
        contact=contact,
        purpose=purpose,
        council_reference=council_reference,
        retention_months=retention_months,
        is_rehearsal=is_rehearsal,
    )
    later("survey.tasks.prepare_keys", campaign.id)
    return campaign


def _waves_so_far(organisation: Organisation) -> int:
    real = organisation.campaigns.filter(is_rehearsal=False)
    return real.exclude(state=CampaignState.CANCELLED).count()


@transaction.atomic
def discard_campaign(*, campaign: Campaign) -> None:
    """Delete a draft with the addresses it holds; nothing was sent yet."""
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != CampaignState.DRAFT:
        raise wrong_state(
            locked, gettext("%(campaign)s: expected a draft to discard, found “%(state)s”.")
        )
    locked.delete()


@transaction.atomic
def extend_campaign(
    *, campaign: Campaign, closes_at: datetime, now: datetime | None = None
) -> Campaign:
    """Move the closing time of an open campaign to a later moment; once it is over, never."""
    moment = now or timezone.now()
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    before = locked.closes_at
    if locked.state != CampaignState.OPEN or before is None or before <= moment:
        raise StateError(
            gettext(
                "%(campaign)s: expected an open campaign before its closing time, "
                "found “%(state)s”, %(time)s UTC."
            )
            % {
                "campaign": locked.name,
                "state": locked.get_state_display(),
                "time": f"{before:%Y-%m-%d %H:%M}",
            }
        )
    if closes_at <= before:
        raise StateError(
            gettext("%(campaign)s: expected a closing time after %(last)s UTC, found %(time)s.")
            % {
                "campaign": locked.name,
                "last": f"{before:%Y-%m-%d %H:%M}",
                "time": f"{closes_at:%Y-%m-%d %H:%M}",
            }
        )
    if is_too_far(closes_at, moment):
        raise StateError(f"{locked.name}: {too_far()}")
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at"])
    LedgerEntry.objects.create(
        campaign=locked,
        at=moment,
        action="extended",
        detail={"from": before.isoformat(), "to": closes_at.isoformat()},
    )
    return locked
