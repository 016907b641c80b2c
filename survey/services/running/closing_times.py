"""The closing time of an open campaign, moved: later, or back as long as nobody was told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.campaign_times import moved_closing_problem, told_time
from survey.errors import StateError
from survey.models import Action, Campaign, CampaignState
from survey.services.ledger import Doer, note
from survey.services.states import locked_in_state, wrong_state


@transaction.atomic
def extend_campaign(
    *,
    campaign: Campaign,
    closes_at: datetime,
    by: Doer,
    now: datetime | None = None,
) -> Campaign:
    """Move the closing time of an open campaign; once it is over, never.

    A later time that was set by mistake can be taken back while no mail and no slip has told it.
    """
    moment = now or timezone.now()
    message = gettext(
        "%(campaign)s: expected an open campaign before its closing time, found “%(state)s”."
    )
    locked = locked_in_state(campaign, message, CampaignState.OPEN)
    before = locked.closes_at
    if before is None or not locked.is_running(moment):
        raise wrong_state(locked, message)
    if closes_at == before:
        raise StateError(
            gettext("%(campaign)s: expected a closing time after %(last)s, found the same.")
            % {"campaign": locked.name, "last": told_time(before, locked)}
        )
    if problem := moved_closing_problem(locked, closes_at, moment):
        raise StateError(f"{locked.name}: {problem}")
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at"])
    note(
        Action.EXTENDED if closes_at > before else Action.EXTENSION_TAKEN_BACK,
        by=by,
        campaign=locked,
        now=moment,
        detail={"from": before.isoformat(), "to": closes_at.isoformat()},
    )
    return locked
