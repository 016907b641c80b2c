"""The closing time that people know: noted before a mail or a slip tells it."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from survey.models import Campaign


def tell_closing_time(campaign_id: UUID) -> datetime | None:
    """Return the closing time to be told, noted as told; from then on it is not taken back.

    Noted first and read then: whoever sets it back at the same moment waits for the row, finds
    that it was told and refuses, or was first, and then the new time is told.
    """
    told = Campaign.objects.filter(pk=campaign_id)
    unlike = Q(told_closes_at=None) | ~Q(told_closes_at=F("closes_at"))
    told.filter(unlike, closes_at__isnull=False).update(told_closes_at=F("closes_at"))
    return told.values_list("closes_at", flat=True).get()
