"""Keeping the files of long work: written by whoever finishes it, and sent only if whole."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import IO, Final, cast
from uuid import UUID

from django.core.files import File
from django.db import transaction

from diagnostics.jobs.long_work import finish
from diagnostics.jobs.storage import WholeFileStorage
from diagnostics.models import FileWork
from survey.models import Campaign
from survey.services.retention.row_files import Staged, answers_held, staged_row_file

BLOCK: Final = 1024 * 1024  # bytes that are read at a time


def open_whole(work: FileWork) -> IO[bytes] | None:
    """Open a work's file, or return None: it is gone, cut short, another one or not readable.

    A restored database knows files that were not restored with it, and a disk may lose some.
    """
    found = _opened(work)
    if found is None:  # perhaps it was just replaced, by one of another name
        before = str(work.file)
        work.refresh_from_db()
        found = _opened(work) if str(work.file) != before else None
    return found


def is_whole(work: FileWork) -> bool:
    """Tell whether finished work has its file, as it was written."""
    if not work.is_ready:
        return False
    found = _opened(work)
    if found is not None:
        found.close()
    return found is not None


@dataclass(frozen=True, slots=True)
class Look:
    """A work's file as somebody saw it, before anything was locked: reading it may take a while."""

    run: UUID
    file: str
    digest: str
    is_whole: bool

    def is_lost(self, work: FileWork) -> bool:
        """Tell whether the file of a row, read under its lock, is the one that was seen to be lost.

        Another one has come in between, and was whole as it came.
        """
        seen = (self.run, self.file, self.digest)
        return not self.is_whole and seen == (work.run, str(work.file), work.digest)


def look_at(work: FileWork) -> Look:
    """Look whether there is the file that a work names."""
    found = _opened(work)
    if found is not None:
        found.close()
    return Look(work.run, str(work.file), work.digest, found is not None)


def forget_lost_file(work: FileWork) -> None:
    """Forget a file that is not what was written; in the transaction that has it made anew.

    The row is held until that ends, so nobody can put a new one in its place before.
    """
    left, storage = str(work.file), work.file.storage
    type(work)._default_manager.filter(pk=work.pk).update(file="", digest="")
    work.file, work.digest = "", ""
    if left:
        with suppress(OSError):  # a folder that is gone or not ours: the worker tells it
            storage.delete(left)


def _opened(work: FileWork) -> IO[bytes] | None:
    if not work.file:
        return None
    try:
        file: IO[bytes] = work.file.storage.open(str(work.file), "rb")
    except OSError:
        return None
    if _is_as_written(file, work.digest):
        return file
    file.close()
    return None


def _is_as_written(file: IO[bytes], digest: str) -> bool:
    """Compare a file with the digest noted of it; without one it has to hold something."""
    found = hashlib.sha256()
    length = 0
    try:
        while block := file.read(BLOCK):
            found.update(block)
            length += len(block)
        file.seek(0)
    except OSError:  # a folder in its place, or a disk that cannot be read
        return False
    return found.hexdigest() == digest if digest else length > 0


def finish_file(
    work: FileWork,
    document: File,
    *,
    answers_of: Campaign | None = None,
    also: Callable[[], None] | None = None,
    **found: object,
) -> None:
    """Finish work with its file; raise WorkOverError, and leave nothing, where it is over.

    Written beside its name first, while nobody waits for that. The row is held only while the
    file is put in place, so that neither work that was cancelled nor another worker's file is
    touched. A worker killed before leaves the work unfinished, and at most a file that the next
    one takes away or takes the place of.

    answers_of: the campaign whose single answers the file rests on, so that it goes with them.
    also: what is written with it, or not at all.
    """
    with _staged(work, answers_of) as staged:
        staged.write(document)
        with transaction.atomic() if answers_of is None else answers_held(answers_of):
            finish(work, file=work.path, **found)
            if also is not None:
                also()
            staged.put_in_place()


def forget_half_file(work: FileWork) -> None:
    """Delete what a vanished worker may have left of a file that nobody will finish now."""
    if str(work.file) == work.path:  # one of an older asking lay there
        type(work)._default_manager.filter(pk=work.pk).update(file="", digest="")
    work.file.storage.delete(work.path)


def _staged(work: FileWork, answers_of: Campaign | None) -> AbstractContextManager[Staged]:
    if answers_of is not None:
        return staged_row_file(answers_of, work.path)
    return cast(WholeFileStorage, work.file.storage).staged(work.path)
