"""Units shared out between two processes: each is scored once, and none is lost."""

import os
from dataclasses import dataclass
from typing import Any, cast

from diagnostics.scoring.two_processes import _scored_by_both
from diagnostics.scoring.units import UnitScoring

KEYS = [f"u{place}" for place in range(60)]


@dataclass
class WhoScored:
    """Stands in for a scoring: tells whether this process scored a unit or the other one."""

    first: int

    def unit(self, key: str) -> tuple[str, bool]:
        return key, os.getpid() == self.first


@dataclass
class EndedElsewhere(WhoScored):
    """Ends the second process at the second batch that it holds, as a lack of memory would."""

    def unit(self, key: str) -> tuple[str, bool]:
        if os.getpid() != self.first and key == KEYS[3]:
            os._exit(9)
        return super().unit(key)


def scored(scoring: WhoScored) -> dict[str, tuple[str, bool]]:
    found: Any = _scored_by_both(cast("UnitScoring", scoring), KEYS)
    return dict(found)


def test_both_processes_score_and_the_largest_unit_goes_to_the_other() -> None:
    found = scored(WhoScored(os.getpid()))

    assert {key: found[key][0] for key in KEYS} == {key: key for key in KEYS}
    assert found[KEYS[0]][1] is False
    assert {is_first for _, is_first in found.values()} == {True, False}


def test_what_an_ended_process_held_is_scored_by_the_first() -> None:
    found = scored(EndedElsewhere(os.getpid()))

    assert {key: found[key][0] for key in KEYS} == {key: key for key in KEYS}
    assert found[KEYS[3]][1] is True
