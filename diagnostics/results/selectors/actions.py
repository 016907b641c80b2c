"""A unit's actions with those of the wave before."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from diagnostics.documents import METHOD, UNIT_RESULT
from diagnostics.models import Action, Assessment, UnitAssessment
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.results.selectors.same_statements import comparable_constructs
from diagnostics.results.wording.actions import (
    ActionPlan,
    EarlierAction,
    NotedAction,
    action_rows,
    earlier_actions,
    element_words,
)
from diagnostics.scoring.results import UnitResult
from diagnostics.wording.glossary import Glossary, glossary
from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.models import Campaign, CampaignState, CampaignUnit


def elements_to_move(assessment: Assessment, *, language: str) -> dict[str, str]:
    """Return what an action may be about: every element by its code."""
    with override(language):
        names = _names(assessment, language)
        return {
            code: element_words(code, names) for code in names.constructs if code != names.outcome
        }


def action_plan(
    assessment: Assessment, unit: CampaignUnit, *, language: str, may_change: bool = False
) -> ActionPlan:
    """Return a unit's actions; those who may read its page or report may read them."""
    with override(language):
        names = _names(assessment, language)
        earlier = _wave_before(assessment.campaign, unit)
        return ActionPlan(
            rows=action_rows(
                _noted(unit),
                names,
                address=lambda key: action_address(unit, key) if may_change else "",
            ),
            earlier=_earlier(assessment, unit, earlier, names) if earlier else (),
            earlier_campaign=earlier.campaign.name if earlier else "",
        )


def action_address(unit: CampaignUnit, key: str) -> str:
    """Return the address of an action's form."""
    return reverse("diagnostics:action-edit", args=[unit.campaign_id, unit.pk, key])


def _names(assessment: Assessment, language: str) -> Glossary:
    return glossary(METHOD.read(assessment.method), language)


def _noted(unit: CampaignUnit) -> list[NotedAction]:
    return [
        NotedAction(
            key=str(action.pk),
            element=action.element,
            text=action.text,
            owner=action.owner,
            due_on=action.due_on,
            state=action.get_state_display(),
        )
        for action in Action.objects.filter(unit=unit)
    ]


def _wave_before(campaign: Campaign, unit: CampaignUnit) -> CampaignUnit | None:
    """Return the unit, or its only predecessor, in the latest wave before that had either."""
    earlier = (
        CampaignUnit.objects.filter(
            Q(unit=unit.unit_id) | Q(unit__successors=unit.unit_id),
            campaign__organisation=campaign.organisation_id,
            campaign__state=CampaignState.RELEASED,
            campaign__closed_at__lt=campaign.closed_at,
        )
        .select_related("campaign")
        .order_by("-campaign__closed_at")
        .distinct()
    )
    found = list(earlier)
    latest = [one for one in found if one.campaign_id == found[0].campaign_id]
    itself = [one for one in latest if one.unit_id == unit.unit_id]
    if itself:
        return itself[0]
    return latest[0] if len(latest) == 1 else None


def _earlier(
    assessment: Assessment, unit: CampaignUnit, earlier: CampaignUnit, names: Glossary
) -> tuple[EarlierAction, ...]:
    actions = _noted(earlier)
    now = _result(assessment, unit)
    if not actions or now is None:
        return ()
    comparable = comparable_constructs(earlier.campaign, assessment.campaign)
    try:
        before = _result(current_assessment(earlier.campaign), earlier)
    except UnreadableDocumentError as error:
        return earlier_actions(
            actions, names, before=unreadable_words(error), now=now, comparable=comparable
        )
    return earlier_actions(actions, names, before=before, now=now, comparable=comparable)


def _result(assessment: Assessment | None, unit: CampaignUnit) -> UnitResult | None:
    stored = UnitAssessment.objects.filter(assessment=assessment, unit=unit).first()
    return UNIT_RESULT.read(stored.result) if stored else None
