"""The proof, at every tick, that the answers of campaigns under way could be opened here."""

import logging
from datetime import datetime

from django.db import transaction

from survey.errors import KeyUnavailableError
from survey.models import Campaign, CampaignKey, CampaignState
from survey.policy import CANARY_INTERVAL
from survey.sealing import keys
from survey.services.keys.alarms import tell_of_lost_key
from survey.services.states import locked_campaign
from survey.services.steps import standing_alone

logger = logging.getLogger(__name__)
UNDER_WAY = (CampaignState.OPEN, CampaignState.CLOSED)  # closed: until its ballots are opened


def prove_keys(now: datetime) -> None:
    """Look at the key of every campaign under way; what is not there is noted and told."""
    under_way = Campaign.objects.filter(state__in=UNDER_WAY, key__destroyed_at=None)
    for campaign in under_way.select_related("key"):
        with standing_alone("prove the key", campaign.pk):
            prove_key(campaign=campaign, now=now)


def prove_key(*, campaign: Campaign, now: datetime) -> None:
    """Prove one campaign's key; a success is noted every hour, a failure and its end at once."""
    key: CampaignKey | None = getattr(campaign, "key", None)
    if key is None:
        logger.error("Campaign %s: expected a key, found none was ever made.", campaign.pk)
        return
    try:
        proof = keys.prove(key)
    except KeyUnavailableError as error:
        logger.error("The canary ballot could not be opened. %s", error)
        note_failure(campaign=campaign, problem=error.problem, now=now)
        return
    if _is_news(key, proof, now):
        keys.note_proof(key, proof, now=now)


def _is_news(key: CampaignKey, proof: keys.Proof, now: datetime) -> bool:
    last = key.canary_opened_at
    is_due = last is None or last <= now - CANARY_INTERVAL
    return is_due or key.failing_since is not None or proof.lacking_folder != key.lacking_folder


@transaction.atomic
def note_failure(*, campaign: Campaign, problem: str, now: datetime) -> None:
    """Keep since when the key is not there and why, and tell administrators once."""
    locked = locked_campaign(campaign.pk)
    if locked is None or locked.state not in UNDER_WAY:
        return  # opened or cancelled meanwhile, and the key destroyed with it
    stored = CampaignKey.objects.filter(campaign=campaign)
    stored.filter(failing_since=None).update(failing_since=now)
    stored.exclude(failing_problem=problem).update(failing_problem=problem)
    tell_of_lost_key(campaign=campaign, now=now)
