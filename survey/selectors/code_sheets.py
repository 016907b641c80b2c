"""Codes on paper: how many were made, and how a slip looks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import segno
from django.db.models import Count, QuerySet

from survey.models import Campaign, CampaignUnit, Function, HeadCount, Invitation, Standing
from survey.sealing.codes import PaperCode, grouped
from survey.sealing.tokens import survey_link

Group = tuple[UUID, str]  # unit and function
QUIET: Final = 4  # modules of empty margin; ISO/IEC 18004, section 5.3.8


@dataclass(frozen=True, slots=True)
class Slip:
    """One code as it is printed: the QR code's dark modules as an SVG path, and its text."""

    text: str = field(repr=False)
    path: str = field(repr=False)
    box: str


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many codes of a unit and function work, used or not, and how many were planned."""

    unit_id: UUID
    unit: str
    function: str
    label: str
    count: int
    planned: int  # people without e-mail, as frozen at the launch
    left: int  # planned codes that were not made yet


def slip_of(code: PaperCode, mark: str = "") -> Slip:
    """Return the slip of one code, its square with the campaign's mark."""
    matrix = segno.make(survey_link(code.token, mark), error="m", micro=False).matrix
    size = len(matrix) + 2 * QUIET
    path = "".join(_dark_runs(matrix))
    return Slip(grouped(code.text), path, f"{-QUIET} {-QUIET} {size} {size}")


def code_counts(campaign: Campaign) -> tuple[CodeCount, ...]:
    """Return codes that were planned or made so far, units in the order of the tree."""
    codes = _codes(campaign)
    working = _by_group(codes.filter(revoked=False))
    made = _by_group(codes.filter(standing=Standing.PLANNED))
    planned = _planned(campaign)
    return tuple(
        CodeCount(
            unit.pk,
            unit.name,
            function.value,
            str(function.label),
            count=working[unit.pk, function.value],
            planned=planned[unit.pk, function.value],
            left=max(planned[unit.pk, function.value] - made[unit.pk, function.value], 0),
        )
        for unit in campaign.units.all()
        for function in Function
        if working[unit.pk, function.value] or planned[unit.pk, function.value]
    )


def planned_codes_left(unit: CampaignUnit, function: Function) -> int:
    """Return how many more codes of a unit and function were planned at the launch.

    A revoked code has taken its place: it may have been used. If it gave the place back, somebody
    who revokes and prints again could answer for the same people once more.
    """
    found = HeadCount.objects.filter(campaign_unit=unit, function=function).first()
    made = _codes(unit.campaign).filter(unit=unit, function=function, standing=Standing.PLANNED)
    return max(found.without_mail - made.count(), 0) if found else 0


def _codes(campaign: Campaign) -> QuerySet[Invitation]:
    return Invitation.objects.filter(campaign=campaign).exclude(code_hash=None)


def _planned(campaign: Campaign) -> Counter[Group]:
    counts = HeadCount.objects.filter(campaign_unit__campaign=campaign)
    return Counter({
        (count.campaign_unit_id, count.function): count.without_mail for count in counts
    })  # fmt: skip


def _by_group(codes: QuerySet[Invitation]) -> Counter[Group]:
    groups = codes.order_by().values_list("unit_id", "function").annotate(count=Count("id"))
    return Counter({(unit, function): count for unit, function, count in groups})


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
