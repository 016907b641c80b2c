"""Frozen results of scoring a release, and the report files made from them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from diagnostics.models.long_work import FILE_RULES, FileWork
from diagnostics.models.patterns import CalibrationRule, PatternSet
from survey.models import Campaign, CampaignUnit, ReleasedSet


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

    @property
    def file_folder(self) -> str:
        """Where its files lie in the storage."""
        return f"{self.campaign_id}/{self.number}"


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


class Report(FileWork):
    """A rendered report file."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("Unit report")
        COMPANY = "company", _("Company report")
        FUNCTIONS = "functions", _("Operations and sales")
        APPENDIX = "appendix", _("Research appendix")

    # Of the company beside its own, by their names.
    FURTHER_KINDS: ClassVar[tuple[str, ...]] = (Kind.FUNCTIONS, Kind.APPENDIX)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    unit = models.ForeignKey(CampaignUnit, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    language = models.CharField(max_length=8)
    revision = models.PositiveIntegerField(default=0)  # raised when what it says has changed

    class Meta:
        constraints = (
            *FILE_RULES,
            models.UniqueConstraint(
                fields=["assessment", "unit", "kind", "language"], name="one_report_per_language"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit}"

    @property
    def path(self) -> str:
        """Where the file lies in the storage, once it is there."""
        revision = f"/{self.revision}" if self.revision else ""
        return f"{self.assessment.file_folder}{revision}/{self.file_name}"

    @property
    def file_name(self) -> str:
        """The name of its file; names sort as the units do, the company's first."""
        more = f"-{self.kind}" if self.kind in self.FURTHER_KINDS else ""
        code = slugify(self.unit.code) or "unit"
        return f"{self.unit.position:04d}-{code}{more}-{self.language}.pdf"
