"""Files that the worker makes of an assessment on request: all reports together, and exports."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.models.assessments import Assessment, report_storage


class Download(models.Model):
    """One file of one assessment; made once, the same bytes whenever it is made again."""

    class Kind(models.TextChoices):
        REPORTS = "reports", _("All reports")
        FIGURES = "figures", _("Released figures")
        ANSWERS = "answers", _("Answers of the whole company")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    # Made of single answers: gone with them. All others are made of what was released.
    ROW_KINDS: ClassVar[tuple[str, ...]] = (Kind.ANSWERS,)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    file = models.FileField(storage=report_storage, max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assessment", "kind"], name="one_download_per_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assessment}"
