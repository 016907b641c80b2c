"""What waits, in a running campaign, for a second person's word: cancelling, corrections."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from survey.access import CampaignRight, campaigns_where
from survey.models import (
    AskedChange,
    Campaign,
    CampaignState,
    HeadCountConfirmation,
    Recipient,
    RefusedChange,
    User,
)
from survey.selectors.accounts.hindrances import hindrance_at_change, names_of
from survey.selectors.accounts.second_persons import (
    other_holders,
    right_to_confirm,
    second_persons,
)
from survey.selectors.passphrases import waits_for_passphrase
from survey.selectors.people import may_correct


@dataclass(frozen=True, slots=True)
class AskedChangeRow:
    """One change that waits, as a page tells it."""

    asked: AskedChange
    unit: str  # of the person whose address it is
    function: str
    may_agree: bool
    hindrance: str  # why the reader may not; nothing where the reader may
    able: tuple[str, ...]  # whose word would do


@dataclass(frozen=True, slots=True)
class AskedPage:
    """How it stands with one change, for the manager who wants it."""

    asked: AskedChange | None  # it waits
    refused: RefusedChange | None  # the last one, as long as nothing else was asked for
    is_free: bool  # one may alone
    able: tuple[str, ...]  # whose word would do
    until_then: str  # what is so of the campaign while cancelling it waits


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


def refused_cancellation(campaign: Campaign) -> RefusedChange | None:
    """Return that ending the campaign was refused, unless somebody has asked for it again."""
    refused = campaign.refused_changes.filter(kind=AskedChange.Kind.CANCELLATION)
    return refused.select_related("asked_by", "refused_by").first()


def cancel_page(campaign: Campaign, *, reader: User) -> AskedPage:
    """Return whether ending the campaign waits, or would have to, and for whom."""
    asked = asked_cancellation(campaign)
    return AskedPage(
        asked,
        refused_cancellation(campaign),
        is_free=not needs_second_word(campaign, by=reader),
        able=_able(campaign, asked, reader),
        until_then=until_agreed(campaign),
    )


def correction_of(recipient: Recipient, *, reader: User) -> AskedPage:
    """Return the same of another address for somebody."""
    asked = asked_correction(recipient)
    refused = RefusedChange.objects.filter(recipient=recipient)
    return AskedPage(
        asked,
        refused.select_related("asked_by", "refused_by").first(),
        is_free=may_correct(recipient),
        able=_able(recipient.campaign, asked, reader),
        until_then=_("Until then nothing changes."),
    )


def _able(campaign: Campaign, asked: AskedChange | None, reader: User) -> tuple[str, ...]:
    asker = asked.asked_by if asked else reader
    return names_of(able_to_agree(campaign, asked_by=asker))


def until_agreed(campaign: Campaign) -> str:
    """Return what is so of a campaign until somebody agrees to cancel it."""
    if campaign.state != CampaignState.CLOSED:
        return _(
            "Until then everything goes on as planned. Once the answers are opened, the campaign "
            "can no longer be cancelled."
        )
    if waits_for_passphrase(campaign):
        return _(
            "Until then the campaign stays closed and its answers unread. Once the works council "
            "gives the passphrase they are opened, and it can no longer be cancelled."
        )
    return _("The campaign is closed and its answers are being opened: it is too late for that.")


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
    may_agree = is_second_person(user, asked.campaign, beside=asked.asked_by)
    return AskedChangeRow(
        asked,
        invitation.unit.name if invitation else "",
        str(invitation.get_function_display()) if invitation else "",
        may_agree,
        hindrance="" if may_agree else hindrance_at_change(asked, user),
        able=() if may_agree else _able(asked.campaign, asked, user),
    )
