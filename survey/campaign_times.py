"""When a campaign may open and close: one rule for forms, services and the launch checklist."""

from datetime import datetime

from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.policy import TIMES_AHEAD


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
