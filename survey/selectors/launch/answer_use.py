"""What the answers of a campaign are used for: figures of units, or research on single answers.

Never both, since the two together name people: rows that resemble a team's figures are its members'
far more often than by chance, however the figures are rounded.
"""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from survey.models import Campaign, CampaignState
from survey.policy import USES_APART

ASKED = (
    CampaignState.LAUNCHING,
    CampaignState.OPEN,
    CampaignState.CLOSED,
    CampaignState.RELEASED,
)


def use_words(campaign: Campaign) -> str:
    """Return in a sentence or two who gets what of the answers."""
    if campaign.gives_rows:
        return _(
            "Research on single answers: the analyst gets them one by one, without unit. Nothing "
            "is told of any unit."
        )
    return _("Results for units. Nobody reads single answers.")


def other_use_problem(campaign: Campaign, *, now: datetime) -> str:
    """Return why the answers may not be used so, so soon after a campaign of the other use.

    The same people answer alike twice: rows of one campaign and figures of the other would be put
    side by side.
    """
    if campaign.is_rehearsal:
        return ""
    others = campaign.organisation.campaigns.filter(
        is_rehearsal=False, gives_rows=not campaign.gives_rows, state__in=ASKED
    ).exclude(pk=campaign.pk)
    for other in others.order_by("name"):
        free_from = None if other.ends_at is None else other.ends_at + USES_APART
        if free_from is None or free_from > now:
            return _too_soon(campaign, other, free_from)
    return ""


def _too_soon(campaign: Campaign, other: Campaign, free_from: datetime | None) -> str:
    words = (
        _("“%(other)s” tells figures of units of the same people.")
        if campaign.gives_rows
        else _("“%(other)s” gives single answers of the same people.")
    ) % {"other": other.name}
    if free_from is None:
        return words
    return f"{words} " + _("Half a year must lie between the two: wait until %(day)s.") % {
        "day": date_format(free_from, "DATE_FORMAT")
    }
