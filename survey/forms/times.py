"""Date and time as a clock on the wall of a time zone shows it."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from survey.campaign_times import too_far

CONTINENTS: Final = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
    "Europe/", "Indian/", "Pacific/",
)  # fmt: skip
ZONES: Final = (
    "UTC",
    *sorted(zone for zone in available_timezones() if zone.startswith(CONTINENTS)),
)


class WallTimeField(forms.DateTimeField):
    """A date and time without a zone, which the form has as a field of its own."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:  # noqa: ANN401
        """Return the time as it was typed."""
        with timezone.override(UTC):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


def moment_in(wall_time: datetime, zone: str) -> datetime:
    """Return the moment that a clock in the zone shows, or raise ValidationError if none does."""
    moment = wall_time.replace(tzinfo=ZoneInfo(zone))
    try:
        shown = moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError as error:  # the calendar ends before this clock shows the time
        raise ValidationError(too_far(), code="too_far") from error
    if shown != wall_time:
        raise ValidationError(
            _("Expected a time that exists, found %(time)s, which clocks in %(zone)s skip.")
            % {"time": f"{wall_time:%Y-%m-%d %H:%M}", "zone": zone},
            code="skipped",
        )
    return moment
