"""The unit tree as a campaign keeps it."""

from collections.abc import Iterable
from uuid import UUID

from survey.batches import ROWS_AN_INSERT
from survey.import_files.units import code_key
from survey.models import Campaign, CampaignUnit, Unit
from survey.selectors.units.trees import walk_tree


def freeze_tree(*, campaign: Campaign, units: Iterable[Unit]) -> dict[str, CampaignUnit]:
    """Copy a tree of units into the campaign; return the copies by code_key() of their code."""
    frozen: dict[UUID, CampaignUnit] = {}
    for position, unit in enumerate(walk_tree(units)):
        frozen[unit.id] = CampaignUnit(
            campaign=campaign,
            unit=None if unit._state.adding else unit,  # a rehearsal's own is saved nowhere
            parent=frozen.get(unit.parent_id) if unit.parent_id else None,
            code=unit.code,
            name=unit.name,
            position=position,
        )
    CampaignUnit.objects.bulk_create(frozen.values(), batch_size=ROWS_AN_INSERT)
    return {code_key(unit.code): unit for unit in frozen.values()}
