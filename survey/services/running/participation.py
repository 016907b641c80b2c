"""Participation in bands, by unit and function, one snapshot a day."""

from datetime import date

from django.db import transaction
from django.db.models import Count, Q

from survey.batches import ROWS_AN_INSERT
from survey.models import IN_BANDS, Campaign, Invitation, Participation, Standing
from survey.policy import participation_band


@transaction.atomic
def refresh_participation(*, campaign: Campaign, day: date) -> None:
    """Write the day's snapshot, in place of one taken earlier on the same day.

    Of those invited at the launch, whatever became of their links: nothing that a manager does
    afterwards moves a band; it only makes bands wider, or ends them in a small group. Who was
    added later counts in none, so that no group is filled up with people who are known to be
    silent; an answer that was given before its giver was moved goes on counting where it is,
    since its going would tell that it was there. Codes on paper
    are in none, planned or not: whoever printed one can try whether it was used.
    """
    touched = Q(revoked=True) | Q(reissued=True)
    groups = (
        Invitation.objects.filter(campaign=campaign)
        .values("unit_id", "function")
        .annotate(
            invited=Count("id", filter=IN_BANDS),
            answered=Count("id", filter=IN_BANDS & Q(done=True)),
            touched=Count("id", filter=IN_BANDS & touched),
            added=Count("id", filter=Q(standing=Standing.ADDED) | Q(code_hash__isnull=False)),
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
                answered_band=participation_band(
                    group["answered"], group["invited"], group["touched"]
                ),
                added=group["added"],
            )
            for group in groups
        ],
        batch_size=ROWS_AN_INSERT,
        update_conflicts=True,
        unique_fields=["campaign_unit", "function", "day"],
        update_fields=["invited", "answered_band", "added"],
    )
