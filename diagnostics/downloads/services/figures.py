"""The files of released figures and of the company's answers; for the worker only."""

from collections.abc import Mapping, Sequence
from typing import IO

from django.utils.translation import override

from diagnostics.exports.figures import figure_tables
from diagnostics.exports.files import csv_file, sav_file, xlsx_file
from diagnostics.exports.reproduction import FOLDER, verdict_files
from diagnostics.exports.tables import ExportTable, codebook
from diagnostics.models import Assessment
from diagnostics.reports.services.bundles import write_files
from diagnostics.results.selectors.assessments import assessment_result
from survey.instrument.content import Instrument
from survey.models import Campaign
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import background_of, released_cells


def write_figures(assessment: Assessment, target: IO[bytes]) -> None:
    """Write scores, verdicts and statements as a workbook, as CSV and for SPSS."""
    campaign = assessment.campaign
    instrument = questionnaire_of(campaign)
    result, released = assessment_result(assessment), released_cells(campaign)
    codes = {str(key): code for key, code in campaign.units.values_list("pk", "code")}
    language = export_language(campaign, instrument)
    tables = figure_tables(
        result,
        released,
        instrument,
        codes=codes,
        language=language,
        background=background_of(campaign),
    )
    script = verdict_files(result, codes)
    write_tables(tables, assessment, target, reproduction=script)


def write_tables(
    tables: Sequence[ExportTable],
    assessment: Assessment,
    target: IO[bytes],
    *,
    reproduction: Mapping[str, bytes],
) -> None:
    """Write tables, their codebook in every format and the R script's folder into one ZIP."""
    day = assessment.created_at.date()
    instrument = questionnaire_of(assessment.campaign)
    with override(export_language(assessment.campaign, instrument)):
        explained = (*tables, codebook(tuple(tables)))
    files = {
        "workbook.xlsx": xlsx_file(explained, title=str(assessment.campaign), day=day),
        **{f"{table.name}.csv": csv_file(table) for table in explained},
        **{f"{table.name}.sav": sav_file(table, day=day) for table in tables},
        **{f"{FOLDER}/{name}": content for name, content in reproduction.items()},
    }
    write_files(files, target)


def export_language(campaign: Campaign, instrument: Instrument) -> str:
    """Return the campaign's first language that the questionnaire has."""
    spoken = [code for code in campaign.languages if code in instrument.languages]
    return next(iter([*spoken, *instrument.languages]))
