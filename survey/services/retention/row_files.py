"""The register of files that rest on single answers: noted first, written then, gone with them."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol, cast

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from survey.errors import RowFileError
from survey.models import Campaign, Release, RowFile
from survey.selectors.answer_life import refuse_deleted_answers

logger = logging.getLogger(__name__)


class Staged(Protocol):
    """A file beside its name: written first, put in place then."""

    def write(self, content: File) -> None:
        """Write all of it, and wait until the disk holds it."""

    def put_in_place(self) -> None:
        """Let it be the file of its name."""


class StagingStorage(Protocol):
    """A storage that writes beside a name; deleting and looking include what lies there."""

    def staged(self, name: str) -> AbstractContextManager[Staged]:
        """Give a file beside a name, and leave nothing of it that was not put in place."""


def file_storage() -> Storage:
    """Return the private storage in which such files lie."""
    return storages["reports"]


@contextmanager
def answers_held(campaign: Campaign) -> Iterator[None]:
    """Keep the deletion of a campaign's answers waiting while something made of them is stored.

    Raises AnswersDeletedError where it has begun. What is stored inside is known to the deletion
    that comes after: nobody can write it once the answers are gone. The lock goes with the
    connection of whoever is killed.
    """
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=campaign.pk)
        refuse_deleted_answers(campaign)
        yield


@contextmanager
def staged_row_file(campaign: Campaign, path: str) -> Iterator[Staged]:
    """Give a file that rests on a campaign's answers, to be written beside its name.

    It is in the register before its first byte, so that neither a killed worker nor a full disk
    leaves one that nobody knows. It is made, empty, while the answers are held: a deletion that
    comes later finds it by its name and takes it away under the hand of whoever writes. Whoever
    puts it in place holds the answers again.
    """
    storage = cast(StagingStorage, file_storage())
    with ExitStack() as stack:
        with transaction.atomic(durable=True), answers_held(campaign):
            RowFile.objects.get_or_create(path=path, defaults={"release_id": campaign.pk})
            staged = stack.enter_context(storage.staged(path))
        yield staged


def delete_row_files(campaign: Campaign) -> None:
    """Delete every registered file of a campaign; raise RowFileError while one is still there."""
    files = list(RowFile.objects.filter(release=campaign.pk))
    left = [file for file in files if not _is_deleted(file)]
    if left:
        raise RowFileError(
            f"{campaign.name}: expected all {len(files)} files made of its answers deleted, found "
            f"{len(left)} still there. It is tried again."
        )


def _is_deleted(file: RowFile) -> bool:
    """Delete a file, look whether it is gone, and only then forget it."""
    storage = file_storage()
    try:
        storage.delete(file.path)
        is_there = storage.exists(file.path)
    except Exception as error:  # noqa: BLE001 - each kind of storage raises what it likes
        logger.warning("The file %s could not be deleted. %s", file.path, error)
        return False
    if not is_there:
        file.delete()
    return not is_there
