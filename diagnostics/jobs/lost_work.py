"""What becomes of long work whose task came to nothing, of whatever kind it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from diagnostics.jobs.long_work import Event, change
from diagnostics.jobs.work_files import forget_half_file
from diagnostics.models import (
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Download,
    FileWork,
    LongWork,
    Report,
    ScaleStudy,
    Scoring,
)
from survey.services.opening.alarms import note_failed_opening
from survey.services.running.launching import give_up_launch

Selection = Callable[[Sequence[str]], QuerySet[Any]]


def _asked_for(model: type[LongWork]) -> Selection:
    """Select the row that a task names, unless it was asked for anew since."""

    def select(arguments: Sequence[str]) -> QuerySet[Any]:
        named = model._default_manager.filter(pk=arguments[0])
        return named.filter(run=arguments[1]) if arguments[1:] else named

    return select


def _of_assessment(arguments: Sequence[str]) -> QuerySet[Report]:
    return Report.objects.filter(assessment=UUID(arguments[0]))


def _of_campaign(arguments: Sequence[str]) -> QuerySet[Scoring]:
    return Scoring.objects.filter(campaign=UUID(arguments[0]))


# Every task that does long work -> the rows that wait for it, by its arguments.
WORK_OF_TASKS: Final[Mapping[str, Selection]] = {
    "diagnostics.tasks.assess_campaign": _of_campaign,
    "diagnostics.tasks.render_reports": _of_assessment,
    "diagnostics.tasks.make_download": _asked_for(Download),
    "diagnostics.tasks.run_analysis": _asked_for(Analysis),
    "diagnostics.tasks.run_check": _asked_for(AnalysisCheck),
    "diagnostics.tasks.run_study": _asked_for(ScaleStudy),
    "diagnostics.tasks.make_analysis_file": _asked_for(AnalysisFile),
}

LOST: Final = "The worker vanished again and again while it opened the ballots."


def _end_launch(arguments: Sequence[str]) -> None:
    give_up_launch(campaign_id=UUID(arguments[0]))


def _note_lost_opening(arguments: Sequence[str]) -> None:
    note_failed_opening(campaign_id=UUID(arguments[0]), problem=LOST)


# Tasks of survey whose end somebody has to be told of -> what tells it, by their arguments.
TOLD: Final[Mapping[str, Callable[[Sequence[str]], None]]] = {
    "survey.tasks.launch_campaign": _end_launch,
    "survey.tasks.open_ballots": _note_lost_opening,
}


def give_up(*, task_path: str, arguments: Sequence[str]) -> None:
    """Give up what a task was to do whose worker vanished too often; pages offer it again."""
    if task_path in TOLD:
        TOLD[task_path](arguments)
    for work in _waiting_for(task_path, arguments):
        if _end(work, Event.GIVE_UP) and isinstance(work, FileWork):
            forget_half_file(work)


def note_failure(*, task_path: str, arguments: Sequence[str]) -> None:
    """Note that what a task was to do has failed, where the task could not do so itself."""
    for work in _waiting_for(task_path, arguments):
        _end(work, Event.FAIL)


def _waiting_for(task_path: str, arguments: Sequence[str]) -> list[LongWork]:
    select = WORK_OF_TASKS.get(task_path)
    return list(select(arguments).filter(state__in=LongWork.GOING)) if select else []


def _end(work: LongWork, event: Event) -> bool:
    return change(type(work)._default_manager.filter(pk=work.pk, run=work.run), event)
