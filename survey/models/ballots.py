"""Answers before opening: encrypted drafts and sealed ballots, neither tied to an invitation."""

import uuid

from django.db import models

from survey.models.campaigns import Campaign


class Draft(models.Model):
    """An unfinished answer under a key that only the link's holder has."""

    id = models.BinaryField(primary_key=True, max_length=32)  # HMAC(token, "draft-id")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="drafts")
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return "draft"


class Ballot(models.Model):
    """A submitted answer in a sealed box that only the campaign's private key opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="ballots")
    box = models.BinaryField()

    def __str__(self) -> str:
        return "ballot"
