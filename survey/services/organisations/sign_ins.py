"""When an account was somebody's for the first time: kept once, and of later sign-ins nothing."""

from django.utils import timezone

from survey.models import User


def note_first_sign_in(*, user: User, **_: object) -> None:
    """Note the first sign-in of an account; it tells who was there before a draft was begun."""
    never = User.objects.filter(pk=user.pk, first_signed_in_at=None)
    never.update(first_signed_in_at=timezone.now())
