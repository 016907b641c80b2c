"""What becomes of long work whose worker vanished too often: it is given up, of whatever kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Model, QuerySet

from diagnostics.jobs.long_work import GOING
from diagnostics.models import (
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Download,
    Report,
    ScaleStudy,
)

LOST: Final = "the worker vanished every time it was written"

Selection = Callable[[Sequence[str]], QuerySet[Any]]


def _asked_for(model: type[Model]) -> Selection:
    """Select the row that a task names, unless it was asked for anew since."""
    return lambda arguments: model._default_manager.filter(pk=arguments[0], run=arguments[1])


def _named(model: type[Model], field: str = "pk") -> Selection:
    """Select what a task names by its only argument."""
    return lambda arguments: model._default_manager.filter(**{field: arguments[0]})


# Every task that does long work -> the rows that wait for it, by its arguments.
WORK_OF_TASKS: Final[Mapping[str, Selection]] = {
    "diagnostics.tasks.render_reports": _named(Report, "assessment"),
    "diagnostics.tasks.make_download": _named(Download),
    "diagnostics.tasks.run_analysis": _named(Analysis),
    "diagnostics.tasks.run_check": _asked_for(AnalysisCheck),
    "diagnostics.tasks.run_study": _asked_for(ScaleStudy),
    "diagnostics.tasks.make_analysis_file": _asked_for(AnalysisFile),
}


def give_up(*, task_path: str, arguments: Sequence[str]) -> None:
    """Note as failed what a lost task was to do, so that pages offer to ask for it again."""
    select = WORK_OF_TASKS.get(task_path)
    if select is None:
        return
    going = select(arguments).filter(state__in=GOING)
    reason = {"error": LOST} if going.model is Report else {}
    going.update(state="failed", **reason)
