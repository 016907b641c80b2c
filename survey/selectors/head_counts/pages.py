"""The page on which a second person confirms the head counts of a campaign, or reads them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from survey.access import CampaignRight, campaigns_where
from survey.models import Campaign, CampaignState, HeadCountConfirmation, User
from survey.selectors.head_counts.confirmation import (
    confirmation_of,
    confirmation_words,
    given_words,
)
from survey.selectors.head_counts.counts import HeadCounts, frozen_counts


@dataclass(frozen=True, slots=True)
class HeadCountPage:
    """The numbers, what has been said about them, and whether the reader may confirm them."""

    campaign: Campaign
    counts: HeadCounts
    words: str
    may_confirm: bool
    is_confirmed: bool


def confirmable_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the campaigns whose head counts are for the user to read; rehearsals need no word."""
    theirs = campaigns_where(user, CampaignRight.CONFIRM).filter(is_rehearsal=False)
    return theirs.select_related("organisation")


def head_count_page(campaign: Campaign, *, reader: User) -> HeadCountPage:
    """Return the numbers of a draft as they are now, or those that a launch froze."""
    if campaign.state == CampaignState.DRAFT:
        confirmation = confirmation_of(campaign, by=None, on=timezone.localdate())
        return HeadCountPage(
            campaign,
            confirmation.counts,
            confirmation_words(confirmation),
            may_confirm=confirmation.given is None and reader in confirmation.waiting_for,
            is_confirmed=confirmation.given is not None,
        )
    given = HeadCountConfirmation.objects.filter(campaign=campaign).first()
    is_confirmed = given is not None and not campaign.launched_alone
    words = given_words(given) if given and is_confirmed else ""
    return HeadCountPage(campaign, frozen_counts(campaign), words, False, is_confirmed)


def waits_for_word(campaign: Campaign, reader: User) -> bool:
    """Whether a draft waits for the reader, among others, to confirm its head counts."""
    return (
        campaign.state == CampaignState.DRAFT
        and not campaign.is_rehearsal
        and head_count_page(campaign, reader=reader).may_confirm
    )
