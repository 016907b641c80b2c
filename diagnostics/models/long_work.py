"""What the worker does for long: one state, how far it is, and why it came to nothing."""

import uuid
from typing import ClassVar, Final

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LongWork(models.Model):
    """One piece of work; its state is changed by diagnostics.jobs.long_work alone."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for the worker")
        RUNNING = "running", _("Running")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        GIVEN_UP = "given_up", _("Given up")  # its worker vanished too often

    GOING: ClassVar[tuple[str, ...]] = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    run = models.UUIDField(default=uuid.uuid4)  # of the asking: a task of an older one does nothing
    claim = models.UUIDField(null=True)  # of whoever is at it: somebody who took over has another
    steps = models.PositiveIntegerField(default=0)  # 0 until they are known
    done = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=400, blank=True)  # why it failed
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)  # null of what ended before this was noted

    class Meta:
        abstract = True

    @property
    def is_going(self) -> bool:
        """Whether somebody should look again soon."""
        return self.state in self.GOING

    @property
    def is_ready(self) -> bool:
        """Whether there is a result."""
        return self.state == self.State.DONE


State = LongWork.State

# What no row of long work can be, whatever writes it.
WORK_RULES: Final = (
    models.CheckConstraint(
        condition=Q(state=State.QUEUED, claim__isnull=True, started_at__isnull=True)
        | Q(state=State.RUNNING, claim__isnull=False, started_at__isnull=False)
        | Q(
            state__in=[State.DONE, State.FAILED, State.CANCELLED, State.GIVEN_UP],
            claim__isnull=True,
        ),
        name="%(class)s_is_claimed_while_it_runs",
    ),
    models.CheckConstraint(
        condition=Q(done__lte=F("steps")), name="%(class)s_does_no_more_than_its_steps"
    ),
    models.CheckConstraint(
        condition=Q(reason="") | Q(state=State.FAILED), name="%(class)s_has_a_reason_if_it_failed"
    ),
)
RESULT_RULES: Final = (
    *WORK_RULES,
    models.CheckConstraint(
        condition=~Q(state=State.DONE) | Q(result__isnull=False),
        name="%(class)s_is_done_with_a_result",
    ),
)
FILE_RULES: Final = (
    *WORK_RULES,
    models.CheckConstraint(
        condition=~Q(state=State.DONE) | ~Q(file=""), name="%(class)s_is_done_with_a_file"
    ),
)


def report_storage() -> Storage:
    """Return the private storage of report files."""
    return storages["reports"]


class FileWork(LongWork):
    """Work whose result is a file."""

    file = models.FileField(storage=report_storage, max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the file
    # In it as boxes, because the machine that wrote it has no font for them.
    missing_letters = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def is_wanted(self) -> bool:
        """Whether there is a file, perhaps the former one, or will be one soon."""
        return bool(self.file) or self.is_going

    @property
    def path(self) -> str:
        """Where its file lies in the storage, once it is there."""
        raise NotImplementedError
