"""Sending the set-password mail, from the worker."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from survey.mail.messages import set_password_mail
from survey.mail.sending import mail_server, try_to_send
from survey.models import User
from survey.password_links import password_links
from survey.queue import later


def deliver_set_password_mail(*, user_id: UUID, attempt: int = 1) -> None:
    """Send the mail and note with the account why it did not go; queue another try, if any helps.

    Whoever appointed the account's owner reads it beside the name: a task that failed, nobody.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with mail_server() as line:
        failure = try_to_send(partial(set_password_mail, user, set_password_link(user)), line)
    User.objects.filter(pk=user_id).update(mail_problem=failure.reason if failure else "")
    wait = failure.wait_after(attempt) if failure else None
    if wait is not None:
        again = timezone.now() + wait
        later("survey.tasks.send_set_password_mail", user_id, attempt + 1, at=again)


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
