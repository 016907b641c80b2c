"""Beginning with an organisation, and giving people their roles in it."""

from dataclasses import dataclass

from django.db import transaction

from survey.errors import InputError
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.models import Action, Membership, Organisation, Role, User
from survey.services.ledger import Doer, account_of, note
from survey.services.organisations.accounts import create_leader_account
from survey.services.organisations.later_readers import hold_back
from survey.services.organisations.roles_apart import refuse_mixed_roles
from survey.services.setup.instruments import load_default_instrument


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person who was given roles; a new account waits for its password."""

    organisation: Organisation
    user: User
    is_new_account: bool


@transaction.atomic
def found_organisation(
    *, name: str, manager_email: str, manager_name: str = "", by: Doer
) -> NewMember:
    """Return the first member of a new organisation: its manager, who sees no results by that."""
    name = line_of_text(name)
    if Organisation.objects.filter(name=name).exists():
        raise InputError(f"Organisation: expected a new name, found {name!r} already there.")
    load_default_instrument()
    organisation = Organisation.objects.create(name=name)
    roles = (Role.MANAGER, Role.ADMINISTRATOR)
    return add_member(
        organisation=organisation, email=manager_email, name=manager_name, roles=roles, by=by
    )


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    email: str,
    roles: tuple[Role, ...],
    name: str = "",
    by: Doer,
) -> NewMember:
    """Give a person roles, with a new account and its set-password mail if there is none yet.

    What opens results opens nothing of campaigns that are launched already before a second person
    agrees. Raises InputError where they would have single answers and figures of units in one
    account.
    """
    address = address_as_sent(email)
    user = User.objects.with_address(address)
    is_new = user is None
    if user is None:
        user = create_leader_account(email=address, name=name)
    refuse_mixed_roles(organisation=organisation, user=user, roles=roles)
    for role in roles:
        membership, is_given = Membership.objects.get_or_create(
            organisation=organisation, user=user, role=role
        )
        if is_given:
            given = {**account_of(user), "role": str(role)}
            note(Action.ROLE_GIVEN, by=by, organisation=organisation, detail=given)
            hold_back([membership], organisation=organisation, by=by)
    return NewMember(organisation, user, is_new)


@transaction.atomic
def remove_member(
    *, organisation: Organisation, email: str, roles: tuple[Role, ...], by: Doer
) -> None:
    """Take roles from a person, whose account stays; raise InputError if one is not there."""
    user = User.objects.with_address(address_as_sent(email))
    held = Membership.objects.filter(organisation=organisation, user=user)
    names = set(held.values_list("role", flat=True)) if user else set()
    roles = tuple(dict.fromkeys(roles))  # one named twice is taken and noted once
    missing = [role for role in roles if role not in names]
    if user is None or missing:
        raise InputError(
            f"{email}: expected the role {', '.join(missing)} in {organisation.name}, found "
            f"{', '.join(sorted(names)) or 'none'}."
        )
    held.filter(role__in=roles).delete()
    for role in roles:
        taken = {**account_of(user), "role": str(role)}
        note(Action.ROLE_TAKEN, by=by, organisation=organisation, detail=taken)
