"""The close of a campaign, and the opening of its ballots that follows."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey import tasks
from survey.errors import SurveyError
from survey.models import Campaign, CampaignState, Message, MessageState
from survey.models.campaigns import grace
from survey.services.cancelling import cancel_campaign
from survey.services.participation import refresh_participation
from survey.services.states import wrong_state


@transaction.atomic
def close_campaign(
    *, campaign: Campaign, now: datetime | None = None, without_grace: bool = False
) -> Campaign:
    """Stop mails and new answers; what is under way counts until the grace is over.

    Without grace is for commands that know that nobody is answering. A rehearsal ends without
    results instead.
    """
    moment = now or timezone.now()
    if campaign.is_rehearsal:
        return cancel_campaign(campaign=campaign, now=moment)
    changed = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.OPEN).update(
        state=CampaignState.CLOSED,
        closed_at=moment,
        accepts_until=moment if without_grace else moment + grace(),
    )
    campaign.refresh_from_db()
    if not changed:
        raise wrong_state(
            campaign, gettext("%(campaign)s: expected an open campaign, found “%(state)s”.")
        )
    Message.objects.filter(invitation__campaign=campaign, state=MessageState.WAITING).delete()
    refresh_participation(campaign=campaign, day=timezone.localdate(moment))
    queue_due_opening(campaign=campaign, now=moment)
    return campaign


def queue_due_opening(*, campaign: Campaign, now: datetime) -> bool:
    """Queue the opening if the campaign is due for it; two callers at once queue it once."""
    claimed = (
        Campaign.objects.due_to_open_ballots(now)
        .filter(pk=campaign.pk)
        .update(opening_tried_at=now)
    )
    if claimed:
        transaction.on_commit(lambda: tasks.open_ballots.enqueue(str(campaign.pk)))
    return bool(claimed)


def open_closed_campaign(*, campaign_id: UUID) -> None:
    """Take participation a last time and open the ballots; a failure is noted and tried again.

    A campaign that is released already is handed on as well: a worker killed after the release
    may have left its key.
    """
    from survey.services.opening import open_campaign  # numpy and pandas: not in the web process

    campaign = Campaign.objects.get(pk=campaign_id)
    if campaign.state == CampaignState.CLOSED and campaign.closed_at is not None:
        refresh_participation(campaign=campaign, day=timezone.localdate(campaign.closed_at))
    try:
        open_campaign(campaign_id=campaign_id)
    except SurveyError as error:
        Campaign.objects.filter(pk=campaign_id).update(opening_problem=str(error))
        raise
