"""Checks of an analysis, and the files that go with it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.models.analyses import Analysis
from diagnostics.models.long_work import FILE_RULES, RESULT_RULES, FileWork, LongWork


class AnalysisCheck(LongWork):
    """One test of an analysis' solution, or the matching of its terms; frozen with its seed."""

    class Kind(models.TextChoices):
        ROBUSTNESS = "robustness", _("Robustness")
        HALVES = "halves", _("Predictive validity")
        BOOTSTRAP = "bootstrap", _("Bootstrap")
        MATCHING = "matching", _("Match with named patterns")

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    seed = models.PositiveBigIntegerField()
    result = models.JSONField(null=True)  # of diagnostics.analyses, by the kind
    digest = models.CharField(max_length=64, blank=True)  # of the result

    class Meta:
        constraints = (
            *RESULT_RULES,
            models.UniqueConstraint(fields=["analysis", "kind"], name="one_check_per_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.analysis}"


class AnalysisFile(FileWork):
    """A file that goes with an analysis; made anew where the checks have changed since."""

    class Kind(models.TextChoices):
        APPENDIX = "appendix", _("Appendix")
        BUNDLE = "bundle", _("Files of the analysis")

    EXTENSIONS: ClassVar[dict[str, str]] = {Kind.APPENDIX: "pdf", Kind.BUNDLE: "zip"}

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=8)
    content_digest = models.CharField(max_length=64, blank=True)  # of the results in it

    class Meta:
        constraints = (
            *FILE_RULES,
            models.UniqueConstraint(
                fields=["analysis", "kind", "language"], name="one_analysis_file_per_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.analysis}"

    @property
    def path(self) -> str:
        """Where the file lies in the storage, once it is there."""
        folder = self.analysis.file_folder
        return f"{folder}/{self.kind}-{self.language}.{self.EXTENSIONS[self.kind]}"
