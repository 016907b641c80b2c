"""The head counts of a campaign by unit and function, and who has confirmed them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from survey.documents.canonical_json import content_digest
from survey.import_files.units import code_key
from survey.models import (
    Campaign,
    CampaignState,
    DraftHeadCount,
    Function,
    HeadCount,
    HeadCountConfirmation,
    Recipient,
    Unit,
    User,
)
from survey.policy import ALONE_FLOOR
from survey.selectors.second_persons import other_holders, second_persons
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

        Else a confirmed number could be given to another team by exchanging two names.
        """
        return content_digest([
            [
                group.unit_code, group.unit, group.parent_code, str(group.function),
                group.by_mail, group.without_mail,
            ]
            for group in self.groups
        ])  # fmt: skip

    def of_function(self, function: Function) -> tuple[int, int]:
        """Return how many of a function are invited by mail, and how many have no e-mail."""
        own = [group for group in self.groups if group.function == function]
        return sum(group.by_mail for group in own), sum(group.without_mail for group in own)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether a draft's head counts are confirmed, and by whom they could be."""

    counts: HeadCounts
    given: HeadCountConfirmation | None  # None also if it is for other numbers, or by who acts
    was_given: bool
    waiting_for: tuple[User, ...]  # the second persons
    too_late: tuple[User, ...]  # who has the right, and had not signed in before the draft

    @property
    def is_alone(self) -> bool:
        """Whether the organisation has nobody who could confirm."""
        return not self.waiting_for and not self.too_late

    @property
    def allows_launch(self) -> bool:
        """Whether the launch may come, with a higher floor where nobody could confirm."""
        return self.given is not None or self.is_alone


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
    return HeadCounts(tuple(_groups(units, invited, entered)))


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


def acting_accounts(campaign: Campaign, by: object) -> frozenset[UUID]:
    """Return who entered people or numbers of a draft, and the account that acts now."""
    authors = campaign.draft_authors.values_list("user_id", flat=True)
    return frozenset(authors) | ({by.pk} if isinstance(by, User) else set())


def confirmation_of(campaign: Campaign, *, by: object, on: date) -> Confirmation:
    """Return how it stands with a draft's head counts, if `by` were to launch it on that day."""
    counts = planned_counts(campaign, on)
    acting = acting_accounts(campaign, by)
    able = tuple(second_persons(campaign, acting=acting))
    stored = HeadCountConfirmation.objects.filter(campaign=campaign).first()
    is_valid = (
        stored is not None
        and stored.digest == counts.digest
        and stored.user_id in {user.pk for user in able}
    )
    others = other_holders(campaign, acting=acting)
    return Confirmation(
        counts=counts,
        given=stored if is_valid else None,
        was_given=stored is not None,
        waiting_for=able,
        too_late=tuple(others.exclude(pk__in=[user.pk for user in able])),
    )


def floors_at_launch(campaign: Campaign, *, is_alone: bool) -> tuple[int, int]:
    """Return both floors that a launch freezes."""
    floor = max(campaign.floor, ALONE_FLOOR) if is_alone else campaign.floor
    return floor, max(campaign.sensitive_floor, floor)


def given_words(given: HeadCountConfirmation) -> str:
    """Return by whom the numbers were confirmed, and when."""
    return _("Confirmed by %(name)s on %(day)s.") % {
        "name": given.name,
        "day": date_format(given.day, "DATE_FORMAT"),
    }


def confirmation_words(confirmation: Confirmation) -> str:
    """Return for the checklist who confirmed the numbers, who could, or that nobody can."""
    if confirmation.given is not None:
        return given_words(confirmation.given)
    if confirmation.is_alone:
        return _("Nothing is shown below %(floor)d answers, since nobody else confirmed.") % {
            "floor": ALONE_FLOOR
        }
    if not confirmation.waiting_for:
        return _(
            "Nobody else could confirm: %(names)s had not signed in before this draft was begun. "
            "Once one of them has, begin a new draft."
        ) % {"names": _names(confirmation.too_late)}
    waits = _("Wait to be confirmed by one of: %(names)s.") % {
        "names": _names(confirmation.waiting_for)
    }
    if confirmation.was_given:
        return _("Confirmed once, and changed since, or by somebody who acts here.") + " " + waits
    return waits


def _names(users: Iterable[User]) -> str:
    return ", ".join(str(user) for user in users)


def is_confirmable(campaign: Campaign) -> bool:
    """Whether the numbers of a campaign are one second person's to confirm now."""
    return campaign.state == CampaignState.DRAFT and not campaign.is_rehearsal
