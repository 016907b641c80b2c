"""Keeping the files of long work: written by whoever finishes it, and by nobody else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.files import File
from django.db import transaction

from diagnostics.jobs.long_work import finish
from diagnostics.models import FileWork
from survey.models import Campaign
from survey.services.retention.row_files import row_file_writer


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
