"""One-time codes for a unit's staff without e-mail; nobody's name stands behind them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import InputError
from survey.mail.told_times import tell_closing_time
from survey.models import CampaignUnit, Function, Invitation, LedgerEntry
from survey.sealing.codes import PaperCode, code_hash, new_code, seal_token
from survey.sealing.tokens import token_hash
from survey.services.states import locked_running

MOST: Final = 200  # codes a sheet


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """Fresh codes, to be printed now: they are kept nowhere."""

    unit: CampaignUnit
    function: Function
    codes: tuple[PaperCode, ...] = field(repr=False)


@transaction.atomic
def make_code_sheet(
    *, unit: CampaignUnit, function: Function, count: int, now: datetime | None = None
) -> CodeSheet:
    """Return new codes, each good for one answer from this unit and function."""
    campaign = locked_running(unit.campaign, now)
    tell_closing_time(campaign.pk)
    if not 1 <= count <= MOST:
        raise InputError(
            gettext("Codes: expected 1 to %(most)d, found %(count)d.")
            % {"most": MOST, "count": count}
        )
    codes = tuple(new_code() for _ in range(count))
    Invitation.objects.bulk_create(
        Invitation(
            campaign=campaign,
            unit=unit,
            function=function,
            token_hash=token_hash(code.token),
            code_hash=code_hash(code.text),
            code_box=seal_token(code),
        )
        for code in codes
    )
    LedgerEntry.objects.create(
        campaign=campaign,
        at=now or timezone.now(),
        action="codes made",
        detail={"unit": unit.code, "function": str(function), "count": count},
    )
    return CodeSheet(unit, Function(function), codes)


@transaction.atomic
def revoke_codes(*, unit: CampaignUnit, function: Function) -> int:
    """Make every code of the unit and function useless; return how many there were.

    Answers that were handed in stay. The number is that of codes made, used or not.
    """
    locked_running(unit.campaign)
    return Invitation.objects.filter(
        unit=unit, function=function, recipient=None, revoked=False
    ).update(revoked=True)
