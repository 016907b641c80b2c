"""The storage of report files: what lies under a name is whole, whatever happens meanwhile."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from survey.disk import put_in_place

UNFINISHED: Final = ".writing"  # stands behind the name of a file that is not whole yet


class WholeFileStorage(FileSystemStorage):
    """Write beside the name, wait for the disk, and put it in place at once.

    The name beside it is always the same, so that neither a killed worker nor a full disk leaves
    one that nobody knows: the next who writes uses it again, and deleting takes it along.
    """

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
        """Delete a file, and what a killed worker may have left of it."""
        super().delete(name)
        if name:
            super().delete(name + UNFINISHED)
