"""The making of a file of answers in a process of its own that is killed while it is stored.

    python -m tests.diagnostics.jobs.killed_making DOWNLOAD FOLDER

FOLDER is where the process puts temporary files. A fresh process, not a fork: what threads of the
test run hold at the moment of a fork would be held for ever in the child.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import django

from tests.places import ROOT

LONGEST = 120  # seconds


def killed_making(download_id: UUID, folder: Path) -> int:
    """Make a download in a child process that ends in the middle; return its code, -9."""
    from tests.flows.running_site import database_url

    ended = subprocess.run(
        [sys.executable, "-m", __name__, str(download_id)],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url(), "TMPDIR": str(folder)},
        timeout=LONGEST, check=False,
    )  # fmt: skip
    return ended.returncode


def main(download_id: str) -> None:
    """Make it, and die as soon as the file is whole and before the database knows it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from diagnostics.downloads.services.downloads import make_download
    from diagnostics.jobs.storage import StagedFile

    put_in_place = StagedFile.put_in_place

    def put_in_place_and_die(staged: StagedFile) -> None:
        put_in_place(staged)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(StagedFile, "put_in_place", put_in_place_and_die)  # noqa: B010 - mypy knows a method
    make_download(download_id=UUID(download_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
