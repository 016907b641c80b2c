"""What a proof measures, beside what it must be."""

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    """How much a proof tries: little in the suite of every day, all of it in `make prove`."""

    QUICK = "quick"
    FULL = "full"

    def of(self, quick: int, full: int) -> int:
        """Return the number that belongs to this size."""
        return quick if self is Size.QUICK else full


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and whether it is what it must be."""

    what: str
    measured: float
    required: str
    is_met: bool
    is_timed: bool = False  # depends on what else the machine does: judged by `make prove` only
    # Orders, hits, teams and people each of a test that the runs on all databases do together.
    matches: tuple[str, int, int, int] | None = None


def exactly(what: str, measured: int, wanted: int) -> Figure:
    """Return a figure that must be one number.

    >>> exactly("tokens found", 0, 0)
    Figure(what='tokens found', measured=0, required='0', is_met=True, is_timed=False, matches=None)
    """
    return Figure(what, measured, str(wanted), measured == wanted)


def at_least(what: str, measured: float, least: float) -> Figure:
    """Return a figure that must not be smaller."""
    return Figure(what, measured, f">= {least:g}", measured >= least)


def at_most(what: str, measured: float, most: float) -> Figure:
    """Return a figure that must not be larger."""
    return Figure(what, measured, f"<= {most:g}", measured <= most)


def seconds_at_most(what: str, measured: float, most: float) -> Figure:
    """Return a time that must not be longer."""
    return Figure(what, measured, f"<= {most:g}", measured <= most, is_timed=True)
