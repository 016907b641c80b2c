"""Stored results as scoring gave them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from diagnostics.models import Assessment
from diagnostics.scoring.documents import from_document
from diagnostics.scoring.method import Method
from diagnostics.scoring.results import AssessmentResult, CompanyResult, UnitResult
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
        method=from_document(Method, assessment.method),
        anchors={code: tuple(three) for code, three in assessment.anchors.items()},
        other_anchors={code: tuple(three) for code, three in assessment.other_anchors.items()},
        company=from_document(CompanyResult, assessment.company),
        units=tuple(
            from_document(UnitResult, result) for result in rows.values_list("result", flat=True)
        ),
    )
