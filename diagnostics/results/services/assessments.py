"""Scoring a released campaign and freezing what came out; for the worker only."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from diagnostics import __version__
from diagnostics.documents import ANCHORS, COMPANY_RESULT, METHOD, UNIT_RESULT
from diagnostics.methods.selectors.definitions import method_of
from diagnostics.methods.services.definitions import freeze_method
from diagnostics.models import Assessment, UnitAssessment
from diagnostics.results.selectors.waves import campaign_before
from diagnostics.results.services.scorings import settle_scoring, turn_to_score
from diagnostics.scoring.assessing import assess, result_digest
from diagnostics.scoring.method import DEFAULT_SEED, Method
from diagnostics.scoring.results import AssessmentResult, UnitResult
from qca.bootstrap import DRAWS
from survey.errors import StateError
from survey.models import Action, Campaign, CampaignState, Who
from survey.queue import later
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.releases import released_cells, released_rows
from survey.services.ledger import note
from survey.services.retention.row_files import answers_held
from survey.services.steps import drop_cut_line

Stored = dict[str, Any]
RESULTS_AN_INSERT = 200  # a result is a few kilobytes


@dataclass(frozen=True, slots=True)
class _Found:
    """A result as its tables take it."""

    columns: Stored  # of the assessment
    units: list[tuple[UnitResult, Stored]]


def assess_released_campaign(*, campaign_id: UUID) -> Assessment | None:
    """Score a release once, one worker at a time; a repeated call returns what is there.

    None without a release, and while another worker is at it.
    """
    campaign = Campaign.objects.filter(pk=campaign_id, state=CampaignState.RELEASED).first()
    if campaign is None:
        return None
    there = campaign.assessments.first()
    if there is not None:
        settle_scoring(campaign=campaign)
        return there
    with turn_to_score(campaign) as turn:
        # Looked for again: another worker may have ended its turn in between.
        there = campaign.assessments.first()
        if there is not None or turn is None:
            return there
        return assess_campaign(campaign=campaign, only_first=True)


def assess_campaign(
    *,
    campaign: Campaign,
    seed: int = DEFAULT_SEED,
    draws: int = DRAWS,
    only_first: bool = False,
) -> Assessment:
    """Score a release and store the result; a second one on the same release gets number two.

    With `only_first`, another worker's assessment that came in meanwhile is returned instead.
    Raises AnswersDeletedError once the answers are deleted.
    """
    if campaign.state != CampaignState.RELEASED:
        raise StateError(f"{campaign.name}: expected a released campaign, found {campaign.state}.")
    method = method_of(freeze_method(campaign=campaign), draws=draws, seed=seed)
    result = compute_result(campaign=campaign, method=method)
    # Put into documents before the lock too: hundreds of units are megabytes.
    found = _documents(result)
    drop_cut_line()
    with answers_held(campaign):
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        latest = locked.assessments.first()
        if latest is not None and only_first:
            return latest
        assessment = _store(locked, found, number=latest.number + 1 if latest else 1)
        later("diagnostics.tasks.queue_reports", assessment.pk)
    return assessment


def compute_result(*, campaign: Campaign, method: Method) -> AssessmentResult:
    """Return the result of a release by a method; nothing is stored."""
    codes = {str(pk): code for pk, code in campaign.units.values_list("pk", "code") if code}
    return assess(
        released_cells(campaign),
        released_rows(campaign),
        instrument=questionnaire_of(campaign),
        method=method,
        codes=codes,
    )


def is_reproduced(*, assessment: Assessment) -> bool:
    """Score again by the stored method and tell whether every figure comes out the same.

    Raises AnswersDeletedError where the answers are deleted.
    """
    method = METHOD.read(assessment.method)
    result = compute_result(campaign=assessment.campaign, method=method)
    return result_digest(result) == assessment.digest


def _documents(result: AssessmentResult) -> _Found:
    return _Found(
        columns={
            "method": METHOD.stored(result.method),
            "anchors": ANCHORS.stored(result.anchors),
            "other_anchors": ANCHORS.stored(result.other_anchors),
            "seed": result.method.seed,
            "draws": result.method.draws,
            "digest": result_digest(result),
            "company": COMPANY_RESULT.stored(result.company),
        },
        units=[(unit, UNIT_RESULT.stored(unit)) for unit in result.units],
    )


def _store(campaign: Campaign, found: _Found, *, number: int) -> Assessment:
    method = campaign.method
    now = timezone.now()
    assessment = Assessment.objects.create(
        campaign=campaign,
        number=number,
        pattern_set=method.pattern_set,
        calibration=method.calibration,
        software_version=__version__,
        release_digest=campaign.release.digest,
        created_at=now,
        **found.columns,
    )
    sets = dict(campaign.release.sets.values_list("key", "pk"))
    UnitAssessment.objects.bulk_create(
        [_unit_assessment(assessment, unit, sets, stored) for unit, stored in found.units],
        batch_size=RESULTS_AN_INSERT,
    )
    note(
        Action.ASSESSED,
        by=Who.WORKER,
        campaign=campaign,
        now=now,
        detail={
            "number": number,
            "digest": assessment.digest,
            "seed": assessment.seed,
            **_compared_with(campaign),
        },
    )
    return assessment


def _compared_with(campaign: Campaign) -> dict[str, str]:
    """Note the release that trends over waves set beside this one."""
    earlier = campaign_before(campaign)
    return {"compared_with": earlier.release.digest} if earlier else {}


def _unit_assessment(
    assessment: Assessment, unit: UnitResult, sets: dict[str, UUID], stored: Stored
) -> UnitAssessment:
    profile = unit.profile.source if unit.profile else None
    verdict = unit.diagnosis.source if unit.diagnosis else None
    return UnitAssessment(
        assessment=assessment,
        unit_id=UUID(unit.unit),
        profile_set_id=sets[profile.set_key] if profile else None,
        verdict_set_id=sets[verdict.set_key] if verdict else None,
        is_own_profile=profile is not None and profile.is_own,
        is_own_verdict=verdict is not None and verdict.is_own,
        result=stored,
    )
