"""Files that are there after a power cut as well: what the disk has not taken yet is waited for."""

import os
from pathlib import Path


def wait_for_disk(path: str | Path) -> None:
    """Return once the disk holds a file, or the names of what is in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
