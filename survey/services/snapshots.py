"""The unit tree as a campaign keeps it."""

from datetime import date
from uuid import UUID

from survey.models import Campaign, CampaignUnit
from survey.selectors.trees import walk_tree

BATCH = 500  # rows an INSERT


def freeze_tree(*, campaign: Campaign, on: date) -> dict[UUID, CampaignUnit]:
    """Copy the organisation's tree into the campaign; return the copies by unit id."""
    frozen: dict[UUID, CampaignUnit] = {}
    units = tuple(campaign.organisation.units.on(on))
    for position, unit in enumerate(walk_tree(units)):
        frozen[unit.id] = CampaignUnit(
            campaign=campaign,
            unit=unit,
            parent=frozen.get(unit.parent_id) if unit.parent_id else None,
            code=unit.code,
            name=unit.name,
            position=position,
        )
    CampaignUnit.objects.bulk_create(frozen.values(), batch_size=BATCH)
    return frozen
