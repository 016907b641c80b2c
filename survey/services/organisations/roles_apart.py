"""Keeping single answers and figures of units in different hands, at every door of a role.

The database refuses the same by itself (survey.migrations); here it is said in words.
"""

from collections.abc import Collection

from django.utils.translation import gettext

from survey.access import FIGURES_ROLES, ROWS_ROLES
from survey.errors import InputError
from survey.models import Membership, Organisation, Role, User
from survey.selectors.accounts.roles_apart import figures_held, readers_of_rows, told_account


def refuse_mixed_roles(*, organisation: Organisation, user: User, roles: Collection[Role]) -> None:
    """Raise InputError if these roles, with what the user has already, tell both.

    The user's row is locked: of two grants at the same moment the second sees the first.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    has_rows = Membership.objects.filter(
        organisation=organisation, user=user, role__in=ROWS_ROLES
    ).exists()
    figures = [str(role.label) for role in FIGURES_ROLES if role in roles]
    if has_rows and figures:
        raise InputError(refused_figures(organisation, user, ", ".join(figures)))
    if not set(ROWS_ROLES).isdisjoint(roles):
        held = [*figures_held(user, organisation), *figures]
        if held:
            raise InputError(_refused_rows(organisation, user, ", ".join(dict.fromkeys(held))))


def refuse_readers_of_rows(*, organisation: Organisation, addresses: Collection[str]) -> None:
    """Raise InputError if somebody with these addresses reads answers and is to lead a unit."""
    users = User.objects.filter(email__in=readers_of_rows(organisation, addresses))
    # In one order, so that two launches at once do not wait for each other.
    list(users.order_by("pk").select_for_update(no_key=True))
    found = readers_of_rows(organisation, addresses)
    if found:
        user = found[min(found)]
        raise InputError(refused_figures(organisation, user, gettext("leader or deputy")))


def refused_figures(organisation: Organisation, user: User, wanted: str) -> str:
    """Return why an analyst gets no figures of units, and what to do."""
    return gettext(
        "%(who)s: expected somebody who reads no single answers of %(organisation)s, found an "
        "analyst. Answers and figures of units in one account name the people of small teams, so "
        "that an analyst cannot be %(wanted)s too. Name somebody else, or have the administrator "
        "take the role of analyst away first."
    ) % {"who": told_account(user), "organisation": organisation.name, "wanted": wanted}


def _refused_rows(organisation: Organisation, user: User, held: str) -> str:
    return gettext(
        "%(who)s: expected somebody who sees no figures of units of %(organisation)s, found "
        "%(held)s. Answers and figures of units in one account name the people of small teams, so "
        "that nobody with these can be analyst too. Give the role to somebody else, or end the "
        "others first."
    ) % {"who": told_account(user), "organisation": organisation.name, "held": held}
