"""What pages say of a campaign and its people: states, times and addresses as they are now."""

from datetime import datetime

from django import template
from django.utils import timezone

from survey.campaign_times import told_time
from survey.mail.shown_addresses import shown_address
from survey.models import Campaign
from survey.selectors import campaign_states

register = template.Library()
register.filter("told_time", told_time)
register.filter("shown_address", shown_address)


@register.filter
def state_words(campaign: Campaign) -> str:
    """Return what the campaign's state is called at this moment."""
    return campaign_states.state_words(campaign)


@register.filter
def is_over(campaign: Campaign) -> bool:
    """Tell whether the campaign has closed by now, by its time or by hand."""
    return _is_past(campaign.ends_at)


@register.filter
def is_to_open(campaign: Campaign) -> bool:
    """Tell whether the campaign opens at a later time."""
    return campaign.opens_at is not None and not _is_past(campaign.opens_at)


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()
