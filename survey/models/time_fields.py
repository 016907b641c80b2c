"""A time that can be told on every clock: the ends of the calendar are cut off when it is read."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import models

# A clock is at most a day from UTC, and what is added to a campaign's times is a few days.
FIRST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=7)
LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=7)


class ToldTimeField(models.DateTimeField):
    """A date and time that no conversion to another zone, and no grace, takes out of the calendar.

    Nobody can enter such a time any more; a row from before would fail on every page.
    """

    def from_db_value(self, value: datetime | None, *_: Any) -> datetime | None:  # noqa: ANN401
        """Return the time, or the nearest that can be told."""
        return value if value is None else min(max(value, FIRST), LAST)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Be the plain field to migrations: the column is the same."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.DateTimeField", arguments, options
