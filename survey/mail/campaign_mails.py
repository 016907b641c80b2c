"""Invitations and reminders in the outbox: to whom they go, and what is noted of them."""

from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import survey_mail
from survey.mail.sending import MailFailure
from survey.mail.told_times import tell_closing_time
from survey.models import CampaignState, Invitation, Message
from survey.sealing.tokens import derive_token, survey_link

# People whose link is revoked, and campaigns that are over. An invitation is sent again to whoever
# has answered, too: if the count of mails told the difference, a manager could try out who took
# part.
NEEDLESS: Final = (
    Q(invitation__revoked=True)
    | Q(invitation__recipient=None)
    | ~Q(invitation__campaign__state=CampaignState.OPEN)
)


def _compose(message: Message, keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return the message's mail; its token exists only from here to the server.

    None once the time is over: nobody is asked to answer what the worker has not closed yet.
    """
    invitation = message.invitation
    if invitation is None:
        raise ValueError("Mail: expected a message with an invitation, found one without.")
    token = derive_token(keys.of(invitation.campaign_id), invitation.pk)
    campaign = invitation.campaign
    campaign.closes_at = tell_closing_time(campaign.pk)
    if not campaign.is_running(timezone.now()):
        return None
    return survey_mail(message, survey_link(token, campaign.link_mark))


def _note_failure(message: Message, failure: MailFailure, is_over: bool) -> None:
    """An address that is of no use gets no reminders either."""
    if is_over and failure.is_final:
        Invitation.objects.filter(messages=message.pk).update(bounced=True)


INVITATION: Final = MailKind(_compose, needless=NEEDLESS, failed=_note_failure)
REMINDER: Final = MailKind(
    _compose, needless=NEEDLESS | Q(invitation__used=True), failed=_note_failure
)
