"""The workbench's uploaded matrices, and its analyses: a recipe and its frozen result."""

import uuid

from django.conf import settings
from django.db import models

from diagnostics.models.long_work import RESULT_RULES, LongWork
from survey.models import Campaign, Function, Organisation


class UploadedMatrix(models.Model):
    """A file of cases by columns, kept as it came so that its analyses can be run again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)  # of the file
    content = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    # Rows that a workbook hides; files from before this was asked were read with them.
    includes_hidden = models.BooleanField(default=True)
    cases = models.PositiveIntegerField()
    columns = models.JSONField()  # names, in the file's order
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.name


class Analysis(LongWork):
    """One recipe on one source with what it found; a changed recipe is a new analysis."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()  # counted within the organisation
    title = models.CharField(max_length=120)
    matrix = models.ForeignKey(
        UploadedMatrix, on_delete=models.PROTECT, null=True, related_name="analyses"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="+")
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="copies"
    )
    recipe = models.JSONField()  # diagnostics.analyses.recipes.Recipe
    # diagnostics.analyses.results.AnalysisResult; null until it is ready
    result = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # of the result, in canonical form
    software_version = models.CharField(max_length=20)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (
            *RESULT_RULES,
            models.UniqueConstraint(
                fields=["organisation", "number"], name="analysis_number_is_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(matrix__isnull=True) ^ models.Q(campaign__isnull=True),
                name="analysis_has_one_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def source_name(self) -> str:
        """What was analysed, as pages show it."""
        if self.matrix is not None:
            return self.matrix.name
        function = f", {self.get_function_display()}" if self.function else ""
        return f"{self.campaign}{function}"

    @property
    def lists_cases(self) -> bool:
        """Whether its cases may be shown one by one: a file's, or answers given for research."""
        return self.campaign is None or self.campaign.gives_rows

    @property
    def file_folder(self) -> str:
        """Where its files lie in the storage."""
        return f"analyses/{self.pk}"


class AnalysisCases(models.Model):
    """The scores that an analysis of a campaign rests on, for its plots and sliders only.

    Complete cases, in the order of their scores: no pool, no unit, no function, no number that
    another analysis shares. Deleted with the campaign's answers.
    """

    analysis = models.OneToOneField(
        Analysis, on_delete=models.CASCADE, primary_key=True, related_name="kept_cases"
    )
    columns = models.JSONField()  # names
    scores = models.BinaryField()  # float64, little-endian, case by case

    def __str__(self) -> str:
        return str(self.analysis)
