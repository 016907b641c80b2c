"""Beginning with an organisation, and giving people their roles in it."""

from dataclasses import dataclass

from django.db import transaction

from survey.errors import InputError
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.models import Membership, Organisation, Role, User
from survey.services.organisations.accounts import create_leader_account
from survey.services.setup.instruments import load_default_instrument


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person who was given roles; a new account waits for its password."""

    organisation: Organisation
    user: User
    is_new_account: bool


@transaction.atomic
def found_organisation(*, name: str, manager_email: str, manager_name: str = "") -> NewMember:
    """Return the first member of a new organisation: its manager, who sees no results by that."""
    name = line_of_text(name)
    if Organisation.objects.filter(name=name).exists():
        raise InputError(f"Organisation: expected a new name, found {name!r} already there.")
    load_default_instrument()
    organisation = Organisation.objects.create(name=name)
    roles = (Role.MANAGER, Role.ADMINISTRATOR)
    return add_member(
        organisation=organisation, email=manager_email, name=manager_name, roles=roles
    )


@transaction.atomic
def add_member(
    *, organisation: Organisation, email: str, roles: tuple[Role, ...], name: str = ""
) -> NewMember:
    """Give a person roles, with a new account and its set-password mail if there is none yet."""
    address = address_as_sent(email)
    user = User.objects.with_address(address)
    is_new = user is None
    if user is None:
        user = create_leader_account(email=address, name=name)
    for role in roles:
        Membership.objects.get_or_create(organisation=organisation, user=user, role=role)
    return NewMember(organisation, user, is_new)
