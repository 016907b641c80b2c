"""Who came to read a campaign's results after its launch, and waits for a second person's word."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

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


def holders_in(organisation_id: UUID) -> tuple[User, ...]:
    """Return who gives second words in an organisation, whoever acts."""
    return tuple(holders_of(CampaignRight.CONFIRM, organisation_id=organisation_id))


def able_to_agree_to(waiting: LaterReader, holders: Iterable[User]) -> tuple[User, ...]:
    """Return who of those who give second words there may give this one.

    Neither who reads by it nor who gave it may, nor an account that was nobody's until then.
    """
    concerned = {reader_of(waiting).pk, waiting.given_by_id}
    return tuple(
        user
        for user in holders
        if user.pk not in concerned
        and user.first_signed_in_at is not None
        and user.first_signed_in_at < waiting.given_at
    )


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
    organisations = organisations_where(user, CampaignRight.CONFIRM)
    holders = {one.pk: holders_in(one.pk) for one in organisations}
    return tuple(
        _row(waiting, user, able_to_agree_to(waiting, holders[waiting.campaign.organisation_id]))
        for waiting in waiting_in(organisations)
    )


def _row(waiting: LaterReader, user: User, able: tuple[User, ...]) -> LaterReaderRow:
    reader, may_agree = reader_of(waiting), user in able
    return LaterReaderRow(
        waiting,
        reader,
        place_of(waiting),
        may_agree,
        hindrance="" if may_agree else hindrance_at_reader(waiting, reader, user),
        able=() if may_agree else names_of(able),
    )
