"""Which units a campaign will publish by themselves, or has published."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils import timezone

from survey.import_files.units import code_key
from survey.models import (
    IN_BANDS,
    Campaign,
    CampaignState,
    DraftHeadCount,
    HeadCount,
    Invitation,
    Recipient,
    ReleasedSet,
    Unit,
)
from survey.release.sets import ReleasePlan
from survey.release.tables import FUNCTIONS
from survey.release.tree import NOWHERE, ROOT, UnitTree
from survey.selectors.head_counts.confirmation import confirmation_of, floors_at_launch
from survey.selectors.releases import campaign_tree
from survey.selectors.units.trees import walk_tree
from survey.selectors.units.unit_plans import leaders_at_launch, units_at_launch

SHARES: Final = (1.0, 0.6)  # of those invited, who may answer
Groups = Mapping[tuple[str, str], int]  # (unit, function) -> people, leaders at the top


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a unit is published by itself: in the general plan, and in the sensitive one."""

    has_figures: bool
    has_verdict: bool


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit, and its outcome if everybody answers and if six of ten do; or the released one."""

    name: str
    outcomes: tuple[Outcome, ...]


def planned_units(campaign: Campaign) -> tuple[PlannedUnit, ...]:
    """Return every unit of a campaign in the tree's order; none of one that was cancelled."""
    if campaign.state == CampaignState.CANCELLED:
        return ()
    floors = campaign.floor, campaign.sensitive_floor
    if campaign.state in (CampaignState.DRAFT, CampaignState.LAUNCHING):
        units = units_at_launch(campaign, timezone.localdate())
        tree, groups = _tree_of(units), _listed(campaign, units)
        confirmation = confirmation_of(campaign, by=None, on=timezone.localdate())
        floors = floors_at_launch(campaign, is_alone=confirmation.is_alone)
    else:
        tree, groups = campaign_tree(campaign), _planned(campaign)
    if campaign.gives_rows:
        groups = _together(groups)
    if tree is None:
        return ()
    if campaign.state == CampaignState.RELEASED:
        columns = [_released(campaign, tree)]
    else:
        columns = [_expected(floors, tree, groups, share) for share in SHARES]
    return tuple(
        PlannedUnit(name, tuple(outcomes))
        for name, *outcomes in zip(tree.names, *columns, strict=True)
    )


def _expected(
    floors: tuple[int, int], tree: UnitTree, groups: Groups, share: float
) -> list[Outcome]:
    sizes = np.zeros((len(tree), len(FUNCTIONS)), dtype=np.int64)
    for (unit, function), people in groups.items():
        place = tree.position.get(unit, ROOT)
        sizes[place, FUNCTIONS.index(function)] += int(people * share)
    plan = ReleasePlan(tree, sizes, *floors)
    published = zip(plan.general.published, plan.sensitive.published, strict=True)
    return [Outcome(bool(figures), bool(verdict)) for figures, verdict in published]


def _together(groups: Groups) -> Groups:
    """Return everybody as of the top, where a campaign tells nothing of units."""
    found = Counter[tuple[str, str]]()
    for (_unit, function), people in groups.items():
        found["", function] += people
    return found


def _released(campaign: Campaign, tree: UnitTree) -> list[Outcome]:
    own = ReleasedSet.objects.filter(
        release__campaign=campaign, kind=ReleasedSet.Kind.UNIT, function=""
    )
    found = {(str(unit), plan) for unit, plan in own.values_list("owner_id", "plan")}
    return [
        Outcome(
            (key, ReleasedSet.Plan.GENERAL) in found, (key, ReleasedSet.Plan.SENSITIVE) in found
        )
        for key in tree.keys
    ]


def _tree_of(all_units: Iterable[Unit]) -> UnitTree | None:
    """Return the units as a launch today would freeze them."""
    units: list[Unit] = list(walk_tree(all_units))
    if not units:
        return None
    place = {unit.id: position for position, unit in enumerate(units)}
    parents = (NOWHERE if u.parent_id is None else place[u.parent_id] for u in units)
    return UnitTree(tuple(str(u.id) for u in units), tuple(parents), tuple(u.name for u in units))


def _listed(campaign: Campaign, units: Iterable[Unit]) -> Groups:
    leaders = leaders_at_launch(campaign, timezone.localdate())
    keys = {code_key(unit.code): str(unit.id) for unit in units}
    people = Recipient.objects.filter(campaign=campaign).uninvited()
    groups = Counter(
        ("" if email in leaders else keys.get(code_key(code), ""), function)
        for code, function, email in people.values_list("unit_code", "function", "email")
    )
    for one in DraftHeadCount.objects.filter(campaign=campaign):
        groups[keys.get(code_key(one.unit_code), ""), one.function] += one.without_mail
    return groups


def _planned(campaign: Campaign) -> Groups:
    """Return who was planned with at the launch: nobody else counts for a floor."""
    people = Invitation.objects.filter(IN_BANDS, campaign=campaign, revoked=False)
    groups = Counter(
        ("" if leads else str(unit), function)
        for unit, function, leads in people.values_list("unit_id", "function", "leads")
    )
    for one in HeadCount.objects.filter(campaign_unit__campaign=campaign):
        groups[str(one.campaign_unit_id), one.function] += one.without_mail
    return groups
