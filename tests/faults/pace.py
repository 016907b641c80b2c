"""Shorter times for the product's waits, so that a scenario takes seconds and not hours.

What is counted does not rest on how long a wait is, but on its ending. Each is named by where it
stands in the product; a name that is not there any more stops the process, and a quick test.
"""

import sys
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any, Final

Seconds = float | tuple[float, ...]
WORKER_SETTINGS: Final[Mapping[str, float]] = {
    "TASK_LEASE_SECONDS": 6,
    "TICK_SECONDS": 2,
    "EMAIL_TIMEOUT": 3,
}
CONSTANTS: Final[Mapping[str, Seconds]] = {
    "survey.policy.GRACE": 3,
    "survey.policy.OPENING_RETRY": 4,
    "survey.queue.FIRST_PAUSE": 2,
    "survey.queue.LONGEST_PAUSE": 4,
    "survey.mail.sending.BACKOFF": (2, 2, 3, 3, 4),
    "survey.mail.outbox.SERVER_DOWN": 2,
    "survey.mail.outbox.NO_KEY": 2,
    "survey.mail.outbox.CLAIM": 8,
}
OWN: Final = ("survey", "diagnostics")


def hasten(constants: Mapping[str, Seconds] = CONSTANTS) -> None:
    """Put the shorter times in place of the product's, wherever they were imported already."""
    for path, seconds in constants.items():
        module_name, _, name = path.rpartition(".")
        old = getattr(import_module(module_name), name)
        set_everywhere(name, old, _as(old, seconds))


def set_everywhere(name: str, old: object, new: object) -> None:
    """Replace an object by another in every module of the product that knows it by this name."""
    for module_name, module in tuple(sys.modules.items()):
        if module_name.split(".")[0] in OWN and getattr(module, name, None) is old:
            setattr(module, name, new)


def _as(old: Any, seconds: Seconds) -> object:  # noqa: ANN401 - a time, or several
    if isinstance(old, tuple) and isinstance(seconds, tuple):
        return tuple(timedelta(seconds=one) for one in seconds)
    if isinstance(old, timedelta) and not isinstance(seconds, tuple):
        return timedelta(seconds=seconds)
    raise TypeError(f"expected a time, or several, to shorten, found {old!r} for {seconds!r}")
