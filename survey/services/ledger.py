"""The one door to the ledger: whatever is noted comes through here, in its doer's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack
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
from survey.selectors.accounts.roles_apart import told_account


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Somebody at a shell of the server, by the name that its operating system has for them."""

    user: str


Doer = User | Who | CommandLine


class About(TypedDict, total=False):
    """What an entry is about: a campaign, or an organisation as a whole; where in it; what else."""

    organisation: Organisation
    campaign: Campaign | None
    unit: Unit | CampaignUnit | None
    function: str
    detail: Mapping[str, Any]
    now: datetime | None


def note(action: Action, *, by: Doer, **about: Unpack[About]) -> None:
    """Write one entry."""
    new_entry(action, by=by, **about).save(force_insert=True)


def note_all(entries: Iterable[LedgerEntry]) -> None:
    """Write many entries at once."""
    LedgerEntry.objects.bulk_create(entries, batch_size=ROWS_AN_INSERT)


def new_entry(action: Action, *, by: Doer, **about: Unpack[About]) -> LedgerEntry:
    """Return an entry that is still to be written, for note_all()."""
    campaign, unit = about.get("campaign"), about.get("unit")
    moment = about.get("now") or timezone.now()
    zone = ZoneInfo(campaign.time_zone) if campaign else None
    return LedgerEntry(
        organisation_id=campaign.organisation_id if campaign else about["organisation"].pk,
        campaign_id=campaign.pk if campaign else None,
        campaign_name=campaign.name if campaign else "",
        day=timezone.localdate(moment, zone),
        at=None if action.is_of_one_person else moment,
        action=action.value,
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        function=str(about.get("function", "")),
        detail=dict(about.get("detail", {})),
        **_doer(by),
    )


def _doer(by: Doer) -> dict[str, Any]:
    if isinstance(by, User):
        named = {"account_address": by.email, "account_name": by.name}
        return {"who": Who.ACCOUNT, "account": by.pk, **named}
    if isinstance(by, CommandLine):
        return {"who": Who.COMMAND, "account_name": by.user}
    return {"who": by}


def account_of(user: User) -> dict[str, str]:
    """Return what an entry says of the account that was given something or lost it."""
    return {"address": user.email, "name": user.name}


def agreement_of(second: User | None) -> dict[str, str]:
    """Return what an entry says of the second person beside the one who did it; of none nothing."""
    return {"agreed_by": told_account(second)} if second else {}


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
