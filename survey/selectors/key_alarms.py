"""Which campaigns' keys are not there, or not known to be, in the words of three roles' pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from survey.models import Campaign, CampaignKey, CampaignState
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
