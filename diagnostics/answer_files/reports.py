"""Write the reports of an assessed table of answers: all of them, or nothing."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from diagnostics.measurement.results import MeasurementResult
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import (
    appendix_markup,
    company_markup,
    functions_markup,
    unit_markup,
)
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import compares_functions, functions_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.page_parts import Setting
from survey.errors import InputError
from survey.instrument.content import Instrument
from survey.release.tables import ReleasedTables

COMPANY_FILE: Final = "company.pdf"
FUNCTIONS_FILE: Final = "company-functions.pdf"
APPENDIX_FILE: Final = "company-appendix.pdf"
Progress = Callable[[str, int, int], None]  # what is written, how many of how many


def require_free_folder(folder: Path) -> None:
    """Raise InputError unless the folder is new or empty, so that no old report stays in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: expected a new or an empty folder, found something in it.")


def reported_units(result: AssessmentResult) -> tuple[str, ...]:
    """Return the keys of the units that may have a report: those with figures of their own."""
    return tuple(
        unit.unit
        for unit in result.units[1:]
        if unit.own_diagnosis or (unit.profile and unit.profile.source.is_own)
    )


def company_markups(
    result: AssessmentResult,
    released: ReleasedTables,
    instrument: Instrument,
    *,
    study: MeasurementResult,
    setting: Setting,
    language: str,
) -> dict[str, str]:
    """Return the markup of every report about the whole company, by its file's name."""
    company = company_reading(result, setting=setting, language=language)
    found = {COMPANY_FILE: company_markup(company)}
    if compares_functions(result):
        functions = functions_reading(result, setting=setting, language=language)
        found[FUNCTIONS_FILE] = functions_markup(functions)
    appendix = appendix_reading(
        result, released, instrument, setting=setting, language=language, study=study
    )
    return {**found, APPENDIX_FILE: appendix_markup(appendix)}


def write_reports(
    result: AssessmentResult,
    folder: Path,
    *,
    company: Mapping[str, str],
    setting: Setting,
    language: str,
    progress: Progress,
) -> int:
    """Return how many reports lie in the folder, those of the company first; none with an error."""
    require_free_folder(folder)
    total = len(reported_units(result)) + len(company)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        reports = _reports(result, company, setting, language)
        for number, (name, content) in enumerate(reports, start=1):
            (unfinished / name).write_bytes(content)
            progress(name, number, total)
        unfinished.chmod(0o755)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return total


def _reports(
    result: AssessmentResult, company: Mapping[str, str], setting: Setting, language: str
) -> Iterator[tuple[str, bytes]]:
    names = [*company, *_file_names(reported_units(result))]
    markups = chain(company.values(), _unit_markups(result, setting, language))
    documents = shared_pool().render_each(markups)
    for name, document in zip(names, documents, strict=True):
        if isinstance(document, RenderError):
            raise document
        yield name, document


def _unit_markups(result: AssessmentResult, setting: Setting, language: str) -> Iterator[str]:
    for unit in reported_units(result):
        yield unit_markup(unit_reading(result, unit, setting=setting, language=language))


def _file_names(units: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for unit in units:
        names.append(_file_name(unit, set(names)))
    return names


def _file_name(unit: str, taken: set[str]) -> str:
    """Return a file's name from a unit's code, whatever characters that has."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", unit).strip("-") or "unit"
    name, number = f"unit-{plain}.pdf", 1
    while name in taken:
        number += 1
        name = f"unit-{plain}-{number}.pdf"
    return name
