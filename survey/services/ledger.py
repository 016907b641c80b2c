"""The one door to the ledger: whatever is noted comes through here, in its doer's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from survey.batches import ROWS_AN_INSERT
from survey.models import (
    Action,
    Campaign,
    CampaignUnit,
    LedgerEntry,
    Organisation,
    Unit,
    User,
    Who,
)

Doer = User | Who | None  # None: the clock or the worker, which nobody asked


def note(
    action: Action,
    *,
    by: Doer,
    organisation: Organisation | None = None,
    campaign: Campaign | None = None,
    unit: Unit | CampaignUnit | None = None,
    function: str = "",
    detail: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Write one entry, about a campaign or about an organisation as a whole."""
    new_entry(
        action, by=by, organisation=organisation, campaign=campaign, unit=unit,
        function=function, detail=detail, now=now,
    ).save(force_insert=True)  # fmt: skip


def note_all(entries: Iterable[LedgerEntry]) -> None:
    """Write many entries at once."""
    LedgerEntry.objects.bulk_create(entries, batch_size=ROWS_AN_INSERT)


def new_entry(
    action: Action,
    *,
    by: Doer,
    organisation: Organisation | None = None,
    campaign: Campaign | None = None,
    unit: Unit | CampaignUnit | None = None,
    function: str = "",
    detail: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> LedgerEntry:
    """Return an entry that is still to be written, for note_all()."""
    moment = now or timezone.now()
    zone = ZoneInfo(campaign.time_zone) if campaign else None
    return LedgerEntry(
        organisation_id=campaign.organisation_id if campaign else organisation.pk,  # type: ignore[union-attr]
        campaign_id=campaign.pk if campaign else None,
        campaign_name=campaign.name if campaign else "",
        day=timezone.localdate(moment, zone),
        at=None if action.is_of_one_person else moment,
        action=action.value,
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        function=str(function),
        detail=dict(detail or {}),
        **_doer(by),
    )


def _doer(by: Doer) -> dict[str, Any]:
    if isinstance(by, User):
        named = {"account_address": by.email, "account_name": by.name}
        return {"who": Who.ACCOUNT, "account": by.pk, **named}
    return {"who": Who.WORKER if by is None else by}


def account_of(user: User) -> dict[str, str]:
    """Return what an entry says of the account that was given something or lost it."""
    return {"address": user.email, "name": user.name}


def asked_by(user_id: str) -> User | Who:
    """Return the account that a task was queued for.

    Tasks of earlier versions name none, and an account may be gone: then nobody can be named, and
    least of all the worker, who asks for nothing.
    """
    user = User.objects.filter(pk=UUID(user_id)).first() if user_id else None
    return user or Who.NOT_NOTED


def id_of(by: Doer) -> str:
    """Return what a task carries of the account that asked for it."""
    return str(by.pk) if isinstance(by, User) else ""


def who_asked(campaign: Campaign, action: Action) -> User | Who:
    """Return the account that the newest entry of an action names, if it is still there."""
    newest = LedgerEntry.objects.filter(campaign=campaign, action=action.value).last()
    return asked_by(str(newest.account or "") if newest else "")
