"""The set-password mail: one an account at a time, and why it did not go."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import set_password_mail
from survey.mail.posting import post
from survey.mail.sending import MailFailure
from survey.models import Message, MessageState, User
from survey.password_links import password_links

KIND: Final = "set_password"


@transaction.atomic
def post_set_password_mails(*, user_ids: Collection[UUID]) -> None:
    """Put a mail for each account into the outbox, in place of one that still waits there.

    The link is made when the mail is sent, and is the newest then: a second mail says the same.
    """
    users = User.objects.filter(pk__in=user_ids, is_active=True)
    Message.objects.filter(kind=KIND, user__in=users, state=MessageState.WAITING).delete()
    post(Message(kind=KIND, user=user) for user in users)


def _compose(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    user = message.user
    return set_password_mail(user, set_password_link(user)) if user is not None else None


def _note_sent(message: Message) -> None:
    _note(message, "")


def _note_failure(message: Message, failure: MailFailure, _is_over: bool) -> None:
    """Whoever appointed the account's owner reads it beside the name."""
    _note(message, failure.reason)


def _note(message: Message, problem: str) -> None:
    if message.user is not None:
        User.objects.filter(pk=message.user.pk).update(mail_problem=problem)


SET_PASSWORD: Final = MailKind(
    _compose, needless=Q(user__is_active=False), sent=_note_sent, failed=_note_failure
)


def set_password_link(user: User) -> str:
    """Return the address at which the user sets a password; never built from a request's host."""
    path = reverse(
        "survey:password-set",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": password_links.make_token(user),
        },
    )
    return f"{settings.SITE_URL}{path}"
