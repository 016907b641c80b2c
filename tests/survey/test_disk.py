"""What a power cut may leave: the file that was there or the one that takes its place, whole."""

import os
import stat
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from diagnostics.answer_files.folders import report_folder
from diagnostics.jobs.storage import WholeFileStorage
from survey.sealing import key_files
from survey.sealing.key_files import KEY_BYTES, CampaignSecrets

OLD = CampaignSecrets(b"o" * KEY_BYTES, b"o" * KEY_BYTES)
NEW = CampaignSecrets(b"n" * KEY_BYTES, b"n" * KEY_BYTES)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the disk was waited for, in turn: how each file begins, and folders."""
    found: list[str] = []

    def note(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        place = Path(f"/proc/self/fd/{descriptor}")
        found.append("folder" if is_folder else place.read_bytes()[:3].decode("latin-1"))

    monkeypatch.setattr(os, "fsync", note)
    return found


@pytest.fixture
def key(settings: Settings, tmp_path: Path) -> uuid.UUID:
    """Return the number of a campaign whose one key file lies in a folder of the test."""
    settings.KEY_DIR, settings.KEY_COPY_DIR = str(tmp_path), ""
    campaign_id = uuid.uuid4()
    (tmp_path / f"{campaign_id}.key").write_bytes(OLD.private_key + OLD.token_key)
    return campaign_id


def test_a_report_is_whole_and_has_its_name_before_the_next_is_begun(
    tmp_path: Path, waited: list[str]
) -> None:
    with report_folder(tmp_path, run="a", day="2026-11-30") as folder:
        waited.clear()
        folder.keep("one.pdf", b"one")

    assert waited[1:] == ["one", "folder"]  # the note of it goes before
    assert (tmp_path / "one.pdf").read_bytes() == b"one"


def test_a_stored_file_is_whole_before_it_has_its_name(tmp_path: Path, waited: list[str]) -> None:
    WholeFileStorage(tmp_path, allow_overwrite=True).save("one.pdf", ContentFile(b"one"))

    assert waited == ["one", "folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["one.pdf"]


def test_an_old_key_is_overwritten_only_once_the_new_one_has_its_name_for_good(
    key: uuid.UUID, waited: list[str]
) -> None:
    key_files.replace(key, NEW)

    assert waited == ["nnn", "folder", "\0\0\0", "folder"]
    assert key_files.read(key) == NEW


def test_a_new_key_is_whole_before_it_has_its_name(key: uuid.UUID, waited: list[str]) -> None:
    key_files._paths(key)[0].unlink()

    made = key_files.ensure(key)

    assert waited[1:] == ["folder", "folder"]  # its name given, the other taken
    assert key_files.read(key) == made
