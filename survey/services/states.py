"""The refusal of what a campaign's state does not allow, in the reader's language."""

from django.utils.translation import gettext

from survey.errors import StateError
from survey.models.campaigns import Campaign, CampaignState


def wrong_state(campaign: Campaign, message: str) -> StateError:
    """Return the error for a translated message with %(campaign)s and %(state)s in it."""
    return StateError(message % {"campaign": campaign.name, "state": campaign.get_state_display()})


def locked_draft(campaign: Campaign) -> Campaign:
    """Return a draft as it is now, locked until the transaction ends; refuse what is no draft.

    Whoever looked before may have looked too early: the launch may have come in between.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != CampaignState.DRAFT:
        raise wrong_state(
            locked,
            gettext("%(campaign)s: expected a draft to import people into, found “%(state)s”."),
        )
    return locked
