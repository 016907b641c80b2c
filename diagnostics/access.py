"""The table of roles about results, downloads, methods and the workbench, and who a user is.

What a right is, and who has those about campaigns, stands in `survey.access`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet, Subquery

from diagnostics.models import Download, Report, UnitAssessment
from survey.access import (
    CampaignRight,
    HeldRoles,
    Reach,
    Right,
    campaigns_where,
    current_leaderships,
    held_memberships,
    leaderships_for,
    roles_for,
)
from survey.models import Campaign, CampaignState, CampaignUnit, Role, User


class ResultRight(Right):
    """What somebody may do with results and with how they are made."""

    OPEN_COMPANY = (
        "open the company's page",
        (Role.EXECUTIVE, Role.ANALYST),
        "the company is large enough for all who work with results",
        Reach.COMPANY,
    )
    OPEN_UNITS = (
        "open a unit's page, team sheet and report",
        (Role.EXECUTIVE,),
        "a team answers to those who lead it, not to other teams",
        Reach.NEAR,
    )
    SEE_EVERY_UNIT = (
        "read what counts every unit: company report, comparison of functions, effect of patterns",
        (Role.EXECUTIVE,),
        "it tells of units that a leader or analyst may not open",
    )
    READ_APPENDIX = (
        "read the research appendix",
        (Role.EXECUTIVE, Role.ANALYST),
        "it is about the company and names no unit",
    )
    DOWNLOAD_RESULTS = (
        "download all reports and all figures",
        (Role.EXECUTIVE,),
        "leaders have their own reports only",
    )
    TELL_LEADERS = (
        "have leaders told that results are there, and read whom no mail reached",
        (Role.EXECUTIVE,),
        "whoever has read the results says when",
    )
    NOTE_ACTIONS = (
        "note and change a unit's actions",
        (),
        "what a team will do is said by who leads it",
        Reach.OWN,
    )
    KEEP_METHODS = (
        "look at pattern sets and calibrations, copy and change them",
        (Role.MANAGER, Role.ANALYST, Role.EXECUTIVE),
        "a definition holds no answers",
    )
    ANALYSE = (
        "use the workbench: tables, analyses, their files, properties of scales",
        CampaignRight.READ_ROWS.roles,
        "its pages show cases where a campaign gives single answers",
    )

    @property
    def opens_results(self) -> bool:
        """All but looking after definitions, which hold no answers."""
        return self is not ResultRight.KEEP_METHODS


# What each file of a campaign's results asks for, in the order of the page.
DOWNLOADS: Final[Mapping[str, Right]] = {
    Download.Kind.REPORTS: ResultRight.DOWNLOAD_RESULTS,
    Download.Kind.FIGURES: ResultRight.DOWNLOAD_RESULTS,
    Download.Kind.ANSWERS: CampaignRight.READ_ROWS,
}
# The same of the reports of the company beside its own.
FURTHER_REPORTS: Final[Mapping[str, Right]] = {
    Report.Kind.FUNCTIONS: ResultRight.SEE_EVERY_UNIT,
    Report.Kind.APPENDIX: ResultRight.READ_APPENDIX,
}


@dataclass(frozen=True, slots=True)
class UserRoles:
    """The roles of one user, whether they lead a unit, and whether all of it is invented."""

    roles: frozenset[str]
    is_leader: bool
    is_demonstration: bool

    @property
    def runs_campaigns(self) -> bool:
        """Whether campaign pages are of use to this user."""
        return HeldRoles(self.roles).may(CampaignRight.RUN_CAMPAIGNS)

    @property
    def reads_ledgers(self) -> bool:
        """Whether an organisation's ledger is open to this user."""
        return HeldRoles(self.roles).may(CampaignRight.READ_LEDGER)

    @property
    def confirms(self) -> bool:
        """Whether this user gives second words."""
        return HeldRoles(self.roles).may(CampaignRight.CONFIRM)

    @property
    def uses_methods(self) -> bool:
        """Whether pattern sets and calibrations are this user's to look after."""
        return HeldRoles(self.roles).may(ResultRight.KEEP_METHODS)

    @property
    def analyses(self) -> bool:
        """Whether the workbench is open to this user."""
        return HeldRoles(self.roles).may(ResultRight.ANALYSE)


