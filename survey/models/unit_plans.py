"""The units and leaders that a draft brings along, until its launch makes them true."""

from django.db import models

from survey.models.campaigns import Campaign


class UnitPlan(models.Model):
    """What a draft's file of units says; the organisation knows nothing of it before the launch."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="unit_plan"
    )
    root_name = models.CharField(max_length=120, blank=True)
    rows = models.JSONField()  # survey.import_files.units.UnitRow, parents before children
    # Of the list that the manager agreed to, of changes to what a running campaign uses.
    agreed_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.campaign)
