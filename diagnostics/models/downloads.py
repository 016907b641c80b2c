"""Files that the worker makes of an assessment on request: all reports together, and exports."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.models.assessments import Assessment
from diagnostics.models.long_work import FILE_RULES, FileWork


class Download(FileWork):
    """One file of one assessment; made once, the same bytes whenever it is made again."""

    class Kind(models.TextChoices):
        REPORTS = "reports", _("All reports")
        FIGURES = "figures", _("Released figures")
        ANSWERS = "answers", _("Answers of the whole company")

    # Made of single answers: gone with them. All others are made of what was released.
    ROW_KINDS: ClassVar[tuple[str, ...]] = (Kind.ANSWERS,)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=7, choices=Kind.choices)

    class Meta:
        constraints = (
            *FILE_RULES,
            models.UniqueConstraint(fields=["assessment", "kind"], name="one_download_per_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assessment}"

    @property
    def path(self) -> str:
        """Where the file lies in the storage, once it is there."""
        return f"{self.assessment.file_folder}/{self.kind}.zip"
