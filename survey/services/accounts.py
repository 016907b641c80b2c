"""Accounts of staff: made by an import, opened by a set-password mail."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from survey import tasks
from survey.models import User

BATCH: Final = 500  # rows an INSERT


@transaction.atomic
def create_leader_account(*, email: str, name: str = "", language: str = "en") -> User:
    """Return a new account without a password and queue the mail that lets its owner set one."""
    user = User.objects.create_user(email, name=name, language=language)
    queue_set_password_mail(user=user)
    return user


@transaction.atomic
def create_leader_accounts(*, names: Mapping[str, str]) -> list[User]:
    """Return a new account for each address, as create_leader_account() does for one."""
    users = [
        User(email=email, name=name, password=make_password(None)) for email, name in names.items()
    ]
    User.objects.bulk_create(users, batch_size=BATCH)
    # One task that queues the mails: hundreds of tasks would keep the manager waiting.
    addressed = [str(user.id) for user in users]
    if addressed:
        transaction.on_commit(lambda: tasks.queue_set_password_mails.enqueue(addressed))
    return users


@transaction.atomic
def set_language(*, user: User, language: str) -> None:
    """Set the language of the user's pages and mails."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def request_password_reset(*, email: str) -> None:
    """Queue a set-password mail if the address has an account; answer alike if it has none."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None:
        queue_set_password_mail(user=user)


def queue_set_password_mail(*, user: User) -> None:
    """Let the worker send the mail once the surrounding transaction is saved."""
    transaction.on_commit(lambda: tasks.send_set_password_mail.enqueue(str(user.id)))
