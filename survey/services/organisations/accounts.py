"""Accounts of staff: made by an import, opened by a set-password mail."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from survey.batches import ROWS_AN_INSERT
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.models import User
from survey.policy import PASSWORD_LINK_SPACING
from survey.queue import later
from survey.services.organisations.account_mail import post_set_password_mails


@transaction.atomic
def create_leader_account(*, email: str, name: str = "", language: str = "en") -> User:
    """Return a new account without a password and queue the mail that lets its owner set one."""
    user = User.objects.create_user(
        email, name=line_of_text(name), language=language, password_link_at=timezone.now()
    )
    queue_set_password_mail(user=user)
    return user


@transaction.atomic
def create_leader_accounts(*, names: Mapping[str, str]) -> list[User]:
    """Return a new account for each address, as create_leader_account() does for one."""
    named = {address_as_sent(email): line_of_text(name) for email, name in names.items()}
    now = timezone.now()
    users = [
        User(email=email, name=name, password=make_password(None), password_link_at=now)
        for email, name in named.items()
    ]
    User.objects.bulk_create(users, batch_size=ROWS_AN_INSERT)
    # By the worker: the manager who launches a campaign need not wait for hundreds of them.
    addressed = [str(user.id) for user in users]
    if addressed:
        later("survey.tasks.queue_set_password_mails", addressed)
    return users


@transaction.atomic
def set_language(*, user: User, language: str) -> None:
    """Set the language of the user's pages and mails."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


@transaction.atomic
def request_password_reset(*, email: str, now: datetime | None = None) -> None:
    """Queue a set-password mail if the address has an account; answer alike if it has none.

    The new link ends the one before. So that nobody else can keep ending an account's links, or
    fill its mailbox, there is one mail in a while; asked for sooner, the last one still counts.
    """
    moment = now or timezone.now()
    long_ago = Q(password_link_at__lte=moment - PASSWORD_LINK_SPACING)
    # One of the future was asked for before the clock was set back.
    is_due = Q(password_link_at=None) | long_ago | Q(password_link_at__gt=moment)
    user = User.objects.with_address(email)
    if user is None:
        return
    if User.objects.filter(is_due, pk=user.pk, is_active=True).update(password_link_at=moment):
        queue_set_password_mail(user=user)


def queue_set_password_mail(*, user: User) -> None:
    """Let the worker send the mail once the surrounding transaction is saved."""
    post_set_password_mails(user_ids=[user.pk])
