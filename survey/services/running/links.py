"""Mending single invitations while a campaign is open: address, mail, link.

Nothing here behaves differently for somebody who has answered: a manager who could tell the
difference would learn who took part. A link that is issued anew opens the empty questionnaire for
everybody alike; of two answers the first counts.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import InputError, StateError
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.mail.folded_addresses import folded_address
from survey.mail.posting import due_from
from survey.mail.shown_addresses import shown_address
from survey.models import (
    Action,
    AskedChange,
    CampaignUnit,
    Function,
    Invitation,
    Message,
    MessageState,
    Recipient,
    RefusedChange,
    Standing,
    UnitReport,
    User,
)
from survey.queue import later
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token, token_hash
from survey.selectors.accounts.asked_changes import is_second_person
from survey.selectors.people import may_correct
from survey.services.ledger import Doer, agreement_of, id_of, note
from survey.services.retention.pending_wipes import forget_asked
from survey.services.running.invitable_addresses import require_invitable
from survey.services.running.invitations import leader_addresses
from survey.services.states import locked_campaign, locked_running


@transaction.atomic
def resend_invitation(*, recipient: Recipient, by: Doer, now: datetime | None = None) -> None:
    """Send the invitation's mail again, with the same link."""
    invitation = _open_invitation(recipient, now)
    if invitation.revoked:
        raise StateError(
            gettext("%(address)s: expected a link that works, found a revoked one.")
            % {"address": shown_address(recipient.email)}
        )
    _write_mail(invitation, now or timezone.now())
    _note(Action.INVITATION_RESENT, invitation, by, now=now)


@transaction.atomic
def request_new_link(*, recipient: Recipient, by: Doer) -> None:
    """Let the worker, which holds the keys, replace the recipient's link by a new one."""
    invitation = _open_invitation(recipient)
    _end_link(invitation)
    later("survey.tasks.replace_link", invitation.pk, *_carried(by))


@transaction.atomic
def correct_address(
    *, recipient: Recipient, email: str, name: str, by: Doer, agreed_by: User | None = None
) -> None:
    """Write to another address from now on; a new address gets a new link, the old one dies.

    Alone only while no mail has reached the person: afterwards somebody could take the link over.
    """
    invitation = _open_invitation(recipient)
    address = address_as_sent(email)
    is_new = address != recipient.email
    changed = {"name": line_of_text(name)}
    if is_new:
        require_invitable(invitation.campaign, address, instead_of=recipient)
        if not is_second_person(agreed_by, invitation.campaign, beside=by):
            _require_correctable(recipient)
        Invitation.objects.filter(pk=invitation.pk).update(reached=False)
        changed |= {"email": address, "mailbox": folded_address(address)}
    Recipient.objects.filter(pk=recipient.pk).update(**changed)
    recipient.refresh_from_db()
    if is_new:
        _note(Action.ADDRESS_CORRECTED, invitation, by, None, **agreement_of(agreed_by))
        forget_asked(AskedChange.objects.filter(recipient=recipient))
        forget_asked(RefusedChange.objects.filter(recipient=recipient))
        request_new_link(recipient=recipient, by=by)


@transaction.atomic
def revoke_link(*, recipient: Recipient, by: Doer) -> None:
    """Make the recipient's link useless; an answer that was handed in with it stays."""
    invitation = _open_invitation(recipient)
    _end_link(invitation)
    _note(Action.LINK_REVOKED, invitation, by)


@transaction.atomic
def replace_link(*, invitation_id: UUID, by: Doer, now: datetime | None = None) -> None:
    """Move a recipient to a new invitation and mail its link; a second call changes nothing.

    The tick moves along, so that no second answer is kept, and so does the place in the bands.
    """
    old = _held_invitation(invitation_id, now)
    if old is not None:
        new = _new_invitation(old)
        new.standing = old.standing
        old.standing, old.done, old.used = Standing.REPLACED, False, False
        _hand_over(old, new, now or timezone.now())
        _note(Action.LINK_RENEWED, new, by, now=now)


@transaction.atomic
def request_move(*, recipient: Recipient, unit: CampaignUnit, function: Function, by: Doer) -> None:
    """Let the worker move somebody whose unit or function was wrong."""
    invitation = _open_invitation(recipient)
    if unit.campaign_id != recipient.campaign_id:
        raise InputError(f"Unit: expected one of {recipient.campaign}, found {unit}.")
    _end_link(invitation)
    later("survey.tasks.move_person", invitation.pk, unit.pk, str(function), *_carried(by))


