"""The reports of an assessed table of answers: each written as soon as it is made, and kept."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from diagnostics.answer_files.folders import ReportFolder
from diagnostics.measurement.results import MeasurementResult
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import (
    appendix_markup,
    company_markup,
    functions_markup,
    unit_markup,
)
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.letters import distinct_letters
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import compares_functions, functions_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.page_parts import Setting
from survey.instrument.content import Instrument
from survey.release.tables import ReleasedTables

COMPANY_FILE: Final = "company.pdf"
FUNCTIONS_FILE: Final = "company-functions.pdf"
APPENDIX_FILE: Final = "company-appendix.pdf"
Progress = Callable[[str, int, int], None]  # what is written, how many of how many


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One file to write: about whom, and what makes its markup."""

    name: str
    markup: Callable[[], str]


@dataclass(frozen=True, slots=True)
class FailedReport:
    """One file that could not be made, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What a run has written, and what not; grows while it writes."""

    total: int
    written: int = 0
    failed: list[FailedReport] = field(default_factory=list)
    missing_letters: str = ""  # distinct letters without a glyph, of the reports made now


def reported_units(result: AssessmentResult) -> tuple[str, ...]:
    """Return the keys of the units that may have a report: those with figures of their own."""
    return tuple(
        unit.unit
        for unit in result.units[1:]
        if unit.own_diagnosis or (unit.profile and unit.profile.source.is_own)
    )


def planned_reports(
    result: AssessmentResult,
    released: ReleasedTables,
    instrument: Instrument,
    *,
    study: MeasurementResult,
    setting: Setting,
    language: str,
) -> list[PlannedReport]:
    """Return every report, those about the whole company first, units in the tree's order."""

    def company() -> str:
        return company_markup(company_reading(result, setting=setting, language=language))

    def functions() -> str:
        return functions_markup(functions_reading(result, setting=setting, language=language))

    def appendix() -> str:
        reading = appendix_reading(
            result, released, instrument, setting=setting, language=language, study=study
        )
        return appendix_markup(reading)

    def unit(key: str) -> str:
        return unit_markup(unit_reading(result, key, setting=setting, language=language))

    plans = [PlannedReport(COMPANY_FILE, company), PlannedReport(APPENDIX_FILE, appendix)]
    if compares_functions(result):
        plans.insert(1, PlannedReport(FUNCTIONS_FILE, functions))
    units = reported_units(result)
    names = zip(_file_names(units), units, strict=True)
    return [*plans, *(PlannedReport(name, partial(unit, key)) for name, key in names)]


def write_reports(
    plans: Sequence[PlannedReport], folder: ReportFolder, outcome: Outcome, *, progress: Progress
) -> None:
    """Write what the folder does not hold yet; one that cannot be made keeps no other waiting."""
    wanted = [plan for plan in plans if not folder.holds(plan.name)]
    outcome.written = len(plans) - len(wanted)
    readable: list[str] = []  # grows while their markup is asked for
    documents = shared_pool().render_each(_markups(wanted, readable, outcome))
    for place, document in enumerate(documents):
        name = readable[place]
        if isinstance(document, RenderError):
            outcome.failed.append(FailedReport(name, str(document)))
        else:
            folder.keep(name, document)
            outcome.written += 1
            outcome.missing_letters = distinct_letters(
                outcome.missing_letters + document.missing_letters
            )
        progress(name, outcome.written + len(outcome.failed), outcome.total)


def _markups(
    plans: Sequence[PlannedReport], readable: list[str], outcome: Outcome
) -> Iterator[str]:
    for plan in plans:
        try:
            markup = plan.markup()
        except Exception as error:  # noqa: BLE001 - one unit's fault must not cost all others theirs
            reason = f"{type(error).__name__}: {error}"
            outcome.failed.append(FailedReport(plan.name, reason))
        else:
            readable.append(plan.name)
            yield markup


def _file_names(units: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for unit in units:
        name = _file_name(unit, taken)
        names.append(name)
        taken.add(name.casefold())
    return names


def _file_name(unit: str, taken: set[str]) -> str:
    """Return a file's name from a unit's code, whatever characters that has."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", unit).strip("-") or "unit"
    name, number = f"unit-{plain}.pdf", 1
    while name.casefold() in taken:
        number += 1
        name = f"unit-{plain}-{number}.pdf"
    return name
