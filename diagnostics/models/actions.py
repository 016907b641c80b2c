"""What a unit has agreed to do about one of its levers."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.instrument.codes import LONGEST_CODE
from survey.models import CampaignUnit


class Action(models.Model):
    """An action with a name and a day, noted by those who lead the unit of one wave."""

    # So that four of them fit the report's page.
    TEXT_LENGTH = 120
    OWNER_LENGTH = 40

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CampaignUnit, on_delete=models.CASCADE, related_name="actions")
    element = models.CharField(max_length=LONGEST_CODE)  # code of the construct that it is to move
    text = models.CharField(max_length=TEXT_LENGTH)
    owner = models.CharField(
        max_length=OWNER_LENGTH
    )  # a name as the team writes it; no account is needed
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "created_at")

    def __str__(self) -> str:
        return self.text
