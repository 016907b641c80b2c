"""Mails that try out a campaign's words, sender and link before the launch."""

import uuid

from django.db import models

from survey.models.campaigns import Campaign


class TrialMail(models.Model):
    """An invitation whose link only confirms that it was received."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="trial_mails")
    email = models.EmailField()
    language = models.CharField(max_length=8)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)  # why the server did not take it

    class Meta:
        ordering = ("-requested_at",)

    def __str__(self) -> str:
        return self.email
