"""The second person: another account, by role, that was somebody's before the matter began.

Asked wherever one account alone must not decide. Whoever begins a campaign could make an account of
their own for it: so only those count that had signed in before its draft existed.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from survey.access import CampaignRight, holders_of
from survey.models import Campaign, User


def second_persons(
    campaign: Campaign,
    *,
    acting: Collection[UUID],
    right: CampaignRight = CampaignRight.CONFIRM,
) -> QuerySet[User]:
    """Return who may confirm, about a campaign, what the acting accounts have done or ask for."""
    known = other_holders(campaign.organisation_id, acting=acting, right=right)
    return known.filter(first_signed_in_at__lt=campaign.created_at)


def other_holders(
    organisation_id: UUID,
    *,
    acting: Collection[UUID],
    right: CampaignRight = CampaignRight.CONFIRM,
) -> QuerySet[User]:
    """Return who has a right to give a second word beside the acting accounts, since whenever.

    Where there is nobody the organisation has no second person. One who signed in too late is no
    reason to do without: that would be in the hands of whoever begins a draft.
    """
    return holders_of(right, organisation_id=organisation_id).exclude(pk__in=acting)


def right_to_confirm(campaign: Campaign) -> CampaignRight:
    """Return whose word is enough: the council's alone where single answers are given."""
    return CampaignRight.CONSENT if campaign.gives_rows else CampaignRight.CONFIRM
