"""Files that a manager uploaded and has not confirmed yet."""

import uuid

from django.conf import settings
from django.db import models

from survey.models.campaigns import Campaign


class Upload(models.Model):
    """A checked pair of files for a draft; gone at confirmation or within hours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One a user: a new upload replaces the one before.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="upload"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="uploads")
    root_name = models.CharField(max_length=120, blank=True)
    units_name = models.CharField(max_length=255, blank=True)
    units_file = models.BinaryField(null=True, blank=True)  # null: keep the units so far
    # Without a file: the organisation's tree as it is, not the units that the draft has of its own.
    uses_present_tree = models.BooleanField(default=False)
    # Rows that a workbook hides, in either file; without this they are left out.
    includes_hidden = models.BooleanField(default=False)
    people_name = models.CharField(max_length=255)
    people_file = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
