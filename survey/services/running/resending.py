"""Sending failed invitations again, all at once: once a server that refused them is mended."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import StateError
from survey.mail.posting import due_from, post
from survey.models import Action, Campaign, Invitation, Message
from survey.selectors.deliveries import failed_for_others_reasons
from survey.services.ledger import Doer, note
from survey.services.states import locked_running


@transaction.atomic
def resend_failed(*, campaign: Campaign, by: Doer) -> int:
    """Write the failed mails anew and return how many people they go to.

    To everybody alike, whether or not they have answered; a second call finds nothing. Each is a
    new message with an identity of its own: mailboxes hide one that they have had before.
    """
    locked = locked_running(campaign)
    failed = failed_for_others_reasons(locked)
    if not failed:
        raise StateError(
            gettext("%(campaign)s: expected failed mails, found none that could go now.")
            % {"campaign": locked.name}
        )
    invitations = [message.invitation for message in failed if message.invitation is not None]
    due_at = due_from(locked.opens_at, timezone.now())
    Message.objects.filter(pk__in=[message.pk for message in failed]).delete()
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).update(
        bounced=False
    )
    post([Message(invitation=invitation, due_at=due_at) for invitation in invitations])
    note(Action.FAILED_RESENT, by=by, campaign=locked, detail={"count": len(failed)})
    return len(failed)
