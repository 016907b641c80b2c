"""Cancelling an open campaign: every answer deleted unread, every address, and the key."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import ConfirmationError
from survey.models import (
    Action,
    Ballot,
    Campaign,
    CampaignState,
    Draft,
    Invitation,
    Message,
    Participation,
    Recipient,
    User,
)
from survey.queue import later
from survey.selectors.accounts.asked_changes import is_second_person, needs_second_word
from survey.services.keys.destruction import destroy_discarded_key, wipe_and_destroy_key
from survey.services.ledger import Doer, agreement_of, note
from survey.services.retention.pending_wipes import forget_asked, note_deleted
from survey.services.retention.task_rows import forget_tasks
from survey.services.states import locked_in_state, wrong_state


@transaction.atomic
def cancel_campaign(
    *, campaign: Campaign, by: Doer, agreed_by: User | None = None, now: datetime | None = None
) -> Campaign:
    """End a campaign without any result; the worker then destroys its key.

    What was answered is gone by it: so nobody does it alone where somebody else could agree.
    """
    moment = now or timezone.now()
    locked = locked_cancellable(campaign)
    if needs_second_word(locked, by=by) and not is_second_person(agreed_by, locked, beside=by):
        raise ConfirmationError(
            gettext(
                "%(campaign)s: expected a second person who agrees to end it without result, "
                "found nobody. Ask for it on the campaign's page."
            )
            % {"campaign": locked.name}
        )
    Campaign.objects.filter(pk=locked.pk).update(
        state=CampaignState.CANCELLED, closed_at=moment, opening_tried_at=moment
    )
    campaign.refresh_from_db()
    _delete_answers(campaign)
    agreement = agreement_of(agreed_by)
    note(Action.CANCELLED, by=by, campaign=campaign, detail=agreement, now=moment)
    later("survey.tasks.finish_cancellation", campaign.pk)
    return campaign


def locked_cancellable(campaign: Campaign) -> Campaign:
    """Return a campaign, locked, that can still be ended without result."""
    message = gettext("%(campaign)s: expected an open campaign to cancel, found “%(state)s”.")
    locked = locked_in_state(campaign, message, CampaignState.OPEN, CampaignState.CLOSED)
    if not Campaign.objects.cancellable().filter(pk=locked.pk).exists():
        raise wrong_state(locked, message)  # closed, and its answers are about to be opened
    return locked


def finish_cancellation(*, campaign_id: UUID) -> None:
    """Wipe what was deleted and destroy the key; a repeated call changes nothing.

    Of a draft that was discarded the key is all that is left.
    """
    destroy_discarded_key(campaign_id=campaign_id)
    campaign = Campaign.objects.filter(pk=campaign_id, state=CampaignState.CANCELLED).first()
    if campaign is not None:
        # A draft that was being saved at that moment: saving locks no invitation.
        Draft.objects.filter(campaign=campaign).delete()
        wipe_and_destroy_key(campaign=campaign)


def _delete_answers(campaign: Campaign) -> None:
    # First, since it waits for every submit under way; one that comes later finds its link
    # revoked. The links stay for two weeks without tick and address, to say what happened.
    Invitation.objects.filter(campaign=campaign).update(
        revoked=True, done=False, used=False, recipient=None
    )
    Ballot.objects.filter(campaign=campaign).delete()
    Draft.objects.filter(campaign=campaign).delete()
    Message.objects.filter(invitation__campaign=campaign).delete()
    Message.objects.filter(campaign=campaign).delete()
    links = Invitation.objects.filter(campaign=campaign).values_list("pk", flat=True)
    forget_tasks(campaign=campaign, invitations=links)
    Participation.objects.filter(campaign_unit__campaign=campaign).delete()
    forget_asked(campaign.asked_changes.all())
    forget_asked(campaign.refused_changes.all())
    campaign.recipients.all().delete()
    note_deleted(Recipient, Participation)
