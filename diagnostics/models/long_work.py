"""What the worker computes for long: its state, how far it is, and the frozen result."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.models.analyses import Analysis
from diagnostics.models.assessments import report_storage
from survey.models import Campaign


class LongWork(models.Model):
    """One piece of work: whoever changes the state does so on condition of the state before."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the worker")
        RUNNING = "running", _("Running")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    run = models.UUIDField(default=uuid.uuid4)  # a task of an older request does nothing
    steps = models.PositiveIntegerField(default=0)  # 0 until they are known
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=400, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the result or the file
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_going(self) -> bool:
        """Whether somebody should look again soon."""
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def is_ready(self) -> bool:
        """Whether there is a result."""
        return self.state == self.State.READY


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

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["analysis", "kind"], name="one_check_per_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.analysis}"


class AnalysisFile(LongWork):
    """A file that goes with an analysis; made anew where the checks have changed since."""

    class Kind(models.TextChoices):
        APPENDIX = "appendix", _("Appendix")
        BUNDLE = "bundle", _("Files of the analysis")

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=8)
    content_digest = models.CharField(max_length=64, blank=True)  # of the results in it
    file = models.FileField(storage=report_storage, max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["analysis", "kind", "language"], name="one_analysis_file_per_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.analysis}"


class ScaleStudy(LongWork):
    """Data quality and scale properties of one campaign's released answers, frozen."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="scale_study")
    result = models.JSONField(null=True)  # diagnostics.measurement.results.MeasurementResult

    def __str__(self) -> str:
        return f"{self.campaign}"
