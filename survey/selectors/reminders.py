"""When a campaign's next reminder may go out."""

from datetime import datetime

from survey.models import Campaign, CampaignState
from survey.models.time_fields import LAST
from survey.policy import REMINDER_SPACING, REMINDERS


def next_reminder_at(campaign: Campaign) -> datetime | None:
    """Return from when the next round may go out; None if no further round may."""
    before = campaign.reminded_at or campaign.opens_at
    if campaign.state != CampaignState.OPEN or before is None:
        return None
    if campaign.reminder_round >= REMINDERS:
        return None
    return min(before, LAST) + REMINDER_SPACING
