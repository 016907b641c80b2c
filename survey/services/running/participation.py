"""Participation in bands, by unit and function, one snapshot a day."""

from datetime import date

from django.db import transaction
from django.db.models import Count, Q

from survey.batches import ROWS_AN_INSERT
from survey.models import Campaign, Invitation, Participation
from survey.policy import RELEASE_FLOOR, participation_band

FEW = "0-4"  # in a group smaller than the floor not even "nobody" is told apart


@transaction.atomic
def refresh_participation(*, campaign: Campaign, day: date) -> None:
    """Write the day's snapshot, in place of one taken earlier on the same day.

    An answer counts here even if its link was revoked afterwards: if it went missing, revoking
    would tell whether somebody has answered. One who was moved to another unit after answering
    counts where the answer is.
    """
    groups = (
        Invitation.objects.filter(campaign=campaign)
        .values("unit_id", "function")
        .annotate(
            invited=Count("id", filter=Q(revoked=False)),
            answered=Count("id", filter=Q(done=True, counted_elsewhere=False)),
        )
        .order_by("unit_id", "function")
    )
    Participation.objects.bulk_create(
        [
            Participation(
                campaign_unit_id=group["unit_id"],
                function=group["function"],
                day=day,
                invited=group["invited"],
                answered_band=answered_band(group["answered"], group["invited"]),
            )
            for group in groups
        ],
        batch_size=ROWS_AN_INSERT,
        update_conflicts=True,
        unique_fields=["campaign_unit", "function", "day"],
        update_fields=["invited", "answered_band"],
    )


def answered_band(answered: int, invited: int) -> str:
    """Return the band in which the answers of a group are shown.

    >>> answered_band(0, 12), answered_band(3, 12), answered_band(0, 4), answered_band(4, 4)
    ('0', '1-4', '0-4', '0-4')
    """
    return FEW if invited < RELEASE_FLOOR else participation_band(answered)
