"""Campaign keys: made at launch, kept as files outside the database, destroyed at opening."""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from nacl.public import PrivateKey

from survey.errors import KeyUnavailableError, SealError
from survey.models import Campaign, CampaignKey, KeyProblem
from survey.sealing import boxes, key_files, passphrases
from survey.sealing.key_files import CampaignSecrets, KeyCopy


@dataclass(frozen=True, slots=True)
class Proof:
    """That a key is there: which folder lacks its copy, and the digest of a wrapped key."""

    lacking_folder: str
    wrapped_digest: str


def create_campaign_key(campaign: Campaign) -> CampaignKey:
    """Return the campaign's key, made now if it has none.

    A key file without its row is left over from a launch that was rolled back: no invitation
    and no ballot knows it, so it is taken into use and never overwritten.
    """
    existing = CampaignKey.objects.filter(campaign=campaign).first()
    if existing is not None:
        _fill_folders(existing)
        return existing
    content = key_files.ensure(campaign.id)
    public_key = bytes(PrivateKey(content.private_key).public_key)
    return CampaignKey.objects.create(
        campaign=campaign,
        public_key=public_key,
        handover_key=bytes(passphrases.worker_key(content.token_key).public_key),
        fingerprint=hashlib.sha256(public_key).hexdigest(),
        canary=boxes.seal(public_key, _canary(campaign.id)),
    )


def load_private_key(campaign_id: UUID) -> bytes:
    """Return the private key, unwrapped if its passphrase was given; only the worker calls this."""
    key = CampaignKey.objects.filter(campaign_id=campaign_id).first()
    content = _secrets(campaign_id, key)
    return _unwrapped(key, content) if key else content.private_key


def wrap_private_key(key: CampaignKey) -> str:
    """Put the private key under the passphrase that was handed over, in every copy of its file.

    Returns the SHA-256 of what is there then, by which a copy is known without the passphrase.
    """
    content = usable_secrets(key)
    if not content.is_wrapped:
        wrapping_key = passphrases.take_over(content.token_key, key.handover)
        wrapped = passphrases.wrap(wrapping_key, content.private_key)
        passphrases.unwrap(wrapping_key, wrapped)  # proves it before the only key is overwritten
        content = CampaignSecrets(wrapped, content.token_key)
    key_files.replace(key.campaign_id, content)
    return _digest(content)


def load_token_key(campaign_id: UUID) -> bytes:
    """Return the key from which the campaign's tokens are derived."""
    key = CampaignKey.objects.filter(campaign_id=campaign_id).first()
    return _secrets(campaign_id, key).token_key


def open_canary(campaign: Campaign, *, now: datetime | None = None) -> None:
    """Prove that ballots sealed for this campaign can be opened here, and note when."""
    key = CampaignKey.objects.get(campaign=campaign)
    note_proof(key, prove(key), now=now or timezone.now())


def prove(key: CampaignKey) -> Proof:
    """Return the proof that ballots sealed for this key can be opened, or raise.

    Under a passphrase nobody can open even the canary. Then the proof is that the file holds the
    campaign's token key and, byte for byte, what was wrapped at the launch.
    """
    judged = judged_copies(key)
    content = _first(judged)
    if not content.is_wrapped or key.handover:
        _open_canary(key, content)
    lacking = next((copy.setting for copy in judged if copy.content is None), "")
    return Proof(lacking, _digest(content) if key.wrapped_at and content.is_wrapped else "")


def note_proof(key: CampaignKey, proof: Proof, *, now: datetime) -> None:
    """Keep when the key was proven; whatever failed before is over."""
    stored = CampaignKey.objects.filter(pk=key.pk)
    stored.update(
        canary_opened_at=now,
        failing_since=None,
        failing_problem="",
        lacking_folder=proof.lacking_folder,
    )
    if proof.wrapped_digest:  # of a key that was wrapped before digests were kept
        stored.filter(wrapped_digest="").update(wrapped_digest=proof.wrapped_digest)


