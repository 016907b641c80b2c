"""What waits, in a running campaign, for a second person's word: cancelling, corrections."""

from dataclasses import dataclass

from django.db.models import QuerySet

from survey.access import CampaignRight, campaigns_where
from survey.models import AskedChange, Campaign, HeadCountConfirmation, Recipient, User
from survey.selectors.accounts.second_persons import (
    other_holders,
    right_to_confirm,
    second_persons,
)
from survey.selectors.people import may_correct


@dataclass(frozen=True, slots=True)
class AskedChangeRow:
    """One change that waits, as a page tells it."""

    asked: AskedChange
    unit: str  # of the person whose address it is
    function: str
    may_agree: bool


@dataclass(frozen=True, slots=True)
class AskedPage:
    """How it stands with one change, for the manager who wants it."""

    asked: AskedChange | None  # it waits
    is_free: bool  # one may alone
    able: tuple[str, ...]  # whose word would do


def needs_second_word(campaign: Campaign, *, by: object) -> bool:
    """Whether somebody else must agree before `by` ends a campaign without result.

    A rehearsal is its manager's own. A campaign that was launched alone said so to its
    respondents. What two persons launched no account ends alone, whoever has left meanwhile;
    whoever has the server can, by command.
    """
    if not isinstance(by, User) or campaign.is_rehearsal or campaign.launched_alone:
        return False
    if HeadCountConfirmation.objects.filter(campaign=campaign).exists():
        return True
    right = right_to_confirm(campaign)
    return other_holders(campaign.organisation_id, acting=[by.pk], right=right).exists()


def able_to_agree(campaign: Campaign, *, asked_by: User) -> QuerySet[User]:
    """Return who may give the second word for what an account asks for."""
    return second_persons(campaign, acting=[asked_by.pk], right=right_to_confirm(campaign))


def is_second_person(user: User | None, campaign: Campaign, *, beside: object) -> bool:
    """Whether an account may give the second word beside the one who acts."""
    if user is None or not isinstance(beside, User):
        return False
    return able_to_agree(campaign, asked_by=beside).filter(pk=user.pk).exists()


def asked_cancellation(campaign: Campaign) -> AskedChange | None:
    """Return what waits to end the campaign."""
    waiting = campaign.asked_changes.filter(kind=AskedChange.Kind.CANCELLATION)
    return waiting.select_related("asked_by").first()


def asked_correction(recipient: Recipient) -> AskedChange | None:
    """Return what waits to change somebody's address."""
    return AskedChange.objects.filter(recipient=recipient).select_related("asked_by").first()


def cancel_page(campaign: Campaign, *, reader: User) -> AskedPage:
    """Return whether ending the campaign waits, or would have to, and for whom."""
    return _page(
        asked_cancellation(campaign),
        campaign,
        reader,
        is_free=not needs_second_word(campaign, by=reader),
    )


def waiting_cancellation(campaign: Campaign) -> AskedPage | None:
    """Return how it stands with ending the campaign, where somebody has asked for it."""
    asked = asked_cancellation(campaign)
    return _page(asked, campaign, asked.asked_by, is_free=False) if asked else None


def correction_of(recipient: Recipient, *, reader: User) -> AskedPage:
    """Return the same of another address for somebody."""
    return _page(
        asked_correction(recipient), recipient.campaign, reader, is_free=may_correct(recipient)
    )


def _page(asked: AskedChange | None, campaign: Campaign, reader: User, is_free: bool) -> AskedPage:
    asker = asked.asked_by if asked else reader
    return AskedPage(
        asked, is_free, tuple(str(user) for user in able_to_agree(campaign, asked_by=asker))
    )


def asked_of(user: User) -> QuerySet[AskedChange]:
    """Return everything that waits in the campaigns where the user gives second words."""
    theirs = campaigns_where(user, CampaignRight.CONFIRM)
    return (
        AskedChange.objects.filter(campaign__in=theirs)
        .select_related("campaign__organisation", "recipient__invitation__unit", "asked_by")
        .order_by("campaign__name", "day", "kind", "pk")
    )


def asked_rows(user: User) -> tuple[AskedChangeRow, ...]:
    """Return the same as a page tells it, and which of it the user may agree to."""
    return tuple(_row(asked, user) for asked in asked_of(user))


def _row(asked: AskedChange, user: User) -> AskedChangeRow:
    invitation = getattr(asked.recipient, "invitation", None)
    return AskedChangeRow(
        asked,
        invitation.unit.name if invitation else "",
        str(invitation.get_function_display()) if invitation else "",
        may_agree=is_second_person(user, asked.campaign, beside=asked.asked_by),
    )
