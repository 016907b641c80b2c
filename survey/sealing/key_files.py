"""Key files: one a campaign in KEY_DIR, with an optional second copy in KEY_COPY_DIR."""

import contextlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from survey.disk import put_in_place, wait_for_disk
from survey.errors import KeyUnavailableError
from survey.models import KeyProblem
from survey.sealing.web_process import require_no_pages

KEY_BYTES: Final = 32  # each of the two keys
WRAPPED_BYTES: Final = 72  # a private key under a passphrase: nonce, authenticator, key
WHOLE: Final = frozenset({2 * KEY_BYTES, WRAPPED_BYTES + KEY_BYTES})  # sizes of a file
FOUND: Final = {  # in the order in which somebody would have to look into them
    KeyProblem.UNREADABLE: "one that cannot be read",
    KeyProblem.DAMAGED: "one that is not whole or was changed",
    KeyProblem.FOREIGN: "another key",
    KeyProblem.MISSING: "none",
}


@dataclass(frozen=True, slots=True, repr=False)
class CampaignSecrets:
    """The two secrets of a campaign; without a repr, so that no log line can show them."""

    private_key: bytes  # perhaps wrapped
    token_key: bytes

    @property
    def is_wrapped(self) -> bool:
        """Whether the private key is under a passphrase."""
        return len(self.private_key) == WRAPPED_BYTES


@dataclass(frozen=True, slots=True, repr=False)
class KeyCopy:
    """One copy of a campaign's file: its content, or what is the matter with it."""

    setting: str  # that names its folder
    path: Path
    content: CampaignSecrets | None
    problem: KeyProblem | None = None


def ensure(campaign_id: UUID) -> CampaignSecrets:
    """Return the campaign's keys, made now if there are none, and fill folders that lack them."""
    content = find(campaign_id) or _parse(secrets.token_bytes(2 * KEY_BYTES))
    for path in _paths(campaign_id):
        _write(path, content.private_key + content.token_key)
    return read(campaign_id)


def copies(campaign_id: UUID) -> tuple[KeyCopy, ...]:
    """Return every copy that there should be; one that cannot be read hides no other."""
    return tuple(_copy(setting, path) for setting, path in _places(campaign_id))


def find(campaign_id: UUID) -> CampaignSecrets | None:
    """Return the keys from the first folder that holds them whole."""
    return next((copy.content for copy in copies(campaign_id) if copy.content), None)


def add(copy: KeyCopy, content: CampaignSecrets) -> None:
    """Write a copy where there is none."""
    _write(copy.path, content.private_key + content.token_key)


def read(campaign_id: UUID) -> CampaignSecrets:
    """Return the keys or raise KeyUnavailableError."""
    found = find(campaign_id)
    if found is None:
        raise unavailable(copies(campaign_id))
    return found


def unavailable(judged: Sequence[KeyCopy]) -> KeyUnavailableError:
    """Return the error for copies none of which can be used, with the worst of their problems."""
    places = " or ".join(str(copy.path) for copy in judged)
    found = {copy.problem for copy in judged}
    problem = next((one for one in FOUND if one in found), KeyProblem.MISSING)
    return KeyUnavailableError(
        f"Campaign {judged[0].path.stem}: expected a key of {2 * KEY_BYTES} bytes at {places}, "
        f"found {FOUND[problem]}.",
        problem,
    )


def replace(campaign_id: UUID, content: CampaignSecrets) -> None:
    """Put other content into every copy, at once, and overwrite what was there."""
    for path in _paths(campaign_id):
        part = _write_part(path, content.private_key + content.token_key)
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            # For good before the old one is overwritten: whatever happens one of both is there.
            put_in_place(part, path)
            _overwrite(file)
        part.unlink(missing_ok=True)
        wait_for_disk(path.parent)


def destroy(campaign_id: UUID) -> None:
    """Overwrite, unlink and sync every copy; a copy that is gone already is no error."""
    for path in _paths(campaign_id):
        _remove(path)
        # What a process that was killed while it wrote has left beside it.
        for part in sorted(path.parent.glob(f"{campaign_id}.*")):
            _remove(part)


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            _overwrite(file)
        if path.exists():
            path.unlink()
        wait_for_disk(path.parent)


def _overwrite(file: BinaryIO) -> None:
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def _places(campaign_id: UUID) -> list[tuple[str, Path]]:
    """Return where the copies lie; every way to a key leads through here."""
    require_no_pages()
    folders = {"KEY_DIR": settings.KEY_DIR, "KEY_COPY_DIR": settings.KEY_COPY_DIR}
    return [
        (setting, Path(folder) / f"{campaign_id}.key")
        for setting, folder in folders.items()
        if folder
    ]


def _paths(campaign_id: UUID) -> list[Path]:
    return [path for _, path in _places(campaign_id)]


def _copy(setting: str, path: Path) -> KeyCopy:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return KeyCopy(setting, path, None, KeyProblem.MISSING)
    except OSError:  # a folder that is a file, or that this account may not enter
        return KeyCopy(setting, path, None, KeyProblem.UNREADABLE)
    if len(content) not in WHOLE:
        return KeyCopy(setting, path, None, KeyProblem.DAMAGED)
    return KeyCopy(setting, path, _parse(content))


def _parse(content: bytes) -> CampaignSecrets:
    return CampaignSecrets(content[:-KEY_BYTES], content[-KEY_BYTES:])


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there already stays as it is."""
    part = _write_part(path, content)
    # A link, unlike a rename, never replaces the key that a launch at the same moment wrote.
    with contextlib.suppress(FileExistsError):
        put_in_place(part, path, by=os.link)
    part.unlink()
    wait_for_disk(path.parent)


def _write_part(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    # Created with its final mode: at no moment may another account read it.
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return part
