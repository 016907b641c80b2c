"""A unit's change since the wave before, from the frozen results of both assessments."""

from dataclasses import replace
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import override

from diagnostics.models import Assessment
from diagnostics.results.selectors.assessments import assessment_result, current_assessment
from diagnostics.results.selectors.same_statements import comparable_constructs
from diagnostics.results.selectors.waves import Lineage, WaveBefore, earlier_waves, wave_before
from diagnostics.results.wording.trend_figures import WaveResult, trend_figure
from diagnostics.results.wording.trends import (
    Past,
    first_wave_reason,
    lineage_reason,
    no_trend,
    other_statements_reason,
    trend_reading,
)
from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.trends import unit_trend
from diagnostics.wording.page_parts import TrendReading
from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.models import Campaign, CampaignUnit

MOST_EARLIER: Final = 3  # waves that are drawn beside the current one


def unit_trend_reading(
    assessment: Assessment, result: AssessmentResult, unit: CampaignUnit, *, language: str
) -> TrendReading:
    """Return what changed in a unit, or in the company by its root unit; else why nothing is told.

    Whoever may see the unit now may see what became of it: the wave before adds no other group.
    """
    wave = wave_before(assessment.campaign, unit)
    earlier = current_assessment(wave.campaign) if wave.campaign else None
    with override(language):
        if wave.campaign is None or earlier is None:
            return no_trend(None, first_wave_reason())
        past = _past(wave.campaign, wave, unit)
        if wave.unit is None:
            is_split = wave.lineage is Lineage.SPLIT
            return no_trend(past, lineage_reason(unit.name, wave.names, is_split=is_split))
        comparable = comparable_constructs(wave.campaign, assessment.campaign)
        if comparable.isdisjoint(result.method.codes):
            return no_trend(past, other_statements_reason())
        now = _wave_result(assessment.campaign, result, unit, since=assessment.campaign)
        earlier_results, unreadable = _earlier_results(wave, now=assessment.campaign)
        if not earlier_results:
            return no_trend(past, unreadable)
        waves = [*earlier_results, now]
        before = waves[-2]
        trend = unit_trend(
            before.result,
            result,
            unit_before=before.key,
            unit_now=now.key,
            comparable=before.comparable,
        )
    reading = trend_reading(trend, past, now=result, unit=unit.name, language=language)
    sentences = (*reading.sentences, unreadable) if unreadable else reading.sentences
    return replace(reading, sentences=sentences, figure=trend_figure(waves, language=language))


def _earlier_results(nearest: WaveBefore, *, now: Campaign) -> tuple[list[WaveResult], str]:
    """Return what was found of the unit in earlier waves, the oldest first.

    They reach back to the first one that nobody can read, and the text says so.
    """
    found: list[WaveResult] = []
    for wave in earlier_waves(nearest, most=MOST_EARLIER):
        assessment = current_assessment(wave.campaign) if wave.campaign else None
        if assessment is None or wave.unit is None:
            continue
        try:
            result = assessment_result(assessment, units=[wave.unit.pk])
        except UnreadableDocumentError as error:
            return found, f"{assessment.campaign.name}: {unreadable_words(error)}"
        found.insert(0, _wave_result(assessment.campaign, result, wave.unit, since=now))
    return found, ""


def _wave_result(
    campaign: Campaign, result: AssessmentResult, unit: CampaignUnit, *, since: Campaign
) -> WaveResult:
    comparable = comparable_constructs(campaign, since)
    return WaveResult(campaign.name, _closed_on(campaign), result, str(unit.pk), comparable)


def _closed_on(campaign: Campaign) -> str:
    return date_format(campaign.closed_at, "DATE_FORMAT") if campaign.closed_at else ""


def _past(campaign: Campaign, wave: WaveBefore, unit: CampaignUnit) -> Past:
    return Past(
        campaign=campaign.name,
        closed_on=_closed_on(campaign),
        former_name=wave.unit.name if wave.unit and wave.unit.name != unit.name else "",
        has_other_parts=wave.has_other_parts,
    )
