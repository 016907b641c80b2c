"""The scale study of a campaign: what the worker found of its data, frozen."""

from django.db import models

from diagnostics.models.long_work import RESULT_RULES, LongWork
from survey.models import Campaign


class ScaleStudy(LongWork):
    """Data quality and scale properties of one campaign's released answers, frozen."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="scale_study")
    result = models.JSONField(null=True)  # diagnostics.measurement.results.MeasurementResult
    digest = models.CharField(max_length=64, blank=True)  # of the result

    class Meta:
        constraints = RESULT_RULES

    def __str__(self) -> str:
        return f"{self.campaign}"
