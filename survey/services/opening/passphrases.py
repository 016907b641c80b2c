"""The works council's passphrase: set before the launch, given once to open the ballots.

The web process stretches it and hands the result over in a box that only the worker opens. The
passphrase itself is stored nowhere.
"""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import InputError, StateError
from survey.models import Action, Campaign, CampaignKey, CampaignState, Who
from survey.policy import WRONG_PASSPHRASES, WRONG_PASSPHRASES_SPAN
from survey.sealing import keys, passphrases
from survey.services.ledger import Doer, note
from survey.services.opening.closing import queue_due_opening
from survey.services.states import locked_campaign, locked_in_state

LAUNCHED: Final = (CampaignState.OPEN, CampaignState.CLOSED)


def set_passphrase(
    *, campaign: Campaign, passphrase: str, by: Doer, now: datetime | None = None
) -> None:
    """Let a draft's ballots be opened only with this passphrase; a later one takes its place."""
    key = CampaignKey.objects.filter(campaign=campaign).first()
    if key is None:
        raise StateError(
            gettext(
                "Expected the campaign's keys, found none yet. Is the background worker running?"
            )
        )
    salt = passphrases.new_salt()
    stretched = passphrases.stretch(passphrase, salt)
    wrapping_key = passphrases.wrapping_key_of(stretched)
    with transaction.atomic():
        _require(campaign, CampaignState.DRAFT)
        CampaignKey.objects.filter(campaign=campaign).update(
            passphrase_salt=salt,
            passphrase_check=passphrases.check_of(stretched),
            handover=passphrases.hand_over(key.handover_key, wrapping_key),
        )
        Campaign.objects.filter(pk=campaign.pk).update(needs_passphrase=True)
        note(Action.PASSPHRASE_SET, by=by, campaign=campaign, now=now)


def wrap_key(*, campaign_id: UUID) -> None:
    """Wrap a launched campaign's private key, once; from then on not even the worker has it."""
    with transaction.atomic():
        campaign = locked_campaign(campaign_id)
        if campaign is None or campaign.state not in LAUNCHED:
            return
        key = CampaignKey.objects.filter(campaign_id=campaign_id, wrapped_at=None).first()
        if key is None or not key.has_passphrase:
            return
        digest = keys.wrap_private_key(key)
        CampaignKey.objects.filter(pk=key.pk).update(
            wrapped_at=timezone.now(), handover=b"", wrapped_digest=digest
        )
        note(Action.KEY_WRAPPED, by=Who.WORKER, campaign=campaign)


def give_passphrase(
    *, campaign: Campaign, passphrase: str, by: Doer, now: datetime | None = None
) -> None:
    """Let the worker open the ballots of a closed campaign, or refuse a wrong passphrase."""
    moment = now or timezone.now()
    _require_tries(campaign, moment)
    key = CampaignKey.objects.get(campaign=campaign)
    stretched = passphrases.stretch(passphrase, key.passphrase_salt)
    if not _accept(campaign, stretched, by, moment):
        raise InputError(
            gettext("Expected the passphrase that was set before the launch, found another.")
        )


@transaction.atomic
def _accept(campaign: Campaign, stretched: bytes, by: Doer, now: datetime) -> bool:
    """Hand a right passphrase over, or note a wrong one; the note stays, so nothing is raised."""
    _require(campaign, CampaignState.CLOSED)
    _require_tries(campaign, now)
    key = CampaignKey.objects.exclude(wrapped_at=None).filter(campaign=campaign).first()
    if key is None:
        raise StateError(gettext("Expected a key under a passphrase, found none yet."))
    if not hmac.compare_digest(bytes(key.passphrase_check), passphrases.check_of(stretched)):
        note(Action.WRONG_PASSPHRASE, by=by, campaign=campaign, now=now)
        return False
    wrapping_key = passphrases.wrapping_key_of(stretched)
    box = passphrases.hand_over(key.handover_key, wrapping_key)
    CampaignKey.objects.filter(pk=key.pk).update(handover=box)
    note(Action.PASSPHRASE_GIVEN, by=by, campaign=campaign, now=now)
    queue_due_opening(campaign=campaign, now=now)
    return True


def _require(campaign: Campaign, state: CampaignState) -> None:
    locked_in_state(
        campaign, gettext("%(campaign)s: a passphrase has no place here, found “%(state)s”."), state
    )


def _require_tries(campaign: Campaign, now: datetime) -> None:
    wrong = campaign.ledger.filter(
        action=Action.WRONG_PASSPHRASE, at__gt=now - WRONG_PASSPHRASES_SPAN
    )
    if wrong.count() >= WRONG_PASSPHRASES:
        raise StateError(
            gettext(
                "Too many wrong passphrases. Expected a pause of %(minutes)d minutes, then the "
                "right one."
            )
            % {"minutes": WRONG_PASSPHRASES_SPAN.total_seconds() // 60}
        )
