"""Beginning with an organisation, and giving people their roles in it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from survey.errors import InputError
from survey.models import Membership, Organisation, Role, User
from survey.services.accounts import create_leader_account
from survey.services.instruments import load_default_instrument


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person who was given roles; a new account waits for its password."""

    organisation: Organisation
    user: User
    is_new_account: bool


@transaction.atomic
def found_organisation(*, name: str, manager_email: str, manager_name: str = "") -> NewMember:
    """Return the first member of a new organisation: its manager, who sees no results by that."""
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
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InputError(f"Account: expected an e-mail address, found {address!r}.") from error
    user = User.objects.filter(email=address).first()
    is_new = user is None
    if user is None:
        user = create_leader_account(email=address, name=name)
    for role in roles:
        Membership.objects.get_or_create(organisation=organisation, user=user, role=role)
    return NewMember(organisation, user, is_new)
