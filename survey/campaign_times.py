"""When a campaign may open and close, and how its times are told: one rule for all doors."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.policy import TIMES_AHEAD


class OnItsClock(Protocol):
    """A campaign, as far as its times go."""

    time_zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    told_closes_at: datetime | None


def told_time(moment: datetime | None, campaign: OnItsClock) -> str:
    """Return a moment on the campaign's own clock, in the language in force."""
    if moment is None:
        return ""
    local = timezone.localtime(moment, ZoneInfo(campaign.time_zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({campaign.time_zone})"


def is_too_far(moment: datetime, now: datetime) -> bool:
    """Tell whether a time is later than any campaign may open or close."""
    return moment - now > TIMES_AHEAD


def too_far() -> str:
    """Return the words for a time that is too far away, on either side."""
    return _("Expected a time between now and two years from now.")


def time_problems(
    *, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> dict[str, str]:
    """Return what is wrong with a campaign's times, in words, by field; nothing if all is well."""
    return {
        field: problem
        for field, problem in (
            ("opens_at", _opening_problem(opens_at, now)),
            ("closes_at", _closing_problem(closes_at, opens_at, now)),
        )
        if problem
    }


def moved_closing_problem(campaign: OnItsClock, closes_at: datetime, now: datetime) -> str:
    """Return why a running campaign cannot close then, in words; nothing if it can.

    Earlier than before only while nobody was told the present time, and never earlier than what
    people were told: they rely on it.
    """
    before, told = campaign.closes_at, campaign.told_closes_at
    if problem := _closing_problem(closes_at, campaign.opens_at, now):
        return problem
    if before is None or closes_at > before:
        return ""
    if closes_at == before:
        return _("Expected another time than the present closing time.")
    if told is not None and told >= before:
        return _(
            "Expected a time after the present closing time, %(time)s: a mail or slip has told it."
        ) % {"time": told_time(before, campaign)}
    if told is not None and closes_at < told:
        return _("Expected %(time)s at the earliest: a mail or a slip has told that.") % {
            "time": told_time(told, campaign)
        }
    return ""


def require_times(*, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Raise InputError with the first thing that is wrong with a campaign's times."""
    problems = time_problems(opens_at=opens_at, closes_at=closes_at, now=now)
    for field, problem in problems.items():
        raise InputError(f"{field}: {problem}")


def _opening_problem(opens_at: datetime | None, now: datetime) -> str:
    if opens_at is None:
        return ""
    if opens_at < now.replace(second=0, microsecond=0):  # forms know no seconds
        return _("Expected a time in the future, or none to open at the launch.")
    return too_far() if is_too_far(opens_at, now) else ""


def _closing_problem(closes_at: datetime | None, opens_at: datetime | None, now: datetime) -> str:
    if closes_at is None:
        return ""
    if closes_at <= now:
        return _("Expected a time in the future.")
    if opens_at is not None and closes_at <= opens_at:
        return _("Expected a time after the campaign has opened.")
    return too_far() if is_too_far(closes_at, now) else ""
