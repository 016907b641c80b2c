"""Which campaigns' keys are not there, or not known to be, and whether the web could read them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from survey.access import CampaignRight, organisations_where
from survey.models import Campaign, CampaignKey, CampaignState, User
from survey.selectors.respondents import KEY_CONTENT


class Alarm(StrEnum):
    """What is the matter with a key."""

    LOST = "lost"  # a worker looked for it and failed
    OVERDUE = "overdue"  # no worker has looked for too long
    ONE_COPY = "one copy"  # one of two folders lacks it


@dataclass(frozen=True, slots=True)
class KeyAlarm:
    """One campaign whose answers perhaps nobody can open."""

    campaign: Campaign
    kind: Alarm
    since: datetime | None  # the first failure, or the last proof; None if there never was one
    problem: str
    folder: str  # the setting that names the folder without its copy
    takes_answers: bool  # by its state and times, now or from its opening on
    rests: bool
    rests_from: datetime | None

    @property
    def file(self) -> str:
        """The name of the key's file."""
        return f"{self.campaign.pk}.key"


SUPERUSER: Final = 0  # the number of an account that may read everything
# The same columns as a respondent's page leaves out, seen from the campaign.
_KEY_CONTENT: Final = tuple(field.removeprefix("campaign__") for field in KEY_CONTENT)


def key_alarms(campaigns: QuerySet[Campaign], *, now: datetime) -> tuple[KeyAlarm, ...]:
    """Return what is wrong with the keys of some campaigns, all of them read by one query."""
    under_way = campaigns.filter(state__in=(CampaignState.OPEN, CampaignState.CLOSED))
    return tuple(
        alarm
        for campaign in under_way.select_related("organisation", "key").defer(*_KEY_CONTENT)
        for alarm in _alarms(campaign, now)
    )


def _alarms(campaign: Campaign, now: datetime) -> Iterator[KeyAlarm]:
    key: CampaignKey | None = getattr(campaign, "key", None)
    kind = _kind(key, now)
    if kind is None:
        return
    takes_answers = campaign.accepts_answers(max(now, campaign.opens_at or now))
    yield KeyAlarm(
        campaign=campaign,
        kind=kind,
        since=(key.failing_since or key.canary_opened_at) if key else None,
        problem=key.get_failing_problem_display() if key else "",
        folder=key.lacking_folder if key else "",
        takes_answers=takes_answers,
        rests=takes_answers and campaign.rests(now),
        rests_from=key.rests_from if key else None,
    )


def _kind(key: CampaignKey | None, now: datetime) -> Alarm | None:
    if key is None:
        return Alarm.OVERDUE
    if key.destroyed_at is not None:
        return None
    if key.failing_since is not None:
        return Alarm.LOST
    if key.is_overdue(now):
        return Alarm.OVERDUE
    return Alarm.ONE_COPY if key.lacking_folder else None


def readable_key_folders() -> tuple[str, ...]:
    """Return the settings whose folders of keys are open to the account of this process.

    Asked where pages are served: the worker must be able to read them. Nothing is told where one
    account runs both on purpose, in development and on somebody's own machine.
    """
    if not settings.KEYS_ARE_APART:
        return ()
    folders = {"KEY_DIR": settings.KEY_DIR, "KEY_COPY_DIR": settings.KEY_COPY_DIR}
    return tuple(
        name for name, folder in folders.items() if str(folder) and _may_read(Path(folder))
    )


def readable_key_folders_for(user: User) -> tuple[str, ...]:
    """Return them for whoever can do something about files and servers."""
    mends = organisations_where(user, CampaignRight.READ_OPENING_PROBLEM).exists()
    return readable_key_folders() if mends else ()


def _may_read(folder: Path) -> bool:
    """Tell whether this account owns the folder, stands above its owner, or can read a file."""
    try:
        if os.geteuid() in {SUPERUSER, folder.stat().st_uid}:
            return True
        return any(os.access(file, os.R_OK) for file in folder.iterdir())
    except OSError:  # not there, or not for this account to enter
        return False
