"""A draft's own plan of units and leaders: kept apart, agreed to, applied by the launch."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext

from survey.documents.kinds import UNIT_PLAN
from survey.errors import EndingsError
from survey.import_files.units import UnitRow
from survey.models import Campaign, Unit, UnitPlan
from survey.selectors.units.unit_plans import launch_changes, planned_tree, rows_of, units_at_launch
from survey.services.ledger import Doer
from survey.services.organisations.trees import import_units
from survey.services.states import locked_draft


@transaction.atomic
def keep_plan(*, campaign: Campaign, rows: Sequence[UnitRow], root_name: str) -> None:
    """Keep what a draft's file says, in place of an earlier file; the organisation stays as is."""
    locked_draft(campaign)
    UnitPlan.objects.update_or_create(
        campaign=campaign,
        defaults={
            "root_name": root_name,
            "rows": UNIT_PLAN.stored(tuple(rows)),
            "agreed_digest": "",
        },
    )


@transaction.atomic
def drop_plan(*, campaign: Campaign) -> None:
    """Let the draft use the organisation's tree as it is at the launch."""
    locked_draft(campaign)
    UnitPlan.objects.filter(campaign=campaign).delete()


@transaction.atomic
def agree_to_endings(*, campaign: Campaign, digest: str, on: date) -> None:
    """Note what the manager agreed to, or refuse if it is not what the launch would change."""
    changes = launch_changes(campaign, on)
    if changes.digest != digest:
        raise EndingsError(
            gettext(
                "%(campaign)s: expected your agreement to everything that changes although a "
                "running campaign uses it, found none to the list as it is now."
            )
            % {"campaign": campaign.name}
        )
    UnitPlan.objects.filter(campaign=campaign).update(agreed_digest=digest)


@transaction.atomic
def apply_plan(*, campaign: Campaign, on: date, by: Doer) -> tuple[Unit, ...]:
    """Make a campaign's plan true as it is launched, and return the units that it has.

    A rehearsal leaves the organisation as it is; units that only it has are not saved.
    """
    plan = UnitPlan.objects.filter(campaign=campaign).first()
    if plan is None:
        return units_at_launch(campaign, on)
    if campaign.is_rehearsal:
        units = planned_tree(plan, on).kept
    else:
        agree_to_endings(campaign=campaign, digest=plan.agreed_digest, on=on)
        import_units(
            organisation=campaign.organisation,
            rows=rows_of(plan),
            root_name=plan.root_name,
            on=on,
            by=by,
            campaign=campaign,
        )
        units = tuple(campaign.organisation.units.on(on))
    plan.delete()
    return units