def judged_copies(key: CampaignKey) -> tuple[KeyCopy, ...]:
    """Return every copy of the key's file; one that does not fit the key counts as none."""
    return tuple(_judged(copy, key) for copy in key_files.copies(key.campaign_id))


def usable_secrets(key: CampaignKey) -> CampaignSecrets:
    """Return the content of the first copy that fits the key, or raise KeyUnavailableError."""
    return _first(judged_copies(key))


def destroy_campaign_key(campaign_id: UUID) -> str:
    """Destroy every copy of the key files and return the fingerprint of what is gone."""
    key_files.destroy(campaign_id)
    CampaignKey.objects.filter(campaign_id=campaign_id, destroyed_at__isnull=True).update(
        destroyed_at=timezone.now(), handover=b""
    )
    return CampaignKey.objects.get(campaign_id=campaign_id).fingerprint


def _fill_folders(key: CampaignKey) -> None:
    """Copy a draft's key into folders without it, such as one that was set after it was made.

    A file that is there stays as it is, and what cannot be written the next proof says.
    """
    judged = judged_copies(key)
    whole = next((copy.content for copy in judged if copy.content), None)
    for copy in judged:
        if whole is not None and copy.problem == KeyProblem.MISSING:
            with contextlib.suppress(OSError):
                key_files.add(copy, whole)


def _secrets(campaign_id: UUID, key: CampaignKey | None) -> CampaignSecrets:
    """Return what fits the key; without its row, after a launch that was rolled back, any."""
    return usable_secrets(key) if key else key_files.read(campaign_id)


def _first(judged: Sequence[KeyCopy]) -> CampaignSecrets:
    content = next((copy.content for copy in judged if copy.content), None)
    if content is None:
        raise key_files.unavailable(judged)
    return content


def _judged(copy: KeyCopy, key: CampaignKey) -> KeyCopy:
    problem = _misfit(copy.content, key) if copy.content else copy.problem
    return replace(copy, content=None, problem=problem) if problem else copy


def _misfit(content: CampaignSecrets, key: CampaignKey) -> KeyProblem | None:
    token_side = bytes(passphrases.worker_key(content.token_key).public_key)
    if key.handover_key and token_side != bytes(key.handover_key):
        return KeyProblem.FOREIGN
    if key.wrapped_digest:  # a plain key, restored from some backup, is not what was wrapped either
        return None if _digest(content) == key.wrapped_digest else KeyProblem.DAMAGED
    if content.is_wrapped:
        return None
    public_key = bytes(PrivateKey(content.private_key).public_key)
    return None if public_key == bytes(key.public_key) else KeyProblem.FOREIGN


def _digest(content: CampaignSecrets) -> str:
    return hashlib.sha256(content.private_key).hexdigest()


def _unwrapped(key: CampaignKey, content: CampaignSecrets) -> bytes:
    if not content.is_wrapped:
        return content.private_key
    if not key.handover:
        raise KeyUnavailableError(
            f"Campaign {key.campaign_id}: expected the passphrase of the works council, found none "
            "yet."
        )
    wrapping_key = passphrases.take_over(content.token_key, key.handover)
    return passphrases.unwrap(wrapping_key, content.private_key)


def _open_canary(key: CampaignKey, content: CampaignSecrets) -> None:
    try:
        found = boxes.open_box(_unwrapped(key, content), key.canary)
    except SealError as error:
        raise KeyUnavailableError(
            f"Campaign {key.campaign_id}: expected a key file that opens the canary ballot "
            f"(fingerprint {key.fingerprint[:16]}), found another key.",
            KeyProblem.FOREIGN,
        ) from error
    if found != _canary(key.campaign_id):
        raise KeyUnavailableError(
            f"Campaign {key.campaign_id}: expected its own canary ballot, found another.",
            KeyProblem.FOREIGN,
        )


def _canary(campaign_id: UUID) -> dict[str, str]:
    return {"canary": str(campaign_id)}
