"""Files that are there after a power cut as well: what the disk has not taken yet is waited for."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def wait_for_disk(path: str | Path) -> None:
    """Return once the disk holds a file, or the names of what is in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(
    unfinished: Path, path: Path, *, by: Callable[[Path, Path], None] = os.replace
) -> None:
    """Give a file that was written beside a name that name, once the disk holds all of it.

    by: os.link gives it a further name, and raises FileExistsError where another file has that.
    """
    wait_for_disk(unfinished)
    by(unfinished, path)
    wait_for_disk(path.parent)


def write_whole(path: Path, content: bytes, *, unfinished: Path) -> None:
    """Write a file whole and safe on the disk, or not at all: what lay under the name stays.

    unfinished: a name in the same folder for as long as it is not whole.
    """
    try:
        unfinished.write_bytes(content)
        put_in_place(unfinished, path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
