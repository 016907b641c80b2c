"""The storage of report files: what lies under a name is whole, whatever happens meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from survey.disk import put_in_place, wait_for_disk

UNFINISHED: Final = ".writing"  # stands behind the name of a file that is not whole yet


class StagedFile:
    """A file beside its name: written while nobody waits, then put in place at once."""

    def __init__(self, place: Path, mode: int) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        self._place = place
        self._beside = place.with_name(f"{place.name}.{uuid4().hex}{UNFINISHED}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._file = os.fdopen(os.open(self._beside, flags, mode), "wb")

    def write(self, content: File) -> None:
        """Write all of it, and wait until the disk holds it."""
        with self._file as file:
            for block in content.chunks():
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    def put_in_place(self) -> None:
        """Let the file be the one of its name, and delete what others wrote beside it in vain."""
        os.replace(self._beside, self._place)
        wait_for_disk(self._place.parent)
        delete_unfinished(self._place)

    def discard(self) -> None:
        """Delete what was not put in place."""
        self._file.close()
        self._beside.unlink(missing_ok=True)


class WholeFileStorage(FileSystemStorage):
    """Write beside the name, wait for the disk, and put it in place at once.

    What lies beside a name is known by it, so that neither a killed worker nor a full disk leaves
    a file that nobody knows: the next that is put in place, and deleting, take it along.
    """

    @contextmanager
    def staged(self, name: str) -> Iterator[StagedFile]:
        """Give an empty file beside a name, and leave nothing of it that was not put in place."""
        mode = self.file_permissions_mode or 0o600
        staged = StagedFile(Path(self.path(name)), mode)
        try:
            yield staged
        finally:
            with suppress(OSError):
                staged.discard()

    def _save(self, name: str, content: File) -> str:
        try:
            unfinished: str = super()._save(name + UNFINISHED, content)  # type: ignore[misc]
            whole = unfinished.removesuffix(UNFINISHED)
            put_in_place(Path(self.path(unfinished)), Path(self.path(whole)))
        except BaseException:
            with suppress(OSError):
                super().delete(name + UNFINISHED)
            raise
        return whole

    def delete(self, name: str) -> None:
        """Delete a file, and what killed workers may have left of it."""
        super().delete(name)
        if name:
            super().delete(name + UNFINISHED)
            delete_unfinished(Path(self.path(name)))

    def delete_placed(self, name: str) -> None:
        """Delete a file alone: the next may be on its way beside it."""
        super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is a file, or something that is left of one."""
        return super().exists(name) or any(_unfinished(Path(self.path(name))))


def delete_unfinished(place: Path) -> None:
    """Delete what was written beside a name and never put in place."""
    for path in _unfinished(place):
        path.unlink(missing_ok=True)


def _unfinished(place: Path) -> list[Path]:
    return list(place.parent.glob(f"{escape(place.name)}.{'[0-9a-f]' * 32}{UNFINISHED}"))
