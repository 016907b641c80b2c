"""Who came to read a campaign's results after its launch, and waits for a second person's word."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery

from survey.access import CampaignRight, holders_of, organisations_where
from survey.models import Campaign, CampaignState, LaterReader, Organisation, User
from survey.selectors.accounts.hindrances import hindrance_at_reader, names_of

# From the launch on its respondents rely on who reads; of a rehearsal and a cancelled one nobody
# reads anything.
LAUNCHED: Final = (CampaignState.OPEN, CampaignState.CLOSED, CampaignState.RELEASED)


@dataclass(frozen=True, slots=True)
class WaitingReader:
    """The roles and units of one user that open nothing of a campaign yet."""

    roles: frozenset[str] = frozenset()
    units: frozenset[UUID] = frozenset()


NOTHING_WAITS: Final = WaitingReader()


@dataclass(frozen=True, slots=True)
class LaterReaderRow:
    """One who waits, as the page tells it."""

    waiting: LaterReader
    reader: User
    place: str  # the role, or the kind of leadership with its unit
    may_agree: bool
    hindrance: str  # why whoever reads the page may not; nothing where they may
    able: tuple[str, ...]  # whose word would do


def settled_campaigns(organisation: Organisation) -> QuerySet[Campaign]:
    """Return the campaigns whose readers are settled, since they were launched."""
    return organisation.campaigns.filter(state__in=LAUNCHED, is_rehearsal=False)


def waiting_readers(user: User) -> Mapping[UUID, WaitingReader]:
    """Return by campaign what of a user's roles and units opens nothing of it yet."""
    roles, units = defaultdict[UUID, set[str]](set), defaultdict[UUID, set[UUID]](set)
    found = LaterReader.objects.filter(Q(membership__user=user) | Q(leadership__user=user))
    for campaign, role, unit in found.values_list(
        "campaign_id", "membership__role", "leadership__unit_id"
    ):
        if role:
            roles[campaign].add(role)
        else:
            units[campaign].add(unit)
    return {
        campaign: WaitingReader(frozenset(roles[campaign]), frozenset(units[campaign]))
        for campaign in {*roles, *units}
    }


def agreeable_by(user: User) -> QuerySet[LaterReader]:
    """Return those for whom a user may give the second word.

    Neither who reads by it nor who gave it may, nor an account that was nobody's until then.
    """
    since = User.objects.filter(pk=user.pk).values("first_signed_in_at")
    own = Q(membership__user=user) | Q(leadership__user=user) | Q(given_by=user)
    waiting = waiting_in(organisations_where(user, CampaignRight.CONFIRM))
    return waiting.exclude(own).filter(given_at__gt=Subquery(since))


def reader_of(waiting: LaterReader) -> User:
    """Return whose role or leadership it is."""
    held = waiting.membership or waiting.leadership
    if held is None:
        raise AssertionError("Later reader: expected a role or a leadership, found neither.")
    return held.user


def place_of(waiting: LaterReader) -> str:
    """Return by what somebody would read: a role, or the unit that is led."""
    if waiting.membership is not None:
        return str(waiting.membership.get_role_display())
    leadership = waiting.leadership
    return f"{leadership.get_kind_display()}, {leadership.unit.name}" if leadership else ""


def waiting_in(organisations: QuerySet[Organisation]) -> QuerySet[LaterReader]:
    """Return who waits in some organisations, the oldest first."""
    return (
        LaterReader.objects.filter(campaign__organisation__in=organisations)
        .select_related(
            "campaign", "membership__user", "leadership__user", "leadership__unit", "given_by"
        )
        .order_by("given_at", "campaign__name", "pk")
    )


def later_reader_rows(user: User) -> tuple[LaterReaderRow, ...]:
    """Return who waits in the organisations where the user gives second words, as a page says."""
    agreeable = set(agreeable_by(user).values_list("pk", flat=True))
    organisations = organisations_where(user, CampaignRight.CONFIRM)
    holders = {
        one.pk: tuple(holders_of(CampaignRight.CONFIRM, organisation_id=one.pk))
        for one in organisations
    }
    return tuple(
        _row(waiting, user, waiting.pk in agreeable, holders[waiting.campaign.organisation_id])
        for waiting in waiting_in(organisations)
    )


def _row(
    waiting: LaterReader, user: User, may_agree: bool, holders: tuple[User, ...]
) -> LaterReaderRow:
    reader = reader_of(waiting)
    return LaterReaderRow(
        waiting,
        reader,
        place_of(waiting),
        may_agree,
        hindrance="" if may_agree else hindrance_at_reader(waiting, reader, user),
        able=() if may_agree else names_of(_able(waiting, reader, holders)),
    )


def _able(waiting: LaterReader, reader: User, holders: tuple[User, ...]) -> Iterator[User]:
    """Yield who could agree: those for whom agreeable_by() has it."""
    for user in holders:
        since = user.first_signed_in_at
        is_own = user.pk in {reader.pk, waiting.given_by_id}
        if not is_own and since is not None and since < waiting.given_at:
            yield user
