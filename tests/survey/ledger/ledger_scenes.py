"""A manager who does things on pages, and what the ledger then says of them."""

import os
import pwd
from collections.abc import Iterable
from typing import Any, Final

from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from survey.models import Campaign, Invitation, LedgerEntry, Membership, Organisation, Role, User

MANAGER: Final = ("account", "maria@example.com", "Maria Manager")
WORKER: Final = ("worker", "", "")
NOT_NOTED: Final = ("", "", "")
# Whoever runs the tests.
COMMAND: Final = ("command", "", pwd.getpwuid(os.getuid()).pw_name)
ADDRESS: Final = "n1-0@example.com"  # somebody in operations of N1
NORTH: Final = ("N1", "Field team Ålesund")
WORKSHOP: Final = ("N2", "Workshop")
NOWHERE: Final = ("", "")


def newest_entries(after: int) -> list[tuple[Any, ...]]:
    """Return what was noted since, without ids: who, what, where, whether a time stands there."""
    return [
        (
            entry.action,
            (entry.who, entry.account_address, entry.account_name),
            (entry.unit_code, entry.unit_name),
            entry.function,
            entry.detail,
            entry.campaign_name,
            entry.at is not None,
        )
        for entry in LedgerEntry.objects.filter(pk__gt=after)
    ]


def last_entry() -> int:
    """Return the number of the newest entry."""
    found = LedgerEntry.objects.last()
    return found.pk if found else 0


def post(client: Client, address: str, *arguments: object, **fields: object) -> None:
    """Send a form of the staff's pages; it must be taken."""
    answer = client.post(reverse(f"survey:{address}", args=arguments), fields)
    assert answer.status_code in {200, 302}, answer
    if answer.status_code == 200:
        assert not answer.context["form"].errors


def work(*tasks: str) -> None:
    """Do what was queued by these names, with the arguments that it was queued with."""
    for name in tasks:
        for queued in DBTaskResult.objects.filter(task_path=f"survey.tasks.{name}"):
            import_string(queued.task_path).func(*queued.args_kwargs["args"])
            queued.delete()


def recipient_of(campaign: Campaign, address: str = ADDRESS) -> Any:  # noqa: ANN401
    """Return the id of somebody who is invited."""
    return Invitation.objects.get(campaign=campaign, recipient__email=address).recipient_id


def member(organisation: Organisation, *roles: Role, email: str) -> User:
    """Return an account with roles, given as tests give them, without a note."""
    user = User.objects.create_user(email, name=email.partition("@")[0])
    Membership.objects.bulk_create(
        Membership(organisation=organisation, user=user, role=role) for role in roles
    )
    return user


def texts_of(entries: Iterable[LedgerEntry]) -> str:
    """Return every value of entries in one text, to look for what must not stand there."""
    return "\n".join(
        str([getattr(entry, field.attname) for field in entry._meta.concrete_fields])
        for entry in entries
    )
