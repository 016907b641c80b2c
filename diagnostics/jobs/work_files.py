"""Keeping the files of long work: written by whoever finishes it, and sent only if whole."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

from django.core.files import File
from django.db import transaction

from diagnostics.jobs.long_work import finish
from diagnostics.models import FileWork
from survey.models import Campaign
from survey.services.retention.row_files import row_file_writer

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


def forget_lost_file(work: FileWork) -> None:
    """Forget a file that is not what was written; in the transaction that has it made anew.

    The row is held until that ends, so nobody can put a new one in its place before.
    """
    found = _opened(work)
    if found is not None:
        found.close()
        return
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
    work: FileWork, document: File, *, answers_of: Campaign | None = None, **found: object
) -> None:
    """Finish work with its file; raise WorkOverError, and write nothing, where it is over.

    The row is held from before the first byte until after the last, so that neither work that
    was cancelled nor another worker's file is touched. A worker killed in between leaves the
    work unfinished, and a file that the next one writes over.

    answers_of: the campaign whose single answers the file rests on, so that it goes with them.
    """
    with _room(work, answers_of) as write:
        finish(work, file=work.path, **found)
        stored = write(document)
        if stored != work.path:  # a storage that never overwrites
            type(work)._default_manager.filter(pk=work.pk).update(file=stored)


def forget_half_file(work: FileWork) -> None:
    """Delete what a vanished worker may have left of a file that nobody will finish now."""
    if str(work.file) == work.path:  # one of an older asking lay there
        type(work)._default_manager.filter(pk=work.pk).update(file="", digest="")
    work.file.storage.delete(work.path)


@contextmanager
def _room(work: FileWork, answers_of: Campaign | None) -> Iterator[Callable[[File], str]]:
    if answers_of is not None:
        with row_file_writer(answers_of, work.path) as write:
            yield write
        return
    with transaction.atomic():
        yield lambda document: str(work.file.storage.save(work.path, document))
