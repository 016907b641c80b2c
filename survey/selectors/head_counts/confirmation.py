"""Whether a second person confirmed a draft's head counts, and what follows where nobody can."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.models import Campaign, HeadCountConfirmation, User
from survey.policy import ALONE_FLOOR
from survey.selectors.accounts.second_persons import (
    other_holders,
    right_to_confirm,
    second_persons,
)
from survey.selectors.head_counts.counts import HeadCounts, planned_counts


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether a draft's head counts are confirmed, and by whom they could be."""

    counts: HeadCounts  # and whether single answers are given
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
        """Whether the launch may come, with a higher floor where nobody could confirm.

        Single answers are given by nobody alone.
        """
        return self.given is not None or (self.is_alone and not self.counts.gives_rows)


def acting_accounts(campaign: Campaign, by: object) -> frozenset[UUID]:
    """Return who entered people or numbers of a draft, and the account that acts now."""
    authors = campaign.draft_authors.values_list("user_id", flat=True)
    return frozenset(authors) | ({by.pk} if isinstance(by, User) else set())


def confirmation_of(campaign: Campaign, *, by: object, on: date) -> Confirmation:
    """Return how it stands with a draft's head counts, if `by` were to launch it on that day."""
    counts = planned_counts(campaign, on)
    acting = acting_accounts(campaign, by)
    right = right_to_confirm(campaign)
    able = tuple(second_persons(campaign, acting=acting, right=right))
    stored = HeadCountConfirmation.objects.filter(campaign=campaign).first()
    is_valid = (
        stored is not None
        and stored.digest == counts.digest
        and stored.user_id in {user.pk for user in able}
    )
    others = other_holders(campaign.organisation_id, acting=acting, right=right)
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
    if confirmation.is_alone and confirmation.counts.gives_rows:
        return _(
            "Single answers are given with the word of the works council only, and it has no "
            "account that could confirm. Choose results for units, or have the administrator make "
            "one and begin a new draft after its first sign-in."
        )
    if confirmation.is_alone:
        return _("Nothing is shown below %(floor)d answers, since nobody else confirmed.") % {
            "floor": ALONE_FLOOR
        }
    if not confirmation.waiting_for:
        return ngettext(
            "Nobody else could confirm: %(names)s had not signed in before this draft was begun. "
            "Once that has happened, begin a new draft.",
            "Nobody else could confirm: %(names)s had not signed in before this draft was begun. "
            "Once one of them has, begin a new draft.",
            len(confirmation.too_late),
        ) % {"names": _names(confirmation.too_late)}
    waits = ngettext(
        "Wait to be confirmed by %(names)s.",
        "Wait to be confirmed by one of: %(names)s.",
        len(confirmation.waiting_for),
    ) % {"names": _names(confirmation.waiting_for)}
    if confirmation.was_given:
        return _("Confirmed once, and changed since, or by somebody who acts here.") + " " + waits
    return waits


def _names(users: Iterable[User]) -> str:
    return ", ".join(str(user) for user in users)
