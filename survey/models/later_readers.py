"""Who was given a role or a unit when a campaign was running or over, and reads nothing of it yet.

Who may read a campaign's results is settled by its launch: respondents answer knowing that.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from survey.models.accounts import Leadership, Membership
from survey.models.campaigns import Campaign


class LaterReader(models.Model):
    """A role or a leadership that opens nothing of a campaign before a second person agrees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="later_readers")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, related_name="later_readers"
    )
    leadership = models.ForeignKey(
        Leadership, on_delete=models.CASCADE, null=True, related_name="later_readers"
    )
    # None where it was no account, or one that is gone.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(membership=None) ^ models.Q(leadership=None),
                name="a_later_reader_has_one_reason",
            ),
            models.UniqueConstraint(
                fields=["campaign", "membership"], name="a_later_role_waits_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "leadership"], name="a_later_leadership_waits_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.membership or self.leadership}"
