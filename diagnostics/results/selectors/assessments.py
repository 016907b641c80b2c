"""Stored results as scoring gave them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from diagnostics.documents import ANCHORS, COMPANY_RESULT, METHOD, UNIT_RESULT
from diagnostics.models import Assessment
from diagnostics.scoring.results import AssessmentResult
from survey.models import Campaign


def current_assessment(campaign: Campaign) -> Assessment | None:
    """Return the newest assessment of a campaign, None while there is none."""
    return campaign.assessments.select_related("campaign__organisation").first()


def assessment_result(
    assessment: Assessment, *, units: Collection[UUID] | None = None
) -> AssessmentResult:
    """Return the stored result as scoring gave it; with `units`, of these and the root only."""
    rows = assessment.units.order_by("unit__position")
    if units is not None:
        rows = rows.filter(Q(unit__in=units) | Q(unit__parent=None))
    return AssessmentResult(
        method=METHOD.read(assessment.method),
        anchors=ANCHORS.read(assessment.anchors),
        other_anchors=ANCHORS.read(assessment.other_anchors),
        company=COMPANY_RESULT.read(assessment.company),
        units=tuple(UNIT_RESULT.read(result) for result in rows.values_list("result", flat=True)),
    )
