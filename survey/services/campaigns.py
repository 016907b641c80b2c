"""Campaigns from draft to close: the door to what happens to one as a whole."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.campaign_times import require_times
from survey.models import (
    Action,
    Campaign,
    CampaignState,
    InstrumentVersion,
    Organisation,
)
from survey.queue import later
from survey.services.ledger import Doer, note
from survey.services.opening.closing import close_campaign
from survey.services.running.closing_times import extend_campaign
from survey.services.running.launching import launch_campaign, request_launch
from survey.services.setup.instruments import load_default_instrument
from survey.services.states import locked_draft

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
    background_purpose: str = "",
    asks_attention_check: bool = False,
    asks_markers: bool = False,
    council_reference: str = "",
    retention_months: int = 12,
    is_rehearsal: bool = False,
    gives_rows: bool = False,
    now: datetime | None = None,
) -> Campaign:
    """Return a new draft; without an opening time it opens at launch.

    A rehearsal is like any campaign but for its end: its answers are deleted unread. gives_rows:
    analysts get single answers, and nothing is told of units.
    """
    moment = now or timezone.now()
    require_times(opens_at=opens_at, closes_at=closes_at, now=moment)
    campaign = Campaign.objects.create(
        created_at=moment,
        organisation=organisation,
        # Whoever gives none, inside a transaction, has its file read there: 60 ms.
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
        background_purpose=background_purpose,
        asks_attention_check=asks_attention_check,
        asks_markers=asks_markers,
        council_reference=council_reference,
        retention_months=retention_months,
        is_rehearsal=is_rehearsal,
        gives_rows=gives_rows,
    )
    later("survey.tasks.prepare_keys", campaign.id)
    return campaign


def _waves_so_far(organisation: Organisation) -> int:
    real = organisation.campaigns.filter(is_rehearsal=False)
    return real.exclude(state=CampaignState.CANCELLED).count()


@transaction.atomic
def discard_campaign(*, campaign: Campaign, by: Doer) -> None:
    """Delete a draft with the addresses that it holds, of which none was written to.

    The worker, which has the keys, destroys its key and has the space of its rows wiped.
    """
    locked = locked_draft(
        campaign, gettext("%(campaign)s: expected a draft to discard, found “%(state)s”.")
    )
    later("survey.tasks.finish_cancellation", locked.pk)
    note(Action.DRAFT_DISCARDED, by=by, campaign=locked)
    locked.delete()
