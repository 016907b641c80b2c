"""Sending the set-password mail, from the worker."""

from datetime import timedelta
from smtplib import SMTPException
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from survey import tasks
from survey.models import User
from survey.password_links import password_links
from survey.services.mail import set_password_mail

BACKOFF: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))  # after each failure


def deliver_set_password_mail(*, user_id: UUID, attempt: int = 1) -> None:
    """Send the mail; if the server does not take it, queue the next try, at last give up loudly."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    try:
        set_password_mail(user, set_password_link(user)).send()
    except (SMTPException, OSError):
        if attempt > len(BACKOFF):
            raise
        later = timezone.now() + BACKOFF[attempt - 1]
        tasks.send_set_password_mail.using(run_after=later).enqueue(str(user_id), attempt + 1)


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
