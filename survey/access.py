"""The table of roles: who may see, do and be told what, and the questions that it answers.

A right names the roles that have it in their organisation, how far it goes for those who lead a
unit, and why. Nothing else decides by a role; rights about results are in `diagnostics.access`.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from survey.models import Campaign, LaterReader, Leadership, Membership, Organisation, Role, User


class Reach(Enum):
    """How far a right goes for somebody who leads a unit today, or stands in for its leader."""

    NOWHERE = "leading a unit does not give it"
    OWN = "the unit itself"
    NEAR = "the unit, published units below it, and the nearest published unit above"
    COMPANY = "the company"


class Right(Enum):
    """Something that somebody may see, do or be told; each app has members of its own."""

    def __init__(
        self, words: str, roles: tuple[Role, ...], why: str, leaders: Reach = Reach.NOWHERE
    ) -> None:
        self.words = words  # the row of docs/privacy.md
        self.roles = roles
        self.why = why
        self.leaders = leaders

    @property
    def opens_results(self) -> bool:
        """Whether it opens results, so that who has it is settled by a campaign's launch."""
        return False


class CampaignRight(Right):
    """What somebody may do with campaigns and their answers."""

    RUN_CAMPAIGNS = (
        "run campaigns, with their units, people, questionnaires and files",
        (Role.MANAGER,),
        "whoever asks sees who is invited, and no results by that",
    )
    CHECK_STORAGE = (
        "read what is stored of a campaign, its thresholds, plan and ledger",
        (Role.COUNCIL, Role.ADMINISTRATOR, Role.MANAGER),
        "a promise that others can check; no answer stands there",
    )
    READ_LEDGER = (
        "read the organisation's ledger: roles, leaders, passphrases, deleted drafts",
        (Role.COUNCIL, Role.ADMINISTRATOR),
        "whoever appoints is watched by others",
    )
    CONFIRM = (
        "confirm, as a second person, what somebody else has entered",
        (Role.COUNCIL, Role.ADMINISTRATOR),
        "numbers that promises rest on are nobody's alone",
    )
    CONSENT = (
        "agree that a campaign gives analysts single answers, and no figures of units",
        (Role.COUNCIL,),
        "those whose answers they are decide about it by those whom they elected",
    )
    HOLD_PASSPHRASE = (
        "set the passphrase of a campaign's ballots, and give it",
        (Role.COUNCIL,),
        "whoever runs a campaign must not be able to open it alone",
    )
    READ_OPENING_PROBLEM = (
        "read why ballots could not be opened",
        (Role.ADMINISTRATOR,),
        "files and servers are theirs to mend",
    )
    LOOK_AFTER_MAIL = (
        "read what keeps mails from going out and reports from being read",
        (Role.ADMINISTRATOR,),
        "mail servers and mailboxes are theirs to mend",
    )
    LOOK_AFTER_ROLES = (
        "read which accounts have roles that exclude each other",
        (Role.ADMINISTRATOR,),
        "roles are theirs to give and to take",
    )
    LOOK_AFTER_DOMAINS = (
        "choose from which mail domains people may be invited",
        (Role.ADMINISTRATOR,),
        "whoever invites does not choose alone who can be invited",
    )
    GET_ALARMS = (
        "get a mail when a key is lost or an opening fails",
        (Role.ADMINISTRATOR, Role.MANAGER),
        "the first of these roles that anybody has: one of them must hear of it",
    )
    READ_ROWS = (
        "download answers without unit where nothing of units is told, named to respondents",
        (Role.ANALYST,),
        "nobody else gets rows, and respondents know who does",
    )

    @property
    def opens_results(self) -> bool:
        """Single answers only; the other rights are about running a campaign."""
        return self is CampaignRight.READ_ROWS


# The roles that open results; whoever leads a unit reads its figures as well.
READER_ROLES: Final = (Role.EXECUTIVE, Role.ANALYST)

# Single answers and figures of units are never one account's: with both, the people of a small
# team are found. Whoever leads a unit, or stands in for its leader, reads figures of units as well.
ROWS_ROLES: Final = CampaignRight.READ_ROWS.roles
FIGURES_ROLES: Final = (Role.MANAGER, Role.EXECUTIVE)


@dataclass(frozen=True, slots=True)
class HeldRoles:
    """The roles that somebody has in one organisation."""

    names: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether one of them gives a right."""
        return not self.names.isdisjoint(right.roles)


def role_words(role: str) -> str:
    """Return what a role that is stored somewhere as text is called."""
    return str(dict(Role.choices).get(role, role))


def roles_in(user: User, organisation_id: UUID) -> HeldRoles:
    """Return a user's roles in one organisation, to ask for several rights at once."""
    held = held_memberships().filter(user=user, organisation_id=organisation_id)
    return HeldRoles(frozenset(held.values_list("role", flat=True)))


