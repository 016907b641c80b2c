"""Key files: one a campaign in KEY_DIR, with an optional second copy in KEY_COPY_DIR."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from survey.errors import KeyUnavailableError

KEY_BYTES: Final = 32  # each of the two keys
WRAPPED_BYTES: Final = 72  # a private key under a passphrase: nonce, authenticator, key
WHOLE: Final = frozenset({2 * KEY_BYTES, WRAPPED_BYTES + KEY_BYTES})  # sizes of a file


@dataclass(frozen=True, slots=True, repr=False)
class CampaignSecrets:
    """The two secrets of a campaign; without a repr, so that no log line can show them."""

    private_key: bytes  # perhaps wrapped
    token_key: bytes

    @property
    def is_wrapped(self) -> bool:
        """Whether the private key is under a passphrase."""
        return len(self.private_key) == WRAPPED_BYTES


def ensure(campaign_id: UUID) -> CampaignSecrets:
    """Return the campaign's keys, made now if there are none, and fill folders that lack them."""
    content = find(campaign_id) or _parse(secrets.token_bytes(2 * KEY_BYTES))
    for path in _paths(campaign_id):
        _write(path, content.private_key + content.token_key)
    return read(campaign_id)


def find(campaign_id: UUID) -> CampaignSecrets | None:
    """Return the keys from the first folder that holds them whole."""
    for path in _paths(campaign_id):
        with contextlib.suppress(FileNotFoundError):
            content = path.read_bytes()
            if len(content) in WHOLE:
                return _parse(content)
    return None


def read(campaign_id: UUID) -> CampaignSecrets:
    """Return the keys or raise KeyUnavailableError."""
    found = find(campaign_id)
    if found is None:
        places = " or ".join(str(path) for path in _paths(campaign_id))
        raise KeyUnavailableError(
            f"Campaign {campaign_id}: expected a key of {2 * KEY_BYTES} bytes at {places}, "
            "found none."
        )
    return found


def replace(campaign_id: UUID, content: CampaignSecrets) -> None:
    """Put other content into every copy, at once, and overwrite what was there."""
    for path in _paths(campaign_id):
        part = _write_part(path, content.private_key + content.token_key)
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            part.replace(path)
            _overwrite(file)
        part.unlink(missing_ok=True)
        _sync_folder(path.parent)


def destroy(campaign_id: UUID) -> None:
    """Overwrite, unlink and sync every copy; a copy that is gone already is no error."""
    for path in _paths(campaign_id):
        with contextlib.suppress(FileNotFoundError):
            with path.open("r+b") as file:
                _overwrite(file)
            path.unlink()
            _sync_folder(path.parent)


def _overwrite(file: BinaryIO) -> None:
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def _paths(campaign_id: UUID) -> list[Path]:
    folders = [settings.KEY_DIR, settings.KEY_COPY_DIR]
    return [Path(folder) / f"{campaign_id}.key" for folder in folders if folder]


def _parse(content: bytes) -> CampaignSecrets:
    return CampaignSecrets(content[:-KEY_BYTES], content[-KEY_BYTES:])


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there already stays as it is."""
    part = _write_part(path, content)
    # A link, unlike a rename, never replaces the key that a launch at the same moment wrote.
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
    _sync_folder(path.parent)


def _write_part(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    # Created with its final mode: at no moment may another account read it.
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
