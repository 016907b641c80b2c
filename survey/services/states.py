"""The refusal of what a campaign's state does not allow, in the reader's language."""

from survey.errors import StateError
from survey.models.campaigns import Campaign


def wrong_state(campaign: Campaign, message: str) -> StateError:
    """Return the error for a translated message with %(campaign)s and %(state)s in it."""
    return StateError(message % {"campaign": campaign.name, "state": campaign.get_state_display()})