def roles_of(user: User) -> UserRoles:
    """Return a user's roles; read once for each request, since the user object carries them."""
    known: UserRoles | None = getattr(user, "_roles", None)
    if known is None:
        known = _read_roles(user)
        user._roles = known  # type: ignore[attr-defined]
    return known


def campaigns_with_results_for(user: User) -> QuerySet[Campaign]:
    """Return the campaigns whose results a user may see once there are any."""
    return (
        campaigns_where(user, ResultRight.OPEN_COMPANY)
        .exclude(state__in=(CampaignState.DRAFT, CampaignState.CANCELLED))
        .exclude(is_rehearsal=True)
        .select_related("organisation")
    )


def sees_every_unit(user: User, campaign: Campaign) -> bool:
    """Whether the company's report, which lists all units, may be read by this user."""
    return roles_for(user, campaign).may(ResultRight.SEE_EVERY_UNIT)


def visible_units(user: User, campaign: Campaign) -> QuerySet[CampaignUnit]:
    """Return the units whose results a user may see; none of a campaign that is not released.

    HR sees all; an analyst the company; a leader or deputy the own units, their published
    sub-units, the nearest published unit above each, and the company.
    """
    if campaign.state != CampaignState.RELEASED:
        return CampaignUnit.objects.none()
    units = CampaignUnit.objects.filter(campaign=campaign)
    roles = roles_for(user, campaign)
    if roles.may(ResultRight.OPEN_UNITS):
        return units
    led_now = set(leaderships_for(campaign).filter(user=user).values_list("unit_id", flat=True))
    places = list(units.values_list("pk", "unit_id", "parent_id")) if led_now else []
    led = {key for key, unit, _ in places if unit in led_now}
    if not led:
        may_open = roles.may(ResultRight.OPEN_COMPANY)
        return units.filter(parent=None) if may_open else units.none()
    parents = {key: parent for key, _, parent in places}
    return units.filter(pk__in=_seen_by_leader(led, parents, _published_units(campaign)))


def led_units(user: User, campaign: Campaign) -> QuerySet[CampaignUnit]:
    """Return the units of a released campaign that a user leads, or stands in for, today."""
    return CampaignUnit.objects.filter(
        campaign=campaign,
        campaign__state=CampaignState.RELEASED,
        unit__in=leaderships_for(campaign).filter(user=user).values("unit_id"),
    )


def leaders_of(campaign: Campaign) -> QuerySet[User]:
    """Return those who lead a unit of the campaign, or stand in, today, and read its results."""
    current = leaderships_for(campaign).filter(unit__in=campaign.units.values("unit_id"))
    return User.objects.filter(pk__in=current.values("user_id"), is_active=True).order_by("email")


def kinds_for(user: User, campaign: Campaign) -> tuple[str, ...]:
    """Return the kinds of downloads that a user may have, none before the release.

    Single answers are in none where the campaign gives figures of units.
    """
    if campaign.state != CampaignState.RELEASED:
        return ()
    kinds = _given(DOWNLOADS, roles_for(user, campaign))
    return tuple(kind for kind in kinds if campaign.gives_rows or kind not in Download.ROW_KINDS)


def further_kinds(user: User, campaign: Campaign) -> tuple[str, ...]:
    """Return the kinds of company reports that a user may read beside the company's own.

    The comparison of functions lists areas, so that it is not for the analyst.
    """
    return _given(FURTHER_REPORTS, roles_for(user, campaign))


def _given(kinds: Mapping[str, Right], roles: HeldRoles) -> tuple[str, ...]:
    return tuple(kind for kind, right in kinds.items() if roles.may(right))


def _read_roles(user: User) -> UserRoles:
    memberships = list(
        held_memberships().filter(user=user).values_list("role", "organisation__is_demonstration")
    )
    leaderships = current_leaderships().filter(user=user)
    led = list(leaderships.values_list("unit__organisation__is_demonstration", flat=True))
    return UserRoles(
        roles=frozenset(role for role, _ in memberships),
        is_leader=bool(led),
        is_demonstration=any(invented for _, invented in memberships) or any(led),
    )


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
