"""The scoring of a release: long work that one worker at a time is at, and how often it failed."""

from django.db import models

from diagnostics.models.long_work import WORK_RULES, LongWork
from survey.models import Campaign


class Scoring(LongWork):
    """How the first scoring of a campaign stands; what comes out is an assessment."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="scoring")
    tries = models.PositiveIntegerField(default=0)  # that came to nothing since it was asked for
    next_try_at = models.DateTimeField(null=True)  # null while none is to come
    # By the database's clock: until then nobody else begins.
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = WORK_RULES

    def __str__(self) -> str:
        return f"{self.campaign}"
