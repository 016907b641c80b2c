"""Codes on paper: how many were made, and how a slip looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import segno
from django.db.models import Count

from survey.models import Campaign, Function, Invitation
from survey.sealing.codes import PaperCode, grouped
from survey.sealing.tokens import survey_link

QUIET: Final = 4  # modules of empty margin; ISO/IEC 18004, section 5.3.8


@dataclass(frozen=True, slots=True)
class Slip:
    """One code as it is printed: the QR code's dark modules as an SVG path, and its text."""

    text: str = field(repr=False)
    path: str = field(repr=False)
    box: str


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many codes of a unit and function work, used or not."""

    unit_id: UUID
    unit: str
    function: str
    label: str
    count: int


def slip_of(code: PaperCode, mark: str = "") -> Slip:
    """Return the slip of one code, its square with the campaign's mark."""
    matrix = segno.make(survey_link(code.token, mark), error="m", micro=False).matrix
    size = len(matrix) + 2 * QUIET
    path = "".join(_dark_runs(matrix))
    return Slip(grouped(code.text), path, f"{-QUIET} {-QUIET} {size} {size}")


def code_counts(campaign: Campaign) -> tuple[CodeCount, ...]:
    """Return the codes made so far, units in the order of the tree."""
    groups = (
        Invitation.objects.filter(campaign=campaign, recipient=None, revoked=False)
        .values_list("unit_id", "unit__name", "function")
        .annotate(count=Count("id"))
        .order_by("unit__position", "function")
    )
    return tuple(
        CodeCount(unit_id, unit, function, str(Function(function).label), count)
        for unit_id, unit, function, count in groups
    )


def _dark_runs(matrix: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yield a rectangle for each run of dark modules in a row."""
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
            x += 1
