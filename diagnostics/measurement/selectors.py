"""What the page of a campaign's data quality and scale properties shows."""

from dataclasses import dataclass

from diagnostics.documents import SCALE_STUDY
from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.telling import told_study
from diagnostics.measurement.wording.quality import (
    ResponseLine,
    RuleLine,
    item_rule,
    response_lines,
    rule_lines,
)
from diagnostics.measurement.wording.scales import MeasurementReading, measurement_reading
from diagnostics.models import ScaleStudy
from diagnostics.scoring.method import construct_infos
from diagnostics.wording.glossary import text_in
from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.models import Campaign
from survey.selectors.answer_life import deletion_words
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import released_cells


@dataclass(frozen=True, slots=True)
class ScalePage:
    """Participation and exclusions, then the study as far as it is there."""

    campaign: Campaign
    responses: tuple[ResponseLine, ...]
    rules: tuple[RuleLine, ...]
    item_rule: str
    study: ScaleStudy | None
    reading: MeasurementReading | None
    unreadable: str  # why nobody can read the study; else empty
    deleted: str  # the sentence once the answers are deleted; else empty

    @property
    def is_going(self) -> bool:
        """Whether the page should look again soon."""
        return self.study is not None and self.study.is_going


def study_of(campaign: Campaign) -> ScaleStudy | None:
    """Return a campaign's study, made or not; None while nobody has asked for one."""
    return ScaleStudy.objects.select_related("campaign").filter(campaign=campaign).first()


def study_result(study: ScaleStudy | None) -> MeasurementResult | None:
    """Return what is told of what a study found, nothing as long as it is not ready."""
    if study is None or not study.is_ready:
        return None
    result = SCALE_STUDY.read(study.result)
    return result if study.campaign.gives_rows else told_study(result)


def scale_page(campaign: Campaign, *, language: str) -> ScalePage:
    """Return what is known of a released campaign's data."""
    counts = released_cells(campaign).counts
    study = study_of(campaign)
    reading, unreadable = None, ""
    try:
        reading = _reading(campaign, study, language)
    except UnreadableDocumentError as error:
        unreadable = unreadable_words(error)
    return ScalePage(
        campaign=campaign,
        responses=response_lines(counts),
        rules=rule_lines(counts, campaign.exclusion_rules),
        item_rule=item_rule(campaign.exclusion_rules),
        study=study,
        reading=reading,
        unreadable=unreadable,
        deleted=deletion_words(campaign),
    )


def _reading(
    campaign: Campaign, study: ScaleStudy | None, language: str
) -> MeasurementReading | None:
    result = study_result(study)
    if result is None:
        return None
    infos = construct_infos(questionnaire_of(campaign))
    return measurement_reading(
        result,
        constructs={info.code: text_in(info.name, language) for info in infos},
        in_tens=not campaign.gives_rows,
    )
