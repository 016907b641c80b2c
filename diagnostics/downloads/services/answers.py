"""The file of the company's answers for the analyst, frozen once made; for the worker only."""

from typing import IO

from diagnostics.downloads.services.figures import export_language, write_tables
from diagnostics.exports.answers import answer_table
from diagnostics.exports.reproduction import analysis_files
from diagnostics.models import Assessment
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.scoring.scales import scales_of
from survey.selectors.answer_life import refuse_single_answers
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import released_rows


def write_answers(assessment: Assessment, target: IO[bytes]) -> None:
    """Write function and answers of every person, without unit, pool or background.

    Beside them lies an R script with which everything computed from these rows can be repeated.
    Raises SingleAnswersError where the campaign gives nobody any.
    """
    campaign = assessment.campaign
    refuse_single_answers(campaign)
    instrument = questionnaire_of(campaign)
    language = export_language(campaign, instrument)
    rows = released_rows(campaign)
    table = answer_table(rows, instrument, language=language)
    scales = scales_of(instrument, tuple(campaign.release.dropped_items))
    script = analysis_files(assessment_result(assessment), rows, scales)
    write_tables((table,), assessment, target, reproduction=script)
