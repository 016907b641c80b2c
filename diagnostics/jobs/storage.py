"""The storage of report files: what lies under a name is whole, whatever happens meanwhile."""

import os
from contextlib import suppress
from typing import Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from survey.disk import wait_for_disk

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
            wait_for_disk(self.path(unfinished))
            os.replace(self.path(unfinished), self.path(whole))
            wait_for_disk(os.path.dirname(self.path(whole)))
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
