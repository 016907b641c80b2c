"""Campaigns locked before their state is tested, and the refusal of what it does not allow.

Whoever looked before may have looked too early: a launch, a close or an opening may have come in
between. So services ask here, and act on what they get.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import StateError
from survey.models.campaigns import Campaign, CampaignState
from survey.selectors.campaign_states import state_words


def wrong_state(campaign: Campaign, message: str) -> StateError:
    """Return the error for a translated message with %(campaign)s and %(state)s in it."""
    return StateError(message % {"campaign": campaign.name, "state": state_words(campaign)})


def locked_campaign(campaign_id: UUID) -> Campaign | None:
    """Return a campaign as it is now, locked until the transaction ends; None if it is gone.

    Ballots and drafts may be written meanwhile: they hold the row's key only, and a submit that
    had to wait for this lock while we wait for its invitation would be a deadlock.
    """
    return Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id).first()


def locked_if_free(campaign_id: UUID) -> Campaign | None:
    """Return a campaign as it is now, locked; None if it is gone or somebody else is at it.

    For clocks, of which several may tick at once: the second leaves it to the first.
    """
    free = Campaign.objects.select_for_update(skip_locked=True, no_key=True)
    return free.filter(pk=campaign_id).first()


def locked_in_state(campaign: Campaign, message: str, *states: CampaignState) -> Campaign:
    """Return a campaign as it is now, locked, if it is in one of the states; else refuse."""
    locked = locked_campaign(campaign.pk)
    if locked is None:
        raise StateError(
            gettext("%(campaign)s: expected a campaign, found that it was deleted meanwhile.")
            % {"campaign": campaign.name}
        )
    if locked.state not in states:
        raise wrong_state(locked, message)
    return locked


def locked_running(campaign: Campaign, now: datetime | None = None) -> Campaign:
    """Return a campaign, locked, that people are invited to; refuse one whose time is over."""
    message = gettext("%(campaign)s: expected an open campaign, found “%(state)s”.")
    locked = locked_in_state(campaign, message, CampaignState.OPEN)
    if not locked.is_running(now or timezone.now()):
        raise wrong_state(locked, message)
    return locked


def locked_draft(campaign: Campaign, message: str = "") -> Campaign:
    """Return a draft as it is now, locked until the transaction ends; refuse what is no draft."""
    return locked_in_state(
        campaign,
        message
        or gettext("%(campaign)s: expected a draft to import people into, found “%(state)s”."),
        CampaignState.DRAFT,
    )
