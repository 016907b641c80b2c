"""Which functions were invited in a unit; set-up data, so that it tells nothing of answers."""

from uuid import UUID

from diagnostics.results.wording.advice import FUNCTIONS
from survey.models import Campaign, Participation


def invited_functions(campaign: Campaign, unit_id: UUID) -> tuple[str, ...]:
    """Return the functions invited in a unit and below it, both where that was never noted."""
    parents: dict[UUID, UUID | None] = dict(campaign.units.values_list("pk", "parent_id"))
    noted = Participation.objects.filter(campaign_unit__campaign=campaign, invited__gt=0)
    found = {
        function
        for unit, function in noted.values_list("campaign_unit_id", "function").distinct()
        if _is_within(unit, unit_id, parents)
    }
    return tuple(function for function in FUNCTIONS if function in found) or FUNCTIONS


def _is_within(unit: UUID | None, wanted: UUID, parents: dict[UUID, UUID | None]) -> bool:
    while unit is not None and unit != wanted:
        unit = parents[unit]
    return unit == wanted
