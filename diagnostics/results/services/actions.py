"""Noting and changing a unit's actions; its reports are written anew with them."""

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics.models import Action, Report
from diagnostics.reports.services.renewing import renew_reports
from survey.errors import InputError
from survey.models import CampaignUnit, User

MOST_ACTIONS: Final = 4  # of one unit in one wave; more would not fit the report, or the year


@transaction.atomic
def note_action(
    *, unit: CampaignUnit, by: User, element: str, text: str, owner: str, due_on: date
) -> Action:
    """Note an action; raise InputError where the unit has as many as it may have."""
    locked = CampaignUnit.objects.select_for_update().get(pk=unit.pk)
    found = Action.objects.filter(unit=locked).count()
    if found >= MOST_ACTIONS:
        raise InputError(
            _("Expected at most %(most)d actions of one unit, found %(found)d already.")
            % {"most": MOST_ACTIONS, "found": found}
        )
    action = Action.objects.create(
        unit=locked, created_by=by, created_at=timezone.now(),
        element=element, text=text, owner=owner, due_on=due_on,
    )  # fmt: skip
    _renew_reports(locked)
    return action


@transaction.atomic
def change_action(
    *, action: Action, element: str, text: str, owner: str, due_on: date, state: str
) -> Action:
    """Change an action: its words, its day, or that it is done or dropped."""
    locked = Action.objects.select_for_update().select_related("unit").get(pk=action.pk)
    locked.element, locked.text, locked.owner = element, text, owner
    locked.due_on, locked.state = due_on, state
    locked.save(update_fields=["element", "text", "owner", "due_on", "state"])
    _renew_reports(locked.unit)
    return locked


def _renew_reports(unit: CampaignUnit) -> None:
    renew_reports(campaign=unit.campaign, kind=Report.Kind.UNIT, unit=unit)
