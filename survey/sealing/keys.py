"""Campaign keys: made at launch, kept as files outside the database, destroyed at opening."""

import hashlib
from uuid import UUID

from django.utils import timezone
from nacl.public import PrivateKey

from survey.errors import KeyUnavailableError, SealError
from survey.models import Campaign, CampaignKey
from survey.sealing import boxes, key_files, passphrases


def create_campaign_key(campaign: Campaign) -> CampaignKey:
    """Return the campaign's key, made now if it has none.

    A key file without its row is left over from a launch that was rolled back: no invitation
    and no ballot knows it, so it is taken into use and never overwritten.
    """
    existing = CampaignKey.objects.filter(campaign=campaign).first()
    if existing is not None:
        return existing
    content = key_files.ensure(campaign.id)
    public_key = bytes(PrivateKey(content.private_key).public_key)
    return CampaignKey.objects.create(
        campaign=campaign,
        public_key=public_key,
        handover_key=bytes(passphrases.worker_key(content.token_key).public_key),
        fingerprint=hashlib.sha256(public_key).hexdigest(),
        canary=boxes.seal(public_key, _canary(campaign)),
    )


def load_private_key(campaign_id: UUID) -> bytes:
    """Return the private key, unwrapped if its passphrase was given; only the worker calls this."""
    content = key_files.read(campaign_id)
    if not content.is_wrapped:
        return content.private_key
    key = CampaignKey.objects.get(campaign_id=campaign_id)
    if not key.handover:
        raise KeyUnavailableError(
            f"Campaign {campaign_id}: expected the passphrase of the works council, found none yet."
        )
    wrapping_key = passphrases.take_over(content.token_key, key.handover)
    return passphrases.unwrap(wrapping_key, content.private_key)


def wrap_private_key(key: CampaignKey) -> None:
    """Put the private key under the passphrase that was handed over, in every copy of its file."""
    content = key_files.read(key.campaign_id)
    if not content.is_wrapped:
        wrapping_key = passphrases.take_over(content.token_key, key.handover)
        wrapped = passphrases.wrap(wrapping_key, content.private_key)
        passphrases.unwrap(wrapping_key, wrapped)  # proves it before the only key is overwritten
        content = key_files.CampaignSecrets(wrapped, content.token_key)
    key_files.replace(key.campaign_id, content)


def load_token_key(campaign_id: UUID) -> bytes:
    """Return the key from which the campaign's tokens are derived."""
    return key_files.read(campaign_id).token_key


def open_canary(campaign: Campaign) -> None:
    """Prove that ballots sealed for this campaign can be opened here, and note when."""
    key = CampaignKey.objects.get(campaign=campaign)
    try:
        content = boxes.open_box(load_private_key(campaign.id), key.canary)
    except SealError as error:
        raise KeyUnavailableError(
            f"Campaign {campaign.id}: expected a key file that opens the canary ballot "
            f"(fingerprint {key.fingerprint[:16]}), found another key."
        ) from error
    if content != _canary(campaign):
        raise KeyUnavailableError(
            f"Campaign {campaign.id}: expected its own canary ballot, found another box."
        )
    CampaignKey.objects.filter(campaign=campaign).update(canary_opened_at=timezone.now())


def destroy_campaign_key(campaign_id: UUID) -> str:
    """Destroy every copy of the key files and return the fingerprint of what is gone."""
    key_files.destroy(campaign_id)
    CampaignKey.objects.filter(campaign_id=campaign_id, destroyed_at__isnull=True).update(
        destroyed_at=timezone.now(), handover=b""
    )
    return CampaignKey.objects.get(campaign_id=campaign_id).fingerprint


def _canary(campaign: Campaign) -> dict[str, str]:
    return {"canary": str(campaign.id)}