@transaction.atomic
def move_person(
    *,
    invitation_id: UUID,
    unit_id: UUID,
    function: Function,
    by: Doer,
    now: datetime | None = None,
) -> None:
    """Move a recipient to an invitation of another unit; a second call changes nothing.

    A sealed answer cannot move: it stays with the unit it was given for, and counts there. One
    that is given afterwards counts in no band, so that no band changes by a move.
    """
    old = _held_invitation(invitation_id, now)
    if old is None or not old.campaign.units.filter(pk=unit_id).exists():
        return
    new = _new_invitation(old)
    new.unit_id, new.function, new.standing = unit_id, function, Standing.ADDED
    if old.standing != Standing.PLANNED:
        old.standing = Standing.REPLACED
    UnitReport.objects.filter(invitation=old).delete()
    _hand_over(old, new, now or timezone.now())
    came_from = {
        "from_unit_code": old.unit.code,
        "from_unit": old.unit.name,
        "from_function": old.function,
    }
    _note(Action.PERSON_MOVED, new, by, now, **came_from)


def _end_link(invitation: Invitation) -> None:
    """Make a link useless at once, with all mails that would still carry it.

    A reminder that waits is for somebody who has not answered: it must not go to an address that
    was just corrected, nor tell whoever reads it meanwhile.
    """
    Invitation.objects.filter(pk=invitation.pk).update(revoked=True)
    Message.objects.filter(invitation=invitation, state=MessageState.WAITING).delete()


def _note(
    action: Action,
    invitation: Invitation,
    by: Doer,
    now: datetime | None = None,
    **detail: str,
) -> None:
    """Note what was done about one invited person, of whom unit and function are told only."""
    note(
        action, by=by, campaign=invitation.campaign, unit=invitation.unit,
        function=invitation.function, detail=detail, now=now,
    )  # fmt: skip


def _carried(by: Doer) -> tuple[str, ...]:
    """Return what a task is told of the account that asked; nothing where none did."""
    return (id_of(by),) if id_of(by) else ()


def _held_invitation(invitation_id: UUID, now: datetime | None) -> Invitation | None:
    """Return an invitation that is somebody's, locked; one that was handed over is nobody's.

    Its campaign is locked before it, as by whoever closes or opens.
    """
    named = Invitation.objects.filter(pk=invitation_id).values_list("campaign_id", flat=True)
    campaign = locked_campaign(named[0]) if named else None
    if campaign is None or not campaign.is_running(now or timezone.now()):
        return None
    held = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    return held if held is not None and held.recipient is not None else None


def _require_correctable(recipient: Recipient) -> None:
    if not may_correct(recipient):
        raise StateError(
            gettext(
                "%(address)s: expected an address whose mail failed, came back or was never sent, "
                "found one that a mail has gone to. Send the invitation there again; or revoke the "
                "link and add the person with the other address, as somebody added later."
            )
            % {"address": shown_address(recipient.email)}
        )


def _new_invitation(old: Invitation) -> Invitation:
    identity = uuid4()
    address = old.recipient.email if old.recipient else ""
    return Invitation(
        id=identity,
        campaign=old.campaign,
        recipient=old.recipient,
        unit_id=old.unit_id,
        function=old.function,
        leads=old.leads or address in leader_addresses(old.campaign),
        token_hash=token_hash(derive_token(load_token_key(old.campaign_id), identity)),
        done=old.done,
        reissued=True,
    )


def _hand_over(old: Invitation, new: Invitation, now: datetime) -> None:
    """Let the new link begin as any other: with one first mail, and without reminders.

    Reminders stay behind. Those who have answered had none, and the time of the last one decides
    about the next.
    """
    _note_reached(old)
    new.reached = old.reached
    old.recipient, old.revoked = None, True
    old.save(update_fields=["recipient", "done", "used", "revoked", "standing"])
    new.save(force_insert=True)
    UnitReport.objects.filter(invitation=old).update(invitation=new)
    old.messages.filter(Q(round=0) | Q(state=MessageState.WAITING)).delete()
    _write_mail(new, now)


def _note_reached(invitation: Invitation) -> None:
    """Keep in mind that a mail went to the address, before the note of that mail is deleted."""
    if invitation.messages.filter(round=0, state=MessageState.SENT).exists():
        invitation.reached = True
        Invitation.objects.filter(pk=invitation.pk).update(reached=True)


def _open_invitation(recipient: Recipient, now: datetime | None = None) -> Invitation:
    """Return the recipient's invitation, locked after its campaign; refuse one that is over."""
    locked_running(recipient.campaign, now)
    invitation = Invitation.objects.select_for_update().filter(recipient=recipient).first()
    if invitation is None:
        raise StateError(
            gettext(
                "%(address)s: expected somebody with an invitation, "
                "found one that is still being written."
            )
            % {"address": shown_address(recipient.email)}
        )
    return invitation


def _write_mail(invitation: Invitation, now: datetime) -> None:
    """Put the invitation's first mail into the outbox once more.

    As a new message, with an identity of its own: mailboxes hide one that they have had before.
    """
    due_at = due_from(invitation.campaign.opens_at, now)
    _note_reached(invitation)
    Message.objects.filter(invitation=invitation, round=0).delete()
    Invitation.objects.filter(pk=invitation.pk).update(bounced=False)
    Message.objects.create(invitation=invitation, due_at=due_at)
    later("survey.tasks.send_messages")