def roles_by_organisation(user: User) -> dict[UUID, HeldRoles]:
    """Return a user's roles in every organisation where the user has any."""
    found = defaultdict(set)
    held = held_memberships().filter(user=user)
    for organisation_id, role in held.values_list("organisation_id", "role"):
        found[organisation_id].add(role)
    return {
        organisation_id: HeldRoles(frozenset(roles)) for organisation_id, roles in found.items()
    }


def roles_for(user: User, campaign: Campaign) -> HeldRoles:
    """Return a user's roles that count for a campaign's results: none that came later and waits."""
    held = held_memberships().filter(user=user, organisation_id=campaign.organisation_id)
    return HeldRoles(
        frozenset(held.exclude(_waits("membership", campaign.pk)).values_list("role", flat=True))
    )


def leaderships_for(campaign: Campaign) -> QuerySet[Leadership]:
    """Return today's leaderships that count for a campaign's results, of its units and others."""
    return current_leaderships().exclude(_waits("leadership", campaign.pk))


def organisations_where(user: User, right: Right) -> QuerySet[Organisation]:
    """Return the organisations in which a role gives the user a right, by name."""
    held = _memberships_with(right).filter(user=user)
    return Organisation.objects.filter(pk__in=held.values("organisation_id")).order_by("name")


def campaigns_where(user: User, right: Right) -> QuerySet[Campaign]:
    """Return the campaigns in which the user has a right by a role, or for a unit that is led."""
    held = _memberships_with(right).filter(user=user, organisation=OuterRef("organisation"))
    led = current_leaderships().filter(user=user, unit__snapshots__campaign=OuterRef("pk"))
    if right.opens_results:
        held = held.exclude(_waits("membership", OuterRef(OuterRef("pk"))))
        led = led.exclude(_waits("leadership", OuterRef(OuterRef("pk"))))
    if right.leaders is Reach.NOWHERE:
        return Campaign.objects.filter(Exists(held))
    return Campaign.objects.filter(Exists(held) | Exists(led))


def readers_of(right: Right, campaign: Campaign) -> QuerySet[User]:
    """Return the people to whom a role gives a right to a campaign's results, by address."""
    held = _memberships_with(right).filter(organisation_id=campaign.organisation_id)
    return _people_of(held.exclude(_waits("membership", campaign.pk)))


def holders_of(right: Right, *, organisation_id: UUID) -> QuerySet[User]:
    """Return the people to whom a role gives a right in an organisation, by address."""
    held = _memberships_with(right).filter(organisation_id=organisation_id)
    return _people_of(held)


def first_holders_of(right: Right, *, organisation_id: UUID) -> list[User]:
    """Return the people of the first of a right's roles that anybody has."""
    for role in right.roles:
        held = held_memberships().filter(organisation_id=organisation_id, role=role)
        if found := list(_people_of(held)):
            return found
    return []


def current_leaderships() -> QuerySet[Leadership]:
    """Return the leaderships, deputies' included, that hold today; the last day counts."""
    today = timezone.localdate()
    return Leadership.objects.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)


def unfinished(on: date) -> Q:
    """Which leaderships hold on a day, or will: those without an end, or one that is to come."""
    return Q(until__isnull=True) | Q(until__gte=on)


def reads_figures(organisation: str, user: str) -> Q:
    """Whether the user of a row has figures of units in its organisation, by role or by leading.

    The names are those of the row's own fields.
    """
    roles = Membership.objects.filter(
        organisation=OuterRef(organisation), user=OuterRef(user), role__in=FIGURES_ROLES
    )
    leads = Leadership.objects.filter(
        unfinished(timezone.localdate()),
        unit__organisation=OuterRef(organisation),
        user=OuterRef(user),
    )
    return Q(Exists(roles)) | Q(Exists(leads))


def resting_memberships() -> QuerySet[Membership]:
    """Return the roles that give nothing, since the same account has figures of units.

    None is ever given so; an installation may have some from before they excluded each other.
    """
    return Membership.objects.filter(_is_resting())


def held_memberships() -> QuerySet[Membership]:
    """Return the roles that count; everything that asks for a role asks these."""
    return Membership.objects.exclude(_is_resting())


def _waits(reason: str, campaign: UUID | OuterRef) -> Exists:
    """Whether a membership or leadership came after a campaign's launch, and nobody agreed yet."""
    waiting = LaterReader.objects.filter(campaign=campaign, **{reason: OuterRef("pk")})
    return Exists(waiting)


def _is_resting() -> Q:
    return Q(role__in=ROWS_ROLES) & reads_figures("organisation", "user")


def _memberships_with(right: Right) -> QuerySet[Membership]:
    # Of the others none ever rests, and every page asks for some of them.
    may_rest = not set(ROWS_ROLES).isdisjoint(right.roles)
    asked = held_memberships() if may_rest else Membership.objects.all()
    return asked.filter(role__in=right.roles)


def _people_of(memberships: QuerySet[Membership]) -> QuerySet[User]:
    users = User.objects.filter(pk__in=memberships.values("user_id"), is_active=True)
    return users.order_by("email")
