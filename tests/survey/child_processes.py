"""An opening in a process of its own that is killed in the middle of it.

    python -m tests.survey.child_processes CAMPAIGN KEY_DIR MOMENT

MOMENT is the number of the statement before which the process is killed, "release" for inside the
transaction, or "commit" for right after it. A fresh process, not a fork: what threads of the test
run hold at the moment of a fork would be held for ever in the child.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.conf import settings

from tests.places import ROOT

LONGEST = 120  # seconds; an opening takes about one, a start about three
RELEASE, COMMIT = "release", "commit"


def killed_opening(campaign_id: UUID, moment: str) -> int:
    """Open a campaign in a child process; return its code, -9 where it was killed."""
    from tests.flows.running_site import database_url

    ended = subprocess.run(
        [sys.executable, "-m", __name__, str(campaign_id), str(settings.KEY_DIR), moment],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url()},
        timeout=LONGEST, check=False,
    )  # fmt: skip
    return ended.returncode


def die(*_: object, **__: object) -> None:
    """End this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def _open(campaign_id: UUID, moment: str) -> None:
    from django.db import connection, transaction

    from survey.services.opening.opening import open_campaign
    from survey.signals import campaign_released

    number = 0

    def count(execute: Callable[..., Any], *arguments: object) -> object:
        nonlocal number
        number += 1
        if moment == str(number):
            die()
        return execute(*arguments)

    if moment == RELEASE:
        campaign_released.connect(die)
    elif moment == COMMIT:
        campaign_released.connect(lambda **_: transaction.on_commit(die), weak=False)
    with connection.execute_wrapper(count):
        open_campaign(campaign_id=campaign_id)


def main(campaign_id: str, key_dir: str, moment: str) -> None:
    """Open until the moment comes."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    settings.KEY_DIR = Path(key_dir)
    _open(UUID(campaign_id), moment)


if __name__ == "__main__":
    main(*sys.argv[1:])
