"""Who could read single answers as well as figures of units: no account may, and some still do."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from survey.access import (
    FIGURES_ROLES,
    ROWS_ROLES,
    CampaignRight,
    organisations_where,
    resting_memberships,
    unfinished,
)
from survey.mail.addresses import address_key
from survey.mail.shown_addresses import shown_address
from survey.models import Leadership, Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class MixedAccount:
    """An account from before the roles excluded each other; it reads no answers meanwhile."""

    who: str
    organisation: str
    holds: str  # what gives it figures of units


def figures_held(user: User, organisation: Organisation) -> tuple[str, ...]:
    """Return, in words, what gives a user figures of units: roles first, then units led."""
    roles = Membership.objects.filter(
        user=user, organisation=organisation, role__in=FIGURES_ROLES
    ).values_list("role", flat=True)
    leads = Leadership.objects.filter(
        unfinished(timezone.localdate()), user=user, unit__organisation=organisation
    ).select_related("unit")
    return (
        *(str(role.label) for role in FIGURES_ROLES if role in set(roles)),
        *(_("%(kind)s of %(unit)s") % _place(one) for one in leads.order_by("unit__name", "kind")),
    )


def _place(leadership: Leadership) -> dict[str, str]:
    return {"kind": leadership.get_kind_display(), "unit": leadership.unit.name}


def readers_of_rows(organisation: Organisation, addresses: Collection[str]) -> dict[str, User]:
    """Return who of these addresses could read the organisation's answers, by address."""
    asked = {address_key(address) for address in addresses if address}
    held = Membership.objects.filter(
        organisation=organisation, role__in=ROWS_ROLES, user__email__in=asked
    ).select_related("user")
    return {membership.user.email: membership.user for membership in held}


def mixed_accounts() -> tuple[MixedAccount, ...]:
    """Return every account of the installation that holds both, by organisation and address."""
    return _mixed(Organisation.objects.all())


def mixed_accounts_for(user: User) -> tuple[MixedAccount, ...]:
    """Return those of the organisations whose roles a user looks after."""
    return _mixed(organisations_where(user, CampaignRight.LOOK_AFTER_ROLES))


def resting_roles(user: User) -> tuple[MixedAccount, ...]:
    """Return where a user's own role as analyst rests."""
    return tuple(
        MixedAccount(str(user), found.organisation.name, _held(found))
        for found in _resting().filter(user=user)
    )


def _mixed(organisations: QuerySet[Organisation]) -> tuple[MixedAccount, ...]:
    return tuple(
        MixedAccount(told_account(found.user), found.organisation.name, _held(found))
        for found in _resting().filter(organisation__in=organisations)
    )


def _resting() -> QuerySet[Membership]:
    return (
        resting_memberships()
        .select_related("user", "organisation")
        .order_by("organisation__name", "user__email")
    )


def _held(membership: Membership) -> str:
    return ", ".join(figures_held(membership.user, membership.organisation))


def told_account(user: User) -> str:
    """Return name and address of an account, as messages tell it."""
    address = shown_address(user.email)
    return f"{user.name} ({address})" if user.name else address
