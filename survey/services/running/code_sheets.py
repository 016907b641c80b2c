"""One-time codes for a unit's staff without e-mail; nobody's name stands behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from survey.errors import InputError
from survey.mail.told_times import tell_closing_time
from survey.models import Action, CampaignUnit, Function, Invitation, Standing
from survey.sealing.codes import PaperCode, code_hash, codes_of, new_seed, seal_token
from survey.sealing.tokens import token_hash
from survey.selectors.code_sheets import planned_codes_left
from survey.services.ledger import Doer, note
from survey.services.states import locked_running

MOST: Final = 200  # codes a sheet


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """Fresh codes, to be printed now: they are kept nowhere."""

    unit: CampaignUnit
    function: Function
    codes: tuple[PaperCode, ...] = field(repr=False)


def make_code_sheet(
    *,
    unit: CampaignUnit,
    function: Function,
    count: int,
    seed: str = "",
    by: Doer,
    now: datetime | None = None,
) -> CodeSheet:
    """Return new codes, each good for one answer from this unit and function.

    seed: of the form that asks; handed in again it gives the same sheet, and makes nothing. A
    browser that sends twice shows the second answer only, and the codes of the first were lost.
    """
    if not 1 <= count <= MOST:
        raise InputError(
            gettext("Codes: expected 1 to %(most)d, found %(count)d.")
            % {"most": MOST, "count": count}
        )
    codes = codes_of(seed or new_seed(), f"{unit.pk} {function}", count)
    invitations = [
        Invitation(
            campaign_id=unit.campaign_id,
            unit=unit,
            function=function,
            token_hash=token_hash(code.token),
            code_hash=code_hash(code.text),
            code_box=seal_token(code),
        )
        for code in codes
    ]
    _keep(unit, function, invitations, by, now)
    return CodeSheet(unit, Function(function), codes)


@transaction.atomic
def _keep(
    unit: CampaignUnit,
    function: Function,
    invitations: Sequence[Invitation],
    by: Doer,
    now: datetime | None,
) -> None:
    """Store the codes of a sheet, unless that was done for the same form already.

    As many as the confirmed head count still has room for are planned.
    """
    campaign, count = locked_running(unit.campaign, now), len(invitations)
    known = Invitation.objects.filter(code_hash__in=[one.code_hash for one in invitations])
    found = list(known.values_list("revoked", flat=True))
    if found == [False] * count:
        return
    if found:
        raise InputError(
            gettext(
                "Codes: expected a form that has made none, found one that made a sheet already. "
                "Open this page anew."
            )
        )
    tell_closing_time(campaign.pk)
    planned = planned_codes_left(unit, function)
    for place, invitation in enumerate(invitations):
        invitation.standing = Standing.PLANNED if place < planned else Standing.ADDED
    Invitation.objects.bulk_create(invitations)
    note(
        Action.CODES_MADE, by=by, campaign=campaign, unit=unit, function=function,
        detail={"count": count}, now=now,
    )  # fmt: skip


@transaction.atomic
def revoke_codes(*, unit: CampaignUnit, function: Function, by: Doer) -> int:
    """Make every code of the unit and function useless; return how many there were.

    Answers that were handed in stay. The number is that of codes made, used or not.
    """
    campaign = locked_running(unit.campaign)
    held = Invitation.objects.filter(unit=unit, function=function, recipient=None, revoked=False)
    revoked = held.update(revoked=True)
    note(
        Action.CODES_REVOKED, by=by, campaign=campaign, unit=unit, function=function,
        detail={"count": revoked},
    )  # fmt: skip
    return revoked
