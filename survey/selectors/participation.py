"""The newest snapshot of participation, in bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from survey.models import Campaign, Function, Participation
from survey.policy import band_ends
from survey.selectors.representativeness import (
    Group,
    Representativeness,
    band_group,
    merge_groups,
    representativeness,
)


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """One function of one unit: those invited at the launch, and a band of their answers."""

    unit_id: UUID
    unit: str
    function: str
    invited: int
    band: str


@dataclass(frozen=True, slots=True)
class ParticipationTable:
    """A day's snapshot. The sum of the bands' lower ends says no more than the bands do."""

    day: date | None
    rows: tuple[ParticipationRow, ...]
    invited: int
    at_least: int
    added: int  # people added or moved and codes made after the launch, in no row
    hint: Representativeness | None  # where others answer than elsewhere


def participation_of(campaign: Campaign) -> ParticipationTable:
    """Return the newest snapshot, units in the order of the tree."""
    snapshots = Participation.objects.filter(campaign_unit__campaign=campaign)
    day = snapshots.order_by("-day").values_list("day", flat=True).first()
    if day is None:
        return ParticipationTable(None, (), 0, 0, 0, None)
    of_day = snapshots.filter(day=day)
    rows = tuple(
        ParticipationRow(
            unit_id=snapshot.campaign_unit_id,
            unit=snapshot.campaign_unit.name,
            function=str(Function(snapshot.function).label),
            invited=snapshot.invited,
            band=snapshot.answered_band,
        )
        for snapshot in of_day.filter(invited__gt=0)
        .select_related("campaign_unit")
        .order_by("campaign_unit__position", "function")
    )
    return ParticipationTable(
        day=day,
        rows=rows,
        invited=sum(row.invited for row in rows),
        at_least=sum(band_ends(row.band)[0] for row in rows),
        added=sum(of_day.values_list("added", flat=True)),
        hint=_hint(rows) if rows else None,
    )


def _hint(rows: Sequence[ParticipationRow]) -> Representativeness:
    """Compare each function and each unit with the whole."""
    cells: dict[tuple[str, UUID | None], list[Group]] = {}
    for row in rows:
        group = band_group(row.unit, row.invited, row.band)
        # Units by their identity: two may have one name.
        for key in ((row.function, None), (row.unit, row.unit_id)):
            cells.setdefault(key, []).append(group)
    merged = [merge_groups(name, groups) for (name, _), groups in cells.items()]
    functions = [group for group, (_, unit) in zip(merged, cells, strict=True) if unit is None]
    return representativeness(merge_groups("", functions), merged)
