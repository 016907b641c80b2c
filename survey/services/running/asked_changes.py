"""What a manager asks for in a running campaign, and what a second person makes of it."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from survey.access import CampaignRight, holders_of
from survey.errors import ConfirmationError, StateError
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.mail.shown_addresses import shown_address
from survey.models import Action, AskedChange, Campaign, Recipient, RefusedChange, User
from survey.selectors.accounts.asked_changes import (
    able_to_agree,
    is_second_person,
    needs_second_word,
)
from survey.selectors.people import may_correct
from survey.services.ledger import note
from survey.services.retention.pending_wipes import forget_asked
from survey.services.running.cancelling import cancel_campaign, locked_cancellable
from survey.services.running.invitable_addresses import require_invitable
from survey.services.running.links import correct_address
from survey.services.states import locked_campaign, locked_running


@transaction.atomic
def cancel_or_ask(*, campaign: Campaign, by: User) -> AskedChange | None:
    """Cancel a campaign where one may alone; else ask for it, and return what waits now."""
    locked = locked_cancellable(campaign)
    if not needs_second_word(locked, by=by):
        cancel_campaign(campaign=campaign, by=by)
        return None
    _require_somebody(locked, by)
    asked, is_new = AskedChange.objects.get_or_create(
        campaign=locked,
        kind=AskedChange.Kind.CANCELLATION,
        defaults={"asked_by": by, "day": _today(locked)},
    )
    if is_new:
        forget_asked(_refused(locked, None))
        note(Action.CANCELLATION_ASKED, by=by, campaign=locked)
    return asked


@transaction.atomic
def correct_or_ask(*, recipient: Recipient, email: str, name: str, by: User) -> AskedChange | None:
    """Correct an address that no mail has reached; of another ask for it, and return what waits.

    A name alone is corrected at once. Where nobody could agree, correct_address() says what can
    be done instead. Another wish for the same person is another row: whoever is about to agree to
    the first agrees to nothing else.
    """
    campaign = locked_running(recipient.campaign)
    address = address_as_sent(email)
    nobody_could_agree = not able_to_agree(campaign, asked_by=by).exists()
    if address == recipient.email or may_correct(recipient) or nobody_could_agree:
        correct_address(recipient=recipient, email=email, name=name, by=by)
        return None
    require_invitable(campaign, address, instead_of=recipient)
    forget_asked(AskedChange.objects.filter(recipient=recipient))
    forget_asked(_refused(campaign, recipient))
    asked = AskedChange.objects.create(
        campaign=campaign,
        kind=AskedChange.Kind.ADDRESS,
        recipient=recipient,
        email=address,
        name=line_of_text(name),
        asked_by=by,
        day=_today(campaign),
    )
    _note(Action.CORRECTION_ASKED, asked, by, {})
    return asked


@transaction.atomic
def agree_to_change(*, asked: AskedChange, by: User) -> None:
    """Give the second word, and make the change in the name of whoever asked for it."""
    locked = _locked(asked)
    if locked is None:
        return  # made, refused or taken back a moment ago
    _require_second_person(locked, by)
    managers = holders_of(
        CampaignRight.RUN_CAMPAIGNS, organisation_id=locked.campaign.organisation_id
    )
    if not managers.filter(pk=locked.asked_by_id).exists():
        raise ConfirmationError(
            gettext(
                "%(campaign)s: expected a change asked for by somebody who runs the campaign, "
                "found that %(asker)s does so no longer. Refuse it, or let somebody else ask."
            )
            % _named(locked)
        )
    # Each of them forgets what waited for it.
    if locked.recipient is None:
        cancel_campaign(campaign=locked.campaign, by=locked.asked_by, agreed_by=by)
    else:
        correct_address(
            recipient=locked.recipient,
            email=locked.email,
            name=locked.name,
            by=locked.asked_by,
            agreed_by=by,
        )


@transaction.atomic
def refuse_change(*, asked: AskedChange, by: User) -> None:
    """Let what was asked for go, as its second person; whoever asked is told on its page."""
    locked = _locked(asked)
    if locked is not None:
        _require_second_person(locked, by)
        RefusedChange.objects.create(
            campaign=locked.campaign,
            kind=locked.kind,
            recipient=locked.recipient,
            asked_by=locked.asked_by,
            asked_on=locked.day,
            refused_by=by,
            day=_today(locked.campaign),
        )
        _let_go(locked, Action.CHANGE_REFUSED, by)


@transaction.atomic
def take_change_back(*, asked: AskedChange, by: User) -> None:
    """Let what was asked for go, as somebody who runs the campaign."""
    locked = _locked(asked)
    if locked is not None:
        _let_go(locked, Action.CHANGE_TAKEN_BACK, by)


def _let_go(asked: AskedChange, action: Action, by: User) -> None:
    _note(action, asked, by, {"change": asked.kind})
    forget_asked(AskedChange.objects.filter(pk=asked.pk))


def _refused(campaign: Campaign, recipient: Recipient | None) -> QuerySet[RefusedChange]:
    """Return what was refused: to end the campaign, or another address for somebody."""
    return RefusedChange.objects.filter(campaign=campaign, recipient=recipient)


def _locked(asked: AskedChange) -> AskedChange | None:
    """Return what waits as it is now, its campaign locked before it."""
    campaign = locked_campaign(asked.campaign_id)
    if campaign is None:
        return None
    found = AskedChange.objects.select_for_update(of=("self",)).filter(pk=asked.pk)
    return found.select_related("campaign", "recipient", "asked_by").first()


def _require_somebody(campaign: Campaign, by: User) -> None:
    if able_to_agree(campaign, asked_by=by).exists():
        return
    raise StateError(
        gettext(
            "%(campaign)s: expected somebody who can agree to end it without result, and had "
            "signed in before it was begun; found nobody. Whoever looks after "
            "the server can end it."
        )
        % {"campaign": campaign.name}
    )


def _require_second_person(asked: AskedChange, by: User) -> None:
    if is_second_person(by, asked.campaign, beside=asked.asked_by):
        return
    message = (
        gettext(
            "%(campaign)s: expected the word of somebody of the works council, other than "
            "%(asker)s, who had signed in before the campaign was begun; found another account."
        )
        if asked.campaign.gives_rows
        else gettext(
            "%(campaign)s: expected the word of somebody of the works council, or of an "
            "administrator, other than %(asker)s, who had signed in before the campaign was "
            "begun; found another account."
        )
    )
    raise ConfirmationError(message % _named(asked))


def _named(asked: AskedChange) -> dict[str, str]:
    return {"campaign": asked.campaign.name, "asker": shown_address(asked.asked_by.email)}


def _note(action: Action, asked: AskedChange, by: User, detail: Mapping[str, str]) -> None:
    """Note a step on the way; of a person unit and function only, no address."""
    invitation = getattr(asked.recipient, "invitation", None)
    note(
        action,
        by=by,
        campaign=asked.campaign,
        unit=invitation.unit if invitation else None,
        function=invitation.function if invitation else "",
        detail=detail,
    )


def _today(campaign: Campaign) -> date:
    return timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
