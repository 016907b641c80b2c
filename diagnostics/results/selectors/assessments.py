"""Stored results, and whose results a user may see."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery

from diagnostics.access import current_leaderships
from diagnostics.models import Assessment, UnitAssessment
from diagnostics.scoring.documents import from_document
from diagnostics.scoring.method import Method
from diagnostics.scoring.results import AssessmentResult, CompanyResult, UnitResult
from survey.models import Campaign, CampaignState, CampaignUnit, Membership, Role, User

COMPANY_ROLES = (Role.EXECUTIVE, Role.ANALYST)


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


def released_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the campaigns of which a user may see any result."""
    led = current_leaderships(user).values("unit_id")
    member = Membership.objects.filter(user=user, role__in=COMPANY_ROLES)
    return (
        Campaign.objects.filter(state=CampaignState.RELEASED)
        .filter(
            Q(organisation__in=member.values("organisation_id"))
            | Q(pk__in=CampaignUnit.objects.filter(unit__in=led).values("campaign_id"))
        )
        .select_related("organisation")
    )


def visible_units(user: User, campaign: Campaign) -> QuerySet[CampaignUnit]:
    """Return the units whose results a user may see; none of a campaign that is not released.

    HR sees all; an analyst the company; a leader or deputy the own units, their published
    sub-units, the nearest published unit above each, and the company.
    """
    if campaign.state != CampaignState.RELEASED:
        return CampaignUnit.objects.none()
    units = CampaignUnit.objects.filter(campaign=campaign)
    roles = set(
        Membership.objects.filter(
            user=user, organisation_id=campaign.organisation_id, role__in=COMPANY_ROLES
        ).values_list("role", flat=True)
    )
    if Role.EXECUTIVE in roles:
        return units
    led_now = set(current_leaderships(user).values_list("unit_id", flat=True))
    places = list(units.values_list("pk", "unit_id", "parent_id")) if led_now else []
    led = {key for key, unit, _ in places if unit in led_now}
    if not led:
        return units.filter(parent=None) if roles else units.none()
    parents = {key: parent for key, _, parent in places}
    return units.filter(pk__in=_seen_by_leader(led, parents, _published_units(campaign)))


def _seen_by_leader(
    led: Collection[UUID], parents: Mapping[UUID, UUID | None], published: Collection[UUID]
) -> set[UUID]:
    seen = set(led)
    for unit in parents:
        above = list(_ancestors(unit, parents))
        if unit in led:
            seen.update(above[-1:])
            seen.update([other for other in above if other in published][:1])
        elif unit in published and any(other in led for other in above):
            seen.add(unit)
    return seen


def _ancestors(unit: UUID, parents: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    """Yield the units above a unit, the company's last."""
    parent = parents[unit]
    while parent is not None:
        yield parent
        parent = parents[parent]


def _published_units(campaign: Campaign) -> set[UUID]:
    newest = campaign.assessments.values("pk")[:1]
    own = UnitAssessment.objects.filter(assessment=Subquery(newest), is_own_profile=True)
    return set(own.values_list("unit_id", flat=True))
