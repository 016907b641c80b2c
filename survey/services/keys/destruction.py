"""The end of a campaign's key, noted in the ledger."""

from uuid import UUID

from django.db import OperationalError, transaction

from survey.errors import WipeError
from survey.models import (
    Action,
    Campaign,
    CampaignState,
    Message,
    Recipient,
    TrialMail,
    UnitPlan,
    Upload,
    Who,
    WipeDelay,
)
from survey.sealing import key_files, keys
from survey.services.ledger import note
from survey.services.retention.pending_wipes import note_deleted
from survey.services.retention.wipe_delays import forget_wipe_delay, note_wipe_delay
from survey.services.retention.wiping import wipe_deleted_rows
from survey.services.states import locked_campaign
from survey.services.steps import standing_alone


def wipe_and_destroy_key(*, campaign: Campaign) -> None:
    """Wipe what was deleted, then destroy the key; what is done already is not done again."""
    if not campaign.ledger.filter(action=Action.KEY_DESTROYED).exists():
        try:
            wipe_deleted_rows()
        except (WipeError, OperationalError) as error:
            is_cancelled = campaign.state == CampaignState.CANCELLED
            what = WipeDelay.What.CANCELLED if is_cancelled else WipeDelay.What.BALLOTS
            with standing_alone("note a wipe that waits", campaign.pk):
                note_wipe_delay(campaigns=[campaign], what=what, error=error)
            raise
        forget_wipe_delay(campaigns=[campaign])
        _destroy_key(campaign)


@transaction.atomic
def _destroy_key(campaign: Campaign) -> None:
    """Destroy the key and note its fingerprint once, also when two workers come here."""
    locked_campaign(campaign.pk)
    if not campaign.ledger.filter(action=Action.KEY_DESTROYED).exists():
        fingerprint = keys.destroy_campaign_key(campaign.id)
        note(
            Action.KEY_DESTROYED,
            by=Who.WORKER,
            campaign=campaign,
            detail={"fingerprint": fingerprint},
        )


@transaction.atomic
def destroy_discarded_key(*, campaign_id: UUID) -> None:
    """Destroy the key files of a draft that was discarded; one that is there keeps its own."""
    if locked_campaign(campaign_id) is None:
        key_files.destroy(campaign_id)
        note_deleted(Recipient, TrialMail, UnitPlan, Upload, Message)
