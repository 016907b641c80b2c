"""The head counts of a campaign by unit and function: as planned, and as frozen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from survey.documents.canonical_json import content_digest
from survey.import_files.units import code_key
from survey.models import Campaign, DraftHeadCount, Function, HeadCount, Recipient, Unit
from survey.selectors.units.trees import walk_tree
from survey.selectors.units.unit_plans import units_at_launch


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many people of one unit and function are invited by mail, and how many have no e-mail."""

    unit_code: str
    unit: str
    parent_code: str
    parent: str
    function: Function
    by_mail: int
    without_mail: int

    @property
    def total(self) -> int:
        """Everybody who is planned with."""
        return self.by_mail + self.without_mail


@dataclass(frozen=True)
class HeadCounts:
    """The numbers of all units of a campaign, in the order of its tree."""

    groups: tuple[GroupCount, ...]
    gives_rows: bool = False  # whether analysts get the answers of these people one by one

    @property
    def by_mail(self) -> int:
        """How many are invited by mail."""
        return sum(group.by_mail for group in self.groups)

    @property
    def without_mail(self) -> int:
        """How many have no e-mail."""
        return sum(group.without_mail for group in self.groups)

    @property
    def total(self) -> int:
        """Everybody who is planned with."""
        return self.by_mail + self.without_mail

    @cached_property
    def digest(self) -> str:
        """The fingerprint of what is shown: numbers, and the names and places of units as well.

        Else a confirmed number could be given to another team by exchanging two names. Nor is the
        word for figures of units one for single answers.
        """
        groups = [
            [
                group.unit_code, group.unit, group.parent_code, str(group.function),
                group.by_mail, group.without_mail,
            ]
            for group in self.groups
        ]  # fmt: skip
        return content_digest(["single answers", groups] if self.gives_rows else groups)

    def of_function(self, function: Function) -> tuple[int, int]:
        """Return how many of a function are invited by mail, and how many have no e-mail."""
        own = [group for group in self.groups if group.function == function]
        return sum(group.by_mail for group in own), sum(group.without_mail for group in own)


def planned_counts(campaign: Campaign, on: date) -> HeadCounts:
    """Return a draft's numbers as a launch on that day would freeze them."""
    units = list(walk_tree(units_at_launch(campaign, on)))
    invited = Counter(
        (code_key(code), function)
        for code, function in Recipient.objects.filter(campaign=campaign)
        .uninvited()
        .values_list("unit_code", "function")
    )
    entered = {
        (code_key(one.unit_code), one.function): one.without_mail
        for one in DraftHeadCount.objects.filter(campaign=campaign)
    }
    return HeadCounts(tuple(_groups(units, invited, entered)), gives_rows=campaign.gives_rows)


def _groups(
    units: Iterable[Unit], invited: Counter[tuple[str, str]], entered: dict[tuple[str, str], int]
) -> Iterable[GroupCount]:
    known: dict[UUID | None, Unit] = {}
    for unit in units:
        known[unit.id] = unit
        parent = known.get(unit.parent_id)
        for function in Function:
            key = code_key(unit.code), function.value
            yield GroupCount(
                unit_code=unit.code,
                unit=unit.name,
                parent_code=parent.code if parent else "",
                parent=parent.name if parent else "",
                function=function,
                by_mail=invited[key],
                without_mail=entered.get(key, 0),
            )


def frozen_counts(campaign: Campaign) -> HeadCounts:
    """Return the numbers that a launch froze; units without anybody are not among them."""
    found = HeadCount.objects.filter(campaign_unit__campaign=campaign)
    ordered = found.order_by("campaign_unit__position", "function")
    return HeadCounts(
        tuple(
            GroupCount(
                unit_code=count.campaign_unit.code,
                unit=count.campaign_unit.name,
                parent_code=count.campaign_unit.parent.code if count.campaign_unit.parent else "",
                parent=count.campaign_unit.parent.name if count.campaign_unit.parent else "",
                function=Function(count.function),
                by_mail=count.by_mail,
                without_mail=count.without_mail,
            )
            for count in ordered.select_related("campaign_unit__parent")
        )
    )
