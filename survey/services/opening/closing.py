"""The close of a campaign, and the opening of its ballots that follows."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import OpeningError
from survey.models import Action, AskedChange, Campaign, CampaignState, Message, MessageState
from survey.models.campaigns import grace
from survey.queue import later
from survey.selectors.openings import campaigns_due_to_open
from survey.services.ledger import Doer, note
from survey.services.opening.alarms import note_failed_opening
from survey.services.opening.faults import safe_fault
from survey.services.opening.opening import open_campaign
from survey.services.retention.pending_wipes import forget_asked
from survey.services.running.cancelling import cancel_campaign
from survey.services.running.participation import refresh_participation
from survey.services.states import locked_in_state

logger = logging.getLogger(__name__)


@transaction.atomic
def close_campaign(
    *,
    campaign: Campaign,
    by: Doer,
    now: datetime | None = None,
    without_grace: bool = False,
) -> Campaign:
    """Stop mails and new answers; what is under way counts until the grace is over.

    Without grace is for commands that know that nobody is answering. A rehearsal ends without
    results instead.
    """
    moment = now or timezone.now()
    message = gettext("%(campaign)s: expected an open campaign, found “%(state)s”.")
    locked = locked_in_state(campaign, message, CampaignState.OPEN)
    if locked.is_rehearsal:
        return cancel_campaign(campaign=campaign, by=by, now=moment)
    # A worker that looks late gives nobody a second grace: people were told that it is over.
    ended = min(moment, locked.closes_at or moment)
    Campaign.objects.filter(pk=locked.pk).update(
        state=CampaignState.CLOSED,
        closed_at=moment,
        accepts_until=moment if without_grace else ended + grace(),
    )
    campaign.refresh_from_db()
    Message.objects.filter(invitation__campaign=campaign, state=MessageState.WAITING).delete()
    forget_asked(campaign.asked_changes.filter(kind=AskedChange.Kind.ADDRESS))
    forget_asked(campaign.refused_changes.filter(kind=AskedChange.Kind.ADDRESS))
    refresh_participation(campaign=campaign, day=timezone.localdate(moment))
    note(Action.CLOSED, by=by, campaign=campaign, now=moment)
    queue_due_opening(campaign=campaign, now=moment)
    return campaign


@transaction.atomic
def queue_due_opening(*, campaign: Campaign, now: datetime) -> bool:
    """Queue the opening if the campaign is due for it; two callers at once queue it once.

    In one transaction: a try that was noted and not queued would be lost for ten minutes.
    """
    claimed = campaigns_due_to_open(now).filter(pk=campaign.pk).update(opening_tried_at=now)
    if claimed:
        later("survey.tasks.open_ballots", campaign.pk)
    return bool(claimed)


def open_closed_campaign(*, campaign_id: UUID) -> None:
    """Take participation a last time and open the ballots; a failure is noted and tried again.

    A campaign that is released already is handed on as well: a worker killed after the release
    may have left its key. Of a failure nothing leaves this function but its kind and its places:
    what is raised here ends in the task's row and in the log.
    """
    fault = _fault_of_opening(campaign_id)
    if fault:
        logger.error("The ballots of campaign %s could not be opened. %s", campaign_id, fault)
        note_failed_opening(campaign_id=campaign_id, problem=fault)
        # Raised here and not where it was caught: it has no context, and no frame with a sheet.
        raise OpeningError(fault)
    Campaign.objects.filter(pk=campaign_id).exclude(opening_problem="").update(
        opening_problem="", opening_alarms=[]
    )


def _fault_of_opening(campaign_id: UUID) -> str:
    """Open the ballots and return what may be told of a failure; nothing if there was none."""
    try:
        campaign = Campaign.objects.get(pk=campaign_id)
        if campaign.state == CampaignState.CLOSED and campaign.closed_at is not None:
            refresh_participation(campaign=campaign, day=timezone.localdate(campaign.closed_at))
        open_campaign(campaign_id=campaign_id)
    except Exception as error:  # noqa: BLE001 - opened sheets: whatever it is may quote one
        return safe_fault(error)
    except BaseException as error:  # the end of the worker, perhaps in the midst of an error
        error.__cause__ = error.__context__ = None
        raise
    return ""
