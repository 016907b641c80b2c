"""Mails that tell leaders that results are there."""

import uuid

from django.conf import settings
from django.db import models

from survey.models import Campaign, MessageState


class ResultNotice(models.Model):
    """One mail to one leader about one release: a link that asks for a login, and no figure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=7, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "user"], name="one_notice_per_leader_and_release"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.state}"
