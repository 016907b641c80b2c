"""What becomes of files whose making was given up because its worker vanished too often."""

from collections.abc import Sequence
from uuid import UUID

from diagnostics.models import Download, Report

LOST = "the worker vanished every time it was written"


def give_up(*, task_path: str, arguments: Sequence[str]) -> None:
    """Note files as failed that a lost task was to make, so that pages offer to try again."""
    if task_path == "diagnostics.tasks.make_download":
        waiting = Download.objects.filter(pk=arguments[0], state=Download.State.WAITING)
        waiting.update(state=Download.State.FAILED)
    elif task_path == "diagnostics.tasks.render_reports":
        reports = Report.objects.filter(assessment=UUID(arguments[0]))
        waiting_reports = reports.filter(state=Report.State.WAITING)
        waiting_reports.update(state=Report.State.FAILED, error=LOST)
