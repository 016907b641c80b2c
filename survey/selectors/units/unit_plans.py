"""A draft's units as its launch will make them, and what that changes in the organisation."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from uuid import UUID

from survey.documents.canonical_json import content_digest
from survey.documents.kinds import UNIT_PLAN
from survey.import_files.units import UnitRow, code_key
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Leadership,
    Organisation,
    Unit,
    UnitPlan,
    User,
)
from survey.selectors.units.tree_plans import TreePlan, plan_tree

# Of these the results are still to come: whoever leads one of their units will read them.
RUNNING = (CampaignState.LAUNCHING, CampaignState.OPEN, CampaignState.CLOSED)


@dataclass(frozen=True, slots=True)
class EndedUnit:
    """A unit that is no longer in the file, and the running campaigns that have it."""

    code: str
    name: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewLeader:
    """Whom the file names as a unit's leader, by address, and who leads it until the launch."""

    code: str
    unit: str
    leader: str
    predecessor: str  # empty where nobody leads the unit now
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaunchChanges:
    """What a launch changes in the organisation; nothing where the present tree is used."""

    from_plan: bool = False  # whether the draft has units of its own
    created: int = 0
    changed: int = 0
    accounts: tuple[str, ...] = ()  # addresses that get an account and a mail
    ended_units: tuple[EndedUnit, ...] = ()
    leaders: tuple[NewLeader, ...] = ()
    digest: str = field(default="", repr=False)  # of all that touches a running campaign

    @property
    def needs_agreement(self) -> bool:
        """Whether a running campaign loses a unit, or its results get another reader."""
        return bool(self.digest)

    @property
    def replaced(self) -> tuple[NewLeader, ...]:
        """The leaders who follow somebody."""
        return tuple(leader for leader in self.leaders if leader.predecessor)

    @property
    def appointed(self) -> tuple[NewLeader, ...]:
        """The leaders of units that nobody leads now."""
        return tuple(leader for leader in self.leaders if not leader.predecessor)

    @property
    def used_units(self) -> tuple[EndedUnit, ...]:
        """The ended units that a running campaign uses."""
        return tuple(unit for unit in self.ended_units if unit.used_by)

    @property
    def used_leaders(self) -> tuple[NewLeader, ...]:
        """The new leaders of units that a running campaign uses."""
        return tuple(leader for leader in self.leaders if leader.used_by)

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The running campaigns that any of it touches."""
        used = [unit.used_by for unit in self.ended_units]
        used += [leader.used_by for leader in self.leaders]
        return tuple(sorted({name for names in used for name in names}))


def planned_rows(campaign: Campaign) -> tuple[UnitRow, ...] | None:
    """Return the units that a draft brings along; None where it uses the organisation's tree."""
    plan = UnitPlan.objects.filter(campaign=campaign).first()
    return None if plan is None else rows_of(plan)


def rows_of(plan: UnitPlan) -> tuple[UnitRow, ...]:
    """Return a stored plan's units, parents before children."""
    return UNIT_PLAN.read(plan.rows)


def units_at_launch(campaign: Campaign, on: date) -> tuple[Unit, ...]:
    """Return the units as a launch on that day would freeze them; new ones are not saved."""
    plan = UnitPlan.objects.filter(campaign=campaign).first()
    if plan is None:
        return tuple(campaign.organisation.units.on(on))
    return planned_tree(plan, on).kept


def planned_tree(plan: UnitPlan, on: date) -> TreePlan:
    """Return what a draft's plan makes of the organisation's tree."""
    organisation = plan.campaign.organisation
    rows = rows_of(plan)
    return plan_tree(organisation=organisation, rows=rows, on=on, root_name=plan.root_name)


def leaders_at_launch(campaign: Campaign, on: date) -> frozenset[str]:
    """Return the addresses of everyone who leads a unit once the campaign is launched."""
    plan = UnitPlan.objects.filter(campaign=campaign).first()
    leading = {
        leadership.unit_id: leadership.user.email
        for leadership in _leaderships(campaign.organisation)
    }
    if plan is not None:
        units = {code_key(unit.code): unit.id for unit in planned_tree(plan, on).kept}
        named = {units[code_key(row.code)]: row.leader_email for row in rows_of(plan)}
        leading |= {unit: address for unit, address in named.items() if address}
    return frozenset(leading.values())


def launch_changes(campaign: Campaign, on: date) -> LaunchChanges:
    """Return what a launch on that day changes; a rehearsal changes nothing."""
    plan = UnitPlan.objects.filter(campaign=campaign).select_related("campaign").first()
    if plan is None or campaign.is_rehearsal:
        return LaunchChanges()
    return tree_changes(campaign.organisation, rows_of(plan), planned_tree(plan, on))


def tree_changes(
    organisation: Organisation, rows: tuple[UnitRow, ...], tree: TreePlan
) -> LaunchChanges:
    """Return what rows of units, and the tree they make, change in an organisation."""
    running = _running_campaigns(organisation)
    users = User.objects.in_bulk({row.leader_email for row in rows}, field_name="email")
    changes = LaunchChanges(
        from_plan=True,
        created=len(tree.created),
        changed=len(tree.changed),
        accounts=tuple(sorted({row.leader_email for row in rows} - {"", *users})),
        ended_units=tuple(
            EndedUnit(unit.code, unit.name, running.get(unit.id, ())) for unit in tree.ended
        ),
        leaders=tuple(_new_leaders(organisation, rows, tree, users, running)),
    )
    return _with_digest(changes)


def _new_leaders(
    organisation: Organisation,
    rows: tuple[UnitRow, ...],
    tree: TreePlan,
    users: dict[str, User],
    running: dict[UUID, tuple[str, ...]],
) -> Iterator[NewLeader]:
    """Yield whom the file names and who does not lead the unit yet."""
    leading = {leadership.unit_id: leadership.user for leadership in _leaderships(organisation)}
    units = {code_key(unit.code): unit for unit in tree.kept}
    for row in rows:
        unit = units[code_key(row.code)]
        present = leading.get(unit.id)
        if not row.leader_email or (present and present.email == row.leader_email):
            continue
        known = users.get(row.leader_email)
        yield NewLeader(
            unit.code,
            unit.name,
            # A file can give anybody's name to an address; an account has its own.
            _told(known.name if known else row.leader_name, row.leader_email),
            _told(present.name, present.email) if present else "",
            running.get(unit.id, ()),
        )


def _told(name: str, address: str) -> str:
    return f"{name} ({address})" if name else address


def _with_digest(changes: LaunchChanges) -> LaunchChanges:
    """Return the changes with a fingerprint of what needs agreement, none if nothing does."""
    used = [
        [astuple(unit) for unit in changes.used_units],
        [astuple(leader) for leader in changes.used_leaders],
    ]
    if not any(used):
        return changes
    return replace(changes, digest=content_digest(used))


def _leaderships(organisation: Organisation) -> list[Leadership]:
    current = Leadership.objects.filter(
        unit__organisation=organisation, kind=Leadership.Kind.LEADER, until=None
    )
    return list(current.select_related("user"))


def _running_campaigns(organisation: Organisation) -> dict[UUID, tuple[str, ...]]:
    """Return the names of running campaigns by the units that they have."""
    running = CampaignUnit.objects.filter(
        campaign__organisation=organisation,
        campaign__state__in=RUNNING,
        campaign__is_rehearsal=False,
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for unit_id, name in running.order_by("campaign__name").values_list("unit", "campaign__name"):
        found[unit_id] = (*found.get(unit_id, ()), name)
    return found
