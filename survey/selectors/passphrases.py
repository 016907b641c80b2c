"""What the works council sees of a campaign's passphrase: whether it is set, wanted or given."""

from enum import StrEnum

from django.db.models import QuerySet

from survey.access import CampaignRight, campaigns_where
from survey.models import Campaign, CampaignKey, CampaignState, User


class PassphraseState(StrEnum):
    """What can be done now."""

    NOT_READY = "not ready"  # the worker has made no keys yet
    CAN_BE_SET = "can be set"
    NONE = "none"  # launched without one
    KEPT = "kept"  # set, and not wanted before the close
    WANTED = "wanted"
    GIVEN = "given"


def council_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the campaigns of organisations in whose works council the user is."""
    return campaigns_where(user, CampaignRight.HOLD_PASSPHRASE).filter(is_rehearsal=False)


def passphrase_state(campaign: Campaign) -> PassphraseState:
    """Return what can be done with the campaign's passphrase."""
    key = CampaignKey.objects.filter(campaign=campaign).first()
    if campaign.state == CampaignState.DRAFT:
        return PassphraseState.CAN_BE_SET if key else PassphraseState.NOT_READY
    if key is None or not key.has_passphrase:
        return PassphraseState.NONE
    if campaign.state != CampaignState.CLOSED:
        is_over = campaign.state in {CampaignState.RELEASED, CampaignState.CANCELLED}
        return PassphraseState.GIVEN if is_over else PassphraseState.KEPT
    return PassphraseState.WANTED if key.waits_for_passphrase else PassphraseState.GIVEN


def waits_for_passphrase(campaign: Campaign) -> bool:
    """Tell whether a closed campaign's ballots wait for the works council."""
    if campaign.state != CampaignState.CLOSED:
        return False
    return passphrase_state(campaign) is PassphraseState.WANTED
