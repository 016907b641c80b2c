"""Which unit of the wave before a unit carries on: itself, or its only predecessor."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from survey.models import Campaign, CampaignState, CampaignUnit, Unit


class Lineage(StrEnum):
    """How a unit relates to the wave before."""

    FIRST_WAVE = "first wave"
    SAME = "same"
    RENAMED = "renamed"  # the only successor of its only predecessor
    MERGED = "merged"
    SPLIT = "split"
    NEW = "new"


COMPARABLE = frozenset({Lineage.SAME, Lineage.RENAMED})


@dataclass(frozen=True, slots=True)
class WaveBefore:
    """The released campaign before one, and the unit there whose results may be compared."""

    lineage: Lineage
    campaign: Campaign | None = None
    unit: CampaignUnit | None = None  # none where the groups are not the same
    names: tuple[str, ...] = ()  # of the units there that became this one, in part or whole
    has_other_parts: bool = False  # other units belong to it now


def campaign_before(campaign: Campaign) -> Campaign | None:
    """Return the organisation's released campaign of the same use that closed last before another.

    Research on single answers tells nothing of units, so that it is no wave of those that do.
    """
    return (
        Campaign.objects.filter(
            organisation=campaign.organisation_id,
            state=CampaignState.RELEASED,
            is_rehearsal=False,
            gives_rows=campaign.gives_rows,
            closed_at__lt=campaign.closed_at,
        )
        .order_by("-closed_at")
        .first()
    )


def wave_before(campaign: Campaign, unit: CampaignUnit) -> WaveBefore:
    """Find the unit, or what it came from, in the wave that closed last before this one."""
    earlier = campaign_before(campaign)
    if earlier is None:
        return WaveBefore(Lineage.FIRST_WAVE)
    came_from = Unit.objects.filter(Q(pk=unit.unit_id) | Q(successors=unit.unit_id))
    found_there = earlier.units.filter(unit__in=came_from.values("pk"))
    there = {entry.unit_id: entry for entry in found_there if entry.unit_id}
    lineage = _lineage(campaign, unit, there)
    found = next(iter(there.values())) if lineage in COMPARABLE else None
    return WaveBefore(
        lineage=lineage,
        campaign=earlier,
        unit=found,
        names=tuple(sorted(entry.name for entry in there.values())),
        has_other_parts=found is not None and _parts(unit) != _parts(found),
    )


def earlier_waves(nearest: WaveBefore, *, most: int) -> tuple[WaveBefore, ...]:
    """Return the waves in which the unit was the same group, nearest first, `most` at most.

    Before the nearest one, a wave counts only if the same units belonged to it as to its next.
    """
    found: list[WaveBefore] = []
    step = nearest
    while step.campaign is not None and step.unit is not None and len(found) < most:
        found.append(step)
        step = wave_before(step.campaign, step.unit)
        if step.has_other_parts:
            break
    return tuple(found)


def _lineage(campaign: Campaign, unit: CampaignUnit, there: Mapping[UUID, CampaignUnit]) -> Lineage:
    if len(there) != 1:
        return Lineage.MERGED if there else Lineage.NEW
    (origin,) = there
    heirs = campaign.units.filter(unit__predecessors=origin).exclude(pk=unit.pk)
    if unit.unit_id == origin:
        return Lineage.SPLIT if heirs.exists() else Lineage.SAME
    remains = campaign.units.filter(unit=origin)
    return Lineage.SPLIT if heirs.exists() or remains.exists() else Lineage.RENAMED


def _parts(unit: CampaignUnit) -> set[UUID]:
    """The units that belong to a unit, as they are known over waves."""
    inside = {unit.pk}
    units = unit.campaign.units.values_list("pk", "parent_id", "unit_id")
    found = set()
    for key, parent, lasting in units:  # parents come before children
        if parent in inside:
            inside.add(key)
            found.add(lasting)
    return found
