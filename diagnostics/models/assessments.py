"""Frozen results of scoring a release, and the report files made from them."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.models.patterns import CalibrationRule, PatternSet
from survey.models import Campaign, CampaignUnit, ReleasedSet


def report_storage() -> Storage:
    """Return the private storage of report files."""
    return storages["reports"]


class Assessment(models.Model):
    """One scoring of one release with every input version named; a second is marked as such."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="assessments")
    number = models.PositiveIntegerField()  # 1 the first on this release
    pattern_set = models.ForeignKey(PatternSet, on_delete=models.PROTECT)
    calibration = models.ForeignKey(CalibrationRule, on_delete=models.PROTECT)
    method = models.JSONField()  # patterns, calibrations, floors as used, in plain values
    anchors = models.JSONField()  # construct -> full out, crossover, full in; scale points
    other_anchors = models.JSONField()  # by the calibration that was not chosen; may be empty
    seed = models.PositiveBigIntegerField()
    draws = models.PositiveIntegerField()
    software_version = models.CharField(max_length=20)
    release_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of all results, in canonical form
    created_at = models.DateTimeField()
    company = models.JSONField()  # diagnostics.scoring.results.CompanyResult

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "number"], name="assessment_number_is_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}, assessment {self.number}"


class UnitAssessment(models.Model):
    """The result for one unit: of its own set, or pointing to the set that contains it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(CampaignUnit, on_delete=models.PROTECT, related_name="assessments")
    # The sets whose figures the page shows: null where nothing may be shown.
    profile_set = models.ForeignKey(
        ReleasedSet, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verdict_set = models.ForeignKey(
        ReleasedSet, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_own_profile = models.BooleanField()  # false: the profile is that of a containing set
    is_own_verdict = models.BooleanField()
    result = models.JSONField()  # diagnostics.scoring.results.UnitResult

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assessment", "unit"], name="one_result_per_unit"),
        )

    def __str__(self) -> str:
        return f"{self.assessment}: {self.unit}"


class Report(models.Model):
    """A rendered report file."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("Unit report")
        COMPANY = "company", _("Company report")
        FUNCTIONS = "functions", _("Operations and sales")
        APPENDIX = "appendix", _("Research appendix")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    unit = models.ForeignKey(CampaignUnit, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    language = models.CharField(max_length=8)
    revision = models.PositiveIntegerField(default=0)  # raised when what it says has changed
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    file = models.FileField(storage=report_storage, max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assessment", "unit", "kind", "language"], name="one_report_per_language"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit}"
